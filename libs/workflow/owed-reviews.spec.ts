import { expect, test } from '@jest/globals';
import { applicant, EngineRoom } from '../../test/support/engine-room.js';
import { caseRow } from './case-row.js';
import { reviewersOwing } from './owed-reviews.js';

test('reviews of a case that stands still are still owed, and nobody has to do them now', async () => {
  const room = await EngineRoom.open('appealed');
  const files = [{ slot: 'syllabus', sha256: 'a'.repeat(64), bytes: 9, mediaType: 'application/pdf' }];
  const form = { title: '大学物理', summary: '课程特色' };
  await room.act('dean', 'SubmitApplication', { institution: applicant, form, files });
  const state = await room.state();
  const owing = reviewersOwing(state);
  expect(owing).toHaveLength(2);
  const still = { ...state, frozen: { at: '2026-03-03T01:00:00.000Z' } };
  expect(caseRow(room.definition, still)).toMatchObject({ reviewing: owing, tasks: [] });
  await room.review('review', 8);
  expect(reviewersOwing(await room.state())).toEqual([]);
});
