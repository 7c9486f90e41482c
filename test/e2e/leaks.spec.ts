import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Random } from '../faults/support/fuzz/random.js';
import type { Answer, Caller } from '../support/caller.js';
import { alliance, House } from '../support/house.js';
import { Listening } from '../support/listening.js';
import { World } from '../support/worlds.js';

/** LEAK_PEOPLE=… asks for more people; each needs a server of their own. */
const people = Number(process.env['LEAK_PEOPLE'] ?? 2);
const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));
const now = '2026-04-20T01:00:00.000Z';
const at = '2026-04-20T01:02:00.000Z';
const random = new Random(seed);

let world: World;
let whole: House;
beforeAll(async () => {
  world = await World.with(random, now);
  whole = await House.open({ at, prepare: (url) => world.writeTo(url) });
}, 120_000);
afterAll(() => whole.close());

interface Judge {
  readonly person: string;
  readonly walled: readonly string[];
  readonly known: readonly string[];
}

/** Those who judge and from whom something is kept, in an order that the seed decides. */
async function judges(): Promise<readonly Judge[]> {
  const found: Judge[] = [];
  const seats = [...whole.holders('committee'), ...whole.holders('expert-panel')];
  for (const { person } of seats) {
    const { body } = await whole.person(person).get(`/v1/alliances/${alliance}/me`);
    const powers = (body['powers'] as { power: string; scope: string | null }[]).map(({ power, scope }) =>
      scope === null ? { power } : { power, scope },
    );
    const institutions = [
      ...new Set((body['seats'] as { institution: string | null }[]).flatMap(({ institution }) => institution ?? [])),
    ];
    const cases = await world.casesFor({ person, institutions, powers });
    if (cases.walled.length > 0) found.push({ person, ...cases });
  }
  return found
    .map((judge) => ({ judge, place: random.next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ judge }) => judge);
}

/** Everything that can be asked of what might give a case away; what is public is public. */
function questions(cases: readonly string[]): readonly string[] {
  const lists = [
    'me',
    'seats',
    'institutions?limit=200',
    'memberships',
    'rounds',
    'tasks',
    'cases',
    'cases?limit=1',
    'cases?limit=200',
    'incidents',
    'skipped-effects',
    'charter',
  ];
  const filters = [
    'endorsement',
    'recommendation',
    'formal-check',
    'expert-review',
    'committee',
    'publicity',
    'recognised',
    'withdrawn',
  ];
  const words = [
    '大学',
    '课',
    'a',
    '岭南',
    'DEMONSTRATION',
    '金融',
    '机器人',
    '线性',
    '英语',
    '海洋',
    '设计',
    '数据',
    '近代史',
    '伦理',
  ];
  return [
    ...lists.map((list) => `/v1/alliances/${alliance}/${list}`),
    ...filters.map((stage) => `/v1/alliances/${alliance}/cases?q=stage:${stage}&count=true&limit=200`),
    ...words.map((word) => `/v1/alliances/${alliance}/cases?count=true&q=${encodeURIComponent(word)}`),
    ...cases.map((id) => `/v1/alliances/${alliance}/cases?limit=2&cursor=${Buffer.from(id).toString('base64url')}`),
    `/v1/rounds/${alliance}.demonstration`,
    `/v1/rounds/${alliance}.demonstration/statistics`,
    `/v1/alliances/${alliance}/cases?count=true&q=${encodeURIComponent('-overdue:yes -objections:0')}`,
    `/v1/alliances/${alliance}/cases?count=true&q=${encodeURIComponent('objections:0,1 reviews<9')}`,
    `/v1/alliances/${alliance}/cases?count=true&q=${encodeURIComponent('-province:44')}`,
    ...cases.flatMap((id) => [
      `/v1/cases/${id}`,
      `/v1/cases/${id}?asOf=2026-04-01`,
      `/v1/cases/${id}/timeline`,
      `/v1/cases/${id}/files/${'ab'.repeat(32)}`,
      `/v1/drafts/${id}`,
    ]),
  ];
}

/** An answer without what differs from request to request. */
const said = ({ status, headers, text }: Answer): object => ({
  status,
  text: text.replace(/"instance":"[^"]*"/, ''),
  etag: headers.get('etag'),
  position: headers.get('entente-position'),
  length: headers.get('content-length') === null ? null : text.replace(/"instance":"[^"]*"/, '').length,
});

async function answersTo(who: Caller, asked: readonly string[]): Promise<Record<string, object>> {
  const answers: Record<string, object> = {};
  for (const path of asked) answers[path] = said(await who.get(path));
  return answers;
}

/** What somebody is told who tries to act on cases. */
async function attempts(who: Caller, cases: readonly string[]): Promise<Record<string, object>> {
  const answers: Record<string, object> = {};
  const voting = { act: 'cast-vote', stage: 'committee', choice: 'for', cases };
  answers['bulk'] = said(await who.post(`/v1/alliances/${alliance}/bulk-preview`, voting));
  const review = { stage: 'expert-review', scores: [], vetoes: [], comment: '意见' };
  for (const id of cases) {
    for (const [command, data, headers] of [
      ['pass-check', { stage: 'formal-check' }, { 'if-match': '"3"' }],
      ['pass-check', { stage: 'formal-check' }, { 'if-match': '"999"' }],
      ['cast-vote', { stage: 'committee', choice: 'for' }, {}],
      ['submit-review', review, {}],
      ['revise-review', { ...review, reason: '再议' }, {}],
      ['discuss-reviews', { stage: 'expert-review', comment: '意见' }, {}],
      ['declare-conflict', { stage: 'committee', ground: '合著' }, {}],
      ['withdraw-application', { reason: '撤回' }, {}],
      ['raise-objection', { stage: 'publicity', name: '钱一', contact: '1380000', statement: '不实', evidence: [] }, {}],
    ] as const)
      answers[`${id} ${command} ${JSON.stringify(headers)}`] = said(await who.post(`/v1/case/${id}/${command}`, data, headers));
  }
  return answers;
}

async function heardBy(house: House, person: string): Promise<string> {
  const after = world.events.length > 900 ? world.events.length - 900 : 0;
  const listening = await Listening.begin(house, house.person(person), `/v1/alliances/${alliance}/live`, {
    'last-event-id': String(after),
  });
  let before = -1;
  while (listening.text.length !== before) {
    before = listening.text.length;
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
  listening.stop();
  return listening.text;
}

test(`a case with which somebody has a conflict is for them a case that never was (seed ${seed})`, async () => {
  const chosen = (await judges()).slice(0, people);
  expect(chosen.length).toBe(people);
  for (const { person, walled, known } of chosen) {
    const other = await House.open({ at, prepare: (url) => world.writeTo(url, walled) });
    try {
      await Promise.all([whole.settled(), other.settled()]);
      const asked = questions([...walled, ...known]);
      const [here, there] = [await answersTo(whole.person(person), asked), await answersTo(other.person(person), asked)];
      expect(here).toEqual(there);
      expect(Object.values(here).filter((answer) => (answer as { status: number }).status === 200).length).toBeGreaterThan(25);
      expect(await attempts(whole.person(person), walled)).toEqual(await attempts(other.person(person), walled));
      expect(await heardBy(whole, person)).toBe(await heardBy(other, person));
      for (const id of walled)
        expect(JSON.stringify(here).replaceAll(new RegExp(`"/v1/[^"]*"|cursor=[^"]*`, 'g'), '')).not.toContain(id);
    } finally {
      await other.close();
    }
  }
}, 180_000);

test('those two worlds do differ: the secretariat sees the one and not the other', async () => {
  const [judge] = await judges();
  const [id = ''] = judge?.walled ?? [];
  expect((await whole.seat('secretariat').get(`/v1/cases/${id}`)).status).toBe(200);
  expect((await whole.person(judge?.person ?? '').get(`/v1/cases/${id}`)).status).toBe(404);
});
