import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { charterContext, type CharterDocument } from '#charter';
import { Application, expectAccepted, openRound } from '../support/applications.js';
import type { Caller } from '../support/caller.js';
import { alliance, House } from '../support/house.js';

const [sunYatSen, southChina] = ['4144010558', '4144010561'];
const round = 'looked-back-on';

let house: House;
beforeAll(async () => {
  house = await House.open();
  await openRound(house, round, '2026-06-30T16:00:00.000Z');
});
afterAll(() => house.close());

interface Line {
  readonly at: string;
  readonly event: string;
  readonly position: string;
  readonly type: string;
  readonly actor: string;
  readonly power: string;
  readonly charter: number;
  readonly proof: readonly string[];
  readonly explanation?: {
    readonly clause: { readonly zh: string };
    readonly inputs: object;
    readonly excluded: readonly object[];
    readonly arithmetic: readonly object[];
  };
}

const timelineOf = async ({ secretary, id }: Application): Promise<readonly Line[]> =>
  (await secretary.get(`/v1/cases/${id}/timeline`)).body['items'] as Line[];

test('“why was this refused?”: the clause, the inputs, what was excluded and why, the arithmetic, who signed', async () => {
  const application = await Application.submitted(house, round, sunYatSen);
  await application.toBallot();
  const [one = '', ...others] = await application.electors();
  for (const person of others) expectAccepted(await application.vote(person, 'against'));
  expectAccepted(await application.vote(one, 'for'));
  expect(await application.ended()).toMatchObject({ id: 'declined' });
  const { body } = await application.secretary.get(`/v1/cases/${application.id}/timeline`);
  const lines = body['items'] as Line[];
  const refused = lines.findLast(({ type }) => type === 'StageLeft');
  const own = house.holders('committee').filter(({ institution }) => institution === sunYatSen);
  expect(refused).toMatchObject({
    power: 'decide-recognition',
    charter: 1,
    explanation: {
      clause: {
        en: expect.stringContaining('decision rule of version 1 of the charter'),
        zh: expect.stringContaining('第 1 版'),
      },
      inputs: {
        rule: { quorum: { atLeast: [2, 3], of: 'eligible-seats' }, majority: { over: [1, 2], of: 'votes-cast' } },
        ...{ organ: 'committee', seats: 9, eligible: 7, for: 1, against: 6, abstain: 0 },
      },
      excluded: own.map(({ person }) => ({ what: person, because: 'same-institution' })),
      arithmetic: [
        { what: 'quorum', actual: [7, 7], relation: '>=', required: [2, 3], holds: true },
        { what: 'majority', actual: [1, 7], relation: '>', required: [1, 2], holds: false },
      ],
    },
  });
  const signed = lines.filter(({ type }) => type === 'VoteCast').map(({ actor }) => actor);
  expect(signed).toEqual([...others, one]);
  for (const person of [...signed, ...own.map((seat) => seat.person)])
    expect((body['people'] as Record<string, object>)[person]).toMatchObject({ zh: expect.any(String) });

  const checked = await Application.submitted(house, round, southChina);
  await checked.done(checked.dean, 'fail-check', { stage: 'endorsement', reason: '不符合本校推荐条件。' });
  const line = (await timelineOf(checked)).find(({ explanation }) => explanation !== undefined);
  expect(line).toMatchObject({
    power: 'endorse-application',
    actor: checked.dean.id,
    explanation: {
      clause: { zh: '学校推荐' },
      inputs: { reason: '不符合本校推荐条件。', corrections: 0 },
      excluded: [],
      arithmetic: [],
    },
  });
});

test('an auditor asks what was known on a date: state and rules in force as of that date, and the events that made them', async () => {
  const application = await Application.submitted(house, round, southChina);
  const { secretary, dean, id } = application;
  const { body: charter } = await house.nobody().get(`/v1/alliances/${alliance}/charter`);
  await house.moveTo(house.clock.now() + 60_000);
  const amended = { ...(charter['document'] as CharterDocument), dues: { yuanPerYear: 5_000, monthsOfGrace: 6 } };
  await house.operator(charterContext, '', 'AdoptCharter', { document: amended });
  await application.done(dean, 'fail-check', { stage: 'endorsement', reason: '不符合本校推荐条件。' });
  await application.ended();
  const lines = await timelineOf(application);
  const asOf = `asOf=${encodeURIComponent(lines[0]?.at ?? '')}`;
  const { body: then } = await secretary.get(`/v1/cases/${id}?${asOf}`);
  expect(then).toMatchObject({ case: { status: 'open', charter: 1 }, definition: { version: 1 } });
  const { body: before } = await secretary.get(`/v1/cases/${id}/timeline?${asOf}`);
  expect(before['items']).toEqual(lines.slice(0, 2));
  expect(lines.map(({ type }) => type)).toEqual(['CaseOpened', 'StageEntered', 'CheckFailed', 'StageLeft', 'CaseEnded']);
  for (const { event, position, proof } of lines.slice(0, 3)) {
    const { rows } = await house.sql.query('select 1 from event where id = $1 and position = $2', [event, position]);
    expect(rows).toHaveLength(1);
    expect(proof.length).toBeGreaterThan(0);
  }
  const rules = async (query: string) => (await house.nobody().get(`/v1/alliances/${alliance}/charter${query}`)).body;
  expect(await rules(`?${asOf}`)).toEqual(charter);
  expect(await rules('')).toMatchObject({ version: 2, document: { dues: amended.dues } });
  const { body: seats } = await secretary.get(`/v1/alliances/${alliance}/seats?organ=committee&${asOf}`);
  expect(seats['items']).toHaveLength(9);
});

test('whoever may amend the charter is told beforehand which adopted workflows it would no longer allow, and nobody else', async () => {
  const { body: charter } = await house.nobody().get(`/v1/alliances/${alliance}/charter`);
  const document = charter['document'] as CharterDocument;
  const check = (who: Caller, powers: CharterDocument['powers']) =>
    who.post(`/v1/alliances/${alliance}/charter-check`, { document: { ...document, powers } });
  const assembly = house.seat('assembly');
  expect((await check(assembly, document.powers)).body).toEqual({ findings: [], unlawful: [] });
  const without = document.powers.map(({ workflows: _workflows, ...clause }) => clause);
  expect((await check(assembly, without)).body).toMatchObject({
    findings: [],
    unlawful: [
      {
        id: 'alliance-recognition',
        version: 1,
        title: { zh: expect.any(String) },
        findings: expect.arrayContaining([
          expect.objectContaining({
            code: 'engine-without-power',
            text: { en: expect.stringContaining('recognise-course'), zh: expect.any(String) },
          }),
        ]),
      },
    ],
  });
  const unsound = await check(assembly, [...without, ...without.slice(0, 1)]);
  expect(unsound.body).toMatchObject({ findings: [{ code: 'power-twice' }], unlawful: [] });
  expect((await check(house.seat('secretariat'), without)).status).toBe(404);
});

test('of a text that is no workflow anywhere the first two hundred findings are told', async () => {
  const text = `stages: [${'{},'.repeat(500)}{}]`;
  const asked = { definition: { name: 'a.yaml', text }, beside: [] };
  const { body } = await house.seat('secretariat').post(`/v1/alliances/${alliance}/definition-check`, asked);
  expect(body['findings']).toHaveLength(200);
});

test('a secretary acts for a member: both identities are on the event', async () => {
  const application = await Application.register(house, round, southChina);
  const office = `organ-${alliance}.deans-office.${southChina}`;
  const { secretary } = application;
  const submit = (onBehalfOf?: string) =>
    application.handIn(secretary, application.paper(), onBehalfOf === undefined ? {} : { 'entente-on-behalf-of': onBehalfOf });
  for (const [text, status, code] of [
    [undefined, 403, 'authority.no-seat'],
    ['x', 400, 'request.malformed'],
    [`organ-${alliance}.provincial-department.44`, 400, 'request.malformed'],
    [`organ-other.deans-office.${southChina}`, 403, 'authority.not-on-behalf'],
    [`organ-${alliance}.deans-office.4144010590`, 403, 'authority.not-on-behalf'],
  ] as const) {
    const { status: answered, body } = await submit(text);
    expect([answered, body['code']]).toEqual([status, code]);
  }
  expectAccepted(await submit(office));
  const { body } = await secretary.get(`/v1/cases/${application.id}/timeline`);
  expect((body['items'] as object[])[0]).toMatchObject({ type: 'CaseOpened', actor: secretary.id, onBehalfOf: office });
});

test('“what if the quorum had been two thirds?”: the round is decided again under the changed rule, the changed outcomes are listed, nothing is written', async () => {
  await openRound(house, 'what-if', '2026-09-30T16:00:00.000Z');
  const voted = async (institution: string, votes: readonly ('for' | 'against')[]) => {
    const application = await Application.submitted(house, 'what-if', institution);
    const { sittings = [] } = await application.toBallot();
    const electors = await application.electors();
    for (const [index, choice] of votes.entries()) expectAccepted(await application.vote(electors[index] ?? '', choice));
    return { application, closesAt: sittings[0]?.closesAt ?? '' };
  };
  // Of eight who may vote: six for; six of whom two are against; five, too few for the two thirds that the charter asks for.
  const { application: clear } = await voted(southChina, Array<'for'>(6).fill('for'));
  const { application: close } = await voted(southChina, ['for', 'for', 'for', 'for', 'against', 'against']);
  const { application: few, closesAt } = await voted(southChina, Array<'for'>(5).fill('for'));
  await house.passTo(closesAt);
  for (const application of [clear, close]) await application.at('publicity');
  await few.at('committee', (visit) => visit.sittings?.length === 2);

  const path = `/v1/rounds/${alliance}.what-if/stages/committee/what-if`;
  const head = async () => (await house.sql.query('select max(position) as head from event')).rows;
  const before = await head();
  const ask = (query: string) => few.secretary.get(`${path}?${query}`);
  expect((await ask('')).body).toEqual({ items: [], decided: 3, changed: 0 });
  expect((await ask('quorum=2/3&quorumOf=all-seats&majority=>=2/3&tie=not-carried')).body).toMatchObject({ changed: 0 });
  expect((await ask('quorum=1/2')).body).toMatchObject({
    ...{ decided: 3, changed: 1 },
    items: [
      {
        ...{ id: few.id, title: '岭南古建筑' },
        was: { outcome: 'reconvened', to: [], arithmetic: [{ what: 'quorum', actual: [5, 8], required: [2, 3], holds: false }] },
        wouldBe: {
          outcome: 'carried',
          to: [{ id: 'publicity', title: { zh: '公示' } }],
          text: { en: 'Carried: 5 for, 0 against, 0 abstaining.' },
          arithmetic: [
            { actual: [5, 8], required: [1, 2], holds: true },
            { what: 'majority', holds: true },
          ],
        },
      },
    ],
  });
  expect((await ask('quorum=1/1')).body).toMatchObject({
    changed: 2,
    items: [clear, close]
      .map(({ id }) => ({ id, was: { outcome: 'carried' }, wouldBe: { outcome: 'reconvened', to: [] } }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  });
  expect((await ask('majority=>=5/6')).body).toMatchObject({
    items: [{ id: close.id, wouldBe: { outcome: 'not-carried', to: [{ id: 'declined' }] } }],
  });
  expect((await ask('quorum=none')).status).toBe(400);
  expect(await head()).toEqual(before);
  for (const who of [few.dean, house.seat('expert-panel'), house.outsider(), house.seat('committee')])
    expect((await who.get(`${path}?quorum=1/2`)).status).toBe(404);
});
