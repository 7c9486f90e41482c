/**
 * Deadlines of days and weeks, in virtual time, on the real engine and a real database. What fits into real time (assignment, ballots,
 * recognition, rounds that close) is in the other files of this folder, where whole processes are killed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { UnavailableError, VirtualClock } from '#kernel';
import { layOutDemonstration } from '../../apps/server/demonstration.js';
import { type Engines, openEngines } from '../../apps/server/engines.js';
import { readSettings } from '../../apps/server/settings.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { often, patienceMs, seeded } from './support/faulty-run.js';
import { violations } from './support/invariants.js';
import { wholeLog } from './support/log-facts.js';

jest.setTimeout(patienceMs);

const chance = seeded('timers');
const startMs = Date.parse('2026-03-18T02:30:00.000Z');
const dayMs = 24 * 3_600_000;

let database: TestDatabase;
let dataDir: string;
let clock: VirtualClock;
let ticking: NodeJS.Timeout;
let engines: Engines[] = [];
let runtimes: ReturnType<Engines['follow']>[] = [];
const failures: unknown[] = [];

beforeEach(async () => {
  database = await freshDatabase('timers');
  dataDir = await mkdtemp(join(tmpdir(), 'entente-timers-'));
  clock = new VirtualClock(startMs);
  // Without this nobody who waits a moment for something would ever go on.
  ticking = setInterval(() => clock.advanceTo(clock.now() + 50), 10);
});

afterEach(async () => {
  await Promise.all(engines.splice(0).map((one) => one.close()));
  runtimes = [];
  clearInterval(ticking);
  await rm(dataDir, { recursive: true, force: true });
  await database.drop();
});

async function opened(): Promise<Engines> {
  const settings = readSettings({ DATABASE_URL: database.url, DATA_DIR: dataDir });
  return openEngines({ ...settings, databaseUrl: database.url }, clock);
}

async function joined(): Promise<void> {
  const one = await opened();
  engines.push(one);
  runtimes.push(
    one.follow((failure) => {
      // That a view is waited for a little longer is no failure.
      if (!(failure instanceof UnavailableError)) failures.push(failure);
    }),
  );
}

/** Waits until all who have just come have looked at what is owed: they find it as it was when they came. */
async function lookedThrough(): Promise<void> {
  for (const runtime of runtimes) while (runtime.status().lookedThroughAt === 0) await wait(5);
}

/** When the next effect falls due; undefined when nothing more is owed by then. */
async function nextDue(by: number): Promise<number | undefined> {
  const [one] = engines as [Engines];
  const { rows } = await one.pool.query<{ due_at: Date }>(
    `select e.due_at from view_owed.effect e left join workflow.note n on n.effect = e.note
     where n.outcome is null and e.due_at <= $1 order by e.due_at limit 1`,
    [new Date(by)],
  );
  return rows[0]?.due_at.getTime();
}

/** Waits until nothing is due that has not happened, and nothing under way that another engine has been faster with. */
async function settled(): Promise<void> {
  const [one] = engines as [Engines];
  for (;;) {
    const head = await one.store.head();
    await one.runner.caughtUp(head);
    // What has just been carried out may owe something that no view has taken in yet.
    const isAtRest = runtimes.every((runtime) => runtime.status().underWay === 0);
    if (isAtRest && (await nextDue(clock.now())) === undefined && (await one.store.head()) === head) return;
    await wait(5);
  }
}

test('while nobody does anything for months, every deadline takes effect once, whichever engines come and go', async () => {
  const days = often({ short: 90, long: 400 });
  const first = await opened();
  await layOutDemonstration({ ...first, clock });
  await first.close();
  await Promise.all([joined(), joined()]);
  await lookedThrough();
  const recoveredAt: number[] = [];
  for (let step = 0; clock.now() < startMs + days * dayMs; step += 1) {
    await settled();
    clock.advanceTo((await nextDue(startMs + days * dayMs)) ?? startMs + days * dayMs);
    const roll = chance.of(`step.${step}`);
    if (roll > 0.25) continue;
    // One goes in the middle of it and another one comes; or both, and some days pass before anybody looks again.
    const leaving = roll < 0.1 ? engines.splice(0) : engines.splice(0, 1);
    await Promise.all(leaving.map((one) => one.close()));
    if (leaving.length > 1) clock.advanceTo(clock.now() + chance.between(0, 4 * dayMs, `away.${step}`));
    await Promise.all(leaving.map(joined));
    recoveredAt.push(clock.now());
    await lookedThrough();
  }
  await settled();
  expect(await violations({ databaseUrl: database.url, sent: [], recoveredAt, now: () => clock.now() })).toEqual([]);
  const happened = new Set((await wholeLog((engines[0] as Engines).store)).map(({ type }) => type));
  for (const type of [
    'ReviewerReminded',
    'ReviewEscalated',
    'ReviewerReplaced',
    'BallotInquorate',
    'StageOverdue',
    'RoundClosed',
  ])
    expect(happened).toContain(type);
  expect(recoveredAt.length).toBeGreaterThan(0);
  expect(failures).toEqual([]);
});
