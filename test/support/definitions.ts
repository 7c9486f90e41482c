import fc from 'fast-check';
import type { CharterGiven, Definition, End, Field, Stage } from '#workflow';

const both = (en: string) => ({ en, zh: `中文 ${en}` });

/** A charter under which every definition made here is sound: the powers and organs of the model charter, with the ruling apart. */
export const charterForAny: CharterGiven = {
  organs: {
    'deans-office': { scope: 'institution' },
    'provincial-department': { scope: 'province' },
    secretariat: { scope: 'alliance' },
    council: { scope: 'alliance', seats: { size: 9 } },
    'expert-panel': { scope: 'alliance', seats: { size: 20 } },
    committee: { scope: 'alliance', seats: { size: 9 } },
  },
  powers: [
    { power: 'submit-application', organ: 'deans-office' },
    { power: 'withdraw-application', organ: 'deans-office' },
    { power: 'endorse-application', organ: 'deans-office' },
    { power: 'recommend-application', organ: 'provincial-department' },
    { power: 'check-application', organ: 'secretariat' },
    { power: 'manage-panel', organ: 'secretariat' },
    { power: 'review-application', organ: 'expert-panel' },
    { power: 'decide-recognition', organ: 'committee', rule: 'recognition' },
    { power: 'publicise', organ: 'secretariat' },
    { power: 'raise-objection', organ: 'public' },
    { power: 'rule-on-objection', organ: 'council' },
    { power: 'operate-workflow', organ: 'engine' },
  ],
  rules: {
    recognition: {
      quorum: { atLeast: [2, 3], of: 'eligible-seats' },
      majority: { over: [1, 2], of: 'votes-cast' },
      tie: 'chair-decides',
    },
  },
};

const days = fc.integer({ min: 1, max: 30 });

type Kind = 'check' | 'panel' | 'ballot' | 'publicity';

type Body = Stage extends infer S
  ? S extends Stage & { kind: Kind }
    ? Omit<S, 'id' | 'title' | 'on' | 'visits'>
    : never
  : never;

const checkBody: fc.Arbitrary<Body> = fc
  .record({
    kind: fc.constant('check' as const),
    owner: fc.constantFrom(
      { power: 'endorse-application', scope: 'institution' as const },
      { power: 'recommend-application', scope: 'province' as const },
      { power: 'check-application' },
    ),
    workingDays: days,
    correction: fc.option(fc.record({ workingDays: days, times: fc.integer({ min: 1, max: 5 }) }), { nil: undefined }),
  })
  .map(({ owner, correction, ...rest }) => ({ ...rest, ...owner, ...(correction === undefined ? {} : { correction }) }));

const panelBody: fc.Arbitrary<Body> = fc
  .record({
    size: fc.integer({ min: 1, max: 5 }),
    spare: fc.integer({ min: 0, max: 4 }),
    points: fc.integer({ min: 1, max: 100 }),
    vetoes: fc.integer({ min: 0, max: 2 }),
    late: fc.uniqueArray(days, { minLength: 3, maxLength: 3 }),
    blind: fc.constantFrom('double' as const, 'single' as const, 'none' as const),
    passMark: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ size, spare, points, vetoes, late, blind, passMark }) => {
    const [remind = 1, escalate = 2, replace = 3] = late.toSorted((one, other) => one - other);
    return {
      kind: 'panel' as const,
      power: 'review-application',
      manage: 'manage-panel',
      assignedBy: 'engine' as const,
      size,
      minimum: Math.max(1, size - spare),
      maxLoad: 60,
      draws: 5,
      blind,
      late: { remind, escalate, replace },
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

const ballotBody: fc.Arbitrary<Body> = fc.record({
  kind: fc.constant('ballot' as const),
  power: fc.constant('decide-recognition'),
  manage: fc.constant('manage-panel'),
  workingDays: days,
  sittings: fc.integer({ min: 1, max: 4 }),
  castingVote: fc.record({ workingDays: days }),
});

const publicityBody: fc.Arbitrary<Body> = fc.record({
  kind: fc.constant('publicity' as const),
  power: fc.constant('publicise'),
  workingDays: days,
  objection: fc.constant({ power: 'raise-objection' }),
  ruling: fc.record({ power: fc.constant('rule-on-objection'), workingDays: days }),
});

const outcomesOf = {
  check: ['passed', 'failed', 'lapsed'],
  panel: ['recommended', 'not-recommended', 'vetoed'],
  ballot: ['carried', 'not-carried', 'inquorate'],
  publicity: ['confirmed', 'upheld'],
} as const;

/** Those that only people bring about, beside the first: the ones that may lead back. */
const byPeople = ['failed', 'not-recommended', 'vetoed', 'not-carried', 'upheld'];

interface Drawn {
  readonly body: Body;
  /** Where each outcome but the first leads, as a number to be taken modulo what there is. */
  readonly turns: readonly number[];
  readonly isBack: boolean;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  body: fc.oneof(checkBody, panelBody, ballotBody, publicityBody),
  turns: fc.array(fc.nat(1000), { minLength: 2, maxLength: 2 }),
  isBack: fc.boolean(),
});

/** The first outcome leads on; the others to a later stage or an end, or back to a stage that says how often. */
function stageOf({ body, turns, isBack }: Drawn, index: number, count: number): Stage {
  const on = outcomesOf[body.kind].map((outcome, place) => {
    if (place === 0) return [outcome, index + 1 < count ? `stage-${index + 1}` : 'granted'];
    const turn = turns[place - 1] ?? 0;
    if (isBack && byPeople.includes(outcome)) return [outcome, `stage-${turn % (index + 1)}`];
    const onward = index + 1 + (turn % (count - index));
    return [outcome, onward < count ? `stage-${onward}` : 'refused'];
  });
  return { id: `stage-${index}`, title: both(`Stage ${index}`), on: Object.fromEntries(on), ...body } as Stage;
}

const fields: fc.Arbitrary<readonly Field[]> = fc.constant([
  { id: 'works', type: 'integer', min: 0, max: 20, label: both('Works') },
  {
    id: 'field',
    type: 'choice',
    label: both('Field'),
    choices: ['art', 'science'].map((value) => ({ value, label: both(value) })),
  },
  { id: 'isNew', type: 'boolean', label: both('New') },
  { id: 'since', type: 'date', label: both('Since') },
  { id: 'title', type: 'text', maxLength: 200, label: both('Title') },
]);

const comparison = fc.oneof(
  fc.tuple(fc.constantFrom('>=', '<=', '=='), fc.nat(20)).map(([op, value]) => `form.works ${op} ${value}`),
  fc.constantFrom('form.field in ["art", "science"]', '"science" != form.field', 'has(form.title)', 'size(form.title) > 1'),
  fc.constantFrom('form.isNew', '!form.isNew', 'form.since < date("2026-01-01")', 'form.since.addYears(2) <= round.opensOn'),
  fc.constantFrom(
    'institution.level != "vocational"',
    'subject.credits * 2 >= 1',
    'form.isNew ? form.works > 1 : form.works > 2',
  ),
);

const condition: fc.Arbitrary<string> = fc.letrec<{ readonly tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    comparison,
    fc.tuple(tie('tree'), fc.constantFrom('&&', '||'), tie('tree')).map(([one, op, other]) => `(${one} ${op} ${other})`),
    tie('tree').map((one) => `!(${one})`),
  ),
})).tree;

const eligibility = fc
  .array(condition, { maxLength: 3 })
  .map((rules) => rules.map((require, index) => ({ id: `rule-${index}`, clause: both('Clause'), text: both('Text'), require })));

const ends = (stages: readonly Stage[]): Definition['ends'] => {
  const reached = new Set(
    stages.flatMap(({ on, visits }) => [...Object.values(on).flat(), ...(visits === undefined ? [] : [visits.then])]),
  );
  const known: Readonly<Record<string, End>> = {
    granted: { title: both('Granted'), outcome: 'granted' },
    refused: { title: both('Refused'), outcome: 'refused' },
    exhausted: { title: both('Tried often enough'), outcome: 'refused' },
    withdrawn: { title: both('Withdrawn'), outcome: 'withdrawn' },
  };
  return Object.fromEntries(Object.entries(known).filter(([id]) => id === 'withdrawn' || reached.has(id)));
};

/** An end that is named only by outcomes that never come about would be unreached, so those lead where the first one leads. */
const withoutIdleEnds = (stage: Stage): Stage => {
  const idle =
    stage.kind === 'check' && stage.correction === undefined
      ? 'lapsed'
      : stage.kind === 'panel' && stage.rubric.vetoes.length === 0
        ? 'vetoed'
        : undefined;
  if (idle === undefined) return stage;
  return { ...stage, on: { ...stage.on, [idle]: Object.values(stage.on)[0] as Stage['on'][string] } };
};

/** Stages that something leads back to say how often a case may come there. */
function bounded(stages: readonly Stage[]): readonly Stage[] {
  return stages.map((stage, index) => {
    const isReturnedTo = stages.slice(index).some(({ on }) => Object.values(on).flat().includes(stage.id));
    return isReturnedTo ? { ...stage, visits: { atMost: 1 + (index % 3), then: 'exhausted' } } : stage;
  });
}

/** The rest of a definition around its stages. */
const around = (
  stages: readonly Stage[],
  form: Pick<Definition, 'eligibility'> & Pick<Definition['subject'], 'fields'>,
): Definition => ({
  id: 'any-review',
  version: 1,
  title: both('Any review'),
  round: { zone: 'Asia/Shanghai', utcOffsetMinutes: 480, workingDays: 'china', submission: { workingDays: 20 } },
  subject: {
    title: both('Subject'),
    context: 'course',
    powers: { submit: 'submit-application', withdraw: 'withdraw-application' },
    fields: form.fields,
    files: [],
  },
  eligibility: form.eligibility,
  stages,
  ends: ends(stages),
});

/** Definitions of any shape that is sound, under `charterForAny`: one to six stages of every kind, with bounded loops. */
export const soundDefinitions: fc.Arbitrary<Definition> = fc
  .record({ chain: fc.array(drawn, { minLength: 1, maxLength: 6 }), fields, eligibility })
  .map(({ chain, ...form }) =>
    around(bounded(chain.map((one, index) => withoutIdleEnds(stageOf(one, index, chain.length)))), form),
  );

interface Spread {
  readonly before: Drawn;
  /** Begun side by side after it, each of several stages. */
  readonly branches: readonly (readonly Drawn[])[];
  /** Whether the first stage of a branch may also lead straight to the join. */
  readonly isShort: boolean;
}

const spread: fc.Arbitrary<Spread> = fc.record({
  before: drawn,
  branches: fc.oneof(fc.constant([]), fc.array(fc.array(drawn, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 })),
  isShort: fc.boolean(),
});

/** The first outcome leads on; one that people bring about may lead back, within the same branch; the others refuse. */
function stageIn({ body, turns, isBack }: Drawn, id: string, onward: Stage['on'][string], behind: readonly string[]): Stage {
  const on = outcomesOf[body.kind].map((outcome, place) => {
    if (place === 0) return [outcome, onward];
    const back = behind[(turns[place - 1] ?? 0) % Math.max(1, behind.length)];
    return [outcome, isBack && byPeople.includes(outcome) && back !== undefined ? back : 'refused'];
  });
  return { id, title: both(id), on: Object.fromEntries(on), ...body } as Stage;
}

const idOf = (block: number, branch?: number, place?: number): string =>
  branch === undefined ? `main-${block}` : `branch-${block}-${branch}-${place}`;

function branchOf(branch: readonly Drawn[], block: number, at: number, isShort: boolean): readonly Stage[] {
  const ids = branch.map((_, place) => idOf(block, at, place));
  const join = idOf(block + 1);
  return branch.map((one, place) => {
    const stage = withoutIdleEnds(stageIn(one, ids[place] as string, ids[place + 1] ?? join, ids.slice(0, place + 1)));
    const skips = isShort && place === 0 && branch.length > 1;
    const [, second] = outcomesOf[one.body.kind];
    return skips ? { ...stage, on: { ...stage.on, [second]: join } } : stage;
  });
}

function blockOf({ before, branches, isShort }: Spread, block: number, blocks: readonly Spread[]): readonly Stage[] {
  const heads = branches.map((_, at) => idOf(block, at, 0));
  const isLast = block === blocks.length - 1;
  const onward = isLast ? 'granted' : heads.length > 0 ? heads : idOf(block + 1);
  const joined = blocks[block - 1];
  const waitsFor = joined?.branches.map((branch, at) => {
    const last = idOf(block - 1, at, branch.length - 1);
    return joined.isShort && branch.length > 1 ? { anyOf: [idOf(block - 1, at, 0), last] } : last;
  });
  const behind = Array.from({ length: block + 1 }, (_, earlier) => earlier).filter(
    (earlier) => (blocks[earlier - 1]?.branches ?? []).length === 0,
  );
  const main = withoutIdleEnds(
    stageIn(
      before,
      idOf(block),
      onward,
      behind.map((earlier) => idOf(earlier)),
    ),
  );
  return [
    waitsFor === undefined || waitsFor.length === 0 ? main : { ...main, waitsFor },
    ...(isLast ? [] : branches.flatMap((branch, at) => branchOf(branch, block, at, isShort))),
  ];
}

/** Every stage may send a case back to whatever a case passes before it comes there. */
const returning = (stages: readonly Stage[], times: readonly number[]): readonly Stage[] =>
  stages.map((stage, index) => {
    const sibling = stage.id.replace(/-\d+$/, '');
    const [, block = '0'] = /^\w+-(\d+)/.exec(stage.id) ?? [];
    const to = stages
      .slice(0, index)
      .map(({ id }) => id)
      .filter((id) => id.startsWith(sibling) || id === `main-${block}` || Number(id.split('-')[1]) < Number(block));
    const often = times[index % times.length] ?? 0;
    return often === 0 || to.length === 0 ? stage : ({ ...stage, return: { to: to.slice(0, 20), times: often } } as Stage);
  });

/** Sound definitions whose stages run side by side and are joined, may be passed by, and may be sent back from. */
export const branchingDefinitions: fc.Arbitrary<Definition> = fc
  .record({
    blocks: fc.array(spread, { minLength: 2, maxLength: 4 }),
    times: fc.array(fc.nat(2), { minLength: 1, maxLength: 5 }),
    fields,
    eligibility,
  })
  .map(({ blocks, times, ...form }) =>
    around(returning(bounded(blocks.flatMap((block, at) => blockOf(block, at, blocks))), times), form),
  );
