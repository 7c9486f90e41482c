import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrate, type RecordedEvent } from '#kernel';
import { bulkContext, caseContext, type Doing, migrateQueue, previewBulk, workflowMigrations } from '#workflow';
import { logMigrations } from '../../libs/kernel/log-schema.postgres.js';
import { childEnvironment } from '../faults/support/server.js';
import { eventually } from '../support/eventually.js';
import { freshDatabase, logHeldOnce, type TestDatabase } from '../support/postgres.js';
import { RankedRound } from '../support/ranked-round.js';
import { type RankedWorker, rankedWorker } from '../support/ranked-worker.js';

const many = 300;
const passing: Doing = { act: 'pass-check', stage: 'screening', reason: '材料齐全' };

let database: TestDatabase;
let desk: RankedWorker;
let child: ChildProcess;
let atMs: number;
let cases: readonly string[];

beforeAll(async () => {
  const round = await RankedRound.open();
  const subjects = Array.from({ length: many }, (_, index) => `course-${String(index).padStart(3, '0')}`);
  for (const subject of subjects) await round.apply({ subject });
  atMs = round.clock.now();
  cases = subjects.map((subject) => `a.spring.${subject}`);
  database = await freshDatabase('bulk');
  await migrate(database.url, [...logMigrations, ...workflowMigrations]);
  await migrateQueue(database.url);
  desk = rankedWorker(database.url, atMs);
  await copied((await round.store.readAll(0n, { limit: 100_000 })).events);
});
afterAll(async () => {
  await killed();
  await desk.stop();
  await database.drop();
});

/** Streams of their own may be written side by side, but what cases rest on comes first. */
async function copied(events: readonly RecordedEvent[]): Promise<void> {
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  const write = async ([stream, own]: readonly [string, readonly RecordedEvent[]]): Promise<void> => {
    const envelopes = own.map(({ position: _here, ...event }) => event);
    await desk.store.append({ stream, expectedLength: 0, events: envelopes });
  };
  const isCase = ([stream]: readonly [string, unknown]): boolean => stream.startsWith('case-');
  for (const one of [...streams].filter((each) => !isCase(each))) await write(one);
  await Promise.all([...streams].filter(isCase).map(write));
}

function worker(): void {
  child = fork('test/support/ranked-worker.child.ts', [database.url, String(atMs)], {
    env: childEnvironment({}),
    execArgv: ['--conditions=entente-source', '--import', './test/support/typescript.mjs'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function killed(): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

const found: RecordedEvent[] = [];
let through = 0n;

/** Every check that was passed so far; what was read once is not read again. */
async function passed(): Promise<readonly RecordedEvent[]> {
  for (;;) {
    const slice = await desk.store.readAll(through, { limit: 5_000, categories: ['case'] });
    if (slice.through === through) return found;
    found.push(...slice.events.filter(({ type }) => type === 'CheckPassed'));
    through = slice.through;
  }
}

test('300 cases are decided in bulk: a preview first, then all, each once, though the worker is killed on the way', async () => {
  const asking = { kind: 'person', alliance: 'a', actor: 'secretary', principal: 'secretary' } as const;
  const parts = { handling: desk.handling, states: desk.states, bulk: bulkContext, case: caseContext };
  const preview = await previewBulk(parts, passing, cases, { ...asking, commandId: 'preview' });
  expect(preview).toMatchObject({
    steps: many,
    excluded: [],
    sample: [{ zh: '审查通过。' }, expect.anything(), expect.anything()],
  });
  const data = { ...passing, cases: preview.cases, preview: preview.hash };
  const caller = { ...asking, commandId: '5e0f6bb5-1f4f-8a66-8f3c-0c1c8a6f1d01' };
  const order = () => desk.handling.handle(bulkContext, 'a.all', { type: 'OrderBulk', data }, caller);

  worker();
  const receipt = await order();
  expect(receipt.events).toHaveLength(1);
  // It waits once twenty are done, and is killed waiting.
  const release = await logHeldOnce(database.url, `select from event where type = 'CheckPassed' having count(*) >= 20`);
  await killed();
  await release();
  expect((await passed()).length).toBeLessThan(many);
  expect(await order()).toEqual(receipt);
  desk.begin();
  await eventually(passed, ({ length }) => length >= many);
  expect(await order()).toEqual(receipt);

  const events = await passed();
  expect(new Set(events.map(({ stream }) => stream)).size).toBe(many);
  expect(events).toHaveLength(many);
  const [ordered] = await desk.store.read('bulk-a.all');
  for (const { meta } of events) expect(meta).toMatchObject({ actor: 'secretary', causation: ordered?.id });
  expect(await desk.store.read('bulk-a.all')).toHaveLength(1);
});
