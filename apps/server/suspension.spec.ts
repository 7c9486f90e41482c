import { addressIn } from '../../test/support/addresses.js';
import { beforeEach, expect, test } from '@jest/globals';
import { DomainError, InMemoryEventStore, InMemoryVault } from '#kernel';
import { type Case, type CaseState, loadDefinition } from '#workflow';
import { modelCharter } from './demonstration.charter.js';
import { institutions, parts } from './demonstration.people.js';
import { workflowFile } from './demonstration.js';
import { type CourseToSubmit, registerCourse, submitCourse } from './rehearsal.applications.js';
import { found } from './rehearsal.founding.js';
import { dayMs } from './rehearsal.players.js';
import { Rehearsal } from './rehearsal.js';

/** A Monday. */
const startMs = Date.parse('2026-03-02T01:00:00.000Z');
const term = { from: '2026-01-01T00:00:00.000Z', until: '2029-01-01T00:00:00.000Z' };
const [own, other] = institutions.map(({ code }) => code) as [string, string];
const clause = { clause: '2.4', reason: '逾期未缴会费' };

let rehearsal: Rehearsal;
let store: InMemoryEventStore;

const course = (name: string, institution: string): CourseToSubmit => ({
  id: rehearsal.id(name),
  institution,
  title: { zh: '课程', en: 'Course' },
  kind: 'online',
  discipline: '08',
  credits: 3,
  runs: 4,
  leader: rehearsal.person('leader'),
  leaderName: '李领',
});
const dean = (institution: string) => rehearsal.person(`dean-${institution}`);
const membership = (type: string, data: object = {}) => rehearsal.operator('membership', own, { type, data });
const on = (day: number) => rehearsal.until(startMs + day * dayMs);
const idOf = (name: string) => addressIn(rehearsal.states, 'freeze.one', `freeze.one.${rehearsal.id(name)}`);
const stateOf = async (name: string): Promise<Case> =>
  (await rehearsal.states.fresh<CaseState>(`case-${await idOf(name)}`)).state as Case;
const types = async (name: string) => (await store.read(`case-${await idOf(name)}`)).map(({ type }) => type);
const codeOf = (sent: Promise<unknown>) =>
  sent.then(
    () => 'accepted',
    (failure: unknown) => (failure instanceof DomainError ? failure.code : String(failure)),
  );
const acting = async (person: string, name: string, type: string, data: object) =>
  codeOf(rehearsal.as(person, 'case', (await idOf(name)).slice('freeze.'.length), { type, data }));

/** Two applications, of the institution that will be suspended and of another, both before their own office for ten working days. */
beforeEach(async () => {
  store = new InMemoryEventStore();
  rehearsal = new Rehearsal({ store, vault: new InMemoryVault(), alliance: 'freeze', startMs, root: 'freeze' });
  const { definition } = await loadDefinition(workflowFile('alliance-recognition'));
  const people = parts.map(({ key, ...someone }) => ({ person: rehearsal.person(key), ...someone }));
  await found(rehearsal, { charter: modelCharter({ zh: '联盟', en: 'Alliance' }), institutions, people, term });
  await rehearsal.operator('definition', definition.id, { type: 'AdoptDefinition', data: { definition } });
  const { id, version } = definition;
  const round = {
    definition: { id, version },
    title: { zh: '轮次', en: 'Round' },
    opensAt: new Date(startMs).toISOString(),
    seed: 's',
  };
  await rehearsal.as(rehearsal.person('secretary'), 'round', 'one', { type: 'OpenRound', data: round });
  for (const [name, institution] of [
    ['theirs', own],
    ['others', other],
  ] as const) {
    await registerCourse(rehearsal, dean(institution), course(name, institution));
    await submitCourse(rehearsal, dean(institution), 'one', definition, course(name, institution));
  }
  await on(1);
});

test('while a membership is suspended its applications stand still: nobody acts on them and no deadline runs', async () => {
  await membership('SuspendMember', clause);
  await on(2);
  expect(await stateOf('theirs')).toMatchObject({ frozen: { at: '2026-03-03T01:00:00.000Z' } });
  expect((await stateOf('others')).frozen).toBeUndefined();
  expect(await acting(dean(own), 'theirs', 'PassCheck', { stage: 'endorsement' })).toBe('authority.not-a-member');
  const conflict = { stage: 'endorsement', person: dean(own), ground: '任职' };
  expect(await acting(rehearsal.person('secretary'), 'theirs', 'DeclareConflict', conflict)).not.toBe('accepted');
  await on(40);
  expect(await types('theirs')).toEqual(['CaseOpened', 'StageEntered', 'CaseFrozen']);
  expect(await types('others')).toContain('StageOverdue');
});

test('once it is reinstated they go on, every deadline so many days later, and what falls due happens once', async () => {
  const before = (await stateOf('theirs')).visits[0]?.dueAt;
  await membership('SuspendMember', clause);
  await on(8);
  await membership('ReinstateMember');
  await on(9);
  // Seven days: from Monday the 16th, 24:00 in Beijing, to Monday the 23rd.
  expect([before, (await stateOf('theirs')).visits[0]?.dueAt]).toEqual(['2026-03-16T16:00:00.000Z', '2026-03-23T16:00:00.000Z']);
  await on(21.4);
  expect(await types('theirs')).toEqual(['CaseOpened', 'StageEntered', 'CaseFrozen', 'CaseResumed']);
  await on(60);
  expect((await store.read(`case-${await idOf('theirs')}`)).slice(4).map(({ type, meta }) => [type, meta.recordedAt])).toEqual([
    ['StageOverdue', '2026-03-23T16:00:00.000Z'],
  ]);
});

test('a deadline that moves ends on a working day', async () => {
  await membership('SuspendMember', clause);
  await rehearsal.until(startMs + 5.5 * dayMs);
  await membership('ReinstateMember');
  await on(7);
  // Five days after the 16th is Saturday the 21st: the following Monday.
  expect((await stateOf('theirs')).visits[0]?.dueAt).toBe('2026-03-23T16:00:00.000Z');
});

test('an office that may act again acts, and a second suspension stops it again', async () => {
  await membership('SuspendMember', clause);
  await on(2);
  await membership('ReinstateMember');
  await on(3);
  await membership('SuspendMember', clause);
  await on(4);
  expect(await types('theirs')).toEqual(['CaseOpened', 'StageEntered', 'CaseFrozen', 'CaseResumed', 'CaseFrozen']);
  await membership('ReinstateMember');
  await on(5);
  expect(await acting(dean(own), 'theirs', 'PassCheck', { stage: 'endorsement' })).toBe('accepted');
});

test('a suspension that is over before anybody has heard of it leaves no trace on a case', async () => {
  await membership('SuspendMember', clause);
  await membership('ReinstateMember');
  await on(2);
  expect(await types('theirs')).toEqual(['CaseOpened', 'StageEntered']);
});
