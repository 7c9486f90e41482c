import { addressIn } from '../../test/support/addresses.js';
import { beforeEach, expect, test } from '@jest/globals';
import { type CharterHistory, charterStream, InMemoryEventStore, InMemoryVault } from '#kernel';
import {
  type Case,
  caseRow,
  type CaseState,
  charterGiven,
  checkDefinition,
  type Definition,
  loadDefinition,
  mayKnow,
  type Viewer,
} from '#workflow';
import { modelCharter } from './demonstration.charter.js';
import { institutions, parts } from './demonstration.people.js';
import { workflowFile } from './demonstration.js';
import { type CourseToSubmit, registerCourse, submitCourse } from './rehearsal.applications.js';
import { adopt, found } from './rehearsal.founding.js';
import { dayMs } from './rehearsal.players.js';
import { Rehearsal } from './rehearsal.js';

const startMs = Date.parse('2026-03-02T01:00:00.000Z');
const term = { from: '2026-01-01T00:00:00.000Z', until: '2029-01-01T00:00:00.000Z' };
const [{ code: own, facts }] = institutions as [(typeof institutions)[number]];
const title = { zh: '联盟', en: 'Alliance' };

let rehearsal: Rehearsal;
let definition: Definition;
const person = (key: string): string => rehearsal.person(key);
const dean = (): string => person(`dean-${own}`);

/** An application that the province has before it, and that was copied to the council. */
beforeEach(async () => {
  rehearsal = new Rehearsal({
    store: new InMemoryEventStore(),
    vault: new InMemoryVault(),
    alliance: 'names',
    startMs,
    root: 'names',
  });
  ({ definition } = await loadDefinition(workflowFile('alliance-recognition')));
  const people = parts.map(({ key, ...someone }) => ({ person: person(key), ...someone }));
  await found(rehearsal, { charter: modelCharter(title), institutions, people, term });
  await rehearsal.operator('definition', definition.id, { type: 'AdoptDefinition', data: { definition } });
  const { id, version } = definition;
  const opensAt = new Date(startMs).toISOString();
  const round = { definition: { id, version }, title: { zh: '轮次', en: 'Round' }, opensAt, seed: 's' };
  await rehearsal.as(person('secretary'), 'round', 'one', { type: 'OpenRound', data: round });
  const course: CourseToSubmit = {
    id: rehearsal.id('course'),
    institution: own,
    title: { zh: '课程', en: 'Course' },
    kind: 'online',
    discipline: '08',
    credits: 3,
    runs: 4,
    leader: person('leader'),
    leaderName: '李领',
  };
  await registerCourse(rehearsal, dean(), course);
  await submitCourse(rehearsal, dean(), 'one', definition, course);
  await act(dean(), 'CopyCase', { stage: 'endorsement', organs: [{ organ: 'council' }] });
  await act(dean(), 'PassCheck', { stage: 'endorsement' });
  await rehearsal.until(startMs + dayMs);
});

const idNow = () => addressIn(rehearsal.states, 'names.one', `names.one.${rehearsal.id('course')}`);

const act = async (who: string, type: string, data: object) =>
  rehearsal.as(who, 'case', (await idNow()).slice('names.'.length), { type, data });

const stateNow = async (): Promise<Case> => (await rehearsal.states.fresh<CaseState>(`case-${await idNow()}`)).state as Case;

const charterNow = async (): Promise<CharterHistory> =>
  (await rehearsal.states.fresh<CharterHistory>(charterStream('names'))).state;

const council = (): Viewer => ({ person: person('president'), powers: [], institutions: [], organs: [{ organ: 'council' }] });

/** Every organ is called something else, two of them what another was called before. */
async function renameOrgans(): Promise<void> {
  const charter = modelCharter(title);
  const names = charter.organs.map(({ name }) => name);
  const organs = charter.organs.map((organ, index) => ({ ...organ, name: names[(index + 1) % names.length] ?? organ.name }));
  await adopt(rehearsal, { charter: { ...charter, organs } });
}

test('organs that change their names, even with one another, keep their tasks, their copies and their definitions', async () => {
  const before = await stateNow();
  const findings = checkDefinition(definition, charterGiven(await charterNow()));
  await renameOrgans();
  expect(await stateNow()).toEqual(before);
  expect(caseRow(definition, await stateNow())).toEqual(caseRow(definition, before));
  expect(checkDefinition(definition, charterGiven(await charterNow()))).toEqual(findings);
  await act(person('department'), 'PassCheck', { stage: 'recommendation' });
  await act(person('secretary'), 'PassCheck', { stage: 'formal-check' });
  await rehearsal.until(startMs + 2 * dayMs);
  expect((await stateNow()).visits.at(-1)?.stage).toBe('expert-review');
});

test('a university that changes its name keeps its applications, its office and its wall', async () => {
  const before = await stateNow();
  const data = { ...facts, name: '岭南科技大学' };
  await rehearsal.operator('institution', own, { type: 'RegisterInstitution', data });
  expect(await stateNow()).toEqual(before);
  await act(person('department'), 'ReturnForCorrection', { stage: 'recommendation', reason: '缺章。' });
  expect(caseRow(definition, await stateNow()).tasks).toMatchObject([{ act: 'correct' }]);
  await act(dean(), 'WithdrawApplication', { reason: '另有安排。' });
  expect((await stateNow()).status).toBe('ended');
});

test('groups, stages and kinds that are called something else are the same in every list and for every wall', async () => {
  const state = await stateNow();
  const relabelled = JSON.parse(JSON.stringify(definition), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && 'en' in value && 'zh' in value ? { en: 'Renamed', zh: '改名' } : value,
  ) as Definition;
  expect(relabelled.stages[0]?.title.en).toBe('Renamed');
  expect(caseRow(relabelled, state)).toEqual(caseRow(definition, state));
  for (const one of [definition, relabelled]) expect(mayKnow(one, state, council())).toBe(true);
  const codes = (one: Definition) => checkDefinition(one).map(({ code, path }) => [code, path]);
  expect(codes(relabelled)).toEqual(codes(definition));
});
