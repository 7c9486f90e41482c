import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import pg from 'pg';
import type { EventStore } from '#kernel';
import { found, type Size, voteOf, votes, votingAt } from './ballot.js';
import { type Figure, figure, median, perSecond } from './figure.js';
import type { BenchServer } from './server.js';

const size: Size = '190 B';

/** Megabytes of live heap after a million events, beside those after the first hundred thousand: written, folded, followed. */
export async function* memory(server: BenchServer): AsyncGenerator<Figure> {
  const { store } = await server.log('memory');
  await found(store);
  const vote = votingAt(store, 5_000);
  const leaving = new AbortController();
  let followed = 0;
  const following = (async () => {
    for await (const { events } of store.subscribe(0n, { limit: 1000, signal: leaving.signal })) followed += events.length;
  })();
  const write = async (from: number, events: number): Promise<void> => {
    await perSecond(32, events / 100, async (index) => {
      const stream = `ballot-a.${from + index}`;
      await store.append({ stream, expectedLength: 0, events: votes(stream, 99, size) });
      await vote(String(from + index), voteOf(index, size));
    });
  };
  await write(0, 100_000);
  const early = heapMegabytes();
  await write(1000, 900_000);
  while (followed < 1_000_000) await new Promise((resolve) => setTimeout(resolve, 50));
  yield figure('heap after 1,000,000 events against 100,000', 'MB', heapMegabytes(), early);
  leaving.abort();
  await following;
  await store.close();
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapMegabytes(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed / 1_000_000;
}

const large = 10_000_000;
const small = 1_000;
const perFill = 250_000;

/** Microseconds per command in a log of ten million events, beside a log of a thousand. On demand: it fills gigabytes. */
export async function* cost(server: BenchServer): AsyncGenerator<Figure> {
  const logs = { large: await server.log('large'), small: await server.log('small') };
  for (const { store } of Object.values(logs)) await found(store);
  await grow(logs.large.url, large);
  await grow(logs.small.url, small);
  for (const cached of [true, false]) {
    const micros = { large: [] as number[], small: [] as number[] };
    for (let round = -1; round < 7; round += 1) {
      for (const which of ['small', 'large'] as const) {
        const measured = await microsPerCommand(logs[which].store, `${cached}.${round}`, cached);
        if (round >= 0) micros[which].push(measured);
      }
    }
    const name = `cost of a command at 10,000,000 events against 1,000, ${cached ? 'cached' : 'read each time'}`;
    yield figure(name, 'µs', median(micros.large), median(micros.small));
  }
  await Promise.all(Object.values(logs).map(({ store }) => store.close()));
}

async function microsPerCommand(store: EventStore, prefix: string, cached: boolean): Promise<number> {
  const count = 1000;
  const id = (index: number) => `${prefix}.${index}`;
  await perSecond(100, count, (index) => {
    const stream = `ballot-a.${id(index)}`;
    return store.append({ stream, expectedLength: 0, events: votes(stream, 10, size) });
  });
  const vote = votingAt(store);
  const round = () => perSecond(8, count, (index) => vote(id(index), voteOf(index, size)));
  if (cached) await round();
  return 1_000_000 / (await round());
}

/** Fills a log as its owner may: other streams, ids in the order of time, texts of the usual size. */
async function grow(url: string, events: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (let done = 0; done < events; done += perFill) {
      await client.query(
        `insert into event (position, stream, revision, id, type, data, frame)
         select head + n, 'filler-a.' || (($1 + n) / 10)::bigint, ($1 + n) % 10, uuidv7(), 'VoteCast', repeat('x', 150), repeat('x', 450)
         from generate_series(1, $2::bigint) n, (select max(position) as head from event) h`,
        [done, Math.min(perFill, events - done)],
      );
    }
    await client.query('vacuum analyze event');
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}
