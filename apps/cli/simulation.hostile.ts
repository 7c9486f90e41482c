import { DomainError, type RecordedEvent, type Text } from '#kernel';
import { type CaseEvent, type CasePlaced, china, compare, type Definition, isWorkingDay } from '#workflow';
import { correctCourse, type CourseToSubmit, registerCourse, submitCourse } from '../server/rehearsal.applications.js';
import { dayMs, hourMs, type Players } from '../server/rehearsal.players.js';
import { described, pdfSaying } from '../server/rehearsal.papers.js';
import { firstOf, type Scene, unknownToThem } from '../server/rehearsal.scene.js';

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
  /** Reviewers who leave, and who are away for some days. */
  readonly leaving: readonly string[];
  readonly away: readonly string[];
  /** Who reviews in their place. */
  readonly standIns: readonly string[];
  /** A reviewer whom an institution employs. */
  readonly employedBy: (institution: string) => string | undefined;
}

/** Courses with which an applicant tries something. */
export interface Tried {
  /** Comes in the last millisecond. */
  readonly last: CourseToSubmit;
  /** In no list; comes in the next. */
  readonly after: CourseToSubmit;
  /** In no list; does not meet the conditions. */
  readonly beginner: CourseToSubmit;
}

const minuteMs = 60_000;

/**
 * What an alliance fears of a round: the last millisecond and the one after it, who is not eligible, a course in two kinds, files that
 * are replaced after the deadline, reviewers who look at their own university's, leave or are away, a member who is suspended, a new
 * version of the workflow. Everything else that is hostile people do by themselves (see `Odds`).
 */
export function hostileInterludes(
  stage: Stage,
  courses: readonly CourseToSubmit[],
  { last, after, beginner }: Tried,
): readonly Interlude[] {
  const { scene, closesAtMs, deanOf } = stage;
  const submit = (course: CourseToSubmit) => async (): Promise<void> => {
    await registerCourse(scene, deanOf(course.institution), course);
    await submitCourse(scene, deanOf(course.institution), stage.round, stage.definition, course);
  };
  return [
    { atMs: closesAtMs - 1, act: submit(last) },
    { atMs: closesAtMs, act: submit(after) },
    { atMs: closesAtMs - 3 * hourMs, act: submit({ ...beginner, kind: 'offline', runs: 1 }) },
    ...courses.map((course, index) => ({
      atMs: closesAtMs - 2 * hourMs + (index + 1) * minuteMs,
      act: () => inAnotherKind(stage, course),
    })),
    ...courses.flatMap((course, index) => filesReplaced(stage, course, closesAtMs + (index + 1) * minuteMs)),
    ...courses.map((course, index) => ({
      atMs: closesAtMs + 2 * hourMs + (index + 1) * minuteMs,
      act: () => ofOwnUniversity(stage, course),
    })),
    { atMs: closesAtMs + dayMs + minuteMs, act: () => newVersion(stage) },
    ...leaving(stage),
    ...away(stage),
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

/** Other files than those that were handed in: refused, asked for, granted, and then replaced. */
function filesReplaced(stage: Stage, { id, institution }: CourseToSubmit, atMs: number): readonly Interlude[] {
  const { scene, players, definition, secretary, deanOf } = stage;
  const dean = deanOf(institution);
  const [slot = ''] = definition.subject.files.flatMap((file) =>
    file.required === true && file.when === undefined ? [file.id] : [],
  );
  const pdf = pdfSaying(`${slot} of course ${id}, corrected`);
  const of = (person: string, type: string, data: object) => async () =>
    scene.as(person, 'case', players.applicationOf(id), { type, data });
  const replace = of(dean, 'ReplaceFiles', { request: 1, files: [{ slot, ...described(pdf) }] });
  const asked = { slots: [slot], reason: '上传了旧版本。An old version was uploaded.' };
  const until = new Date(atMs + 5 * dayMs).toISOString();
  return [
    { atMs, act: () => scene.handIn(dean, pdf).then(replace) },
    { atMs: atMs + 10_000, act: of(dean, 'RequestFileCorrection', asked) },
    { atMs: atMs + 20_000, act: of(secretary, 'GrantFileCorrection', { ...asked, request: 1, until }) },
    { atMs: atMs + 30_000, act: replace },
  ];
}

/** Refused as if there were no such application. */
const keptFrom = new DomainError('simulation.kept-from', {
  en: 'They were answered as if there were no such application.',
  zh: '答复与该申报不存在时相同。',
});

/** A reviewer tries to have a say about their own university's course. */
async function ofOwnUniversity(
  { scene, players, definition, employedBy }: Stage,
  { id, institution }: CourseToSubmit,
): Promise<void> {
  const reviewer = employedBy(institution);
  const panel = definition.stages.find(({ kind }) => kind === 'panel');
  if (reviewer === undefined || panel === undefined) return;
  const data = { stage: panel.id, comment: '这是我校的课程。It is ours.' };
  try {
    await scene.as(reviewer, 'case', players.applicationOf(id), { type: 'DiscussReviews', data });
  } catch (failure) {
    throw failure instanceof DomainError && unknownToThem.has(failure.code) ? keptFrom : failure;
  }
}

/** The workflow changes while the round runs: what was opened goes on under the version that it was opened under. */
function newVersion({ scene, definition }: Stage): Promise<unknown> {
  const [first, ...others] = definition.stages as [Definition['stages'][number], ...Definition['stages']];
  const next = { ...definition, version: definition.version + 1, stages: [{ ...first, workingDays: 1 }, ...others] };
  return scene.operator('definition', definition.id, { type: 'AdoptDefinition', data: { definition: next } });
}

/** Reviewers are away for some days, and the secretary lets others review in their place: the first of them who may. */
function away({ scene, players, secretary, away: absent, standIns, closesAtMs }: Stage): readonly Interlude[] {
  return absent.flatMap((reviewer, index) =>
    [4, 7, 10, 13].map((day) => ({
      atMs: closesAtMs + day * dayMs + (index + 1) * minuteMs,
      act: async () => {
        const [from, until] = [1, 2 * 24].map((hours) => new Date(closesAtMs + day * dayMs + hours * hourMs).toISOString());
        const [owed] = players.owedBy(reviewer);
        if (owed === undefined) return;
        const { id, stage } = owed;
        const appoint = (substitute: string) =>
          scene.as(secretary, 'case', id, { type: 'AppointSubstitute', data: { stage, reviewer, substitute, from, until } });
        await firstOf(standIns, appoint, new Set(['case.reviewer-barred']));
      },
    })),
  );
}

/** Reviewers leave while they owe reviews: their seats end, and the secretary draws others. */
function leaving({ scene, players, secretary, leaving: gone, closesAtMs }: Stage): readonly Interlude[] {
  return gone.map((reviewer, index) => ({
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
function suspension({ scene, players, closesAtMs, deanOf }: Stage, { id, institution }: CourseToSubmit): readonly Interlude[] {
  const suspended = { clause: '2', reason: '未如实申报。Did not declare truthfully.' };
  const { fromMs, untilMs } = suspendedFor(closesAtMs);
  const withdrawal = { type: 'WithdrawApplication', data: { reason: '暂停期间撤回。In suspension.' } };
  return [
    {
      atMs: fromMs,
      act: () => scene.operator('membership', institution, { type: 'SuspendMember', data: suspended }),
    },
    {
      atMs: fromMs + 10 * minuteMs,
      act: async () => scene.as(deanOf(institution), 'case', players.applicationOf(id), withdrawal),
    },
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
  ['substitutes who reviewed', '代为评审', (events) => events.filter(isSubstitutes).length],
  ['panels that discussed', '评审组讨论', (events) => told(events, 'DiscussionOpened')],
  ['reviews revised after hearing the others', '讨论后修改评审', (events) => told(events, 'ReviewRevised')],
  ['panels short of reviewers', '评审专家不足', (events) => told(events, 'PanelUnfilled')],
  ['files replaced by grant after the deadline', '截止后经准予更换材料', (events) => told(events, 'FilesReplaced')],
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
  ['case.no-file-grant', 'files replaced after the deadline without a grant, refused', '截止后未经准予更换材料被拒'],
  ['case.ineligible', 'not eligible, and refused with the rule', '不符合条件被拒'],
  [
    'simulation.kept-from',
    "reviewers who looked for their own university's, answered as if it were not there",
    '评审专家查看本校申报，答复为不存在',
  ],
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

const isSubstitutes = ({ type, data }: CaseTold): boolean =>
  type === 'ReviewSubmitted' && (data as { readonly principal?: string }).principal !== undefined;

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
