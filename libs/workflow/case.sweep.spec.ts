import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { States } from '#kernel';
import { type Case, caseContext, describe, explain } from '#workflow';
import { application, broughtTo, caseId, committee, review, scored, TestRound } from '../../test/support/round.js';
import { actShapes } from './acts/acts.messages.js';
import { type CaseCommand, caseShapes, isOfCase as isOfCaseItself } from './case.messages.js';
import { kindOf } from './stages/index.js';

const people = ['dean', 'province', 'secretary', 'expert-1', 'expert-2', 'expert-own', 'chair', 'member-1', 'someone'];
const stages = ['endorsement', 'recommendation', 'formal-check', 'expert-review', 'committee', 'publicity'] as const;
type Type = CaseCommand['type'];
const types = Object.keys(caseShapes) as readonly Type[];
const evidence = [{ sha256: 'e'.repeat(64), bytes: 1, mediaType: 'application/pdf' }];

/** Data of the right shape for every command. */
const sample: Readonly<Record<Type, object>> = {
  SubmitApplication: application,
  WithdrawApplication: { reason: '撤回' },
  PassCheck: {},
  ReturnForCorrection: { reason: '缺页' },
  ExtendCorrection: { until: '2026-12-31T16:00:00.000Z', reason: '停电' },
  FailCheck: { reason: '不符' },
  SendBack: { to: 'endorsement', reason: '材料不实' },
  ResubmitApplication: { form: application.form, files: application.files },
  LapseCorrection: {},
  ExpireCheck: {},
  ReportOverdue: { of: 'check.0' },
  SendReminder: { of: 'check.0' },
  AssignReviewers: {},
  SubmitReview: { scores: scored(7), vetoes: [], comment: '意见' },
  ReviseReview: { scores: scored(6), vetoes: [], comment: '意见', reason: '再议' },
  DiscussReviews: { comment: '意见' },
  RemindDiscussion: { discussion: 1 },
  CloseDiscussion: { discussion: 1 },
  DeclareConflict: { ground: '师生' },
  RemindReviewer: { assignment: 'none' },
  EscalateReview: { assignment: 'none' },
  ReplaceReviewer: { assignment: 'none' },
  CompletePanel: {},
  AddReviewer: { reviewer: 'expert-5', reason: '增补' },
  RemoveReviewer: { assignment: 'none', reason: '调整' },
  TransferReview: { to: 'expert-5', reason: '出差' },
  AppointSubstitute: { substitute: 'expert-5', from: '2026-03-02T00:00:00.000Z', until: '2026-05-02T00:00:00.000Z' },
  BeginSubstitution: { assignment: 'none' },
  EndSubstitution: { assignment: 'none' },
  OpenBallot: {},
  CallOffBallot: { meeting: 'a.march' },
  CastVote: { choice: 'for' },
  CloseBallot: {},
  BreakTie: { choice: 'for' },
  RaiseObjection: { name: '王小明', contact: '12345', statement: '不实', evidence },
  RuleOnObjection: { objection: 'none', ruling: 'dismissed', reason: '不成立' },
  TakeWay: {},
  EndPublicity: {},
  PlaceCase: {},
  AskParties: {},
  ConfirmAsParty: { party: 'institution' },
  RefuseAsParty: { party: 'institution', reason: '未经协商' },
  RemindParties: {},
  LapseConfirmation: {},
  OpenInspection: { inspection: 1 },
  PassInspection: { inspection: 1 },
  Warn: { reason: '久未更新' },
  ReportRemedy: { warning: 1, statement: '已更新', evidence: [] },
  AcceptRemedy: { warning: 1 },
  RejectRemedy: { warning: 1, reason: '未更新' },
  LapseRemedy: { warning: 1 },
  EndDuty: {},
  OpenSession: { session: 'morning', minutes: 30 },
  CloseRegistration: {},
  EndRegistration: {},
  MigrateCase: {
    act: 'none',
    from: 1,
    to: 2,
    stages: {},
    mapping: 'e'.repeat(64),
    clause: { en: 'Clause', zh: '条款' },
  },
  FreezeCase: {},
  ResumeCase: {},
  RecountDeadlines: { year: 2027 },
  CallSigners: {},
  CountSignatures: {},
  TransferTask: { part: 'check', to: 'someone', reason: '出差' },
  TakeBackTask: { part: 'check', reason: '返岗' },
  RetractAct: {},
  CopyCase: { people: ['person-else'] },
  RequestFileCorrection: { slots: ['no-such-file'], reason: '缺页' },
  GrantFileCorrection: { request: 1, slots: ['syllabus'], reason: '同意', until: '2026-12-01T00:00:00.000Z' },
  DenyFileCorrection: { request: 1, reason: '不同意' },
  ReplaceFiles: { request: 1, files: application.files },
  LapseFileCorrection: { request: 1 },
  RecordNotice: { document: 'recognition', year: 2026, number: 1, sha256: 'e'.repeat(64) },
  GiveStatement: { statement: '意见', evidence },
  LapseStatement: {},
  GiveRuling: { ruling: 'dismissed', reason: '不成立' },
  LodgeAppeal: { appeal: 'appeal', grounds: ['procedure'], statement: '程序有误', evidence },
  CloseAppealWindow: {},
  OpenSubcase: {},
  RecordResult: { subcase: 'appeal', number: 1 },
  CloseSubcase: {},
};

const isOfCase = (type: Type): boolean => isOfCaseItself({ type, data: {} } as CaseCommand);
/** Every open stage knows them. */
const isAct = (type: Type): boolean => Object.hasOwn(actShapes, type);

test.each(stages)('every act that does not belong to the stage "%s" is refused and leaves no event', async (stage) => {
  const round = await broughtTo(stage);
  const kind = round.definition.stages.find(({ id }) => id === stage)?.kind as Parameters<typeof kindOf>[0];
  const { commands } = kindOf(kind);
  for (const type of types.filter((one) => !isOfCase(one)))
    for (const named of stages.filter((one) => one !== stage || (!isAct(type) && !commands.includes(type as never))))
      for (const person of people) {
        const { code } = await round.refusal(person, type, { ...sample[type], stage: named });
        expect(code).toMatch(
          /^(case\.(not-at-stage|not-this-act|not-found|next-step-began|conflict-too-late)|authority\.no-seat)$/,
        );
      }
});

/** Nothing has been asked for, handed over or done yet, so none of these has anything to rest on. */
const groundless = [
  'TakeBackTask',
  'RetractAct',
  'RequestFileCorrection',
  'GrantFileCorrection',
  'DenyFileCorrection',
  'ReplaceFiles',
] as const;

test.each(stages)('at the stage "%s" nothing is taken back, granted or replaced that was not there before', async (stage) => {
  const round = await broughtTo(stage);
  const since = (await round.history()).length;
  for (const type of groundless)
    for (const person of [...people, 'expert-3', 'expert-4', 'member-2']) {
      const { code } = await round.refusal(person, type, { ...sample[type], ...(isOfCase(type) ? {} : { stage }) });
      expect(code).toMatch(
        /^(case\.(not-handed-over|nothing-to-retract|no-such-slot|no-such-request|no-file-grant|not-this-act|not-found)|authority\.no-seat)$/,
      );
    }
  expect(await round.history()).toHaveLength(since);
});

test('an earlier visit of the same stage is not the open one', async () => {
  const round = await broughtTo('formal-check');
  expect((await round.refusal('secretary', 'PassCheck', { stage: 'formal-check', visit: 2 })).code).toBe('case.not-at-stage');
});

test('nothing is done on a case that has ended', async () => {
  const round = await broughtTo('publicity');
  await round.until('2026-03-31T00:00:00.000Z');
  expect((await round.state()).status).toBe('ended');
  for (const type of types)
    for (const stage of stages)
      for (const person of people) {
        const { code } = await round.refusal(person, type, { ...sample[type], ...(isOfCase(type) ? {} : { stage }) });
        expect(code).toMatch(/^(case\.(ended|already-submitted|not-this-act|not-found|no-such-appeal)|authority\.no-seat)$/);
      }
});

test('nothing is done on a case that was never opened', async () => {
  const round = await TestRound.open();
  for (const type of types.filter((one) => one !== 'SubmitApplication'))
    expect((await round.refusal('secretary', type, { ...sample[type], stage: 'endorsement' })).code).toMatch(
      /^(case\.not-found|authority\.no-seat)$/,
    );
});

const somebody = fc.constantFrom(...people, 'expert-3', 'expert-4', 'expert-5', 'deputy', 'member-2', 'member-3', 'assigned');
const act = fc.record({
  person: somebody,
  type: fc.constantFrom<Type>(...types.filter((type) => type !== 'WithdrawApplication')),
  data: fc.record({
    points: fc.nat(10),
    choice: fc.constantFrom('for', 'against', 'abstain'),
    ruling: fc.constantFrom('upheld', 'dismissed'),
    veto: fc.boolean(),
  }),
});
const step = fc.oneof(
  { weight: 12, arbitrary: act },
  { weight: 4, arbitrary: fc.record({ hours: fc.integer({ min: 1, max: 150 }) }) },
  { weight: 5, arbitrary: fc.constant('right' as const) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What would bring the case forward, by whoever may. */
async function forward(round: TestRound): Promise<void> {
  const state = (await round.states.fresh<Case>(`case-${caseId}`)).state;
  const visit = state.status === 'open' ? state.visits.at(-1) : undefined;
  const owner = { endorsement: 'dean', recommendation: 'province', 'formal-check': 'secretary' }[visit?.stage ?? ''];
  if (owner !== undefined) await tried(round, owner, 'PassCheck', { stage: visit?.stage });
  if (visit?.kind === 'panel')
    for (const { reviewer, status } of visit.assignments)
      if (status === 'open') await tried(round, reviewer, 'SubmitReview', review(9));
  if (visit?.kind === 'ballot')
    for (const person of committee.slice(1)) await tried(round, person, 'CastVote', { stage: visit.stage, choice: 'for' });
}

async function tried(round: TestRound, person: string, type: string, data: object): Promise<void> {
  const refused = (failure: unknown): void => {
    if ((failure as Error).name !== 'DomainError') throw failure;
  };
  await round.act(person, type, data).catch(refused);
}

async function play(round: TestRound, one: Step): Promise<void> {
  if (one === 'right') return forward(round);
  if ('hours' in one) return round.until(new Date(round.clock.now() + one.hours * 3_600_000).toISOString());
  const state = (await round.states.fresh<Case>(`case-${caseId}`)).state;
  const visit = state.visits.at(-1);
  const objections = visit?.kind === 'publicity' ? visit.objections : [];
  const assignments = visit?.kind === 'panel' ? visit.assignments : [];
  const { points, choice, ruling, veto } = one.data;
  const data = {
    ...sample[one.type],
    ...(isOfCase(one.type) ? {} : { stage: visit?.stage ?? 'endorsement' }),
    ...(one.type === 'SubmitReview' ? { scores: scored(points), vetoes: veto ? ['ethics'] : [] } : {}),
    ...(one.type === 'CastVote' ? { choice } : {}),
    ...(one.type === 'BreakTie' ? { choice: choice === 'for' ? 'for' : 'against' } : {}),
    ...(one.type === 'RuleOnObjection' ? { objection: objections.at(-1)?.id ?? 'none', ruling } : {}),
    ...('assignment' in sample[one.type] ? { assignment: assignments[0]?.id ?? 'none' } : {}),
  };
  const person =
    one.person === 'assigned' ? (assignments.find(({ status }) => status === 'open')?.reviewer ?? 'expert-1') : one.person;
  await tried(round, person, one.type, data);
}

test('whatever people do and whenever, a case is what its events say, and ends at most once', async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...stages), fc.array(step, { minLength: 20, maxLength: 60 }), async (stage, steps) => {
      const round = await broughtTo(stage);
      for (const one of steps) {
        await play(round, one);
        await round.settle();
      }
      const history = await round.history();
      const kinds = history.map(({ type }) => type);
      for (const type of kinds) reached.add(type);
      // The state that was carried along equals the one folded anew from the log.
      const anew = new States(round.store);
      anew.register(caseContext.decider);
      const carried = (await round.states.load(`case-${caseId}`)).state;
      expect((await anew.fresh(`case-${caseId}`)).state).toEqual(carried);
      const ends = kinds.filter((type) => type === 'CaseEnded').length;
      expect(ends).toBeLessThanOrEqual(1);
      expect(kinds.indexOf('CaseEnded')).toBe(ends === 1 ? kinds.length - 1 : -1);
      const left = history.filter(({ type }) => type === 'StageLeft').map(({ data }) => data as { stage: string; visit: number });
      expect(new Set(left.map(({ stage, visit }) => `${stage} ${visit}`)).size).toBe(left.length);
      expect(kinds.filter((type) => type === 'StageEntered').length - left.length).toBe(ends === 1 ? 0 : 1);
      // An open case always waits for someone or for a date; a finished one owes nothing more to itself.
      const owed = (await round.owed()).filter(({ effect }) => effect.command.context === 'case');
      expect(ends === 1 ? owed : []).toEqual([]);
      // Whatever was due has been done: nothing is left over that would be sent again after a restart.
      const due = owed.filter(({ effect: { dueAt } }) => dueAt === undefined || Date.parse(dueAt) <= round.clock.now());
      expect({ due, refused: round.refused }).toEqual({ due: [], refused: [] });
      for (const line of explain(history)) expect(line.text.en.length * line.text.zh.length).toBeGreaterThan(0);
    }),
    { numRuns: 16 },
  );
  // The histories are worth something only if they come far.
  for (const type of ['ReviewSubmitted', 'BallotOpened', 'CaseEnded']) expect([...reached]).toContain(type);
});

test('every event says itself in both languages', () => {
  expect(describe({ type: 'ApplicationWithdrawn', data: { reason: 'x' } })).toEqual({
    en: 'Application withdrawn: x',
    zh: '申报撤回：x',
  });
});
