import { expect, test } from '@jest/globals';
import { DomainError } from '#kernel';
import {
  type Definition,
  type DefinitionHistory,
  loadDefinition,
  mappingFindings,
  mayKnow,
  pinnedDefinition,
  shownTo,
  type Stage,
  type StageMapping,
  type Transition,
} from '#workflow';
import { anyReview, text } from '../../../test/support/any-review.js';
import { AnyRoom, applicant } from '../../../test/support/any-room.js';

const rubric = {
  id: 'rubric',
  title: text('Rubric'),
  points: 10,
  criteria: [{ id: 'worth', title: text('Worth'), weight: 1 }],
  vetoes: [],
  passMark: 50,
};

const check = (id: string, power: string, to: string): Stage => ({
  id,
  kind: 'check',
  title: text(id),
  power,
  workingDays: 10,
  correction: { workingDays: 5, times: 2 },
  on: { passed: to, failed: 'declined', lapsed: 'declined' },
});

const panel = (id: string, change: object = {}): Stage => ({
  id,
  kind: 'panel',
  title: text(id),
  power: 'review',
  manage: 'manage',
  assignedBy: 'engine',
  size: 2,
  minimum: 1,
  maxLoad: 10,
  draws: 3,
  blind: 'single',
  late: { remind: 5, escalate: 8, replace: 10 },
  rubric,
  on: { recommended: 'granted', 'not-recommended': 'declined', vetoed: 'declined' },
  ...change,
});

const version = (number: number, stages: readonly Stage[], transition?: Partial<Transition>): Definition => ({
  ...anyReview(stages, number),
  ...(transition === undefined
    ? {}
    : { transition: { appliesTo: 'open-rounds', from: 1, text: clause, stages: carriedOver, ...transition } }),
});

const clause = text('Applications under way are looked through by the office as well.');
const carriedOver: StageMapping = {
  screening: { then: 'carried', to: 'first-look' },
  review: { then: 'carried', to: 'review' },
};
const first = version(1, [check('screening', 'check', 'review'), panel('review')]);
/** Screening has another name and another owner; before the review the office looks through it. */
const changed = [check('first-look', 'look', 'office'), check('office', 'check', 'review'), panel('review')];
const second = version(2, changed, {});

async function applied(...later: readonly Definition[]): Promise<AnyRoom> {
  const room = await AnyRoom.open(first, ...later);
  for (const subject of ['course-1', 'course-2'])
    await room.act('submit-1', 'SubmitApplication', { institution: applicant, form: { title: subject }, files: [] }, subject);
  return room;
}

const both = ['course-1', 'course-2'];
const migrate = async (room: AnyRoom, data: object = {}, person = 'secretariat-1'): Promise<void> => {
  await room.send(person, 'round', 'a.one', 'MigrateCases', { to: 2, cases: both, ...data });
  await room.settle();
};

async function refusal(attempt: Promise<unknown>): Promise<DomainError> {
  const failure: unknown = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (failure instanceof DomainError) return failure;
  throw failure ?? new Error('it was accepted');
}

test('an open round keeps the version that it was opened under, until its cases are migrated under the clause of a new one', async () => {
  const room = await applied(second);
  await room.adopt(second);
  await room.settle();
  expect((await room.state()).definition.version).toBe(1);
  await migrate(room);
  for (const subject of both) {
    const { definition, visits } = await room.state(subject);
    expect(definition).toMatchObject({ version: 2, before: [1] });
    expect(visits.map(({ stage, visit }) => [stage, visit])).toEqual([['first-look', 1]]);
  }
  const [, , record] = await room.history();
  expect(record).toMatchObject({
    type: 'CaseMigrated',
    data: {
      from: { version: 1 },
      to: { version: 2 },
      clause,
      carried: [{ from: { stage: 'screening', visit: 1 }, to: { stage: 'first-look', visit: 1 } }],
    },
    meta: { actor: 'engine' },
  });
  expect(record?.data).toMatchObject({ act: record?.meta.causation });
});

test('a deadline that was given stands, and what it brings about happens once, where the case is now', async () => {
  const room = await applied(second);
  const { dueAt } = (await room.state()).visits[0] ?? {};
  await room.adopt(second);
  await migrate(room);
  expect((await room.state()).visits[0]?.dueAt).toBe(dueAt);
  await room.runtime.drain(Date.parse(dueAt ?? ''));
  room.restart();
  await room.runtime.drain(Date.parse(dueAt ?? '') + 1);
  const overdue = (await room.history()).filter(({ type }) => type === 'StageOverdue');
  expect(overdue.map(({ data }) => data)).toEqual([{ stage: 'first-look', visit: 1, of: 'check.0' }]);
  expect(await room.runtime.incidents()).toEqual([]);
});

test('a migrated case goes on as the new version says, and what is behind it keeps its name', async () => {
  const room = await applied(second);
  await room.adopt(second);
  await room.act('check-1', 'PassCheck', { stage: 'screening' });
  await migrate(room);
  expect((await room.state('course-1')).visits.map(({ stage }) => stage)).toEqual(['screening', 'review']);
  await room.act('look-1', 'PassCheck', { stage: 'first-look' }, 'course-2');
  expect((await room.state('course-2')).visits.map(({ stage }) => stage)).toEqual(['first-look', 'office']);
  expect((await refusal(room.act('check-1', 'PassCheck', { stage: 'screening' }, 'course-2'))).code).toBe('case.not-at-stage');
});

test('whoever applies after that applies under the new version', async () => {
  const room = await applied(second);
  await room.adopt(second);
  await migrate(room);
  await room.act('submit-1', 'SubmitApplication', { institution: applicant, form: { title: '三' }, files: [] }, 'course-3');
  expect((await room.state('course-3')).definition).toMatchObject({ version: 2 });
});

test('without a transition clause nothing is migrated; the organ may resolve on one', async () => {
  const silent = version(2, changed);
  const room = await applied(silent);
  await room.adopt(silent);
  expect((await refusal(migrate(room))).code).toBe('round.no-transition');
  expect((await room.state()).definition.version).toBe(1);
  await migrate(room, { transition: { appliesTo: 'open-rounds', from: 1, text: clause, stages: carriedOver } });
  expect((await room.state()).definition.version).toBe(2);
});

test('one case that cannot be carried over makes the whole refused, before anything is written', async () => {
  const other = version(2, [check('first-look', 'look', 'review'), panel('review', { rubric: { ...rubric, passMark: 60 } })], {});
  const room = await applied(other);
  await room.adopt(other);
  await room.act('check-1', 'PassCheck', { stage: 'screening' });
  const head = await room.store.head();
  const refused = await refusal(migrate(room));
  expect(refused).toMatchObject({ code: 'round.cannot-migrate', details: { cases: [{ case: 'course-1' }] } });
  expect(refused.details).toMatchObject({ cases: [{ obstacles: [{ code: 'rubric-differs' }] }] });
  expect(await room.store.head()).toBe(head);
});

test('a stage that begins anew has deadlines of its own, and what was done stays on record', async () => {
  const other = version(2, [check('first-look', 'look', 'review'), panel('review', { rubric: { ...rubric, passMark: 60 } })], {
    stages: { ...carriedOver, review: { then: 'anew', to: 'review' } },
  });
  const room = await applied(other);
  await room.adopt(other);
  await room.act('check-1', 'PassCheck', { stage: 'screening' });
  await room.runtime.drain(room.clock.now() + 86_400_000);
  await migrate(room);
  const { visits } = await room.state();
  expect(visits.map(({ stage, visit, left }) => [stage, visit, left?.outcome])).toEqual([
    ['screening', 1, 'passed'],
    ['review', 1, 'migrated'],
    ['review', 2, undefined],
  ]);
  expect(visits[1]).toMatchObject({ assignments: [{ status: 'open' }, { status: 'open' }] });
  expect(visits[2]).toMatchObject({ assignments: [{ status: 'open' }, { status: 'open' }] });
  expect(await room.runtime.incidents()).toEqual([]);
});

test('a case may stay under the version that it was opened under, and is named among those that stay', async () => {
  const other = version(2, changed, { stages: { ...carriedOver, review: { then: 'stays' } } });
  const room = await applied(other);
  await room.adopt(other);
  await room.act('check-1', 'PassCheck', { stage: 'screening' });
  await migrate(room);
  expect((await room.state('course-1')).definition.version).toBe(1);
  expect((await room.state('course-2')).definition.version).toBe(2);
  const [, moved] = await room.history('round-a.one');
  expect(moved?.data).toMatchObject({ cases: ['course-2'], staying: ['course-1'] });
});

test('cases are migrated by the organ that the charter names, and one of them only by the engine', async () => {
  const room = await applied(second);
  await room.adopt(second);
  expect((await refusal(migrate(room, {}, 'check-1'))).code).toBe('authority.no-seat');
  const [, , , round] = await room.history('round-a.one');
  expect(round).toBeUndefined();
  const data = { act: 'none', from: 1, to: 2, stages: carriedOver, mapping: 'e'.repeat(64), clause };
  expect((await refusal(room.act('secretariat-1', 'MigrateCase', data))).code).toBe('case.not-found');
});

test('a case that went home meanwhile, or is under the new version already, is left alone', async () => {
  const room = await applied(second);
  await room.adopt(second);
  await room.send('secretariat-1', 'round', 'a.one', 'MigrateCases', { to: 2, cases: both });
  await room.send('withdraw-1', 'case', 'a.one.course-1', 'WithdrawApplication', { reason: '撤回' });
  await room.settle();
  room.restart();
  await room.settle();
  expect(await room.state('course-1')).toMatchObject({ status: 'ended', definition: { version: 1 } });
  expect((await refusal(migrate(room, { cases: ['course-2'] }))).code).toBe('round.case-elsewhere');
});

test('an amended charter binds open cases only where it says that they move', async () => {
  const room = await applied();
  const same = { to: 1, transition: { appliesTo: 'open-rounds', from: 1, text: clause, stages: staying } };
  const amend = (transition: 'keep' | 'move') => {
    const inForce = { ...room.charter, version: 2 };
    return room.place('charter-a', { ...inForce, transition, versions: { ...room.charter.versions, 2: inForce } });
  };
  await amend('keep');
  expect((await refusal(migrate(room, { ...same, charter: 2 }))).code).toBe('round.charter-kept');
  await amend('move');
  expect((await refusal(migrate(room, { ...same, charter: 1 }))).code).toBe('round.charter-kept');
  await migrate(room, { ...same, charter: 2 });
  expect(await room.state()).toMatchObject({ charter: 2, definition: { version: 1 } });
});

const staying: StageMapping = {
  screening: { then: 'carried', to: 'screening' },
  review: { then: 'carried', to: 'review' },
};

test('what the old version kept from blind reviewers, and whom it kept from the case, stays kept under the new one', async () => {
  const fields = (...ids: readonly string[]) =>
    ids.map(
      (id) => ({ id, type: 'text', maxLength: 100, label: text(id), ...(id === 'title' ? {} : { identifying: true }) }) as const,
    );
  const blind = (number: number, ids: readonly string[], more: Partial<Definition> = {}): Definition => {
    const own = version(number, [check('screening', 'check', 'review'), panel('review', { blind: 'double' })]);
    return { ...own, subject: { ...own.subject, fields: fields(...ids) }, ...more };
  };
  const next = blind(2, ['title'], {
    stages: [check('screening', 'check', 'granted')],
    transition: {
      appliesTo: 'open-rounds',
      from: 1,
      text: clause,
      stages: { ...staying, review: { then: 'anew', to: 'screening' } },
    },
  });
  const room = await AnyRoom.open(blind(1, ['title', 'leader']), next);
  const form = { title: '一', leader: '王小明' };
  await room.act('submit-1', 'SubmitApplication', { institution: applicant, form, files: [] });
  await room.act('check-1', 'PassCheck', { stage: 'screening' });
  await room.adopt(next);
  const entry = (await room.addressOf('a.one.course-1')).slice('a.one.'.length);
  await migrate(room, { cases: [entry] });
  const state = await room.state();
  const history = (await room.states.fresh<DefinitionHistory>('definition-a.any-review')).state;
  const definition = pinnedDefinition(history, state.definition);
  const [assigned] = state.visits.flatMap((visit) => (visit.kind === 'panel' ? visit.assignments : []));
  const reviewer = { person: assigned?.reviewer ?? '', institutions: [], powers: [{ power: 'review' }] };
  expect(shownTo(definition, state, reviewer)).toMatchObject({ as: 'reviewer', form: { title: '一' } });
  expect(JSON.stringify(shownTo(definition, state, reviewer))).not.toContain('王小明');
  expect(mayKnow(definition, state, { ...reviewer, institutions: [applicant] })).toBe(false);
});

test('a mapping is proved: every stage mapped, kinds alike, nothing promised taken back', () => {
  const codes = (to: Definition, stages: StageMapping) => mappingFindings(first, to, stages).map(({ code }) => code);
  expect(codes(second, carriedOver)).toEqual([]);
  expect(codes(second, { review: { then: 'carried', to: 'review' } })).toEqual(['stage-not-mapped']);
  expect(codes(second, { ...carriedOver, review: { then: 'carried', to: 'nowhere' } })).toEqual(['mapped-nowhere']);
  expect(codes(second, { ...carriedOver, lost: { then: 'stays' } })).toEqual(['mapped-nowhere']);
  expect(codes(second, { ...carriedOver, review: { then: 'carried', to: 'office' } })).toEqual(['kinds-differ']);
  expect(codes(second, { ...carriedOver, review: { then: 'anew', to: 'office' } })).toEqual([]);
  const open = version(2, [check('first-look', 'look', 'review'), panel('review', { blind: 'none' })]);
  expect(codes(open, carriedOver)).toEqual(['blinding-lifted']);
  // The addresses of open cases name their courses, and cannot be taken back.
  const blind = version(2, [check('first-look', 'look', 'review'), panel('review', { blind: 'double' })]);
  expect(codes(blind, carriedOver)).toEqual(['blinding-too-late']);
});

test('no migration moves a case past a vote', async () => {
  const { definition } = await loadDefinition('workflows/course-accreditation.yaml');
  const same = Object.fromEntries(definition.stages.map(({ id }) => [id, { then: 'carried', to: id } as const]));
  const codes = (stages: StageMapping) =>
    mappingFindings(definition, { ...definition, version: 2 }, { ...same, ...stages }).map(({ code, path }) => `${code} ${path}`);
  expect(codes({})).toEqual([]);
  for (const to of ['publicity', 'undertaking', 'duty']) {
    expect(codes({ 'formal-check': { then: 'anew', to } })).toEqual(['vote-skipped /transition/stages/formal-check']);
    expect(codes({ 'meeting-review': { then: 'anew', to } })).toEqual(['vote-skipped /transition/stages/meeting-review']);
  }
  expect(codes({ publicity: { then: 'anew', to: 'undertaking' } })).toEqual([]);
  expect(codes({ publicity: { then: 'anew', to: 'formal-check' } })).toEqual([]);
});

test('branches that run together move to branches that run together, and what waits to be joined waits for the same', () => {
  const parallel = (number: number, change: object = {}): Definition =>
    version(number, [
      { ...check('entry', 'check', 'one'), on: { passed: ['one', 'two'], failed: 'declined', lapsed: 'declined' } } as Stage,
      check('one', 'check', 'join'),
      check('two', 'look', 'join'),
      { ...check('join', 'check', 'granted'), waitsFor: ['one', 'two'], ...change } as Stage,
    ]);
  const same = Object.fromEntries(['entry', 'one', 'two', 'join'].map((id) => [id, { then: 'carried', to: id } as const]));
  const codes = (to: Definition) => mappingFindings(parallel(1), to, same).map(({ code }) => code);
  expect(codes(parallel(2))).toEqual([]);
  const inTurn = version(2, [
    check('entry', 'check', 'one'),
    check('one', 'check', 'two'),
    check('two', 'look', 'join'),
    check('join', 'check', 'granted'),
  ]);
  expect(codes(inTurn)).toEqual(['never-together']);
});

test('a version whose transition clause is unsound is not adopted', async () => {
  const room = await applied(second);
  expect((await refusal(room.adopt(version(2, changed, { from: 7 })))).code).toBe('definition.unsound');
  expect((await refusal(room.adopt(version(2, changed, { stages: { screening: { then: 'stays' } } })))).code).toBe(
    'definition.unsound',
  );
});
