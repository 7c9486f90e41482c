import type { RecordedEvent, Text } from '#kernel';
import { type ActTold, describeAct, isActTold } from './acts/acts.sentences.js';
import type { DeadlinesRecounted } from './calendar/calendar.messages.js';
import type { CaseEvent, Explanation, StageLeft } from './case.events.js';
import type { Definition, Stage } from './definition.js';
import type { CaseMigrated } from './migration.messages.js';
import { describeReviewers, isOfReviewers, type OfReviewers } from './panel.sentences.js';
import type { RoundEvent } from './round.messages.js';
import { type CarryingOut, describeCarryingOut, isCarryingOut } from './sentences.js';
import { kindOf } from './stages/index.js';
import { reminderText } from './stages/reminder.js';
import { sentenceOf } from './stages/ranking.js';
import type { Drawing, Outline } from './stages/stage.js';
import { describeSubcase, isOfSubcases, type OfSubcases } from './subcases/sentences.js';

/** One line of a case's timeline, with the reasons where the event has any. */
export interface Explained {
  readonly at: string;
  readonly event: string;
  readonly type: string;
  readonly text: Text;
  readonly explanation?: Explanation;
}

/** The history of a case in sentences, each decision with its clause, inputs, exclusions and arithmetic. */
export const explain = (history: readonly RecordedEvent[]): readonly Explained[] =>
  history.map((recorded) => {
    const event = { type: recorded.type, data: recorded.data } as CaseEvent;
    const reasons = 'explanation' in event.data ? event.data.explanation : undefined;
    return {
      at: recorded.meta.recordedAt,
      event: recorded.id,
      type: recorded.type,
      text: withWarning(describe(event), event),
      ...(reasons === undefined ? {} : { explanation: reasons }),
    };
  });

function withWarning({ en, zh }: Text, { data }: CaseEvent): Text {
  const year = 'unannounced' in data ? data.unannounced : undefined;
  return year === undefined
    ? { en, zh }
    : text(
        `${en} The public holidays of ${year} were not announced then: it is counted by weekdays, and counted again once they are.`,
        `${zh}当时 ${year} 年放假安排尚未公布，按周一至周五计算，公布后重新计算。`,
      );
}

/** The stages of a definition as a drawing has them. */
export const drawingOf = ({ stages }: Definition): readonly (Drawing & { readonly stage: string })[] =>
  stages.map((stage) => ({ stage: stage.id, ...kindOf(stage.kind).draw(stage) }));

/** What a proof knows of a stage before anything happens at it. */
export const outlineOf = (stage: Stage): Outline => kindOf(stage.kind).outline(stage);

const text = (en: string, zh: string): Text => ({ en, zh });
const choices = { for: '赞成', against: '反对' } as const;
const outcomes = { granted: '通过', refused: '不通过', withdrawn: '撤回' } as const;

/** An event in one sentence. Names nobody: people stand beside it as ids. */
export function describe(event: CaseEvent | RoundEvent): Text {
  switch (event.type) {
    case 'RoundOpened':
      return text(`Round opened; applications until ${event.data.closesAt}.`, `轮次启动，申报截止 ${event.data.closesAt}。`);
    case 'ExtensionGranted': {
      const { institution, until, reason } = event.data;
      return text(`Extension for ${institution} until ${until}: ${reason}`, `准予 ${institution} 延期至 ${until}：${reason}`);
    }
    case 'RoundMigrated': {
      const { from, to, clause, cases } = event.data;
      return text(
        `${cases.length} cases move from version ${from.version} of the workflow to version ${to.version}: ${clause.en}`,
        `${cases.length} 件案件由工作流第 ${from.version} 版转为适用第 ${to.version} 版：${clause.zh}`,
      );
    }
    case 'CaseMigrated':
      return migratedSentence(event.data);
    case 'DeadlinesRecounted':
      return recountedSentence(event.data);
    case 'CaseFrozen':
      return text(
        'The membership of the applicant is suspended: the application stands still, and no deadline runs.',
        '申报单位成员资格暂停：申报中止办理，期限停止计算。',
      );
    case 'CaseResumed':
      return text(
        `The membership is suspended no more: the application goes on, its deadlines ${event.data.days} days later.`,
        `成员资格暂停结束：申报恢复办理，期限顺延 ${event.data.days} 天。`,
      );
    case 'RoundClosed':
      return text('Round closed for applications.', '轮次停止受理申报。');
    case 'CaseOpened':
      return text(`Application ${event.data.number} received.`, `申报 ${event.data.number} 已受理。`);
    case 'ApplicationWithdrawn':
      return text(`Application withdrawn: ${event.data.reason}`, `申报撤回：${event.data.reason}`);
    case 'CaseEnded':
      return text(
        `Ended: ${event.data.outcome} (${event.data.end}).`,
        `办结：${outcomes[event.data.outcome]}（${event.data.end}）。`,
      );
    default:
      if (isActTold(event)) return describeAct(event);
      if (isOfSubcases(event)) return describeSubcase(event);
      if (isOfReviewers(event)) return describeReviewers(event);
      return isCarryingOut(event) ? describeCarryingOut(event) : describeStageEvent(event);
  }
}

function migratedSentence({ from, to, clause, carried, charter }: CaseMigrated): Text {
  const renamed = carried.filter((move) => move.from.stage !== move.to.stage);
  const names = renamed.map((move) => [move.from.stage, move.to.stage] as const);
  return text(
    [
      `Moved from version ${from.version} of the workflow to version ${to.version}: ${clause.en}`,
      ...names.map(([before, after]) => `“${before}” goes on as “${after}”.`),
      ...(charter === undefined ? [] : [`Version ${charter} of the charter binds from here on.`]),
    ].join(' '),
    [
      `由工作流第 ${from.version} 版转为适用第 ${to.version} 版：${clause.zh}`,
      ...names.map(([before, after]) => `“${before}”环节转为“${after}”。`),
      ...(charter === undefined ? [] : [`此后适用章程第 ${charter} 版。`]),
    ].join(''),
  );
}

function recountedSentence({ year, deadlines }: DeadlinesRecounted): Text {
  const each = deadlines.map(({ was, is }) =>
    was === is ? text(`${was} stands`, `${was} 不变`) : text(`${was} becomes ${is}`, `${was} 改为 ${is}`),
  );
  return text(
    `The public holidays of ${year} are announced, and the deadlines counted over it are counted again: ${each.map(({ en }) => en).join('; ')}.`,
    `${year} 年放假安排已公布，跨该年计算的期限重新计算：${each.map(({ zh }) => zh).join('；')}。`,
  );
}

function describeStageEvent(
  event: Exclude<
    CaseEvent,
    | ActTold
    | CarryingOut
    | OfSubcases
    | OfReviewers
    | {
        type:
          | 'CaseOpened'
          | 'ApplicationWithdrawn'
          | 'CaseEnded'
          | 'CaseMigrated'
          | 'CaseFrozen'
          | 'CaseResumed'
          | 'DeadlinesRecounted';
      }
  >,
): Text {
  switch (event.type) {
    case 'StageEntered': {
      const { stage, dueAt } = event.data;
      return dueAt === undefined
        ? text(`Came to “${stage}”.`, `进入“${stage}”环节。`)
        : text(`Came to “${stage}”, due before ${dueAt}.`, `进入“${stage}”环节，期限 ${dueAt}。`);
    }
    case 'StageLeft':
      return leftText(event.data);
    case 'StageClosed':
      return event.data.explanation.text;
    case 'SentBack':
      return text(`Sent back to “${event.data.to}”: ${event.data.reason}`, `驳回至“${event.data.to}”环节：${event.data.reason}`);
    case 'ReminderSent':
      return reminderText(event.data);
    case 'StageOverdue':
      return text('Overdue; reported.', '已逾期，已报告。');
    case 'CheckPassed':
    case 'CheckFailed':
    case 'CorrectionRequested':
    case 'CorrectionExtended':
    case 'ApplicationResubmitted':
    case 'CorrectionLapsed':
      return describeCheck(event);
    case 'ObjectionRaised':
      return text('An objection was raised.', '收到异议。');
    case 'ObjectionRuledOn':
      return event.data.ruling === 'upheld'
        ? text(`Objection upheld: ${event.data.reason}`, `异议成立：${event.data.reason}`)
        : text(`Objection dismissed: ${event.data.reason}`, `异议不成立：${event.data.reason}`);
    case 'CasePlaced':
      return sentenceOf(event.data);
    case 'PublicityHeld':
      return text('The publicity period ended; held for open objections.', '公示期满，因异议未处理暂缓公布。');
    default:
      return describeJudging(event);
  }
}

type Checking = Extract<
  CaseEvent,
  {
    type:
      | 'CheckPassed'
      | 'CheckFailed'
      | 'CorrectionRequested'
      | 'CorrectionExtended'
      | 'ApplicationResubmitted'
      | 'CorrectionLapsed';
  }
>;

function describeCheck(event: Checking): Text {
  switch (event.type) {
    case 'CheckPassed':
      return text('Check passed.', '审查通过。');
    case 'CheckFailed':
      return text(`Check failed: ${event.data.reason}`, `审查不通过：${event.data.reason}`);
    case 'CorrectionRequested':
      return text(
        `Returned for correction until ${event.data.dueAt}: ${event.data.reason}`,
        `退回补正，截止 ${event.data.dueAt}：${event.data.reason}`,
      );
    case 'CorrectionExtended':
      return text(
        `The time for correction is extended until ${event.data.dueAt}: ${event.data.reason}`,
        `补正期限延长至 ${event.data.dueAt}：${event.data.reason}`,
      );
    case 'ApplicationResubmitted':
      return text(`Resubmitted as version ${event.data.version}.`, `重新提交，第 ${event.data.version} 版。`);
    case 'CorrectionLapsed':
      return text('The time for correction passed.', '补正期限已过。');
  }
}

/** Why, and what it still waits for before the next stage begins. */
function leftText({ explanation, waits = [] }: StageLeft): Text {
  const others = waits.flatMap((wait) => wait.for.map((branch) => branch.join('/')));
  if (others.length === 0) return explanation.text;
  return text(
    `${explanation.text.en} “${waits.map(({ at }) => at).join(', ')}” still waits for: ${others.join(', ')}.`,
    `${explanation.text.zh}“${waits.map(({ at }) => at).join('、')}”尚待：${others.join('、')}。`,
  );
}

type Judging = Extract<
  CaseEvent,
  {
    type:
      | 'ReviewersAssigned'
      | 'PanelUnfilled'
      | 'ConflictDeclared'
      | 'ReviewerReminded'
      | 'ReviewEscalated'
      | 'ReviewerReplaced'
      | 'MeetingAwaited'
      | 'BallotOpened'
      | 'BallotCalledOff'
      | 'VoteCast'
      | 'BallotInquorate'
      | 'VotesTied'
      | 'TieBroken';
  }
>;

function describeJudging(event: Judging): Text {
  switch (event.type) {
    case 'ReviewersAssigned':
      return text(`${event.data.assignments.length} reviewers assigned.`, `已指派 ${event.data.assignments.length} 位评审专家。`);
    case 'PanelUnfilled':
      return text(`Too few reviewers: ${event.data.wanted} wanted.`, `评审专家不足：需要 ${event.data.wanted} 位。`);
    case 'ConflictDeclared':
      return text('A conflict of interest was declared.', '登记一项回避。');
    case 'ReviewerReminded':
      return text('A reviewer was reminded.', '已提醒评审专家。');
    case 'ReviewEscalated':
      return text('A late review was reported to the secretariat.', '逾期评审已报秘书处。');
    case 'ReviewerReplaced':
      return text('A reviewer is replaced.', '更换评审专家。');
    case 'BallotOpened':
      return text(
        `Ballot ${event.data.sitting} opened until ${event.data.closesAt}.`,
        `第 ${event.data.sitting} 次表决开始，截止 ${event.data.closesAt}。`,
      );
    case 'BallotCalledOff': {
      const { sitting, reason } = event.data;
      const lapsed =
        sitting === undefined ? text('', '') : text(' The votes cast there lapse.', `第 ${sitting} 次表决已投之票作废。`);
      return text(
        `The meeting was called off: ${reason}${lapsed.en} The item waits for another.`,
        `会议取消：${reason}${lapsed.zh}该事项等待另行召集会议。`,
      );
    }
    case 'MeetingAwaited':
      return text(
        `Waits for a meeting: notice ${event.data.notice} working days before; overdue from ${event.data.dueAt} on.`,
        `等待召开会议：须提前 ${event.data.notice} 个工作日通知，${event.data.dueAt} 起逾期。`,
      );
    case 'VoteCast':
      return event.data.proxy === undefined
        ? text('A vote was cast.', '一票已投。')
        : text('A vote was cast by proxy.', '一票已由受托人代投。');
    case 'BallotInquorate':
      return event.data.explanation.text;
    case 'VotesTied':
      return text('The votes are tied; the chair decides.', '票数相等，由主持人裁定。');
    case 'TieBroken':
      return text(`Casting vote: ${event.data.choice}.`, `主持人决定票：${choices[event.data.choice]}。`);
  }
}
