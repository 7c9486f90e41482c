import { expect, test } from '@jest/globals';
import { DomainError } from '#kernel';
import type { Definition } from '#workflow';
import { type EngineRoom, obliged, reviewed, training } from '../../../test/support/engine-room.js';
import { assigned, broughtTo, review, type TestRoundOptions, usualSeats } from '../../../test/support/round.js';
import { usualRule } from '../../../test/support/round.charter.js';
import { retrievable, standing } from './standing-acts.js';

/** One case in which people act; of a panel, who is on it and who is not. */
interface Place {
  readonly on: readonly string[];
  readonly off: readonly string[];
  act(person: string, type: string, data: object): Promise<unknown>;
  last(): Promise<object | undefined>;
}

const signed: TestRoundOptions = {
  seats: { ...usualSeats, 'a.secretariat': ['secretary', 'officer', 'head'].map((person) => ({ person })) },
  change: (definition) => ({
    ...definition,
    stages: definition.stages.map((stage) =>
      stage.kind === 'check' && stage.id === 'formal-check'
        ? { ...stage, signatures: 2, return: { to: ['recommendation'], times: 1 } }
        : stage,
    ),
  }),
};

async function inRound(stage: string, options?: TestRoundOptions): Promise<Place> {
  const round = await broughtTo(stage, options);
  const on = stage === 'expert-review' ? await assigned(round) : [];
  return {
    on,
    off: ['expert-1', 'expert-2', 'expert-3', 'expert-4', 'expert-5'].filter((one) => !on.includes(one)),
    act: (person, type, data) => round.act(person, type, data),
    last: async () => (await round.history()).at(-1),
  };
}

/** Reviewers who may know whose an application is name a substitute themselves. */
const singly: TestRoundOptions = {
  change: (definition) => ({
    ...definition,
    stages: definition.stages.map((stage) => (stage.kind === 'panel' ? { ...stage, blind: 'single' } : stage)),
  }),
};

const inRoom = (room: EngineRoom, course = 'course-1'): Place => ({
  on: [],
  off: [],
  act: (person, type, data) => room.act(person, type, data, course),
  last: async () => (await room.history(`case-a.one.${course}`)).at(-1),
});

const byTwo = (definition: Definition): Definition => ({
  ...definition,
  stages: definition.stages.map((stage) => (stage.kind === 'confirmation' ? { ...stage, needed: 2 } : stage)),
});

async function hearing(): Promise<Place> {
  const room = await reviewed(8);
  const evidence = [{ sha256: 'e'.repeat(64), bytes: 5, mediaType: 'application/pdf' }];
  // Whoever reviewed has no vote.
  for (const person of ['member-1', 'member-2', 'expert-5'])
    await room.act(person, 'CastVote', { stage: 'committee', choice: 'for' }).catch(() => undefined);
  const objection = { name: '何异议', contact: '13800000000', statement: '团队不实', evidence };
  await room.act('judge-2', 'RaiseObjection', { stage: 'publicity', ...objection });
  return inRoom(room, 'course-1.hearing.1');
}

async function judgement(): Promise<Place> {
  const place = await hearing();
  await place.act('dean', 'GiveStatement', { stage: 'answer', statement: '名单见附件', evidence: [] });
  return place;
}

const places = {
  'formal-check': () => inRound('formal-check', signed),
  'expert-review': () => inRound('expert-review', singly),
  committee: () => inRound('committee', { rule: { ...usualRule, secret: false } }),
  publicity: () => inRound('publicity'),
  consent: async () => inRoom(await obliged('consent', byTwo)),
  keeping: async () => inRoom(await obliged('keeping')),
  registration: async () => inRoom(await training(2)),
  answer: hearing,
  judgement,
} as const;
type Stage = keyof typeof places;

const personIn = ({ on }: Place, person: string): string => (person === 'reviewer' ? (on[0] ?? '') : person);

async function refusalOf(place: Place, person: string, data: object): Promise<DomainError> {
  try {
    await place.act(person, 'RetractAct', data);
  } catch (failure) {
    if (failure instanceof DomainError) return failure;
    throw failure;
  }
  throw new Error('it was taken back');
}

type Doing = (place: Place) => object;
const period = { from: '2026-03-05T00:00:00.000Z', until: '2026-03-12T00:00:00.000Z' };

/** Where, by whom and how an act is done, and as what it is taken back. */
const retrieved: Readonly<Record<(typeof retrievable)[number], readonly [Stage, string, Doing, string]>> = {
  PassCheck: ['formal-check', 'secretary', () => ({}), 'signature'],
  FailCheck: ['formal-check', 'secretary', () => ({ reason: '缺章' }), 'signature'],
  SubmitReview: ['expert-review', 'reviewer', () => review(8), 'review'],
  ReviseReview: ['expert-review', 'reviewer', () => ({ ...review(8), reason: '再议' }), 'review'],
  AppointSubstitute: ['expert-review', 'reviewer', ({ off }) => ({ ...period, substitute: off[0] }), 'substitution'],
  CastVote: ['committee', 'member-1', () => ({ choice: 'for' }), 'vote'],
  ConfirmAsParty: ['consent', 'dean', () => ({ party: 'institution' }), 'answer'],
  RefuseAsParty: ['consent', 'dean', () => ({ party: 'institution', reason: '未经协商' }), 'answer'],
};

test.each(Object.entries(retrieved))('%s is taken back while its stage is open', async (act, [stage, by, data, what]) => {
  const place = await places[stage]();
  const person = personIn(place, by);
  if (act === 'ReviseReview') await place.act(person, 'SubmitReview', review(6));
  const done = data(place);
  await place.act(person, act, { stage, ...done });
  const own = { stage, act, ...('party' in done ? { party: done.party } : {}) };
  await place.act(person, 'RetractAct', own);
  expect(await place.last()).toMatchObject({ type: 'ActRetracted', data: { act: what } });
  expect((await refusalOf(place, person, own)).code).toBe('case.nothing-to-retract');
});

/** Where each of the other acts of people is done, and by whom. */
const stands: Readonly<Record<keyof typeof standing, readonly [Stage, string]>> = {
  ReturnForCorrection: ['formal-check', 'secretary'],
  ExtendCorrection: ['formal-check', 'secretary'],
  ResubmitApplication: ['formal-check', 'dean'],
  SendBack: ['formal-check', 'secretary'],
  AssignReviewers: ['expert-review', 'secretary'],
  DiscussReviews: ['expert-review', 'reviewer'],
  DeclareConflict: ['expert-review', 'reviewer'],
  RemindReviewer: ['expert-review', 'secretary'],
  EscalateReview: ['expert-review', 'secretary'],
  ReplaceReviewer: ['expert-review', 'secretary'],
  CompletePanel: ['expert-review', 'secretary'],
  AddReviewer: ['expert-review', 'secretary'],
  RemoveReviewer: ['expert-review', 'secretary'],
  TransferReview: ['expert-review', 'reviewer'],
  EndSubstitution: ['expert-review', 'secretary'],
  OpenBallot: ['committee', 'secretary'],
  CloseBallot: ['committee', 'secretary'],
  BreakTie: ['committee', 'chair'],
  RaiseObjection: ['publicity', 'citizen'],
  RuleOnObjection: ['publicity', 'member-1'],
  PassInspection: ['keeping', 'supervisor'],
  Warn: ['keeping', 'supervisor'],
  ReportRemedy: ['keeping', 'dean'],
  AcceptRemedy: ['keeping', 'supervisor'],
  RejectRemedy: ['keeping', 'supervisor'],
  OpenSession: ['registration', 'secretary'],
  GiveStatement: ['answer', 'dean'],
  GiveRuling: ['judgement', 'judge-1'],
};

test('every other act of people stands, and is refused with the reason why', async () => {
  const built = new Map<Stage, Place>();
  for (const [act, [stage, by]] of Object.entries(stands)) {
    const place = built.get(stage) ?? (await places[stage]());
    built.set(stage, place);
    const { code, text } = await refusalOf(place, personIn(place, by), { stage, act });
    const reason = standing[act as keyof typeof standing];
    expect({ act, code, text }).toEqual({
      act,
      code: 'case.act-stands',
      text: { en: `This is not taken back. ${reason.en}`, zh: `该操作不能撤回：${reason.zh}` },
    });
  }
});

test('what time brings about, or belongs to another kind of stage, is nobody’s act', async () => {
  const place = await places['formal-check']();
  for (const act of ['ReportOverdue', 'SubmitReview', 'Nonsense'])
    expect((await refusalOf(place, 'secretary', { stage: 'formal-check', act })).code).toBe('case.not-this-act');
});

test('whoever may not do an act does not learn why it stands', async () => {
  const place = await places['expert-review']();
  const [reviewer = ''] = place.on;
  for (const [person, act, code] of [
    [reviewer, 'AddReviewer', 'authority.no-seat'],
    ['dean', 'RemindReviewer', 'authority.no-seat'],
    ['member-1', 'SubmitReview', 'case.not-found'],
  ] as const)
    expect((await refusalOf(place, person, { stage: 'expert-review', act })).code).toBe(code);
});
