import { type AnyDecider, type EventStore, States } from '#kernel';
import { ballot, datedBallot, sizes, type Size, votes } from './ballot.js';
import { compare, type Figure, perSecond } from './figure.js';
import { RawLog } from './raw.js';
import type { BenchServer } from './server.js';

const streams = 50;
const length = 1000;
const perAppend = 250;

/** Events per second when streams of 1,000 events are read and folded, one stream after the other. */
export async function* replay(server: BenchServer): AsyncGenerator<Figure> {
  for (const size of Object.keys(sizes) as Size[]) {
    const name = `replay of 1,000-event streams, ${size}`;
    const raw = new RawLog(await server.database('raw_replay'), 1);
    await raw.create();
    await raw.seed('ballot', streams, length, size);
    const { store } = await server.log('replay');
    await fill(store, size);
    const floor = (): Promise<number> => eventsPerSecond((index) => raw.read(`ballot-${index}`));
    const folded = (decider: AnyDecider) => async (): Promise<number> => {
      const states = new States(store);
      states.register(decider);
      return eventsPerSecond((index) => states.load(`ballot-a.${index}`));
    };
    yield await compare(name, 'events/s', floor, folded(ballot));
    yield await compare(`${name}, asking when each was`, 'events/s', floor, folded(datedBallot));
    await Promise.all([raw.close(), store.close()]);
  }
}

const eventsPerSecond = async (read: (index: number) => Promise<unknown>): Promise<number> =>
  length * (await perSecond(1, streams, read));

export async function fill(store: EventStore, size: Size): Promise<void> {
  await perSecond(4, streams, async (index) => {
    const stream = `ballot-a.${index}`;
    const events = votes(stream, length, size);
    for (let from = 0; from < length; from += perAppend)
      await store.append({ stream, expectedLength: from, events: events.slice(from, from + perAppend) });
  });
}
