import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CharterGiven, charterGiven, type Definition, loadDefinition, type Stage } from '#workflow';
import { contextsKnown } from '../../../apps/server/contexts.js';
import { modelCharter } from '../../../apps/server/demonstration.charter.js';
import { branchingDefinitions, charterForAny, soundDefinitions } from '../../../test/support/definitions.js';
import { checkDefinition } from './definition.check.js';
import { isRemark } from './finding.js';
import { passagesOf } from './flow.js';
import { voteFindings } from './votes.js';

const { definition: shipped } = await loadDefinition('workflows/course-accreditation.yaml');
const { organs, powers, rules } = modelCharter({ en: 'Alliance', zh: '联盟' });
const charter = charterGiven({
  organs: Object.fromEntries(organs.map(({ organ, ...clause }) => [organ, clause])),
  powers: Object.fromEntries(powers.map(({ power, ...clause }) => [power, clause])),
  rules: Object.fromEntries(rules.map(({ rule, ...clause }) => [rule, clause as CharterGiven['rules'][string]])),
});

const granting = 'past-the-vote /stages/10/grants/0';
const withdrawing = 'past-the-vote /ends/recognition-withdrawn/commands/0';

const found = (definition: Definition, under: CharterGiven = charter): readonly string[] =>
  voteFindings(definition, under, contextsKnown).map(({ code, path }) => `${code} ${path}`);

const changed = (id: string, change: object): Definition => ({
  ...shipped,
  stages: shipped.stages.map((stage) => (stage.id === id ? ({ ...stage, ...change } as Stage) : stage)),
});

const meeting = shipped.stages.find(({ id }) => id === 'meeting-review') as Stage;
const twice = (second: object): Definition => ({
  ...shipped,
  stages: [
    ...changed('meeting-review', { on: { ...meeting.on, carried: 'again' } }).stages,
    { ...meeting, id: 'again', on: { ...meeting.on, ...second } } as Stage,
  ],
});

test('the accreditation of courses grants and withdraws nothing past the committee', () => {
  const all = checkDefinition(shipped, charter, contextsKnown);
  expect(all.filter((one) => !isRemark(one))).toEqual([]);
});

test.each([
  [
    'straight from the check of the secretariat',
    changed('formal-check', { on: { passed: 'publicity', failed: 'not-admitted' } }),
  ],
  ['from the ranking of a panel', changed('quota', { on: { selected: 'publicity', 'not-selected': 'beyond-quota' } })],
  ['though it was voted down', changed('meeting-review', { on: { ...meeting.on, 'not-carried': 'publicity' } })],
  ['for want of a quorum', changed('meeting-review', { on: { ...meeting.on, inquorate: 'publicity' } })],
  ['by the vote of another organ', changed('meeting-review', { power: 'admit-member' })],
  ['though it was voted down at last', twice({ carried: 'publicity', 'not-carried': 'publicity' })],
])('no recognition comes about %s', (_way, definition) => {
  expect(found(definition)).toEqual([granting]);
});

test('a vote of that organ under a power with another rule is none: its majority may be the smaller one', () => {
  const given = (rule: string): CharterGiven => ({
    ...charter,
    powers: [...charter.powers, { power: 'set-quota', organ: 'committee', rule }],
    rules: { ...charter.rules, 'by-another-name': charter.rules['recognition'] as CharterGiven['rules'][string] },
  });
  const definition = changed('meeting-review', { power: 'set-quota' });
  expect(found(definition, given('simple-majority'))).toEqual([granting]);
  expect(found(definition, given('two-thirds'))).toEqual([granting]);
  expect(found(definition, given('by-another-name'))).toEqual([]);
});

test('no recognition is withdrawn by the vote that granted it', () => {
  expect(found(changed('duty', { on: { fulfilled: 'fulfilled', withdrawn: 'recognition-withdrawn' } }))).toEqual([withdrawing]);
});

test('an organ may vote twice, and its last word counts', () => {
  expect(found(twice({ carried: 'publicity' }))).toEqual([]);
});

test('nothing is granted to those who go home', () => {
  const grants = shipped.stages.flatMap((stage) => (stage.kind === 'duty' ? (stage.grants ?? []) : []));
  const { withdrawn } = shipped.ends;
  const definition = { ...shipped, ends: { ...shipped.ends, withdrawn: { ...withdrawn, commands: grants } } } as Definition;
  expect(found(definition)).toEqual(['past-the-vote /ends/withdrawn/commands/0']);
});

test('a power without a decision rule needs no vote', () => {
  const alone = charter.powers.map(({ rule: _rule, ...clause }) => clause);
  expect(found(changed('formal-check', { on: { passed: 'publicity' } }), { ...charter, powers: alone })).toEqual([]);
});

const appealing = (change: object, stages: (stage: Stage) => object = () => ({})): Definition => {
  const { appeal } = shipped.subcases ?? {};
  if (appeal === undefined) throw new Error('there is no appeal');
  const ruled = appeal.stages.map((stage) => ({ ...stage, ...stages(stage) }) as Stage);
  return { ...shipped, subcases: { appeal: { ...appeal, ...change, stages: ruled } as typeof appeal } };
};

test('an appeal that is granted stands in place of the vote only where the charter says who decides appeals', () => {
  const silent = charter.powers.map(({ appeal: _appeal, ...clause }) => clause);
  expect(found(shipped, { ...charter, powers: silent })).toEqual([granting]);
});

test.each([
  [
    'by an organ that the workflow chose for itself',
    appealing({}, ({ kind }) => (kind === 'ruling' ? { power: 'manage-panel' } : {})),
  ],
  [
    'by a panel alone',
    appealing({}, ({ kind }) => (kind === 'panel' ? { on: { recommended: 'granted', vetoed: 'granted' } } : {})),
  ],
  [
    'though it was dismissed',
    appealing({}, ({ kind }) => (kind === 'ruling' ? { on: { sustained: 'dismissed', dismissed: 'granted' } } : {})),
  ],
])('no appeal is granted %s', (_way, definition) => {
  expect(found(definition)).toEqual([granting]);
});

test('an appeal that leads back before the vote needs no word of the charter', () => {
  const ends = {
    ...shipped.subcases?.['appeal']?.ends,
    granted: { title: shipped.title, result: 'superseded', by: 'meeting-review' },
  };
  const silent = charter.powers.map(({ appeal: _appeal, ...clause }) => clause);
  expect(found(appealing({ ends }), { ...charter, powers: silent })).toEqual([]);
});

/** What is granted is the tribunal's, which no definition made here asks before. */
const byRule: CharterGiven = {
  ...charterForAny,
  powers: [...charterForAny.powers, { power: 'recognise-course', organ: 'tribunal', rule: 'recognition' }],
};
const vote = {
  ...{ ...meeting, id: 'the-vote', power: 'decide-appeal-by-vote' },
  on: { carried: 'granted', 'not-carried': 'refused', inquorate: 'refused' },
} as Stage;
const grant = { context: 'recognition', type: 'GrantRecognition', data: { case: { from: 'case' } } } as const;

/** A definition that grants a recognition, and that only after a vote. */
function voted(definition: Definition): Definition {
  const before = (to: string): string => (to === 'granted' ? 'the-vote' : to);
  const { granted } = definition.ends;
  return {
    ...definition,
    ends: { ...definition.ends, granted: { ...granted, commands: [grant] } } as Definition['ends'],
    stages: [
      ...definition.stages.map((stage) => ({
        ...stage,
        on: Object.fromEntries(
          Object.entries(stage.on).map(([outcome, to]) => [outcome, typeof to === 'string' ? before(to) : to]),
        ),
      })),
      vote,
    ],
    subcases: Object.fromEntries(
      Object.entries(definition.subcases ?? {}).map(([name, subcase]) => [
        name,
        {
          ...subcase,
          ends: Object.fromEntries(
            Object.entries(subcase.ends).map(([id, end]) => [id, 'by' in end ? { ...end, by: before(end.by) } : end]),
          ),
        },
      ]),
    ) as NonNullable<Definition['subcases']>,
  };
}

test('whatever comes before, what leads to a vote and on from its yes is found in order, and one way past it is found', () => {
  fc.assert(
    fc.property(fc.oneof(soundDefinitions, branchingDefinitions), fc.nat(), (definition, number) => {
      const sound = voted(definition);
      expect(found(sound, byRule)).toEqual([]);
      const ways = definition.stages.flatMap((stage) =>
        passagesOf(stage).flatMap(({ outcome, to }) => (to.includes('granted') ? [{ id: stage.id, outcome }] : [])),
      );
      const past = ways[number % ways.length];
      if (past === undefined) return;
      const stages = sound.stages.map((stage) =>
        stage.id === past.id ? { ...stage, on: { ...stage.on, [past.outcome]: 'granted' } } : stage,
      );
      expect(found({ ...sound, stages }, byRule)).toEqual(['past-the-vote /ends/granted/commands/0']);
    }),
    { numRuns: 100 },
  );
});
