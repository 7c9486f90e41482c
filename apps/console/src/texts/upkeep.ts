import type { Text } from '../api.js';

/** What the secretariat reads where it keeps things going: migrations, and steps that did not come about. */
export const upkeep = {
  migrate: { en: 'Move to another version', zh: '转为适用另一版本' },
  'migrate.what': {
    en: 'Open cases keep the version they were opened under. Look at what would change first; nothing is written until you say so.',
    zh: '办理中的案件适用启动时的版本。请先预演变化；在您确认之前不作任何更改。',
  },
  'migrate.version': { en: 'Version to move to', zh: '目标版本' },
  'migrate.clause': { en: 'Transition clause', zh: '过渡条款' },
  'migrate.clause-hint': {
    en: 'Leave it empty to use the clause of the version. Otherwise JSON: {"appliesTo": "open-rounds", "from": …, "text": {…}, "stages": {…}}.',
    zh: '留空则使用该版本的过渡条款；否则填写 JSON：{"appliesTo": "open-rounds", "from": …, "text": {…}, "stages": {…}}。',
  },
  'migrate.clause-unreadable': { en: 'This is not JSON.', zh: '不是有效的 JSON。' },
  'migrate.dry-run': { en: 'Show what would change', zh: '预演' },
  'migrate.do': { en: 'Move {count} cases now', zh: '立即迁移 {count} 件案件' },
  'migrate.done': {
    en: 'Resolved. Each case moves in the next moments and says so in its timeline.',
    zh: '已决定。各案件随即迁移，并记入其办理过程。',
  },
  'migrate.case': { en: 'Case', zh: '案件' },
  'migrate.fate': { en: 'What becomes of it', zh: '处理' },
  'migrate.changes': { en: 'Changes', zh: '变化' },
  'migrate.moves': { en: 'moves', zh: '迁移' },
  'migrate.stays': { en: 'keeps its version', zh: '保留原版本' },
  'migrate.elsewhere': { en: 'is under another version', zh: '适用其他版本' },
  'migrate.hindered': { en: 'cannot be moved', zh: '不能迁移' },
  'migrate.carried': { en: 'goes on', zh: '沿用' },
  'migrate.anew': { en: 'begins anew', zh: '重新开始' },
  'migrate.due': { en: 'due {before} → {after}', zh: '期限 {before} → {after}' },
  'migrate.none': { en: 'This round has no open cases.', zh: '本轮次没有办理中的案件。' },
  incidents: { en: 'Steps that did not come about', zh: '未完成的步骤' },
  'incidents.what': {
    en: 'The engine was refused here, or keeps failing. Mend the cause and have it tried again, or skip the step with a reason; both are on record.',
    zh: '系统在此被拒绝或反复失败。请消除原因后重试，或说明理由后跳过；两者均记录在案。',
  },
  'incidents.none': { en: 'Nothing waits for anybody.', zh: '没有需要处理的步骤。' },
  'incidents.step': { en: 'Step', zh: '步骤' },
  'incidents.cause': { en: 'Cause', zh: '原因' },
  'incidents.since': { en: 'Since', zh: '开始时间' },
  'incidents.attempts': { en: '{count} attempts', zh: '已尝试 {count} 次' },
  'incidents.retry': { en: 'Try again', zh: '重试' },
  'incidents.skip': { en: 'Skip', zh: '跳过' },
  'incidents.reason': { en: 'Why it is skipped', zh: '跳过的理由' },
  'incidents.reason-hint': {
    en: 'On record for ever: about the matter, not about people.',
    zh: '永久记录在案：请就事论事，不涉及个人。',
  },
} as const satisfies Readonly<Record<string, Text>>;
