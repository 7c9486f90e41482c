import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Definition, loadDefinition } from '#workflow';
import { definitionContext } from '../../apps/server/contexts.js';
import { eventually } from '../support/eventually.js';
import { Application, expectAccepted, openRound, refusedWith } from '../support/applications.js';
import type { Answer, Caller } from '../support/caller.js';
import { alliance, House } from '../support/house.js';
import { Listening } from '../support/listening.js';
import { renamed } from '../support/renamed.js';

interface AssignmentRead {
  readonly requests: readonly {
    readonly status: string;
    readonly cases: number;
    readonly seed?: string;
    readonly inputs?: string;
    readonly solver?: string;
    readonly blocking?: { readonly constraints: readonly { readonly kind: string }[]; readonly smallest: string };
    readonly text?: { readonly en: string };
  }[];
  readonly reviewers: readonly { readonly person: string; readonly given: number }[];
}

const round = 'together';
const path = `/v1/rounds/${alliance}.${round}/stages/expert-review/assignment`;
const command = (name: string): string => `/v1/assignment/${alliance}.${round}.expert-review/${name}`;

let house: House;
let applications: readonly Application[];
let secretary: Caller;
beforeAll(async () => {
  house = await House.open();
  const { definition } = await loadDefinition('workflows/alliance-recognition.yaml');
  const together: Definition = {
    ...renamed(definition, 'recognised-together'),
    stages: definition.stages.map((stage) =>
      stage.kind === 'panel'
        ? { ...stage, assignedBy: 'assignment', assignWithin: 10, fit: { expertise: ['form.kind'] } }
        : stage,
    ),
  };
  await house.operator(definitionContext, together.id, 'AdoptDefinition', { definition: together });
  secretary = house.seat('secretariat', { role: 'chair' });
  const opened = await secretary.post(`/v1/round/${alliance}.${round}/open-round`, {
    definition: { id: together.id, version: 1 },
    title: { en: 'Together', zh: '统一分配' },
    opensAt: new Date(house.clock.now() - 1_000).toISOString(),
    closesAt: '2026-06-01T00:00:00.000Z',
    seed: 'drawn in public',
  });
  expectAccepted(opened);
  applications = [];
  for (const institution of ['4144010558', '4144010559']) {
    const application = await Application.submitted(house, round, institution);
    await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
    await application.done(house.seat('provincial-department', { scope: '44' }), 'pass-check', { stage: 'recommendation' });
    await application.done(application.secretary, 'pass-check', { stage: 'formal-check' });
    applications = [...applications, application];
  }
  await house.settled();
});
afterAll(() => house.close());

/** Asks for panels for the whole round, and waits for what the computation comes to. */
async function requested(): Promise<AssignmentRead> {
  expectAccepted(await secretary.post(command('request-assignment'), {}));
  return eventually(async () => {
    const read = JSON.parse((await secretary.get(path)).text) as AssignmentRead;
    return read.requests.at(-1)?.status === 'computing' ? undefined : read;
  });
}

const panels = (): Promise<Answer> => secretary.get(`${path}/panels`);

test('an assignment has no solution: nothing is assigned; the smallest set of blocking constraints is named', async () => {
  const [free, ...others] = house.holders('expert-panel').map(({ person }) => person);
  const describe = (person: string | undefined, most: number) =>
    secretary.post(command('describe-reviewer'), { person, disciplines: [], expertise: [], most });
  for (const person of others) expectAccepted(await describe(person, 0));
  const { requests } = await requested();
  const { blocking, ...request } = requests.at(-1) ?? {};
  expect(request).toMatchObject({ status: 'blocked', text: { en: expect.stringContaining('cannot hold together') } });
  // Who runs assignments reads people, institutions and applications as they are called, not their ids.
  expect(JSON.stringify(requests.at(-1)?.text)).not.toMatch(/person-|41440105\d\d|[0-9a-f]{8}-/);
  // With ten of the eleven limits two may review, and three are wanted: without any of these there is a solution.
  expect(blocking?.smallest).toBe('proven');
  expect(blocking?.constraints.map(({ kind }) => kind).toSorted()).toEqual([...Array<string>(10).fill('most'), 'wanted']);
  for (const application of applications) expect((await application.at('expert-review')).assignments).toEqual([]);
  expect((await panels()).body['items']).toMatchObject(applications.map(() => ({ reviewers: [] })));
  const adopted = await secretary.post(command('adopt-assignment'), { request: 1 });
  expect(refusedWith(adopted)).toEqual({ status: 409, code: 'assignment.not-open' });
  for (const person of [free, ...others]) expectAccepted(await describe(person, 5));
});

test('an assignment is run again with the same inputs and seed: byte-identical result, and the log holds seed, inputs hash and solver version', async () => {
  const first = await requested();
  const proposed = await panels();
  const discard = ({ requests }: AssignmentRead) =>
    secretary.post(command('discard-assignment'), { request: requests.length, reason: '再算一次，以资核对。' });
  expectAccepted(await discard(first));
  const again = await requested();
  expect((await panels()).text).toBe(proposed.text);
  expectAccepted(await discard(again));
  const [one, other] = [first, again].map(({ requests }) => requests.at(-1));
  expect([one?.status, other?.status]).toEqual(['proposed', 'proposed']);
  const { rows } = await house.sql.query<{ data: string }>(
    `select data::text as data from event where stream = $1 and type = 'AssignmentProposed' order by position`,
    [`assignment-${alliance}.${round}.expert-review`],
  );
  const logged = rows.map(({ data }): Record<string, unknown> => ({ ...JSON.parse(data), request: 'either' }));
  expect(logged).toEqual([logged[0], logged[0]]);
  const { seed, inputs, solver } = logged[0] ?? {};
  expect({ seed, inputs, solver }).toEqual({
    seed: expect.stringMatching(/^drawn in public/),
    inputs: expect.stringMatching(/^[\w-]{43}$/),
    solver: expect.stringMatching(/highs\/\d+\.\d+/),
  });
  for (const shown of [one, other]) expect(shown).toMatchObject({ seed, inputs, solver });
});

test('a whole round is assigned in a thread of its own, looked at, and adopted exactly once', async () => {
  const proposed = await requested();
  expect(proposed.requests.at(-1)).toMatchObject({ status: 'proposed', cases: 2 });
  expect(proposed.reviewers.reduce((total, { given }) => total + given, 0)).toBe(6);
  const { body } = await panels();
  const items = body['items'] as { id: string; reviewers: string[] }[];
  expect(items.map(({ id }) => id).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
    applications.map(({ id }) => id).toSorted((a, b) => (a < b ? -1 : 1)),
  );
  expectAccepted(await secretary.post(command('adopt-assignment'), { request: proposed.requests.length }));
  await house.settled();
  for (const application of applications) {
    const { assignments = [] } = await application.at('expert-review', (visit) => (visit.assignments ?? []).length > 0);
    expect(assignments.map(({ reviewer }) => reviewer).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
      items.find(({ id }) => id === application.id)?.reviewers.toSorted((a, b) => (a < b ? -1 : 1)),
    );
  }
});

test('nobody but who keeps the panel learns of an assignment, not even that there is one', async () => {
  const others = [house.seat('expert-panel'), house.seat('committee'), house.outsider(), applications[0]?.dean as Caller];
  for (const who of others)
    for (const address of [path, `${path}/panels`]) {
      const { status } = await who.get(address);
      expect({ address, status }).toEqual({ address, status: 404 });
    }
  expect((await house.nobody().get(path)).status).toBe(401);
});

test('who keeps the panel finds reviewers and course leaders by name; a reviewer reads and says only what is their own', async () => {
  const [first, second] = house.holders('expert-panel').map(({ person }) => person) as [string, string];
  const describe = { disciplines: [], expertise: ['online'], most: 5 };
  expectAccepted(await secretary.post(command('describe-reviewer'), { person: first, ...describe }));
  expectAccepted(await secretary.post(command('keep-apart'), { one: first, other: second }));
  const [leader] = (await secretary.get(`${path}/named?name=${encodeURIComponent('容')}`)).body['items'] as { person: string }[];
  expectAccepted(
    await house.person(first).post(command('declare-relation'), { relation: 'co-author', with: leader?.person ?? '' }),
  );
  const { body: pool } = await secretary.get(`${path}/pool`);
  expect(pool).toMatchObject({ as: 'keeper', apart: [{ one: first, other: second }] });
  const items = pool['items'] as { person: string }[];
  expect(items.find(({ person }) => person === first)).toMatchObject({
    institutionName: expect.stringMatching(/大学/),
    expertise: ['online'],
    most: 5,
    relations: [{ relation: 'co-author', withName: '容闳' }],
  });
  const { body: mine } = await house.person(second).get(`${path}/pool`);
  expect(mine).toMatchObject({ as: 'reviewer', apart: [], items: [{ person: second, relations: [] }] });
  expect(mine['items']).toHaveLength(1);
  const asked = async (who: Caller, name: string): Promise<unknown> =>
    (await who.get(`${path}/named?name=${encodeURIComponent(name)}`)).body['items'];
  expect(await asked(house.person(second), '容')).toEqual([]);
  expect(await asked(house.person(second), '容闳')).not.toEqual([]);
  const refused = await house.person(second).post(command('describe-reviewer'), { person: first, ...describe });
  expect([refused.status, refused.body['code']]).toEqual([403, 'authority.no-seat']);
  for (const who of [house.seat('committee'), house.outsider(), applications[0]?.dean as Caller])
    for (const address of [`${path}/pool`, `${path}/named?name=${encodeURIComponent('容闳')}`])
      expect((await who.get(address)).status).toBe(404);
});

test('how far an assignment is comes to who keeps the panel as it happens, and to nobody else', async () => {
  const live = `/v1/alliances/${alliance}/live`;
  const [keeper, reviewer] = await Promise.all([
    Listening.begin(house, secretary, live),
    Listening.begin(house, house.seat('expert-panel'), live),
  ]);
  // A computation that takes long: what is owed, with a note of how much is done.
  const id = `${alliance}.${round}.expert-review`;
  await house.sql.query(
    `insert into view_owed.effect (id, command, stream, due_at, position, place, note, body)
     values ('effect.0.0', 'long', $1, '2100-01-01', 0, 0, 'long', '{}')`,
    [`assignment-${id}`],
  );
  await house.sql.query(`insert into workflow.note (effect, held_until, share) values ('long', '2100-01-01', 0.25)`);
  await eventually(async () => (keeper.text.includes(`{"assignment":"${id}","share":0.25}`) ? true : undefined));
  await house.sql.query(`update workflow.note set share = 0.75 where effect = 'long'`);
  await eventually(async () => (keeper.text.includes('"share":0.75') ? true : undefined));
  await house.sql.query(`delete from view_owed.effect where note = 'long'`);
  expectAccepted(await secretary.post(command('request-assignment'), {}));
  await keeper.until(({ data }) => data['assignment'] === id);
  await openRound(house, 'later', '2026-06-30T16:00:00.000Z');
  await reviewer.until(({ data }) => data['round'] === `${alliance}.later`);
  expect(reviewer.text).not.toContain('assignment');
  for (const one of [keeper, reviewer]) one.stop();
});

test('the same review is open in two tabs: the second save gets a conflict with both texts, and nothing is overwritten', async () => {
  const application = applications[0] as Application;
  const { assignments = [] } = await application.at('expert-review', (visit) => (visit.assignments ?? []).length > 0);
  const reviewer = house.person(assignments[0]?.reviewer ?? '');
  const draft = `/v1/drafts/review.${application.id}.expert-review`;
  const save = (revision: number, comment: string): Promise<Answer> =>
    reviewer.send('PUT', draft, { revision, value: { comment } });
  const first = await save(0, '第一个窗口');
  expect(first.status).toBe(200);
  const second = await save(0, '第二个窗口');
  expect(second.status).toBe(409);
  expect(second.body).toMatchObject({
    code: 'draft.changed-elsewhere',
    details: { yours: '{"comment":"第二个窗口"}', theirs: '{"comment":"第一个窗口"}' },
  });
  expect((await reviewer.get(draft)).body['value']).toEqual({ comment: '第一个窗口' });
});

test('a substitute reviews: under their own name, own conflict check, and only while they stand in; the principal is recorded', async () => {
  const application = applications[0] as Application;
  const { assignments = [] } = await application.at('expert-review');
  const principal = house.person(assignments[0]?.reviewer ?? '');
  const busy = new Set(assignments.map(({ reviewer }) => reviewer));
  const pool = house.holders('expert-panel').filter(({ person }) => !busy.has(person));
  const period = {
    from: new Date(house.clock.now() + 3_600_000).toISOString(),
    until: new Date(house.clock.now() + 86_400_000).toISOString(),
  };
  const appoint = (person: string) =>
    application.act(application.secretary, 'appoint-substitute', {
      stage: 'expert-review',
      reviewer: principal.id,
      substitute: person,
      ...period,
    });
  const own = pool.find(({ institution }) => institution === '4144010558')?.person ?? '';
  expect(await appoint(own)).toMatchObject({ status: 409, body: { code: 'case.reviewer-barred' } });
  const related = new Set(
    house
      .holders('expert-panel')
      .slice(0, 2)
      .map(({ person }) => person),
  );
  const substitute = pool.find(({ person, institution }) => institution !== '4144010558' && !related.has(person))?.person ?? '';
  expectAccepted(await appoint(substitute));
  expect((await house.person(substitute).get(`/v1/cases/${application.id}`)).status).toBe(404);
  await house.moveTo(house.clock.now() + 3_600_000);
  await house.settled();
  expect((await house.person(substitute).get(`/v1/cases/${application.id}`)).status).toBe(200);
  await application.review(substitute);
  const { assignments: now = [] } = await application.at('expert-review');
  expect(now[0]).toMatchObject({ reviewer: substitute, principal: principal.id, status: 'submitted' });
});

const discussedRound = 'discussed';

/** A round whose reviewers hear each other under letters, once they have reviewed. */
async function openDiscussed(): Promise<Definition> {
  const { definition } = await loadDefinition('workflows/alliance-recognition.yaml');
  const discussed: Definition = {
    ...renamed(definition, 'recognised-discussed'),
    stages: definition.stages.map((stage) =>
      stage.kind === 'panel'
        ? { ...stage, discussion: { from: 'own-review', as: 'pseudonym', workingDays: 2, remind: 1, spread: 10 } }
        : stage,
    ),
  };
  await house.operator(definitionContext, discussed.id, 'AdoptDefinition', { definition: discussed });
  await openRound(house, discussedRound, '2026-06-01T00:00:00.000Z', { id: discussed.id, version: 1 });
  return discussed;
}

interface Heard {
  readonly until?: string;
  readonly reviews: readonly { readonly reviewer: number; readonly own?: true; readonly earlier: readonly object[] }[];
  readonly comments: readonly { readonly reviewer: number; readonly text: string }[];
}

test('reviewers read each other under letters once they have reviewed, think again, and are not hurried', async () => {
  const stage = 'expert-review';
  const { stages } = await openDiscussed();
  const criteria = stages.flatMap((one) => (one.kind === 'panel' ? one.rubric.criteria : []));
  const reviewOf = (points: number) => ({
    stage,
    scores: criteria.map(({ id }) => ({ criterion: id, points })),
    vetoes: [],
    comment: `评审意见 ${points}`,
  });
  const application = await Application.submitted(house, discussedRound, '4144010558');
  const { id } = application;
  const { assignments = [] } = await application.toPanel();
  const [one, two, three] = assignments.map(({ reviewer }) => reviewer) as [string, string, string];
  const send = (person: string, name: string, data: object) => house.person(person).post(`/v1/case/${id}/${name}`, data);
  const pageOf = (who: Caller) => who.get(`/v1/cases/${id}`);
  const heardBy = async (person: string): Promise<Heard | undefined> => {
    const { body } = await pageOf(house.person(person));
    const { visits } = body['case'] as { visits: readonly { stage: string; discussion?: Heard }[] };
    return visits.find((visit) => visit.stage === stage)?.discussion;
  };
  const live = `/v1/alliances/${alliance}/live`;
  const applicant = await Listening.begin(house, application.dean, live);
  const unheard = await Listening.begin(house, house.person(two), live);

  expectAccepted(await send(one, 'submit-review', reviewOf(9)));
  expectAccepted(await send(one, 'discuss-reviews', { stage, comment: '甲：教学设计完整。' }));
  expect(await heardBy(two)).toBeUndefined();
  const early = await send(two, 'discuss-reviews', { stage, comment: '先看看' });
  expect({ status: early.status, code: early.body['code'] }).toEqual({ status: 409, code: 'case.review-first' });
  expectAccepted(await send(three, 'submit-review', reviewOf(6)));
  await openRound(house, 'discussed-after', '2026-06-01T00:00:00.000Z');
  const marker = ({ data }: { readonly data: Readonly<Record<string, string>> }) =>
    data['round'] === `${alliance}.discussed-after`;
  await Promise.all([applicant.until(marker), unheard.until(marker)]);
  // When somebody reviewed or spoke is told to nobody who may not read it.
  for (const listening of [applicant, unheard]) {
    expect(listening.text).not.toContain(id);
    listening.stop();
  }

  expectAccepted(await send(two, 'submit-review', reviewOf(3)));
  const page = await pageOf(house.person(two));
  for (const other of [one, three]) expect(page.text).not.toContain(other);
  for (const { id: assignment } of assignments.filter(({ reviewer }) => reviewer !== two))
    expect(page.text).not.toContain(assignment);
  expect(page.body['acts']).toMatchObject([{ act: 'discuss' }, { act: 'revise' }, { act: 'declare-conflict' }]);
  const heard = await heardBy(two);
  expect(heard?.reviews.map(({ reviewer }) => reviewer)).toEqual([1, 2, 3]);
  expect(heard?.reviews.filter(({ own }) => own)).toHaveLength(1);
  expect(heard?.comments.map(({ text }) => text)).toEqual(['甲：教学设计完整。']);
  expect((await pageOf(application.dean)).text).not.toMatch(/"comments"|教学设计完整|评审意见 \d/);

  expectAccepted(await send(two, 'revise-review', { ...reviewOf(6), reason: '补阅附件后调整。' }));
  expect((await heardBy(one))?.reviews.map(({ earlier }) => earlier.length).toSorted()).toEqual([0, 0, 1]);
  const hurried = await send(application.secretary.id ?? '', 'complete-panel', { stage });
  expect({ status: hurried.status, code: hurried.body['code'] }).toEqual({ status: 409, code: 'case.discussion-open' });

  expectAccepted(await send(three, 'declare-conflict', { stage, ground: '曾为合作者。' }));
  expect((await pageOf(house.person(three))).status).toBe(404);
  expect((await send(three, 'discuss-reviews', { stage, comment: '还有一句' })).status).toBe(404);
  expect((await heardBy(one))?.reviews).toHaveLength(2);
});
