import { expect, test } from '@jest/globals';
import { isWalled, mayKnow, shownTo, type Viewer } from '#workflow';
import { applicant, assigned, broughtTo, review, type TestRoundOptions, usualSeats } from '../../../test/support/round.js';
import { caseRow } from '../case-row.js';

const stage = 'formal-check';
const reader: Viewer = { person: 'person-reader', institutions: [], powers: [] };

test('whoever holds a stage copies a case to people and organs: they read it from then on, and do nothing', async () => {
  const round = await broughtTo(stage);
  expect(mayKnow(round.definition, await round.state(), reader)).toBe(false);
  expect((await round.refusal('province', 'CopyCase', { stage, people: ['person-reader'] })).code).toBe('authority.no-seat');
  await round.act('secretary', 'CopyCase', {
    stage,
    people: ['person-reader'],
    organs: [{ organ: 'provincial-department', scope: '44' }],
  });
  const state = await round.state();
  expect(shownTo(round.definition, state, reader)).toMatchObject({ as: 'copied', applicant: { institution: applicant } });
  const department = { ...reader, person: 'other-province', organs: [{ organ: 'provincial-department', scope: '44' }] };
  expect(mayKnow(round.definition, state, department)).toBe(true);
  const elsewhere = { ...reader, person: 'x', organs: [{ organ: 'provincial-department', scope: '31' }] };
  expect(mayKnow(round.definition, state, elsewhere)).toBe(false);
  expect(caseRow(round.definition, state).audience).toEqual(
    expect.arrayContaining(['copied:person-reader', 'copied:organ:provincial-department:44']),
  );
  expect((await round.refusal('person-reader', 'PassCheck', { stage })).code).toBe('authority.no-seat');
  expect((await round.refusal('secretary', 'CopyCase', { stage, people: ['person-reader'] })).code).toBe('case.copy-to-whom');
});

test('nobody is copied in who is not there, or whose access has been ended', async () => {
  const round = await broughtTo(stage);
  for (const status of ['unknown', 'disabled', 'erased']) {
    await round.place('person-gone', { status });
    const { code } = await round.refusal('secretary', 'CopyCase', { stage, people: ['person-reader', 'person-gone'] });
    expect(code).toBe('case.no-such-person');
  }
  await round.place('person-gone', { status: 'active' });
  await round.act('secretary', 'CopyCase', { stage, people: ['person-reader', 'person-gone'] });
});

test('an organ is named by its id in the charter, with its scope where it has one', async () => {
  const round = await broughtTo(stage);
  for (const organ of [{ organ: 'unknown' }, { organ: 'deans-office' }, { organ: 'committee', scope: '11' }])
    expect((await round.refusal('secretary', 'CopyCase', { stage, organs: [organ] })).code).toBe('case.no-such-organ');
});

test('no copy goes across the wall of a conflict, and none stays where one is declared later', async () => {
  const panel = [...(usualSeats['a.expert-panel'] ?? []), { person: 'person-own', institution: applicant }];
  const round = await broughtTo('committee', { seats: { ...usualSeats, 'a.expert-panel': panel } });
  const own: Viewer = { person: 'person-own', institutions: [applicant], powers: [{ power: 'review-application' }] };
  const refusal = await round.refusal('secretary', 'CopyCase', { stage: 'committee', people: ['person-own'] });
  expect(refusal.code).toBe('case.cannot-be-copied');
  await round.act('secretary', 'CopyCase', { stage: 'committee', organs: [{ organ: 'expert-panel' }] });
  const state = await round.state();
  const sits = { ...own, organs: [{ organ: 'expert-panel' }] };
  expect(isWalled(round.definition, state, sits)).toBe(true);
  expect(mayKnow(round.definition, state, sits)).toBe(false);
});

test('who might be a blind reviewer reads a copy as a reviewer does: without whose it is', async () => {
  const double: TestRoundOptions = {
    change: (definition) => ({
      ...definition,
      stages: definition.stages.map((one) => (one.kind === 'panel' ? { ...one, blind: 'double' as const } : one)),
    }),
  };
  const round = await broughtTo(stage, double);
  await round.act('secretary', 'CopyCase', { stage, people: ['person-expert', 'person-reader'] });
  const expert = { person: 'person-expert', institutions: ['i-1'], powers: [{ power: 'review-application' }] };
  const seen = shownTo(round.definition, await round.state(), expert);
  expect(seen).toMatchObject({ as: 'reviewer', about: {} });
  expect(JSON.stringify(seen)).not.toContain(applicant);
  expect(JSON.stringify(seen)).not.toContain('dean');
  expect(shownTo(round.definition, await round.state(), reader)?.as).toBe('copied');
});

test('a copy shows no review while the panel works, and no vote', async () => {
  const round = await broughtTo('expert-review');
  await round.act('secretary', 'CopyCase', { stage: 'expert-review', people: ['person-reader'] });
  const [reviewer = ''] = await assigned(round);
  await round.act(reviewer, 'SubmitReview', review(8));
  expect(JSON.stringify(shownTo(round.definition, await round.state(), reader))).not.toContain(reviewer);
});
