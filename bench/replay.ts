import { type EventStore, States } from '#kernel';
import { ballot, sizes, type Size, votes } from './ballot.js';
import { compare, type Figure, perSecond } from './figure.js';
import { RawLog } from './raw.js';
import type { BenchServer } from './server.js';

const streams = 50;
const length = 1000;
const perAppend = 250;

/** Events per second when streams of 1,000 events are read and folded, one stream after the other. */
export async function* replay(server: BenchServer): AsyncGenerator<Figure> {
  for (const size of Object.keys(sizes) as Size[]) {
    const raw = new RawLog(await server.database('raw_replay'), 1);
    await raw.create();
    await raw.seed('ballot', streams, length, size);
    const { store } = await server.log('replay');
    await fill(store, size);
    yield await compare(
      `replay of 1,000-event streams, ${size}`,
      'events/s',
      async () => length * (await perSecond(1, streams, (index) => raw.read(`ballot-${index}`))),
      async () => {
        const states = new States(store);
        states.register(ballot);
        return length * (await perSecond(1, streams, (index) => states.load(`ballot-a.${index}`)));
      },
    );
    await Promise.all([raw.close(), store.close()]);
  }
}

export async function fill(store: EventStore, size: Size): Promise<void> {
  await perSecond(4, streams, async (index) => {
    const stream = `ballot-a.${index}`;
    const events = votes(stream, length, size);
    for (let from = 0; from < length; from += perAppend)
      await store.append({ stream, expectedLength: from, events: events.slice(from, from + perAppend) });
  });
}
