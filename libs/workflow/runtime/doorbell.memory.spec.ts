import { expect, test } from '@jest/globals';
import { VirtualClock } from '#kernel';
import { VirtualDoorbell } from './doorbell.memory.js';

test('at one instant bells ring in the order of the log, whenever they were set', async () => {
  const doorbell = new VirtualDoorbell(new VirtualClock(0));
  const rung: string[] = [];
  doorbell.answer(async (id) => void rung.push(id));
  await doorbell.set([
    { id: 'effect.20.0', atMs: 5 },
    { id: 'effect.100.0', atMs: 5 },
    { id: 'effect.20.1', atMs: 5 },
    { id: 'effect.300.0', atMs: 4 },
  ]);
  await doorbell.set([{ id: 'effect.3.90.2', atMs: 5 }]);
  while (await doorbell.next(5));
  expect(rung).toEqual(['effect.300.0', 'effect.3.90.2', 'effect.20.0', 'effect.20.1', 'effect.100.0']);
});
