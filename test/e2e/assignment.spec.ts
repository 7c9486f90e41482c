import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Definition, definitionContext, loadDefinition } from '#workflow';
import { eventually } from '../faults/support/child.js';
import { Application, expectAccepted } from '../support/applications.js';
import type { Answer, Caller } from '../support/caller.js';
import { alliance, House } from '../support/house.js';

interface AssignmentRead {
  readonly requests: readonly {
    readonly status: string;
    readonly cases: number;
    readonly inputs?: string;
    readonly share?: number;
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
    ...definition,
    id: 'recognised-together',
    version: 1,
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
}, 120_000);
afterAll(() => house.close());

test('a whole round is assigned in a thread of its own, looked at, and adopted exactly once', async () => {
  expectAccepted(await secretary.post(command('request-assignment'), {}));
  const proposed = await eventually(async () => {
    const read = (await secretary.get(path)).body as unknown as AssignmentRead;
    return read.requests.at(-1)?.status === 'proposed' ? read : undefined;
  });
  expect(proposed.requests).toMatchObject([{ cases: 2 }]);
  expect(proposed.reviewers.reduce((total, { given }) => total + given, 0)).toBe(6);
  const { body } = await secretary.get(`${path}/panels`);
  const panels = body['items'] as { id: string; reviewers: string[] }[];
  expect(panels.map(({ id }) => id).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
    applications.map(({ id }) => id).toSorted((a, b) => (a < b ? -1 : 1)),
  );
  expectAccepted(await secretary.post(command('adopt-assignment'), { request: 1 }));
  await house.settled();
  for (const application of applications) {
    const { assignments = [] } = await application.at('expert-review', (visit) => (visit.assignments ?? []).length > 0);
    expect(assignments.map(({ reviewer }) => reviewer).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
      panels.find(({ id }) => id === application.id)?.reviewers.toSorted((a, b) => (a < b ? -1 : 1)),
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

test('a substitute knows of a case only while they stand in, and reviews it under their own name', async () => {
  const application = applications[0] as Application;
  const { assignments = [] } = await application.at('expert-review');
  const principal = house.person(assignments[0]?.reviewer ?? '');
  const busy = new Set(assignments.map(({ reviewer }) => reviewer));
  const others = house
    .holders('expert-panel')
    .filter(({ person, institution }) => !busy.has(person) && institution !== '4144010558');
  const period = {
    from: new Date(house.clock.now() + 3_600_000).toISOString(),
    until: new Date(house.clock.now() + 86_400_000).toISOString(),
  };
  const [substitute = ''] = await Promise.all(
    others.map(async ({ person }, index) => {
      if (index > 0) return undefined;
      const data = { stage: 'expert-review', substitute: person, ...period };
      expectAccepted(await application.act(principal, 'appoint-substitute', data));
      return person;
    }),
  );
  expect((await house.person(substitute).get(`/v1/cases/${application.id}`)).status).toBe(404);
  await house.moveTo(house.clock.now() + 3_600_000);
  await house.settled();
  expect((await house.person(substitute).get(`/v1/cases/${application.id}`)).status).toBe(200);
  await application.review(substitute);
  const { assignments: now = [] } = await application.at('expert-review');
  expect(now[0]).toMatchObject({ reviewer: substitute, principal: principal.id, status: 'submitted' });
});
