import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { categoryOf, type RecordedEvent } from '#kernel';
import { markingOf, netOf, play } from '#workflow';
import { withdrawnEnd } from '../../libs/workflow/definition.js';
import type { AnyRoom } from '../support/any-room.js';
import { statesOf } from '../support/any-room.js';
import { casesIn } from './cases.js';
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

/** What may still come of a case that has ended: its end may be appealed against, once. */
const afterTheEnd = [
  'AppealLodged',
  'AppealWindowClosed',
  'DeadlinesRecounted',
  'DecisionUpheld',
  'DecisionSuperseded',
  'FileCorrectionLapsed',
];

const timers = ['StageOverdue', 'ReviewerReminded', 'ReviewEscalated', 'PartiesReminded', 'InspectionOpened'];

function soundlyEnded(log: readonly RecordedEvent[]): void {
  const cases = new Map<string, RecordedEvent[]>();
  for (const event of log.filter(({ stream }) => categoryOf(stream) === 'case'))
    cases.set(event.stream, [...(cases.get(event.stream) ?? []), event]);
  for (const history of cases.values()) {
    const types = history.map(({ type }) => type);
    const [, ...later] = types.includes('CaseEnded') ? types.slice(types.indexOf('CaseEnded')) : [];
    expect(later.filter((type) => !afterTheEnd.includes(type))).toEqual([]);
    expect(types.filter((type) => type === 'SubcaseOpened' || type === 'CaseOpened')).toHaveLength(1);
    const rung = history.filter(({ type }) => timers.includes(type)).map(({ type, data }) => JSON.stringify([type, data]));
    expect(new Set(rung).size).toBe(rung.length);
  }
}

/** Every case stands where the proof of its definition has seen one, or has gone home. */
async function standsWhereProved({ room }: Player): Promise<void> {
  for (const { state, definition } of await casesIn(room)) {
    const end = state.end?.supersedes ?? state.end;
    if (end?.id === withdrawnEnd) continue;
    const marking = markingOf(definition, { visits: state.visits, ...(end === undefined ? {} : { end }) });
    expect([marking, play(netOf(definition)).reaches(marking)]).toEqual([marking, true]);
  }
}

/** Types of which the log of the project has an example. */
const everStored = new Set(readdirSync('test/golden').flatMap((file) => /^([A-Z]\w+)\.\d+\.json$/.exec(file)?.[1] ?? []));

test('whatever people do and whatever is lost, what is replayed is what is live, and every step happened once', async () => {
  const seen = new Set<string>();
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
      await standsWhereProved(player);
      expect(await player.engine.due()).toEqual([]);
      expect(log.filter(({ type }) => type === 'IncidentRaised').map(({ data }) => data)).toEqual([]);
      for (const { type } of log) seen.add(type);
    }),
    { numRuns: proof.runs, seed: proof.seed, endOnFailure: true },
  );
  const unseen = [...everStored].filter((type) => !seen.has(type));
  process.stdout.write(`histories: PROOF_SEED=${proof.seed} PROOF_RUNS=${proof.runs} PROOF_STEPS=${proof.steps}\n`);
  if (proof.runs >= 100) process.stdout.write(`in none of them: ${unseen.join(' ')}\n`);
  expect(seen.size).toBeGreaterThan(15);
}, 7_200_000);
