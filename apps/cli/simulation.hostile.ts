import type { RecordedEvent, Text } from '#kernel';
import { type CaseEvent, type CasePlaced, china, compare, type Definition, isWorkingDay } from '#workflow';
import { correctCourse, type CourseToSubmit, registerCourse, submitCourse } from '../server/rehearsal.applications.js';
import { dayMs, hourMs, type Players } from '../server/rehearsal.players.js';
import type { Scene } from '../server/rehearsal.scene.js';

/** Something that happens while nobody else does anything: its place in the log is the same wherever the round is played. */
export interface Interlude {
  readonly atMs: number;
  readonly act: () => Promise<unknown>;
}

export interface Stage {
  readonly scene: Scene;
  readonly players: Players;
  readonly definition: Definition;
  readonly round: string;
  readonly closesAtMs: number;
  readonly secretary: string;
  readonly deanOf: (institution: string) => string;
  readonly reviewers: readonly string[];
}

const minuteMs = 60_000;

/**
 * What an alliance fears of a round: the last millisecond and the one after it, a course in two kinds, reviewers who leave, a member
 * who is suspended. Everything else that is hostile people do by themselves (see `Odds`).
 *
 * @param late - courses of an applicant: the first comes in the last millisecond, the second, which is in no list, in the next
 */
export function hostileInterludes(
  stage: Stage,
  courses: readonly CourseToSubmit[],
  [last, after]: readonly [CourseToSubmit, CourseToSubmit],
): readonly Interlude[] {
  const { scene, closesAtMs, deanOf } = stage;
  const submit = (course: CourseToSubmit) => async (): Promise<void> => {
    await registerCourse(scene, deanOf(course.institution), course);
    await submitCourse(scene, deanOf(course.institution), stage.round, stage.definition, course);
  };
  return [
    { atMs: closesAtMs - 1, act: submit(last) },
    { atMs: closesAtMs, act: submit(after) },
    ...courses.map((course, index) => ({
      atMs: closesAtMs - 2 * hourMs + (index + 1) * minuteMs,
      act: () => inAnotherKind(stage, course),
    })),
    ...leaving(stage),
    ...suspension(stage, last),
  ].toSorted((one, other) => one.atMs - other.atMs);
}

/** Corrects the register, and hands in the same course once more. */
async function inAnotherKind({ scene, deanOf, round, definition }: Stage, course: CourseToSubmit): Promise<void> {
  const dean = deanOf(course.institution);
  const other = { ...course, kind: course.kind === 'offline' ? 'online' : 'offline' } as const;
  await correctCourse(scene, dean, other);
  await submitCourse(scene, dean, round, definition, other);
}

/** Reviewers leave while they owe reviews: their seats end, and the secretary draws others. */
function leaving({ scene, players, secretary, reviewers, closesAtMs }: Stage): readonly Interlude[] {
  return reviewers.map((reviewer, index) => ({
    atMs: closesAtMs + index * dayMs + 90 * minuteMs,
    act: async () => {
      const data = { person: reviewer, reason: '调离。Moved away.' };
      await scene.as(secretary, 'organ', 'expert-panel', { type: 'EndSeat', data });
      for (const { id, stage, assignment } of players.owedBy(reviewer)) {
        const replace = { type: 'ReplaceReviewer', data: { stage, assignment, because: 'left' } };
        await scene.as(secretary, 'case', id, replace);
      }
    },
  }));
}

/** From just after the deadline on. */
const suspendedFor = (closesAtMs: number) => ({
  fromMs: closesAtMs + 30 * minuteMs,
  untilMs: closesAtMs + 7 * dayMs + 30 * minuteMs,
});

/** What concerns a suspended member waits until it is reinstated. */
export function thawed(suspended: string, closesAtMs: number): (institution: string, atMs: number) => number {
  const { fromMs, untilMs } = suspendedFor(closesAtMs);
  return (institution, atMs) =>
    institution === suspended && fromMs - hourMs <= atMs && atMs <= untilMs ? atMs + (untilMs - fromMs) + 2 * hourMs : atMs;
}

/** A member is suspended for a week; the dean's office tries to act in that time. */
function suspension({ scene, closesAtMs, deanOf, round }: Stage, { id, institution }: CourseToSubmit): readonly Interlude[] {
  const suspended = { clause: '2', reason: '未如实申报。Did not declare truthfully.' };
  const { fromMs, untilMs } = suspendedFor(closesAtMs);
  const withdrawal = { type: 'WithdrawApplication', data: { reason: '暂停期间撤回。In suspension.' } };
  return [
    {
      atMs: fromMs,
      act: () => scene.operator('membership', institution, { type: 'SuspendMember', data: suspended }),
    },
    { atMs: fromMs + 10 * minuteMs, act: () => scene.as(deanOf(institution), 'case', `${round}.${id}`, withdrawal) },
    {
      atMs: untilMs,
      act: () => scene.operator('membership', institution, { type: 'ReinstateMember', data: {} }),
    },
  ];
}

/** Something hostile that happened, and how often. */
export interface HostileRow {
  readonly name: Text;
  readonly count: number;
}

type Count = (events: readonly CaseTold[]) => number;
type CaseTold = RecordedEvent<CaseEvent>;

/** Counts over the events of one case, in their order. */
const rows: readonly (readonly [en: string, zh: string, count: Count])[] = [
  ['submitted in the last millisecond', '截止前最后一毫秒申报', (events) => events.filter(isInTheLastMillisecond).length],
  ['withdrawn while it was reviewed', '评审中撤回', (events) => (isWithdrawnInReview(events) ? 1 : 0)],
  ['conflicts declared after scoring', '评后回避', (events) => events.filter(isAfterScoring).length],
  ['reviewers replaced because they left', '专家离任更换', (events) => replaced(events, 'left')],
  ['reviewers replaced because they were late', '专家逾期更换', (events) => replaced(events, 'late')],
  ['reminders to late reviewers', '评审催办', (events) => told(events, 'ReviewerReminded')],
  ['returned for correction', '退回补正', (events) => told(events, 'CorrectionRequested')],
  ['corrections that never came', '逾期未补正', (events) => told(events, 'CorrectionLapsed')],
  ['sent back to an earlier stage', '驳回至前一环节', (events) => told(events, 'SentBack')],
  ['stages overdue', '环节逾期', (events) => told(events, 'StageOverdue')],
  ['ended by the negative list', '负面清单否决', (events) => left(events, 'vetoed')],
  ['left out with the score of the last one in', '与入选线同分未入选', (events) => (events.some(isEqualAtTheCut) ? 1 : 0)],
  ['inquorate sittings', '未达法定人数的会议', (events) => told(events, 'BallotInquorate')],
  ['tied votes', '票数相等', (events) => told(events, 'VotesTied')],
  ['objections', '异议', (events) => told(events, 'ObjectionRaised')],
  ['objections on a day that is not worked', '非工作日提出的异议', (events) => events.filter(isOnFreeDay).length],
  ['objections upheld', '异议成立', (events) => left(events, 'upheld')],
  ['appeals lodged', '申诉', (events) => told(events, 'AppealLodged')],
  ['appeals granted', '申诉成立', (events) => told(events, 'CaseReopened') + told(events, 'DecisionSuperseded')],
  ['appeals dismissed', '申诉不成立', (events) => told(events, 'DecisionUpheld')],
  [
    'undertakings refused or never given',
    '拒绝或未作承诺',
    (events) => left(events, 'refused') + told(events, 'ConfirmationLapsed'),
  ],
];

/** What of it the log of a round tells. */
export const hostileRows = (cases: Iterable<readonly CaseTold[]>): readonly HostileRow[] => {
  const all = [...cases];
  return rows.map(([en, zh, count]) => ({ name: { en, zh }, count: all.reduce((sum, events) => sum + count(events), 0) }));
};

/** What people met with, by the code of their refusal. */
export const refusalRows = (refusals: ReadonlyMap<string, number>): readonly HostileRow[] =>
  refusedFor.map(([code, en, zh]) => ({ name: { en, zh }, count: refusals.get(code) ?? 0 }));

const refusedFor = [
  ['case.too-late', 'submitted in the millisecond after the deadline, and refused', '截止后一毫秒申报被拒'],
  ['case.already-submitted', 'submitted twice, in another kind, and refused', '以其他类别重复申报被拒'],
  ['case.appeal-too-late', 'appeals out of time, refused', '逾期申诉被拒'],
  ['case.ground-not-allowed', 'appeals without a ground that there is, refused', '无法定理由的申诉被拒'],
  ['authority.not-a-member', 'acts of a suspended member, refused', '暂停资格成员的行为被拒'],
] as const;

const told = (events: readonly CaseTold[], type: CaseEvent['type']): number =>
  events.filter((event) => event.type === type).length;

const left = (events: readonly CaseTold[], outcome: string): number =>
  events.filter(({ type, data }) => type === 'StageLeft' && (data as { readonly outcome: string }).outcome === outcome).length;

const replaced = (events: readonly CaseTold[], because: string): number =>
  events.filter(({ type, data }) => type === 'ReviewerReplaced' && (data as { readonly because: string }).because === because)
    .length;

function isWithdrawnInReview(events: readonly CaseTold[]): boolean {
  const at = events.findIndex(({ type }) => type === 'ApplicationWithdrawn');
  const before = events.slice(0, at).findLast(({ type }) => type === 'StageEntered');
  return at >= 0 && (before?.data as { readonly kind?: string } | undefined)?.kind === 'panel';
}

const isInTheLastMillisecond = ({ type, data }: CaseTold): boolean => {
  const { submittedAt = '', deadline = '' } = data as { readonly submittedAt?: string; readonly deadline?: string };
  return type === 'CaseOpened' && Date.parse(deadline) - Date.parse(submittedAt) === 1;
};

const isAfterScoring = ({ type, data }: CaseTold): boolean =>
  type === 'ConflictDeclared' && (data as { readonly excludes?: string }).excludes === 'review';

/** Left out with the very score of the last who got in. */
function isEqualAtTheCut({ type, data }: CaseTold): boolean {
  if (type !== 'CasePlaced') return false;
  const { raw, normalised, by, quota } = data as CasePlaced;
  const [score, cut] = [by === 'raw' ? raw : normalised, quota?.cut];
  return score !== undefined && cut !== undefined && compare(score, cut) === 0;
}

const isOnFreeDay = ({ type, meta }: CaseTold): boolean =>
  type === 'ObjectionRaised' &&
  !isWorkingDay(china, new Date(Date.parse(meta.recordedAt) + 8 * hourMs).toISOString().slice(0, 10));
