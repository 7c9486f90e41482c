import type { Text } from '#kernel';
import type { StageCommand } from '../case.messages.js';
import type { ActCommand } from './acts.messages.js';

/** What people do at a stage and may take back while it is open: nobody rests on it before that. */
export const retrievable = [
  'PassCheck',
  'FailCheck',
  'SubmitReview',
  'ReviseReview',
  'AppointSubstitute',
  'CastVote',
  'ConfirmAsParty',
  'RefuseAsParty',
] as const satisfies readonly StageCommand['type'][];

/** What time brings about, or the engine: nobody's own act. */
const ofTime = [
  'LapseCorrection',
  'ReportOverdue',
  'SendReminder',
  'ExpireCheck',
  'CallSigners',
  'CountSignatures',
  'RemindDiscussion',
  'CloseDiscussion',
  'BeginSubstitution',
  'CallOffBallot',
  'EndPublicity',
  'PlaceCase',
  'TakeWay',
  'AskParties',
  'RemindParties',
  'LapseConfirmation',
  'OpenInspection',
  'LapseRemedy',
  'EndDuty',
  'CloseRegistration',
  'EndRegistration',
  'RecordNotice',
  'LapseStatement',
] as const satisfies readonly StageCommand['type'][];

type Standing = Exclude<StageCommand['type'], (typeof retrievable)[number] | (typeof ofTime)[number] | ActCommand['type']>;

const text = (en: string, zh: string): Text => ({ en, zh });
const completes = text('It completed its stage, and the next step began with it.', '该操作已办结本环节，下一步随之开始。');
const ruled = text(
  'The decision has been told to those whom it concerns, and they rely on it.',
  '决定已告知当事各方，各方据此办理。',
);

/** Every other act of people at a stage, and why it stands. The compiler lists what is forgotten. */
export const standing: Readonly<Record<Standing, Text>> = {
  ReturnForCorrection: text(
    'The applicant has been told, and a deadline runs; decide on what comes back.',
    '已通知申报单位并开始计算期限，请待其重新提交后再作决定。',
  ),
  ExtendCorrection: text('The applicant has been told, and relies on the longer time.', '已告知申报单位，其按延长后的期限办理。'),
  ResubmitApplication: text(
    'It is before the office again; ask that office to return it for correction.',
    '材料已重新送审，如需更改请与审核单位联系，由其退回补正。',
  ),
  SendBack: completes,
  AssignReviewers: text('The reviewers have been asked; remove one, or add one.', '专家已接到任务，如需调整请减签或加签。'),
  DiscussReviews: text(
    'The others may have read it; say in another comment what you think now.',
    '其他专家可能已阅看，请另行发言更正。',
  ),
  DeclareConflict: text('A conflict of interest holds for the whole case.', '回避一经登记，对本案全程有效。'),
  RemindReviewer: text('The reminder has been sent.', '提醒已发出。'),
  EscalateReview: text('The report has been made.', '逾期情况已上报。'),
  ReplaceReviewer: text('Somebody else is asked to review; add whom you want beside them.', '已另请专家评审，如需增补请加签。'),
  CompletePanel: completes,
  AddReviewer: text(
    'The reviewer has been asked; remove them before they have reviewed.',
    '已邀请该专家，在其提交意见前可以减签。',
  ),
  RemoveReviewer: text('The reviewer has been released; add another.', '该专家已被解除任务，如需增补请加签其他专家。'),
  TransferReview: text('The review is in other hands; whoever has it may hand it on.', '评审已转由他人办理，可由其再行转办。'),
  EndSubstitution: text(
    'The review has fallen back; a substitute may be appointed again.',
    '评审任务已退回原专家，可重新指定代理人。',
  ),
  OpenBallot: text('Votes are being taken, until the ballot closes.', '表决已经开始，至截止时为止。'),
  CloseBallot: completes,
  BreakTie: completes,
  RaiseObjection: text(
    'Whoever objected is heard: so nobody can be pressed to take an objection back.',
    '异议一经提出即依程序处理，以免异议人被迫撤回。',
  ),
  RuleOnObjection: ruled,
  PassInspection: ruled,
  Warn: text('The time to remedy runs; accept the remedy to settle the warning.', '整改期限已开始计算，整改通过后警告即办结。'),
  ReportRemedy: text('It is before those who rule on it.', '整改报告已送审，由裁定机构处理。'),
  AcceptRemedy: ruled,
  RejectRemedy: ruled,
  OpenSession: text('People may have signed in; the session ends by itself.', '可能已有人签到；该场次到时自行结束。'),
  GiveStatement: completes,
  GiveRuling: completes,
};
