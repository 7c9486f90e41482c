import { expect, test } from '@jest/globals';
import { InMemoryEventStore } from '#kernel';
import { wholeLog } from '../faults/support/log-facts.js';
import { declaredEvents } from './declared-events.js';
import { story } from './story.js';

test('the story that examples are taken from can be told, and leaves no event out', async () => {
  const store = new InMemoryEventStore();
  await story(store);
  const told = new Set((await wholeLog(store)).map(({ type }) => type));
  expect(declaredEvents().filter((type) => !told.has(type))).toEqual([]);
});
