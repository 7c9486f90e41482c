import { expect, test } from '@jest/globals';
import { Gathering } from './gathering.js';

/** After whatever was to begin by then has begun. */
const answered = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The sizes of the batches that are under way once so many were asked for at once. */
async function batchesOf(asked: number, lanes: number, atMost = Infinity): Promise<readonly number[]> {
  const sizes: number[] = [];
  const gathering = new Gathering<number>(
    lanes,
    (waiting, most) => ({ batch: waiting.slice(0, Math.min(most, atMost)), rest: waiting.slice(Math.min(most, atMost)) }),
    async (batch) => {
      sizes.push(batch.length);
      await answered();
    },
  );
  for (let item = 0; item < asked; item += 1) gathering.add(item);
  await gathering.settled();
  return sizes;
}

test('what many ask for at once is shared among the lanes', async () => {
  expect(await batchesOf(32, 2)).toEqual([16, 16]);
});

test('what few ask for at once goes in one batch', async () => {
  expect(await batchesOf(8, 2)).toEqual([8]);
});

test('what does not fit into a batch goes in the next', async () => {
  expect(await batchesOf(8, 1, 3)).toEqual([3, 3, 2]);
});
