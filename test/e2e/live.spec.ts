import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { Application, expectAccepted, openRound } from '../support/applications.js';
import { alliance, House } from '../support/house.js';
import { Listening } from '../support/listening.js';

const sunYatSen = '4144010558';
const live = `/v1/alliances/${alliance}/live`;

let house: House;
beforeAll(async () => {
  house = await House.open();
  await openRound(house, 'live', '2026-06-30T16:00:00.000Z');
});
afterAll(() => house.close());

test('whoever listens hears what changes as it changes, and the page that is read then has it', async () => {
  const secretary = house.seat('secretariat', { role: 'chair' });
  const listening = await Listening.begin(house, secretary, live);
  const application = await Application.submitted(house, 'live', sunYatSen);
  await listening.until(({ event, data }) => event === 'changed' && data['case'] === application.id);
  const { body } = await secretary.get(`/v1/alliances/${alliance}/cases?limit=200`);
  expect((body['items'] as { id: string }[]).map(({ id }) => id)).toContain(application.id);
  expect(listening.headers.get('content-type')).toBe('text/event-stream');
  expect(listening.headers.get('x-content-type-options')).toBe('nosniff');
  listening.stop();
});

test('whoever was away goes on after the last event that they heard, and hears none twice', async () => {
  const secretary = house.seat('secretariat', { role: 'chair' });
  const first = await Listening.begin(house, secretary, live);
  const one = await Application.submitted(house, 'live', sunYatSen);
  const last = await first.until(({ data }) => data['case'] === one.id);
  first.stop();
  const two = await Application.submitted(house, 'live', sunYatSen);
  const again = await Listening.begin(house, secretary, live, { 'last-event-id': last.id });
  await again.until(({ data }) => data['case'] === two.id);
  expect(again.heard.every(({ id }) => BigInt(id) > BigInt(last.id))).toBe(true);
  again.stop();
});

test('whoever was away for too long is told to read everything again', async () => {
  const listening = await Listening.begin(house, house.seat('secretariat'), live, { 'last-event-id': '999999999' });
  expect(await listening.until(() => true)).toMatchObject({ event: 'reset', data: {} });
  listening.stop();
});

test('a person follows live updates in sixteen places at once, and a seventeenth is refused until one of them is closed', async () => {
  const dean = house.seat('deans-office', { scope: sunYatSen });
  const open = await Promise.all(Array.from({ length: 16 }, () => Listening.begin(house, dean, live)));
  const { status, body } = await dean.get(live);
  expect({ status, code: body['code'], atMost: body['atMost'] }).toEqual({ status: 429, code: 'live.too-many', atMost: 16 });
  open.pop()?.stop();
  const again = await eventually(() => Listening.begin(house, dean, live).catch(() => undefined));
  for (const listening of [...open, again]) listening.stop();
});

test('whoever goes away before they have been let in takes no place', async () => {
  const member = house.seat('committee');
  const { cookie = '' } = await member.identified();
  const request = `GET ${live} HTTP/1.1\r\nhost: localhost\r\ncookie: ${cookie}\r\n\r\n`;
  for (let visit = 0; visit < 40; visit += 1)
    await once(
      connect(Number(new URL(house.url).port), '127.0.0.1')
        .end(request)
        .resume(),
      'close',
    );
  const listening = await eventually(() => Listening.begin(house, member, live).catch(() => undefined));
  expect(listening.headers.get('content-type')).toBe('text/event-stream');
  listening.stop();
});

test('nobody hears of a case that a conflict of interest keeps from them', async () => {
  const conflicted = house.holders('committee').find(({ institution }) => institution === sunYatSen);
  const walled = await Listening.begin(house, house.person(conflicted?.person ?? ''), live);
  const keeper = await Listening.begin(house, house.seat('secretariat'), live);
  const application = await Application.submitted(house, 'live', sunYatSen);
  await application.toBallot();
  await openRound(house, 'live-after', '2026-06-30T16:00:00.000Z');
  await walled.until(({ data }) => data['round'] === `${alliance}.live-after`);
  expect(walled.text).not.toContain(application.entry);
  expect(keeper.text).toContain(application.entry);
  walled.stop();
  keeper.stop();
});

test('whoever signs out hears nothing more within seconds', async () => {
  const person = house.outsider();
  const listening = await Listening.begin(house, person, live);
  expect((await person.post('/v1/session/sign-out', {})).status).toBe(204);
  await listening.ended();
  person.forgetSession();
});

test('nobody listens without having signed in, and nothing follows the head', async () => {
  expect((await house.nobody().get(live)).status).toBe(401);
  const head = await house.seat('secretariat').send('HEAD', live);
  expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: '' });
});

test('a disabled person hears, reads and does nothing from then on', async () => {
  const [officer, secretary] = [house.seat('secretariat', { role: 'member' }), house.seat('secretariat', { role: 'chair' })];
  const [listening, other] = [await Listening.begin(house, officer, live), await Listening.begin(house, secretary, live)];
  const person = officer.id ?? '';
  const disabling = { person, reason: '调离联盟。' };
  const path = `/v1/person/${person.slice('person-'.length)}/disable-person`;
  expectAccepted(await secretary.post(path, disabling, { 'entente-alliance': alliance }));
  const doors = [`/v1/alliances/${alliance}/cases`, live];
  for (const door of doors) expect((await officer.get(door)).status).toBe(401);
  const asked = { act: 'remind', stage: 'expert-review', round: `${alliance}.live` };
  expect((await officer.post(`/v1/alliances/${alliance}/bulk-preview`, asked)).status).toBe(401);
  expect((await officer.post(`/v1/round/${alliance}.live/close-round`, {})).status).toBe(401);
  const application = await Application.submitted(house, 'live', sunYatSen);
  await other.until(({ data }) => data['case'] === application.id);
  await listening.ended();
  expect(listening.text).not.toContain(application.course);
  other.stop();
});
