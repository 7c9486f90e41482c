/** What is checked after every fault must be able to fail: here each kind of damage is done by hand, and found. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openPool, type RecordedEvent, VirtualClock } from '#kernel';
import { layOutDemonstration } from '../../apps/server/demonstration.js';
import { openEngines } from '../../apps/server/engines.js';
import { readSettings } from '../../apps/server/settings.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { type Sent, violations } from './support/invariants.js';
import { dense, nothingTwice, wholeLog } from './support/log-facts.js';

/** No deadline falls due while this runs. */
const now = (): number => Date.parse('2026-03-18T02:30:00.000Z');

let database: TestDatabase;
let dataDir: string;
let log: readonly RecordedEvent[];
let sent: readonly Sent[];

beforeAll(async () => {
  database = await freshDatabase('invariants');
  dataDir = await mkdtemp(join(tmpdir(), 'entente-invariants-'));
  const settings = readSettings({ DATABASE_URL: database.url, DATA_DIR: dataDir });
  const engines = await openEngines({ ...settings, databaseUrl: database.url }, new VirtualClock(now()));
  await layOutDemonstration(engines);
  engines.follow(() => undefined);
  await engines.runner.caughtUp(await engines.store.head());
  log = await wholeLog(engines.store);
  sent = log.filter(({ type }) => type === 'CourseRegistered').map(asSent);
  await engines.close();
});

afterAll(async () => {
  await rm(dataDir, { recursive: true, force: true });
  await database.drop();
});

const asSent = ({ stream, revision, position, id, meta }: RecordedEvent): Sent => ({
  commandId: meta.command,
  what: `registering ${stream}`,
  receipt: { stream, revision, position, events: [id] },
});

/** What is found after damage that is mended again. */
async function found(damage: string, claims: readonly Sent[] = sent): Promise<readonly string[]> {
  const pool = openPool(database.url, { max: 1 });
  await pool.query('create temp table log_before as select * from event');
  await pool.query(damage);
  try {
    return await violations({ databaseUrl: database.url, now, sent: claims });
  } finally {
    await pool.query('delete from event; insert into event select * from log_before');
    await pool.end();
  }
}

const about = (start: string): unknown => expect.arrayContaining([expect.stringMatching(`^${start}`)]);

test('where nothing is wrong, nothing is found', async () => {
  expect(sent.length).toBeGreaterThan(10);
  expect(await violations({ databaseUrl: database.url, now, sent })).toEqual([]);
});

test('an event that is missing is missed by its sender, by the numbers, by the views and by who was owed it', async () => {
  const course = await found(`delete from event where type = 'CourseRegistered' and position = (
    select max(position) from event where type = 'CourseRegistered')`);
  for (const start of ['I1 registering course', 'I3 position', 'I5 courses']) expect(course).toEqual(about(start));
  const granted = await found(`delete from event where type = 'RecognitionGranted'`);
  expect(granted).toEqual(about('I6 conclude of case-gdmooc.*: is still owed'));
});

test('a gap in a stream, an event that stands twice and a command that was carried out twice are found', () => {
  const at = log.findIndex(({ type }) => type === 'VoteCast');
  const [vote, next] = log.slice(at, at + 2) as [RecordedEvent, RecordedEvent];
  expect(dense(log.toSpliced(at, 1))).toEqual(about(`I3 ${vote.stream}: revision`));
  expect(nothingTwice(log)).toEqual([]);
  expect(nothingTwice([...log, vote])).toEqual(about(`I2 event ${vote.id}`));
  const again = { ...next, meta: { ...next.meta, command: vote.meta.command } };
  expect(nothingTwice(log.with(at + 1, again))).toEqual(about(`I2 command ${vote.meta.command}`));
});

test.each([
  ['early', '2000-01-01T00:00:00.000Z'],
  ['late', '2999-01-01T00:00:00.000Z'],
])('what the engine did too %s is found', async (when, at) => {
  const moved = await found(`update event set frame = regexp_replace(frame, '"recordedAt":"[^"]*"', '"recordedAt":"${at}"')
    where position = (select min(position) from event where type = 'ReviewersAssigned' and frame like '%"actor":"engine"%')`);
  expect(moved).toEqual(about(`I6 .*: happened ${when}`));
});

test('a vote that counts twice is found', async () => {
  const twice = await found(`update event e set data = v.data, frame =
      regexp_replace(regexp_replace(v.frame, '"id":"[^"]*"', format('"id":"%s"', e.id)), '"revision":\\d+', format('"revision":%s', e.revision))
    from (select * from event where type = 'VoteCast' order by position limit 1) v
    where e.position = (select min(n.position) from event n
      where n.type = 'VoteCast' and n.stream = v.stream and n.position > v.position)`);
  expect(twice).toEqual(about('I2 VoteCast'));
});

test('a command that was refused and still did something is found, and so is one without an answer', async () => {
  const [{ commandId, what }] = sent as [Sent];
  expect(
    await violations({ databaseUrl: database.url, now, sent: [{ commandId, what, refusal: 'course.some-reason' }] }),
  ).toEqual(about('I7 registering course.* was refused'));
  expect(await violations({ databaseUrl: database.url, now, sent: [{ commandId, what }] })).toEqual(
    about('I7 .* never got an answer'),
  );
});

test('a view that does not follow from the log is found', async () => {
  const wrong = await found('delete from view_seats.seats');
  expect(wrong).toEqual([expect.stringMatching('^I5 seats')]);
});

test('what people wrote and nobody can read any more is found, unless it was erased', async () => {
  expect(await found('delete from vault.disclosure')).toEqual(about('the vault has lost'));
  expect(await found('select vault.erase(person) from vault.key')).not.toEqual(about('the vault has lost'));
});
