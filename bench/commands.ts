import { type EventStore } from '#kernel';
import { found, type Size, sizes, voteOf, votes, votingAt } from './ballot.js';
import { compare, type Figure, perSecond } from './figure.js';
import { RawLog } from './raw.js';
import type { BenchServer } from './server.js';

const callersTried = [1, 8, 32];
const eventsPerStream = 10;
const rounds = 6;

/**
 * Commands per second in process: a stream of 10 events, a decision, one event appended, against one transaction per command on raw pg.
 *
 * The floor reads a stream it has not met each time; ours has met it ("cached"), or has not ("read each time").
 */
export async function* commands(server: BenchServer): AsyncGenerator<Figure> {
  for (const size of Object.keys(sizes) as Size[]) {
    for (const callers of callersTried) yield* commandsOf(server, size, callers, callers === 1 ? 1000 : 4000);
  }
}

async function* commandsOf(server: BenchServer, size: Size, callers: number, count: number): AsyncGenerator<Figure> {
  const name = `commands, ${callers} ${callers === 1 ? 'caller' : 'callers'}, ${size}`;
  const raw = new RawLog(await server.database('raw'), callers);
  await raw.create();
  await raw.seed('ballot', count * rounds * 2, eventsPerStream, size);
  let rawNext = 0;
  const floor = () => perSecond(callers, count, () => raw.vote(`ballot-${rawNext++}`, voteOf(rawNext, size)));

  const { store } = await server.log('log');
  await found(store);
  await seed(store, count, size);
  const warm = votingAt(store);
  await perSecond(32, count, (index) => warm(String(index), voteOf(index, size)));
  yield await compare(`${name}, cached`, '/s', floor, () =>
    perSecond(callers, count, (index) => warm(String(index), voteOf(index, size))),
  );
  const length = eventsPerStream;
  let generation = 0;
  yield await compare(`${name}, read each time`, '/s', floor, async () => {
    generation += 1;
    const prefix = `g${generation}.`;
    await seed(store, count, size, prefix);
    const cold = votingAt(store);
    await cold(`${prefix}first`, voteOf(length, size));
    return perSecond(callers, count, (index) => cold(`${prefix}${index}`, voteOf(index, size)));
  });
  await Promise.all([raw.close(), store.close()]);
}

async function seed(store: EventStore, streams: number, size: Size, prefix = ''): Promise<void> {
  await perSecond(100, streams, (index) => {
    const stream = `ballot-a.${prefix}${index}`;
    return store.append({ stream, expectedLength: 0, events: votes(stream, eventsPerStream, size) });
  });
}
