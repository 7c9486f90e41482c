import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { previewHash } from '#workflow';
import { cursorOf } from '../../apps/server/reads/schemas.js';
import { Random } from '../faults/support/fuzz/random.js';
import type { Answer, Caller } from '../support/caller.js';
import { alliance, House } from '../support/house.js';
import { papers } from '../support/papers.js';
import { Listening } from '../support/listening.js';
import { asksWithBody, isOpen, questionsOf } from '../support/questions.js';
import { World } from '../support/worlds.js';

/** LEAK_PEOPLE=… asks for more of those who judge; each needs a server of their own. */
const people = Number(process.env['LEAK_PEOPLE'] ?? 1);
const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));
const now = '2026-04-20T01:00:00.000Z';
const at = '2026-04-20T01:02:00.000Z';
const random = new Random(seed);

const round = `${alliance}.demonstration`;

let world: World;
let whole: House;
beforeAll(async () => {
  world = await World.with(random, now);
  whole = await House.open({ at, prepare: (url) => world.writeTo(url) });
});
afterAll(() => whole.close());

interface Reader {
  readonly person: string;
  /** Cases that must be for them as if they had never been. */
  readonly kept: readonly string[];
  readonly known: readonly string[];
  /** Whether some of them are public: what anyone may ask shows them to them too. */
  readonly isPublicKept: boolean;
}

/** Those who judge and from whom something is kept, in an order that the seed decides. */
async function judges(): Promise<readonly Reader[]> {
  const found: Reader[] = [];
  const seats = [...whole.holders('committee'), ...whole.holders('expert-panel')];
  for (const { person } of seats) {
    const { body } = await whole.person(person).get(`/v1/alliances/${alliance}/me`);
    const powers = (body['powers'] as { power: string; scope: string | null }[]).map(({ power, scope }) =>
      scope === null ? { power } : { power, scope },
    );
    const institutions = [
      ...new Set((body['seats'] as { institution: string | null }[]).flatMap(({ institution }) => institution ?? [])),
    ];
    const { walled: kept, known } = await world.casesFor({ person, institutions, powers });
    if (kept.length > 0) found.push({ person, kept, known, isPublicKept: true });
  }
  return found
    .map((judge) => ({ judge, place: random.next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ judge }) => judge);
}

/** Somebody who holds no seat: only what is public is there for them. */
async function outsider(): Promise<Reader> {
  const person = whole.outsider().id ?? '';
  const { unknown: kept, known } = await world.casesFor({ person, institutions: [], powers: [] });
  return { person, kept, known, isPublicKept: false };
}

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
const ends = ['recognised', 'withdrawn'];

type Paths = Parameters<typeof questionsOf>[0];

/** Everything that can be asked of what might give a case away; what is public is public. */
async function questions({ kept, known, person, isPublicKept }: Reader): Promise<readonly string[]> {
  const { paths } = (await whole.nobody().get('/openapi.json')).body as { readonly paths: Paths };
  const cases = [...kept, ...known];
  const stages = world.stages;
  const searches = [
    ...words,
    ...[...stages, ...ends].map((stage) => `stage:${stage}`),
    ...['-overdue:yes -objections:0', 'objections:0,1 reviews<9', '-province:44'],
  ];
  const ofPath = {
    alliance: [alliance],
    round: [round],
    case: cases,
    stage: stages,
    sha256: [papers.syllabus.sha256, ...world.filesOf(kept).slice(0, 2)],
    key: cases,
    meeting: [`${alliance}.none`],
    bulk: [`${alliance}.none`],
  };
  const ofQuery = {
    asOf: ['2026-04-01'],
    q: searches,
    count: ['true'],
    copied: ['true', 'me'],
    cursor: cases.map(cursorOf).slice(0, 40),
    limit: ['1', '2', '200'],
    round: [round],
    organ: ['committee', 'expert-panel'],
    name: ['大学'],
    province: ['44'],
    level: ['undergraduate'],
    status: ['member'],
    reviewer: [person],
    group: ['online'],
    subcase: ['appeal'],
    lang: ['zh'],
    day: ['2026-04-20'],
    document: ['recognition'],
    year: ['2026'],
    number: ['1'],
    institution: world.institutionsOf(kept).slice(0, 3),
    quorum: ['1/9'],
    quorumOf: ['all-seats'],
    majority: ['>=1/9'],
    majorityOf: ['present'],
    tie: ['not-carried'],
  };
  const counted = searches.map((q) => `/v1/alliances/${alliance}/cases?count=true&limit=200&q=${encodeURIComponent(q)}`);
  const isMeant = (read: Paths[string][string]): boolean => !isPublicKept || !isOpen(read);
  return [...questionsOf(paths, isMeant, ofPath, ofQuery), ...counted];
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
  const seen = { 'entente-after': await whole.head() };
  for (const path of asked) answers[path] = said(await who.get(path, seen));
  return answers;
}

/** What is asked with a body, by address: all that there is. */
const bodies = (cases: readonly string[]): Readonly<Record<string, object>> => ({
  '/v1/alliances/{alliance}/charter-check': { document: {} },
  '/v1/rounds/{round}/migration': { to: 1 },
  '/v1/alliances/{alliance}/definition-check': { definition: { name: 'a.yaml', text: 'id: course-accreditation' }, beside: [] },
  '/v1/alliances/{alliance}/bulk-preview': { act: 'cast-vote', stage: 'committee', choice: 'for', cases },
});

const sitting = { opensAt: '2026-05-20T01:00:00.000Z', closesAt: '2026-05-21T01:00:00.000Z' };

/** An order that would be as its preview showed it. */
function orderOf(id: string, act: 'cast-vote' | 'pass-check', stage: string): object {
  const said = { act, stage, ...(act === 'cast-vote' ? { choice: 'for' as const } : {}), cases: [{ case: id, revision: 3 }] };
  return { ...said, preview: previewHash(said) };
}

/** What somebody is told who tries to act on cases. */
async function attempts(who: Caller, cases: readonly string[]): Promise<Record<string, object>> {
  const answers: Record<string, object> = {};
  for (const [path, body] of Object.entries(bodies(cases)))
    answers[path] = said(await who.post(path.replace('{alliance}', alliance).replace('{round}', round), body));
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
    for (const [path, data] of [
      [`/v1/meeting/${alliance}.guess/convene-meeting`, { agenda: [{ case: id, stage: 'committee' }], ...sitting }],
      [`/v1/bulk/${alliance}.guess/order-bulk`, orderOf(id, 'cast-vote', 'committee')],
      [`/v1/bulk/${alliance}.guess/order-bulk`, orderOf(id, 'pass-check', 'formal-check')],
    ] as const)
      answers[`${path} ${JSON.stringify(data)}`] = said(await who.post(path, data));
  }
  return answers;
}

/** What one person is told live in each of two houses, once nothing more comes and both were told the same; as it is, where that is never so. */
async function heardIn(houses: readonly House[], person: string): Promise<readonly string[]> {
  const after = world.events.length > 900 ? world.events.length - 900 : 0;
  const path = `/v1/alliances/${alliance}/live`;
  const listening = await Promise.all(
    houses.map((house) => Listening.begin(house, house.person(person), path, { 'last-event-id': String(after) })),
  );
  let heard: readonly string[] = [];
  for (let left = 30; left > 0; left -= 1) {
    const before = heard;
    await new Promise((resolve) => setTimeout(resolve, 700));
    heard = listening.map(({ text }) => text);
    if (before.length > 0 && new Set([...before, ...heard]).size === 1) break;
  }
  for (const one of listening) one.stop();
  return heard;
}

test(`a reviewer works for the applicant’s institution, or has declared a conflict: the case is for them one that never was (seed ${seed})`, async () => {
  const chosen = [...(await judges()).slice(0, people), await outsider()];
  expect(chosen.length).toBe(people + 1);
  for (const reader of chosen) {
    const { person, kept, isPublicKept } = reader;
    expect(kept.length).toBeGreaterThan(0);
    const other = await House.open({ at, prepare: (url) => world.writeTo(url, kept) });
    try {
      await Promise.all([whole.settled(), other.settled()]);
      const asked = await questions(reader);
      const [here, there] = [await answersTo(whole.person(person), asked), await answersTo(other.person(person), asked)];
      expect(here).toEqual(there);
      expect(Object.values(here).filter((answer) => (answer as { status: number }).status === 200).length).toBeGreaterThan(25);
      const tried = isPublicKept ? kept : kept.slice(0, 5);
      expect(await attempts(whole.person(person), tried)).toEqual(await attempts(other.person(person), tried));
      const [heardHere, heardThere] = await heardIn([whole, other], person);
      expect(heardHere).toBe(heardThere);
      for (const id of kept)
        expect(JSON.stringify(here).replaceAll(new RegExp(`"/v1/[^"]*"|cursor=[^"]*`, 'g'), '')).not.toContain(id);
    } finally {
      await other.close();
    }
  }
}, 240_000);

test('whatever is asked with a body is asked here', async () => {
  const { paths } = (await whole.nobody().get('/openapi.json')).body as { readonly paths: Paths };
  expect(asksWithBody(paths)).toEqual(Object.keys(bodies([])));
});

test('those two worlds do differ: the secretariat sees the one and not the other', async () => {
  const [judge] = await judges();
  const [id = ''] = judge?.kept ?? [];
  expect((await whole.seat('secretariat').get(`/v1/cases/${id}`)).status).toBe(200);
  expect((await whole.person(judge?.person ?? '').get(`/v1/cases/${id}`)).status).toBe(404);
});
