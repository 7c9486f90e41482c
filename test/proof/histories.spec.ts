import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { categoryOf, type RecordedEvent } from '#kernel';
import type { AnyRoom } from '../support/any-room.js';
import { statesOf } from '../support/any-room.js';
import { Player } from './player.js';
import { begun, proof, worlds } from './worlds.js';

async function logOf({ store }: AnyRoom): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let after = 0n; ;) {
    const slice = await store.readAll(after, { limit: 10_000 });
    events.push(...slice.events);
    if (slice.through === after) return events;
    after = slice.through;
  }
}

/** Whoever knows nothing but the log knows the same: every state, and everything that is owed. */
async function replayed({ room, engine }: Player): Promise<void> {
  const anew = statesOf(room.store);
  const streams = new Set((await logOf(room)).map(({ stream }) => stream));
  for (const stream of streams) expect((await room.states.load(stream)).state).toEqual((await anew.fresh(stream)).state);
  const ledger = engine.ledger();
  await ledger.follow();
  expect(await engine.owing).toEqual(ledger.all);
}

/** What one command brought about stands together, in one stream, once. */
function onceEach(log: readonly RecordedEvent[]): void {
  const seen = new Map<string, RecordedEvent>();
  for (const event of log) {
    const before = seen.get(event.meta.command);
    seen.set(event.meta.command, event);
    if (before === undefined) continue;
    expect([event.stream, event.revision]).toEqual([before.stream, before.revision + 1]);
  }
}

function soundlyEnded(log: readonly RecordedEvent[]): void {
  const cases = new Map<string, RecordedEvent[]>();
  for (const event of log.filter(({ stream }) => categoryOf(stream) === 'case'))
    cases.set(event.stream, [...(cases.get(event.stream) ?? []), event]);
  for (const history of cases.values()) {
    const end = history.findIndex(({ type }) => type === 'CaseEnded');
    expect([-1, history.length - 1]).toContain(end);
    const timers = history
      .filter(({ type }) =>
        ['StageOverdue', 'ReviewerReminded', 'ReviewEscalated', 'PartiesReminded', 'InspectionOpened'].includes(type),
      )
      .map(({ type, data }) => JSON.stringify([type, data]));
    expect(new Set(timers).size).toBe(timers.length);
  }
}

test('whatever people do and whatever is lost, what is replayed is what is live, and every step happened once', async () => {
  const accepted = new Set<string>();
  await fc.assert(
    fc.asyncProperty(worlds, fc.nat(), async (world, seed) => {
      const player = new Player(await begun(world), seed);
      for (let step = 0; step < proof.steps; step += 1) {
        await player.step();
        await replayed(player);
      }
      await player.engine.settle();
      const log = await logOf(player.room);
      onceEach(log);
      soundlyEnded(log);
      expect(await player.engine.due()).toEqual([]);
      expect(log.filter(({ type }) => type === 'IncidentRaised').map(({ data }) => data)).toEqual([]);
      for (const type of player.accepted) accepted.add(type);
    }),
    { numRuns: proof.runs, seed: proof.seed, endOnFailure: proof.runs <= 12 },
  );
  process.stdout.write(`histories: PROOF_SEED=${proof.seed} PROOF_RUNS=${proof.runs} PROOF_STEPS=${proof.steps}\n`);
  expect(accepted.size).toBeGreaterThan(5);
}, 3_600_000);
