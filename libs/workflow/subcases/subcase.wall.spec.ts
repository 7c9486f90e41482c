import { beforeEach, expect, test } from '@jest/globals';
import { applicant, type EngineRoom, reviewed } from '../../../test/support/engine-room.js';
import { type Case, caseRow, mayKnow, shownTo, timelineFor, type Viewer } from '#workflow';
import { procedureOf } from './subcase.js';

const appeal = 'course-1.appeal.1';
const person = (name: string, ...powers: readonly string[]): Viewer => ({
  person: name,
  institutions: [],
  powers: powers.map((power) => ({ power })),
});
const dean: Viewer = { person: 'dean', institutions: [], powers: [{ power: 'submit-application', scope: applicant }] };

let room: EngineRoom;
let first: readonly string[];
let parent: Case;
let child: Case;
beforeEach(async () => {
  room = await reviewed(3);
  const statement = '本校王老师的材料未审阅';
  const evidence = [{ sha256: 'e'.repeat(64), bytes: 5, mediaType: 'application/pdf' }];
  await room.act('dean', 'LodgeAppeal', { appeal: 'appeal', grounds: ['evidence'], statement, evidence });
  parent = await room.state();
  child = await room.state(appeal);
  first = reviewersOf(parent);
});

const reviewersOf = ({ visits }: Case): readonly string[] =>
  visits.flatMap((visit) => (visit.kind === 'panel' ? visit.assignments.map(({ reviewer }) => reviewer) : []));
const procedure = () => procedureOf(room.definition, 'appeal');

test('whoever judged first does not know of the appeal, and is not told of it by the case', async () => {
  const reviewer = person(first[0] ?? '', 'review-application');
  expect(mayKnow(procedure(), child, reviewer)).toBe(false);
  expect(timelineFor(procedure(), child, await room.history(`case-a.one.${appeal}`), reviewer)).toEqual([]);
  expect(caseRow(procedure(), child).barred).toEqual([...first, 'dean']);
  expect(JSON.stringify(shownTo(room.definition, parent, reviewer))).not.toMatch(/appeals|evidence/);
  const told = timelineFor(room.definition, parent, await room.history(), reviewer);
  expect(told.map(({ type }) => type)).not.toContain('AppealLodged');
});

test('a blind reviewer of an appeal gets grounds and reasons, and nothing that names anybody', () => {
  const shown = shownTo(procedure(), child, person(reviewersOf(child)[0] ?? '', 'review-application'));
  expect(shown?.origin?.plea).toMatchObject({ by: '', grounds: ['evidence'], evidence: [], statement: { sealed: '' } });
  expect(shown?.origin?.reasons.map(({ outcome }) => outcome)).toEqual(['not-recommended']);
  expect(shown?.form).toEqual({ title: '大学物理' });
  for (const name of [...first, 'dean', applicant, '王老师']) expect(JSON.stringify(shown)).not.toContain(`"${name}"`);
});

test('the applicant reads the whole plea and not who is barred; who keeps the procedure reads both', () => {
  const seen = shownTo(procedure(), child, dean);
  expect(seen?.origin?.plea).toMatchObject({ by: 'dean', evidence: [{ bytes: 5 }] });
  expect(seen?.origin?.barred).toEqual([]);
  expect(shownTo(room.definition, parent, dean)?.appeals).toHaveLength(1);
  expect(shownTo(procedure(), child, person('secretary', 'manage-panel'))?.origin?.barred).toHaveLength(2);
});

test('an appeal is never public, won or not', async () => {
  await room.review('second-review', 9, appeal);
  await room.act('judge-1', 'GiveRuling', { stage: 'board', ruling: 'sustained', reason: '成立' }, appeal);
  expect(mayKnow(procedure(), await room.state(appeal), person('someone'))).toBe(false);
  expect(mayKnow(room.definition, await room.state(), person('someone'))).toBe(true);
});
