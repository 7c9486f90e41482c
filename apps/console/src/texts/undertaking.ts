import type { Text } from '../api.js';

/** What parties, inspectors and those under an obligation read; and what a round sets for itself. */
export const undertaking = {
  'act.confirm': { en: 'Confirm or refuse', zh: '确认或拒绝' },
  'act.inspect': { en: 'Inspect', zh: '检查' },
  'act.remedy': { en: 'Report a remedy', zh: '报告整改情况' },
  'fault.not-asked': { en: 'This is not asked of this kind of application.', zh: '本类别不填此项。' },
  'undertaking.done': { en: 'On record: {what}.', zh: '已记录：{what}。' },
  'confirm.confirm': { en: 'Confirm', zh: '确认' },
  'confirm.refuse': { en: 'Refuse', zh: '拒绝' },
  'inspect.title': { en: 'Inspection {inspection} of the obligation', zh: '第 {inspection} 次履行情况检查' },
  'inspect.pass': { en: 'The obligation is met', zh: '履行合格' },
  'inspect.warn': { en: 'Warn', zh: '警告并限期整改' },
  'remedy.warned': { en: 'Warned: {reason}', zh: '警告事由：{reason}' },
  'remedy.statement': { en: 'What was done about it', zh: '整改情况' },
  'remedy.evidence': { en: 'Evidence', zh: '佐证材料' },
  'remedy.evidence-hint': { en: 'One PDF or ZIP.', zh: '一个 PDF 或 ZIP 文件。' },
  'remedy.report': { en: 'Report the remedy', zh: '提交整改报告' },
  'remedy.reported': { en: 'The remedy is on record and will be ruled on.', zh: '整改报告已记录，等待裁定。' },
  'remedy.rule': { en: 'Rule on the remedy', zh: '裁定整改情况' },
  'remedy.accept': { en: 'It is remedied', zh: '整改合格' },
  'remedy.reject': { en: 'It is not remedied: recognition is withdrawn', zh: '整改不合格：撤销认定' },
  'open-round.date-hint': { en: 'Usually {date}.', zh: '通常为 {date}。' },
  'open-round.quotas': { en: 'Places of “{stage}”', zh: '“{stage}”名额' },
  'open-round.quotas-hint': {
    en: 'As the notice of this round gives them. One line for each limit: a fact, then “each 5”, or values with their places: “form.kind: online 40, offline 30”; “all: each 200” limits everyone together; “institution.province via recommendation: each 5” counts only what came by way of that stage. Leave it as it is for the usual ones.',
    zh: '以本轮通知为准。每行一项限制：先写事实，再写“each 5”，或各取值的名额，如“form.kind: online 40, offline 30”；“all: each 200”限制总数；“institution.province via 环节标识: each 5”只计经由该环节的项目。不改动则沿用办法规定。',
  },
  'open-round.quotas-wrong': {
    en: 'Line {line} cannot be read. Write it like “form.kind: online 40, each 30”.',
    zh: '第 {line} 行无法识别，请按“form.kind: online 40, each 30”书写。',
  },
} as const satisfies Readonly<Record<string, Text>>;
