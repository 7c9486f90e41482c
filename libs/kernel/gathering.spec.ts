import { describe, expect, test } from '@jest/globals';
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
  expect(await batchesOf(4, 2)).toEqual([4]);
});

test('what does not fit into a batch goes in the next', async () => {
  expect(await batchesOf(8, 1, 3)).toEqual([3, 3, 2]);
});

describe('whoever has yet to work out what to ask', () => {
  const open = (lanes: number) => {
    const answers: (() => void)[] = [];
    const gathering = new Gathering<number>(
      lanes,
      (waiting, most) => ({ batch: waiting.slice(0, most), rest: waiting.slice(most) }),
      () => new Promise((resolve) => answers.push(resolve)),
    );
    return { gathering, answers };
  };

  test('does so at once where nothing is under way', async () => {
    const { gathering, answers } = open(2);
    expect(gathering.room()).toBeUndefined();
    gathering.add(1);
    expect(gathering.room()).toBeUndefined();
    await answered();
    answers.shift()?.();
    await gathering.settled();
    expect(gathering.room()).toBeUndefined();
  });

  test('does so with all others when a batch has been answered', async () => {
    const { gathering, answers } = open(2);
    gathering.add(1);
    await answered();
    const entered: number[] = [];
    const entering = [1, 2, 3].map(async (who) => {
      await gathering.room();
      entered.push(who);
    });
    await answered();
    expect(entered).toEqual([]);
    answers.shift()?.();
    await Promise.all(entering);
    expect(entered).toEqual([1, 2, 3]);
  });

  test('does so beside a batch under way as soon as they are enough for another', async () => {
    const { gathering } = open(2);
    gathering.add(1);
    await answered();
    const entering = Array.from({ length: 4 }, async () => gathering.room());
    await expect(Promise.all(entering)).resolves.toHaveLength(4);
  });

  test('waits however many they are while every lane is taken', async () => {
    const { gathering, answers } = open(1);
    gathering.add(1);
    await answered();
    let entered = 0;
    const entering = Array.from({ length: 40 }, async () => {
      await gathering.room();
      entered += 1;
    });
    await answered();
    expect(entered).toBe(0);
    answers.shift()?.();
    await Promise.all(entering);
  });
});
