import { expect, test } from '@jest/globals';
import type { Assigning, AssigningState } from '#workflow';
import { assignmentDecider } from './assigning.decider.js';
import type { AssignmentCommand, AssignmentEvent, Computed } from './assigning.messages.js';
import { portionsOf } from './portions.js';

const reviewers: Computed['reviewers'] = Array.from({ length: 1000 }, (_, at) => ({
  ...{ id: `person-${'0'.repeat(30)}${at}`, institution: '4144010558', formerly: [], disciplines: [], expertise: ['online'] },
  ...{ least: 0, most: 30, load: 0 },
}));
const panels: Computed['panels'] = Array.from({ length: 5000 }, (_, at) => ({
  ...{ subject: `${'0'.repeat(32)}${at}`, visit: 1, institution: '4144010559', expertise: ['online'], wanted: 5 },
  ...{ conflicts: [[at % 1000, 'co-author' as const]], reviewers: [1, 22, 333, 444, 555] },
}));
const proven = { value: 0, bound: 0, gap: 0 };
const answer = { outcome: 'assigned', fit: proven, unevenness: proven, seed: 's', inputs: 'one', solver: 'x' } as const;
const computed: Computed = { reviewers, panels, neverTogether: [], perInstitution: 'one', answer };
const fact = { id: 'event', revision: 0, recordedAt: '2026-03-02T01:00:00.000Z', actor: 'engine' };
const opened: AssignmentEvent = {
  type: 'AssignmentOpened',
  data: { round: 'r', stage: 's', definition: { id: 'd', version: 1, hash: 'h' }, seed: 's' },
};

const fold = (state: AssigningState, events: readonly AssignmentEvent[]): Assigning =>
  events.reduce<AssigningState>((before, event) => assignmentDecider.evolve(before, event, fact), state) as Assigning;
const begun = fold({ status: 'none' }, [opened, { type: 'AssignmentRequested', data: { request: 1, least: 0 } }]);
const decide = (command: AssignmentCommand, state: AssigningState): readonly AssignmentEvent[] =>
  assignmentDecider.decide(command, state, {} as Parameters<typeof assignmentDecider.decide>[2]);

const portions = portionsOf(computed);
const told = (portion: (typeof portions)[number], state: AssigningState) =>
  decide({ type: 'RecordPortion', data: { request: 1, portion } }, state);
const rest: AssignmentCommand = {
  type: 'RecordAssignment',
  data: { request: 1, computed: { ...computed, reviewers: [], panels: [], portions: portions.length } },
};

test('a large round is recorded in portions of less than half of what one append may hold, and nothing of it is lost', () => {
  const events = portions.map((portion, index) => {
    const before = portions.slice(0, index).reduce((state, one) => fold(state, told(one, state)), begun);
    return told(portion, before);
  });
  for (const append of events) expect(JSON.stringify(append).length).toBeLessThan(512 * 1024);
  const whole = fold(begun, events.flat());
  expect(whole.requests[0]).toMatchObject({ pool: reviewers, panels, status: 'computing' });
  const [proposed] = decide(rest, whole);
  expect(proposed).toMatchObject({ type: 'AssignmentProposed', data: { request: 1, inputs: 'one' } });
});

test('a portion out of turn, or of another problem, changes nothing, and without all of them there is no proposal', () => {
  const [first, second] = portions as [(typeof portions)[number], (typeof portions)[number]];
  expect(told(second, begun)).toEqual([]);
  const one = fold(begun, told(first, begun));
  expect(told({ ...second, inputs: 'other' }, one)).toEqual([]);
  expect(() => decide(rest, one)).toThrow(expect.objectContaining({ code: 'assignment.portions-missing' }));
});

test('what is computed anew after a crash begins anew', () => {
  const [first, second] = portions as [(typeof portions)[number], (typeof portions)[number]];
  const interrupted = fold(begun, [...told(first, begun)]);
  const two = fold(interrupted, told(second, interrupted));
  const again = fold(two, told(first, two));
  expect(again.requests[0]?.portion?.number).toBe(1);
  expect(again.requests[0]).toEqual(interrupted.requests[0]);
});

test('a round that fits one append has no portions', () => {
  expect(portionsOf({ ...computed, panels: panels.slice(0, 500) })).toEqual([]);
});
