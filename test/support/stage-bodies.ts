import fc from 'fast-check';
import type { Stage } from '#workflow';
import { both, condition } from './any-form.js';

const days = fc.integer({ min: 1, max: 30 });

/** What a stage has of its kind, without its place in the flow. */
export type Body = Stage extends infer S ? (S extends Stage ? Omit<S, 'id' | 'title' | 'on' | 'visits'> : never) : never;

const checkBody: fc.Arbitrary<Body> = fc
  .record({
    owner: fc.constantFrom(
      { power: 'endorse-application', scope: 'institution' as const },
      { power: 'recommend-application', scope: 'province' as const },
      { power: 'check-application' },
    ),
    workingDays: days,
    correction: fc.option(fc.record({ workingDays: days, times: fc.integer({ min: 1, max: 5 }) }), { nil: undefined }),
    expires: fc.constantFrom(undefined, undefined, undefined, { workingDays: 3 }),
    signatures: fc.constantFrom(undefined, undefined, 'all' as const, 2),
    isApart: fc.boolean(),
  })
  .map(({ owner, workingDays, correction, expires, signatures, isApart }) => ({
    kind: 'check' as const,
    ...owner,
    workingDays,
    ...(correction === undefined ? {} : { correction }),
    ...(expires === undefined ? {} : { expires }),
    ...(signatures === undefined ? {} : { signatures }),
    ...(isApart ? { separation: ['submit'] } : {}),
  }));

/** How reviewers hear each other: every way there is. */
const discussions = fc
  .record({
    from: fc.constantFrom('own-review' as const, 'every-review' as const),
    as: fc.constantFrom('pseudonym' as const, 'name' as const),
    remind: days,
    longer: days,
    spread: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
    afterwards: fc.subarray(['judge' as const, 'applicant' as const]),
  })
  .map(({ longer, remind, spread, afterwards, ...rest }) => ({
    ...rest,
    remind,
    workingDays: remind + longer,
    ...(spread === undefined ? {} : { spread }),
    ...(afterwards.length === 0 ? {} : { afterwards }),
  }));

const panelBody: fc.Arbitrary<Body> = fc
  .record({
    size: fc.integer({ min: 1, max: 5 }),
    spare: fc.integer({ min: 0, max: 4 }),
    points: fc.integer({ min: 1, max: 100 }),
    vetoes: fc.integer({ min: 0, max: 2 }),
    late: fc.uniqueArray(days, { minLength: 3, maxLength: 3 }),
    blind: fc.constantFrom('double' as const, 'single' as const, 'none' as const),
    passMark: fc.integer({ min: 0, max: 100 }),
    assigned: fc.constantFrom(
      { assignedBy: 'engine' as const },
      { assignedBy: 'secretary' as const, assignWithin: 3 },
      { assignedBy: 'assignment' as const, assignWithin: 5 },
    ),
    discussion: fc.option(discussions, { nil: undefined }),
  })
  .map(({ size, spare, points, vetoes, late, blind, passMark, assigned, discussion }) => {
    const [remind = 1, escalate = 2, replace = 3] = late.toSorted((one, other) => one - other);
    return {
      kind: 'panel' as const,
      power: 'review-application',
      manage: 'manage-panel',
      ...assigned,
      size,
      minimum: Math.max(1, size - spare),
      maxLoad: 60,
      draws: 5,
      blind,
      late: { remind, escalate, replace },
      ...(discussion === undefined || size === 1 ? {} : { discussion }),
      rubric: {
        id: 'rubric',
        title: both('Rubric'),
        points,
        passMark,
        criteria: [{ id: 'merit', title: both('Merit'), weight: 1, essential: { atLeast: Math.floor(points / 2) } }],
        vetoes: Array.from({ length: vetoes }, (_, index) => ({ id: `veto-${index}`, title: both(`Veto ${index}`) })),
      },
    };
  });

const ballotBy = (power: string): fc.Arbitrary<Body> =>
  fc.record({
    kind: fc.constant('ballot' as const),
    power: fc.constant(power),
    manage: fc.constant('manage-panel'),
    workingDays: days,
    sittings: fc.integer({ min: 1, max: 4 }),
    castingVote: fc.record({ workingDays: days }),
  });

const ballotBody = ballotBy('decide-recognition');

const publicityBody: fc.Arbitrary<Body> = fc.record({
  kind: fc.constant('publicity' as const),
  power: fc.constant('publicise'),
  workingDays: days,
  objection: fc.constant({ power: 'raise-objection' }),
  ruling: fc.record({ power: fc.constant('rule-on-objection'), workingDays: days }),
});

const confirmationBody: fc.Arbitrary<Body> = fc
  .record({
    parties: fc.shuffledSubarray([
      { id: 'institution', title: both('Applicant'), power: 'confirm-application', scope: 'institution' as const },
      { id: 'province', title: both('Province'), power: 'recommend-application', scope: 'province' as const },
      { id: 'secretariat', title: both('Secretariat'), power: 'check-application' },
    ]),
    partner: fc.boolean(),
    needed: fc.constantFrom('all' as const, 'any' as const, 1),
    workingDays: fc.integer({ min: 2, max: 30 }),
  })
  .map(({ parties, partner, needed, workingDays }) => {
    const sure = parties.length > 0 ? parties : [{ id: 'secretariat', title: both('Secretariat'), power: 'check-application' }];
    const asked = { id: 'partner', title: both('Partner'), power: 'confirm-application', scope: 'form.partner' as const };
    return {
      kind: 'confirmation' as const,
      power: 'manage-panel',
      parties: partner ? [...sure, asked] : sure,
      needed,
      workingDays,
      remind: Math.floor(workingDays / 2),
    };
  });

const choiceBody: fc.Arbitrary<Body> = condition.map((one) => ({
  kind: 'choice' as const,
  power: 'check-application',
  clause: both('Clause'),
  condition: one,
}));

const noticeBody: fc.Arbitrary<Body> = fc.constantFrom('recognition', 'list').map((document) => ({
  kind: 'notice' as const,
  power: 'publicise',
  document,
  mark: both('Mark'),
  heading: both('On {title}'),
  body: both('{number} of {institution}, {date}: {form.works}'),
}));

const registrationBody: fc.Arbitrary<Body> = fc.record({
  kind: fc.constant('registration' as const),
  power: fc.constant('register-for-event'),
  manage: fc.constant('manage-panel'),
  places: fc.constantFrom(1, 2, { from: 'form.places' as const }),
  workingDays: days,
  held: fc.record({ workingDays: days }),
});

const dutyBody: fc.Arbitrary<Body> = fc.record({
  kind: fc.constant('duty' as const),
  power: fc.constant('rule-on-objection'),
  years: fc.integer({ min: 1, max: 2 }),
  inspection: fc.record({ everyMonths: fc.integer({ min: 4, max: 12 }), workingDays: days }),
  remedy: fc.record({
    power: fc.constant('submit-application'),
    scope: fc.constant('institution' as const),
    workingDays: days,
  }),
});

/** `scores` is for whoever puts it into a definition to say: one of the panels there. */
const rankingBody: fc.Arbitrary<Body> = fc.record({
  kind: fc.constant('ranking' as const),
  power: fc.constant('manage-panel'),
  scores: fc.constant(''),
  by: fc.constantFrom('raw' as const, 'normalised' as const),
  normalisation: fc.constant({ shrinkage: 2, outlier: 30 }),
  quotas: fc.constantFrom(
    [{ each: 1 }],
    [{ by: 'institution.province', each: 1 }, { each: 2 }],
    [{ by: 'form.works', each: 1, places: { 3: 0 } }],
  ),
  ties: fc.constantFrom(
    { rule: 'extend' as const },
    { rule: 'exclude' as const },
    { rule: 'criteria' as const, criteria: ['merit'] },
    { rule: 'organ' as const, power: 'rule-on-objection', workingDays: 5 },
  ),
});

const statementBody: fc.Arbitrary<Body> = fc.record({
  kind: fc.constant('statement' as const),
  power: fc.constant('submit-application'),
  scope: fc.constant('institution' as const),
  workingDays: days,
});

const rulingBody: fc.Arbitrary<Body> = fc.record({ workingDays: days, isHeld: fc.boolean() }).map(({ workingDays, isHeld }) => ({
  kind: 'ruling' as const,
  power: 'decide-appeal',
  workingDays,
  ...(isHeld ? { minutes: 'required' as const } : {}),
}));

/** Kinds on which others rely, so that nothing is sent back past them: they are drawn less often. */
const irrevocable = [noticeBody, registrationBody, dutyBody, rankingBody];

/** Whatever a case may have. */
export const anyBody: fc.Arbitrary<Body> = fc.oneof(
  ...[checkBody, panelBody, ballotBody, publicityBody, confirmationBody, choiceBody].map((arbitrary) => ({
    weight: 4,
    arbitrary,
  })),
  ...irrevocable.map((arbitrary) => ({ weight: 1, arbitrary })),
);

/** Whatever a sub-case may have; those that decide, and so may stand last. */
export const subcaseBody = {
  any: fc.oneof(statementBody, rulingBody, panelBody, ballotBy('decide-appeal-by-vote'), confirmationBody),
  deciding: fc.oneof(rulingBody, panelBody, ballotBy('decide-appeal-by-vote')),
};

/** The first leads on. */
export const outcomesOf = {
  check: ['passed', 'failed', 'lapsed', 'expired'],
  panel: ['recommended', 'not-recommended', 'vetoed'],
  ballot: ['carried', 'not-carried', 'inquorate'],
  publicity: ['confirmed', 'upheld'],
  confirmation: ['confirmed', 'refused', 'lapsed'],
  choice: ['holds', 'otherwise'],
  notice: ['published'],
  registration: ['held'],
  duty: ['fulfilled', 'withdrawn'],
  ranking: ['selected', 'not-selected'],
  statement: ['given', 'lapsed'],
  ruling: ['sustained', 'dismissed'],
} as const satisfies Readonly<Record<Stage['kind'], readonly string[]>>;

/** Those that only people bring about, beside the first: the ones that may lead back. */
const byPeople: readonly string[] = [
  'failed',
  'not-recommended',
  'vetoed',
  'not-carried',
  'upheld',
  'refused',
  'dismissed',
  'withdrawn',
];

export const isByPeople = (outcome: string): boolean => byPeople.includes(outcome);

export const isIrrevocable = ({ kind }: Pick<Stage, 'kind'>): boolean =>
  ['notice', 'registration', 'duty', 'ranking'].includes(kind);
