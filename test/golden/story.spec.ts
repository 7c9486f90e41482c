import { expect, test } from '@jest/globals';
import { InMemoryEventStore } from '#kernel';
import { declaredEvents } from './declared-events.js';
import { story } from './story.js';

test('the story that examples are taken from can be told, and leaves no event out', async () => {
  const store = new InMemoryEventStore();
  await story(store);
  const told = new Set<string>();
  for (let after = 0n; ;) {
    const { events, through } = await store.readAll(after, { limit: 1_000 });
    if (through === after) break;
    for (const { type } of events) told.add(type);
    after = through;
  }
  expect(declaredEvents().filter((type) => !told.has(type))).toEqual([]);
}, 60_000);
