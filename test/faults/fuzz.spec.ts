import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commandIdOf } from '#kernel';
import { loadDefinition } from '#workflow';
import { cursorOf } from '../../apps/server/reads/schemas.js';
import type { Answer, Caller } from '../support/caller.js';
import { alliance, House } from '../support/house.js';
import { OpenApi, type OpenApiDocument } from '../support/openapi.js';
import { Plays } from './support/fuzz/plays.js';
import { Random } from './support/fuzz/random.js';
import { type FuzzRequest, Requests } from './support/fuzz/requests.js';
import { hostileTexts, Values } from './support/fuzz/values.js';
import { type Sent as Remembering, violations } from './support/invariants.js';
import { grouped } from './support/log-facts.js';
import { receiptOf } from './support/people.js';

/** 1,500 usually; FUZZ_REQUESTS=10000 for a night, FUZZ_SEED=… for the same ones again. */
const count = Number(process.env['FUZZ_REQUESTS'] ?? 1_500);
const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));
const atOnce = 12;

let house: House;
let document: OpenApiDocument;
beforeAll(async () => {
  house = await House.open();
  document = (await house.nobody().get('/openapi.json')).body as unknown as OpenApiDocument;
});
afterAll(() => house.close());

interface Sent {
  readonly request: FuzzRequest;
  readonly answer: Answer;
}

/** What is wrong with an answer, whatever was asked. */
function faultsOf(api: OpenApi, { request, answer }: Sent): readonly string[] {
  const { status, headers, body, text } = answer;
  const faults: string[] = [];
  if (status >= 500 && !(status === 503 && headers.get('retry-after') !== null)) faults.push(`answers ${status}`);
  if (status >= 400 && request.method !== 'HEAD') {
    const { en, zh } = (body['text'] ?? {}) as { en?: string; zh?: string };
    if (headers.get('content-type') !== 'application/problem+json; charset=utf-8') faults.push('is no problem+json');
    if (!/^[a-z]+\.[a-z-]+$/.test(String(body['code']))) faults.push(`has the code ${String(body['code'])}`);
    if (!en || !zh) faults.push('does not speak both languages');
  }
  if (/node_modules|at \w+ \(|\bselect\b.*\bfrom\b|violates|syntax error at|\.ts:\d/.test(text)) faults.push('shows its insides');
  const described = document.paths[request.template ?? '']?.[request.method.toLowerCase()];
  // Both come before anybody looks at what the address stands for.
  if (described !== undefined && status !== 414 && status !== 431)
    faults.push(...api.faultsOf(request.method.toLowerCase(), request.template ?? '', answer));
  return faults;
}

const dates = [
  '2026-05-01T00:00:00.000Z',
  '2026-06-01T00:00:00.000Z',
  '2027-01-01T00:00:00+08:00',
  ...hostileTexts.filter((text) => /^.?\d/.test(text)),
];

async function known(): Promise<Record<string, readonly unknown[]>> {
  const secretary = house.seat('secretariat', { role: 'chair' });
  const { body } = await secretary.get(`/v1/alliances/${alliance}/cases?limit=200`);
  const cases = body['items'] as { id: string; institution: string; stage: string }[];
  const { definition } = await loadDefinition('workflows/alliance-recognition.yaml');
  const people = house.people.map(({ person }) => person);
  const institutions = [...new Set(cases.map(({ institution }) => institution)), '4144010560', '9999999999'];
  const rounds = [`${alliance}.demonstration`, `${alliance}.fuzz-1`, `${alliance}.fuzz-2`];
  const courses = Array.from({ length: 5 }, () => `${alliance}.${randomUUID()}`);
  const subjects = cases.map(({ id }) => id.slice(id.lastIndexOf('.') + 1));
  return {
    alliance: [alliance, alliance, alliance, 'nowhere'],
    'Entente-Alliance': [alliance],
    'Entente-On-Behalf-Of': institutions.map((code) => `organ-${alliance}.deans-office.${code}`),
    'Entente-After': ['1', '100'],
    'Accept-Language': ['zh', 'en', 'zh-CN,zh;q=0.9'],
    'If-Match': Array.from({ length: 12 }, (_, revision) => `"${revision}"`),
    case: cases.map(({ id }) => id),
    round: rounds,
    'id of case': [...cases.map(({ id }) => id), ...courses.map((id) => id.replace('.', '.demonstration.'))],
    'id of round': rounds,
    'id of course': courses,
    'id of recognition': subjects.map((subject) => `${alliance}.${subject}`),
    'id of charter': [alliance],
    'id of definition': [`${alliance}.alliance-recognition`, `${alliance}.other`],
    'id of institution': institutions.map((code) => `${alliance}.${code}`),
    'id of membership': institutions.map((code) => `${alliance}.${code}`),
    'id of organ': ['committee', 'expert-panel', ...institutions.map((code) => `deans-office.${code}`)].map(
      (organ) => `${alliance}.${organ}`,
    ),
    'id of person': [...people.map((person) => person.slice('person-'.length)), randomUUID()],
    institution: institutions,
    person: people,
    stage: definition.stages.map(({ id }) => id),
    definition: [definition, { id: 'alliance-recognition', version: 1 }],
    key: ['draft-1', 'draft-2'],
    asOf: ['2026-04-20', '2026-04-19T08:00:00Z'],
    cursor: [cursorOf(cases[3]?.id ?? '')],
    visit: [1],
    until: dates,
    opensAt: dates,
    closesAt: dates,
    expiresAt: dates,
    from: dates,
  };
}

async function send(who: Caller, { method, path, headers, body }: FuzzRequest): Promise<Answer> {
  const answer = await who.send(method, path, body, headers);
  if (answer.status === 401) who.forgetSession();
  return answer;
}

/** Events since a position that no accepted request, and nothing that follows from one, accounts for. */
async function strays(after: string, sent: readonly Sent[]): Promise<readonly string[]> {
  const receipts = new Set(
    sent.flatMap(({ answer }) => (answer.status === 200 ? ((answer.body['events'] ?? []) as string[]) : [])),
  );
  const invitations = sent.filter(({ answer, request }) => answer.status === 201 && request.path.endsWith('/invitation')).length;
  const { rows } = await house.sql.query<{
    id: string;
    type: string;
    position: string;
    meta: { actor: string; correlation: string };
  }>(`select id, type, position::text, ('{' || frame)::jsonb->'meta' as meta from event order by position`);
  const accounted = new Set(
    rows.filter(({ id, position }) => receipts.has(id) || BigInt(position) <= BigInt(after)).map(({ meta }) => meta.correlation),
  );
  const fresh = rows.filter(({ position }) => BigInt(position) > BigInt(after));
  const unaccounted = fresh.filter(
    ({ id, meta }) => !receipts.has(id) && !(meta.actor === 'engine' && accounted.has(meta.correlation)),
  );
  const invited = unaccounted.filter(({ type }) => type === 'PersonInvited');
  return [
    ...unaccounted.filter(({ type }) => type !== 'PersonInvited').map(({ type, id }) => `${type} ${id}`),
    ...(invited.length > invitations ? [`${invited.length} invitations, ${invitations} asked for`] : []),
  ];
}

/** The commands that went under a key, as their senders remember them. */
function remembered(senders: readonly Caller[], sent: readonly Sent[]): readonly Remembered[] {
  return sent.flatMap(({ request: { path, headers, sender }, answer: { status, body } }) => {
    const key = headers['idempotency-key'];
    const [, , context, id] = path.split('/');
    const person = senders[sender]?.id;
    if (key?.startsWith('fuzz-') !== true || person === undefined || status >= 500) return [];
    const command = { key, commandId: commandIdOf(key, person, `${context}-${id}`), what: `${path} under ${key}` };
    return [{ ...command, ...(status === 200 ? { receipt: receiptOf(body) } : { refusal: String(body['code']) }) }];
  });
}

type Remembered = Remembering & { readonly key: string };

test(`nothing that can be sent makes a fault or an event that nobody was told of (${count} requests, seed ${seed})`, async () => {
  const random = new Random(seed);
  const api = new OpenApi(document);
  const senders = [
    house.nobody(),
    house.seat('secretariat', { role: 'chair' }),
    house.seat('deans-office', { scope: '4144010558' }),
    house.seat('deans-office', { scope: '4144010559' }),
    house.seat('provincial-department'),
    house.seat('expert-panel'),
    house.seat('committee', { role: 'chair' }),
    house.seat('committee', { role: 'deputy' }),
    house.outsider(),
  ];
  const requests = new Requests(document, random, new Values(document, random, await known()), senders.length);
  const { body: published } = await house.nobody().get(`/v1/alliances/${alliance}/publicity?limit=200`);
  const plays = new Plays(random, {
    secretary: 1,
    dean: 2,
    institution: '4144010558',
    outsider: senders.length - 1,
    published: (published['items'] as { id: string; stage: string }[])
      .filter(({ stage }) => stage === 'publicity')
      .map(({ id }) => id),
  });
  await house.settled();
  const { rows } = await house.sql.query<{ head: string }>('select max(position)::text as head from event');
  const sent: Sent[] = [];
  const faults = new Map<string, string>();
  while (sent.length < count) {
    const batch = Array.from({ length: atOnce }, () => (random.chance(0.08) ? plays.next() : requests.next()));
    const answers = await Promise.all(batch.map((request) => send(senders[request.sender] as Caller, request)));
    for (const [index, answer] of answers.entries()) {
      const one = { request: batch[index] as FuzzRequest, answer };
      sent.push(one);
      const { method, path, body = '' } = one.request;
      const shown = Buffer.from(body).toString().slice(0, 300);
      for (const fault of faultsOf(api, one)) {
        const asked = `${one.request.template ?? one.request.path}: ${fault}`;
        faults.set(asked, `${asked}\n  ${method} ${path} ${shown}\n  ${answer.text.slice(0, 150)}`);
      }
    }
  }
  const told = faults.size === 0 ? '' : `${[...faults.values()].slice(0, 20).join('\n')}\n${house.output.slice(0, 10_000)}`;
  expect(told).toBe('');
  const taken = sent.filter(({ answer }) => answer.status < 300);
  expect(taken.length).toBeGreaterThan(count / 20);
  expect(taken.filter(({ request }) => request.method === 'POST').length).toBeGreaterThan(count / 50);
  await house.settled();
  expect(await strays(rows[0]?.head ?? '0', sent)).toEqual([]);
  const commands = remembered(senders, sent);
  const accepted = grouped(
    commands.filter(({ receipt }) => receipt !== undefined),
    ({ key }) => key,
  );
  expect([...accepted.values()].filter(({ length }) => length > 1).length).toBeGreaterThan(0);
  expect(await violations({ databaseUrl: house.databaseUrl, sent: commands, now: () => house.clock.now() })).toEqual([]);
  expect((await house.nobody().get('/health')).body).toEqual({ status: 'ok', views: 'following' });
  expect(house.output).not.toMatch(/Error|uncaught/i);
}, 600_000);
