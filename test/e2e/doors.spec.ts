import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cursorOf } from '../../apps/server/reads/schemas.js';
import { eventually } from '../support/eventually.js';
import { Application, courseOf, expectAccepted, openRound } from '../support/applications.js';
import { after, type Answer, type Caller } from '../support/caller.js';
import { alliance, House } from '../support/house.js';

const jinan = '4144010559';
const shenzhen = '4144010590';
const technology = '4144011845';

let house: House;
let secretary: Caller;
beforeAll(async () => {
  house = await House.open();
  secretary = house.seat('secretariat', { role: 'chair' });
  await openRound(house, 'doors', '2026-06-30T16:00:00.000Z');
});
afterAll(() => house.close());

const path = `/v1/round/${alliance}.doors/grant-extension`;
/** How often one university is given longer is bounded. */
const extension = (until: string, institution = shenzhen) => ({ institution, until, reason: '校园网络故障。' });
const keyed = (): { 'idempotency-key': string } => ({ 'idempotency-key': randomUUID() });
const eventsOf = async (stream: string): Promise<number> => {
  const { rows } = await house.sql.query<{ n: number }>('select count(*)::int as n from event where stream = $1', [stream]);
  return rows[0]?.n ?? -1;
};

function expectProblem({ status, body, headers, text }: Answer, expected: { status: number; code: string }): void {
  expect({ status, code: body['code'] }).toEqual(expected);
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const sentences = body['text'] as { en: string; zh: string };
  expect(sentences.en).toMatch(/[a-z]/);
  expect(sentences.zh).toMatch(/\p{Script=Han}/u);
  expect(text).not.toMatch(/\bat \/|node_modules|select |insert |\.ts:|\.js:|postgres/i);
}

test('the same key twice is one command: the same receipt, and one event', async () => {
  const before = await eventsOf(`round-${alliance}.doors`);
  const headers = keyed();
  const first = expectAccepted(await secretary.post(path, extension('2026-07-01T16:00:00.000Z'), headers));
  const second = expectAccepted(await secretary.post(path, extension('2026-07-01T16:00:00.000Z'), headers));
  expect(second.body).toEqual(first.body);
  expect(await eventsOf(`round-${alliance}.doors`)).toBe(before + 1);
});

test('the same key ten times at once is one command', async () => {
  const before = await eventsOf(`round-${alliance}.doors`);
  const headers = keyed();
  const all = await Promise.all(
    Array.from({ length: 10 }, () => secretary.post(path, extension('2026-07-02T16:00:00.000Z'), headers)),
  );
  expect(new Set(all.map(({ text }) => text)).size).toBe(1);
  expect(all[0]?.status).toBe(200);
  expect(await eventsOf(`round-${alliance}.doors`)).toBe(before + 1);
});

test('a key that was used for something else is refused, and keys of two people have nothing to do with each other', async () => {
  const headers = keyed();
  expectAccepted(await secretary.post(path, extension('2026-07-03T16:00:00.000Z', jinan), headers));
  const other = await secretary.post(path, extension('2026-07-04T16:00:00.000Z', jinan), headers);
  expectProblem(other, { status: 422, code: 'command.id-reused' });
  const officer = house.seat('secretariat', { role: 'member' });
  expectAccepted(await officer.post(path, extension('2026-07-05T16:00:00.000Z', jinan), headers));
});

test('what the log cannot keep as it was meant is turned away at the door', async () => {
  const before = await eventsOf(`round-${alliance}.doors`);
  const send = (body: string | Uint8Array, type = 'application/json') => secretary.post(path, body, { 'content-type': type });
  const whole = JSON.stringify(extension('2026-07-07T16:00:00.000Z'));
  const notUtf8 = Buffer.concat([Buffer.from(whole.slice(0, -2)), Buffer.from([0xb1, 0xb1, 0x22, 0x7d])]);
  expectProblem(await send(notUtf8), { status: 415, code: 'request.media-type' });
  expectProblem(await send(whole, 'application/json; charset=gbk'), { status: 415, code: 'request.media-type' });
  for (const wrong of ['"until":1e999', '"reason":" \\u3000 "', '"reason":"\\u0000"', '"until":"9999-12-31T23:59:59-12:00"'])
    expectProblem(await send(`{${whole.slice(1, -1)},${wrong}}`), { status: 422, code: 'shape.invalid' });
  expect(await eventsOf(`round-${alliance}.doors`)).toBe(before);
  const nobody = house.nobody();
  for (const asOf of ['9999-12-31T23:59:59-12:00', '0001-01-01T00:00:00%2B14:00'])
    expectProblem(await nobody.get(`/v1/alliances/${alliance}/charter?asOf=${asOf}`), { status: 400, code: 'request.query' });
});

test('one key at two addresses is two commands, each with events of its own', async () => {
  const headers = keyed();
  const dean = house.seat('deans-office', { scope: jinan });
  const course = courseOf(jinan);
  const register = (id: string) => dean.post(`/v1/course/${alliance}.${id}/register-course`, course, headers);
  const [one, other] = [randomUUID(), randomUUID()];
  const first = expectAccepted(await register(one));
  const second = expectAccepted(await register(other));
  expect(new Set([first, second].flatMap(({ body }) => body['events'] as string[])).size).toBe(2);
  expect((await register(one)).body).toEqual(first.body);
});

test('a key is printable and long enough', async () => {
  for (const key of ['short', 'x'.repeat(201), 'with space and more'])
    expectProblem(await secretary.post(path, {}, { 'idempotency-key': key }), { status: 422, code: 'shape.invalid' });
  const whole = extension('2026-07-06T16:00:00.000Z');
  for (const key of ['short', 'x'.repeat(201), 'with space and more'])
    expectProblem(await secretary.post(path, whole, { 'idempotency-key': key }), { status: 400, code: 'request.malformed' });
});

test('whoever decides on what was read says what was read: 428 without, 412 when it has changed, and only to those who may act', async () => {
  const application = await Application.submitted(house, 'doors', shenzhen);
  const check = `/v1/case/${application.id}/pass-check`;
  const data = { stage: 'endorsement' };
  expectProblem(await application.dean.post(check, data), { status: 428, code: 'request.if-match-required' });
  expectProblem(await application.dean.post(check, data, { 'if-match': '"99"' }), {
    status: 412,
    code: 'command.stale-revision',
  });
  expectProblem(await application.dean.post(check, data, { 'if-match': '*' }), { status: 400, code: 'request.malformed' });
  const conflicted = house.holders('committee').find(({ institution }) => institution === shenzhen);
  for (const revision of ['"0"', '"1"', '"99"']) {
    const walled = await house.person(conflicted?.person ?? '').post(check, data, { 'if-match': revision });
    expectProblem(walled, { status: 404, code: 'case.not-found' });
    const stranger = await house.outsider().post(check, data, { 'if-match': revision });
    expect([403, 404]).toContain(stranger.status);
  }
  expectAccepted(await application.act(application.dean, 'pass-check', data));
});

test('whoever acts sees it at once: a view answers with what a receipt says', async () => {
  for (let n = 0; n < 5; n += 1) {
    const application = await Application.register(house, 'doors', jinan, `课程 ${n}`);
    const receipt = expectAccepted(await application.submit());
    const { body } = await application.dean.get(
      `/v1/alliances/${alliance}/cases?round=${alliance}.doors&limit=200`,
      after(receipt),
    );
    expect((body['items'] as { id: string }[]).map(({ id }) => id)).toContain(application.id);
  }
  const tooFar = await secretary.get(`/v1/alliances/${alliance}/cases`, { 'entente-after': '999999999' });
  expectProblem(tooFar, { status: 503, code: 'server.unavailable' });
  expect(tooFar.body['detail']).not.toContain('Idempotency-Key');
  expect(Number(tooFar.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('pages follow each other by cursors, without gaps or repeats', async () => {
  const list = `/v1/alliances/${alliance}/cases?limit=3`;
  const seen: string[] = [];
  for (let next: string | undefined = ''; next !== undefined;) {
    const { body } = await secretary.get(list + (next === '' ? '' : `&cursor=${next}`));
    seen.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
    next = body['next'] as string | undefined;
  }
  const { body } = await secretary.get(`/v1/alliances/${alliance}/cases?limit=200`);
  expect(seen).toEqual((body['items'] as { id: string }[]).map(({ id }) => id));
  const forged = [Buffer.from('{"}').toString('base64url'), 'AA', cursorOf('x').toUpperCase(), `${cursorOf('x')}.x`];
  for (const cursor of forged)
    expectProblem(await secretary.get(`${list}&cursor=${cursor}`), { status: 400, code: 'request.cursor' });
});

test('a number is written as one, and what an address does not know is refused, with what it knows', async () => {
  for (const limit of ['0', '1e9', '0x10', '201', '1.0', '+1', ' 1', '1&limit=2', ''])
    expectProblem(await secretary.get(`/v1/alliances/${alliance}/cases?limit=${limit}`), { status: 400, code: 'request.query' });
  const misspelt = await secretary.get(`/v1/alliances/${alliance}/cases?serch=x`);
  expectProblem(misspelt, { status: 400, code: 'request.query-unknown' });
  expect(misspelt.body).toMatchObject({ known: ['round', 'q', 'count', 'copied', 'cursor', 'limit'] });
  const none = await secretary.get(`/v1/rounds/${alliance}.demonstration?asOf=2026-01-01`);
  expectProblem(none, { status: 400, code: 'request.query-unknown' });
});

test('there are no statistics of a round that is not there', async () => {
  const round = `${alliance}.demonstration`;
  expect((await secretary.get(`/v1/rounds/${round}/statistics`)).status).toBe(200);
  for (const none of [`${alliance}.none`, `${alliance}.`, 'elsewhere.demonstration'])
    expect((await secretary.get(`/v1/rounds/${none}/statistics`)).status).toBe(404);
});

test('a refusal speaks the language that was asked for', async () => {
  const asked = (language: string) => secretary.get('/v1/cases/nowhere.x.y', { 'accept-language': language });
  expect((await asked('zh-CN,en;q=0.5')).body['detail']).toMatch(/\p{Script=Han}/u);
  expect((await asked('en,zh;q=0.5')).body['detail']).toMatch(/^There is/);
  expect((await asked('fr')).body['detail']).toMatch(/^There is/);
  expect((await asked('en;q=0.1, zh;q=0.9')).body['detail']).toMatch(/\p{Script=Han}/u);
});

test('no foreign page can send anything in a session, and no form can', async () => {
  const data = extension('2026-07-07T16:00:00.000Z');
  for (const headers of [
    { 'x-csrf-token': 'wrong' },
    { origin: 'https://elsewhere.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ] as const)
    expectProblem(await secretary.post(path, data, headers as never), { status: 403, code: 'identity.cross-site' });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const answer = await secretary.post(path, 'a=b', { 'content-type': type });
    expectProblem(answer, { status: 415, code: 'request.media-type' });
  }
  expect((await secretary.post(path, 'a', { 'content-type': 'application/octet-stream' })).status).toBe(415);
});

const hostile: readonly (readonly [string, string, number])[] = [
  ['cut short', '{"institution":', 400],
  ['no JSON', 'institution', 400],
  ['an array', '[]', 422],
  ['a text', '"institution"', 422],
  ['nothing', 'null', 422],
  ['too deep', `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 422],
  ['__proto__', '{"__proto__":{"admin":true}}', 400],
  ['constructor.prototype', '{"constructor":{"prototype":{"admin":true}}}', 400],
  ['a lone surrogate', '{"institution":"4144010590","until":"2026-07-08T16:00:00.000Z","reason":"\\ud800"}', 422],
  ['invisible', '{"institution":"4144010590","until":"2026-07-08T16:00:00.000Z","reason":"\u200b\u2060 "}', 422],
  ['a number too large', '{"institution":1e999}', 422],
  ['an unknown field', '{"institution":"4144010590","until":"2026-07-08T16:00:00.000Z","reason":"a","extra":1}', 422],
  ['an empty body', '', 400],
  ['two megabytes', `{"reason":"${'a'.repeat(2 * 2 ** 20)}"}`, 413],
];

test.each(hostile)('a body that is %s is refused with what to do', async (_, body, status) => {
  const answer = await secretary.post(path, body);
  expect(answer.status).toBe(status);
  expectProblem(answer, { status, code: String(answer.body['code']) });
});

test('a draft is saved on a revision that there can be', async () => {
  for (const revision of [-1, 1.5, 1e308, '0', null])
    expectProblem(await secretary.send('PUT', '/v1/drafts/review-1', { revision, value: 1 }), {
      status: 422,
      code: 'shape.invalid',
    });
  expect((await secretary.send('PUT', '/v1/drafts/review-1', { revision: 0, value: 1 })).status).toBe(200);
});

test('a NUL is no text, in a body or in an address', async () => {
  const given = { ...extension('2026-07-09T16:00:00.000Z'), reason: 'a\u0000b' };
  expectProblem(await secretary.post(path, given), { status: 422, code: 'shape.invalid' });
  const preview = `/v1/alliances/${alliance}/bulk-preview`;
  for (const more of [{ round: '\0' }, { cases: ['\0'] }, { q: '\0' }, { reason: '\0' }])
    expect((await secretary.post(preview, { act: 'pass-check', stage: 'endorsement', ...more })).status).toBe(422);
  for (const asked of ['/v1/alliances/a%00b/rounds', `/v1/alliances/${alliance}/cases?q=%00`, '/v1/drafts/%00'])
    expectProblem(await secretary.get(asked), { status: 400, code: 'request.malformed' });
});

test('what is not there is 404, what does not take the method is 405 and says which it takes', async () => {
  expectProblem(await secretary.get('/v1/nowhere'), { status: 404, code: 'request.not-found' });
  expectProblem(await secretary.post(`/v1/round/${alliance}.doors/no-such-command`, {}), {
    status: 404,
    code: 'request.not-found',
  });
  for (const method of ['DELETE', 'PATCH', 'OPTIONS', 'PUT']) {
    const answer = await secretary.send(method, `/v1/alliances/${alliance}/rounds`);
    expectProblem(answer, { status: 405, code: 'request.method-not-allowed' });
    expect(answer.headers.get('allow')).toContain('GET');
  }
  expectProblem(await secretary.get(path), { status: 405, code: 'request.method-not-allowed' });
  const head = await secretary.send('HEAD', `/v1/alliances/${alliance}/rounds`);
  expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: '' });
});

test('a file is sent as octets and nothing else is taken for one', async () => {
  const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  expectProblem(await secretary.send('PUT', `/v1/files/${sha256}`, {}), { status: 415, code: 'request.media-type' });
  const wrong = await secretary.send('PUT', `/v1/files/${'0'.repeat(64)}`, '%PDF-1.7', {
    'content-type': 'application/octet-stream',
  });
  expect([409, 422]).toContain(wrong.status);
  expectProblem(await secretary.post(path, '<a/>', { 'content-type': 'application/xml' }), {
    status: 415,
    code: 'request.media-type',
  });
});

test('a machine key reads within its alliance and powers, has no part in unfinished work, and without powers keeps no file', async () => {
  const [program, me] = [house.nobody(), `/v1/alliances/${alliance}/me`];
  const order = { name: 'reader', powers: [], expiresAt: new Date(house.clock.now() + 86_400_000).toISOString() };
  const keyOf = async (of: string) => {
    const { body } = await secretary.post('/v1/keys', { alliance: of, ...order });
    return { authorization: `Bearer ${String(body['token'])}` };
  };
  const byKey = await keyOf(alliance);
  expect((await program.get(me, byKey)).body).toMatchObject({ person: secretary.id, powers: [] });
  expectProblem(await program.get(me, await keyOf('another')), { status: 403, code: 'identity.key-alliance' });
  const refused = { status: 403, code: 'identity.key-not-enough' };
  for (const [method, draft] of [['GET'], ['PUT', { revision: 0, value: 1 }], ['DELETE']] as const)
    expectProblem(await program.send(method, '/v1/drafts/review-1', draft, byKey), refused);
  const file = { ...byKey, 'content-type': 'application/octet-stream' };
  expectProblem(await program.send('PUT', `/v1/files/${'0'.repeat(64)}`, '%PDF-1.7', file), refused);
});

test.each([
  ['its length', 'content-length: 83886080'],
  ['all of it', 'transfer-encoding: chunked'],
])('a file that is too large is refused once %s was sent', async (_when, field) => {
  const fields = Object.entries({ ...(await secretary.identified()), 'content-type': 'application/octet-stream' });
  const socket = connect(Number(new URL(house.url).port), '127.0.0.1');
  const answered = once(socket, 'data') as Promise<[Buffer]>;
  const lines = [`PUT /v1/files/${'0'.repeat(64)} HTTP/1.1`, 'host: a', field, ...fields.map((each) => each.join(': ')), '\r\n'];
  socket.write(lines.join('\r\n'));
  const piece = Buffer.from(`100000\r\n${'%PDF-1.7'.repeat(131_072)}\r\n`);
  // Whoever is no longer listened to stands before a full pipe.
  if (field.includes('chunked')) for (let sent = 0; sent < 80; sent += 1) if (!socket.write(piece)) await once(socket, 'drain');
  const [answer] = await answered;
  expect(answer.toString()).toMatch(/^HTTP\/1.1 409 .*"code":"file.too-large"/s);
  socket.destroy();
});

test('attempts are counted by the address that the last trusted proxy saw, whatever the sender adds', async () => {
  const tried = { login: 'nobody.here', password: 'not the password' };
  const guess = (path: string) => house.nobody().post('/v1/sign-in', tried, { 'x-forwarded-for': path });
  for (let tries = 0; tries < 20; tries += 1) expect((await guess(`192.0.2.${tries}, 203.0.113.5`)).status).toBe(401);
  expectProblem(await guess('192.0.2.77, 203.0.113.5'), { status: 429, code: 'identity.too-many-attempts' });
  expect((await guess('203.0.113.5, 203.0.113.6')).status).toBe(401);
});

test('what cannot be read as HTTP is a problem too, and the connection ends', async () => {
  const port = Number(new URL(house.url).port);
  for (const [request, status] of [
    ['NONSENSE\r\n\r\n', 400],
    ['GET /health HTTP/1.1\r\nHost: a\r\nX: a\u0000b\r\n\r\n', 400],
    ['GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    [`GET /health HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    [`GET /v1/cases/${'a'.repeat(2_000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, 414],
  ] as const) {
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(request));
      socket.setEncoding('utf8').on('data', (part: string) => (text += part));
      socket.on('close', () => resolve(text)).on('error', reject);
    });
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*application/problem\\+json[\\s\\S]*"text":\\{"en":`));
  }
  expect((await house.nobody().get('/health')).status).toBe(200);
});

test('every answer carries the headers that keep browsers from misreading it', async () => {
  for (const asked of ['/health', '/v1/alliances', '/nowhere', '/openapi.json']) {
    const { headers } = await house.nobody().get(asked);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    for (const boast of ['x-powered-by', 'server']) expect(headers.get(boast)).toBeNull();
  }
  const { headers } = await secretary.get(`/v1/alliances/${alliance}/me`);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('cache-control')).toBe('no-store');
});

test('300 cases are decided in bulk: a preview first: ids, counts, exclusions, a sample message; then all or none, and a retry sends nothing twice', async () => {
  await openRound(house, 'bulk', '2026-06-30T16:00:00.000Z');
  const applications: Application[] = [];
  while (applications.length < 302) {
    const together = Array.from({ length: Math.min(20, 302 - applications.length) }, () =>
      Application.submitted(house, 'bulk', technology),
    );
    applications.push(...(await Promise.all(together)));
  }
  const [gone, late, ...rest] = applications as [Application, Application, ...Application[]];
  const { dean } = gone;
  await gone.done(dean, 'withdraw-application', { reason: '另有安排。' });
  const doing = { act: 'pass-check', stage: 'endorsement', reason: '同意推荐。' };
  const preview = (steps: number): Promise<Record<string, unknown>> =>
    eventually(async () => {
      const { body } = await dean.post(`/v1/alliances/${alliance}/bulk-preview`, { ...doing, q: 'round:bulk institution:11845' });
      return body['steps'] === steps ? body : undefined;
    });
  const first = await preview(301);
  expect(first).toMatchObject({
    excluded: [{ case: gone.id, code: 'case.ended' }],
    sample: [{ zh: '审查通过。' }, {}, {}],
  });
  // A search under a name that nobody knows would be none, and find everything.
  const misspelt = await dean.post(`/v1/alliances/${alliance}/bulk-preview`, { ...doing, query: 'institution:11845' });
  expectProblem(misspelt, { status: 422, code: 'shape.invalid' });
  const ids = (first['cases'] as { case: string }[]).map((one) => one.case);
  expect(new Set(ids)).toEqual(new Set([late, ...rest].map(({ id }) => id)));

  const order = (id: string, { cases, hash }: Record<string, unknown>, key: string) =>
    dean.post(`/v1/bulk/${alliance}.${id}/order-bulk`, { ...doing, cases, preview: hash }, { 'idempotency-key': key });
  const passed = async (): Promise<readonly { actor: string; times: number }[]> => {
    const { rows } = await house.sql.query<{ actor: string; times: number }>(
      `select ('{' || frame)::jsonb->'meta'->>'actor' as actor, count(*)::int as times from event where type = 'CheckPassed'
       and starts_with(stream, 'case-${alliance}.bulk.') group by stream, 1`,
    );
    return rows;
  };
  await late.done(dean, 'withdraw-application', { reason: '另有安排。' });
  const refused = await order('early', first, randomUUID());
  expect(refused).toMatchObject({ status: 412, body: { code: 'bulk.changed', details: { excluded: [{ case: late.id }] } } });
  expect(await passed()).toEqual([]);

  const second = await preview(300);
  const key = randomUUID();
  const receipt = expectAccepted(await order('later', second, key));
  expect((await order('later', second, key)).body).toEqual(receipt.body);
  const progress = `/v1/bulk/${alliance}.later`;
  await eventually(async () => ((await dean.get(progress)).body['done'] === 300 ? true : undefined));
  expect((await dean.get(progress)).body).toMatchObject({ cases: 300, steps: 300, waiting: [], overtaken: [] });
  expect((await order('later', second, key)).body).toEqual(receipt.body);
  expect((await gone.secretary.get(progress)).status).toBe(404);
  expect(await passed()).toEqual(rest.map(() => ({ actor: dean.id, times: 1 })));
  const { body } = await dean.get(
    `/v1/alliances/${alliance}/cases?count=true&limit=1&q=${encodeURIComponent('round:bulk stage:recommendation')}`,
  );
  expect(body['total']).toBe(300);
});
