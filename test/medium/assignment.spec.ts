import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

interface Outcome {
  readonly digest?: string;
  readonly outcome?: string;
  readonly shares?: readonly number[];
  readonly turns?: number;
  readonly refused?: string;
}

async function inAnotherProcess(cases: number, reviewers: number, timeLimitMs: number): Promise<Outcome> {
  const loader = ['--import', './test/support/typescript.mjs', '--conditions=entente-source', '--no-warnings'];
  const args = [...loader, 'test/support/assignment.child.ts', ...[cases, reviewers, timeLimitMs].map(String)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '' } });
  return JSON.parse(stdout) as Outcome;
}

test('an assignment that is run again with the same inputs and seed is the same to the byte, in another process too', async () => {
  const first = await inAnotherProcess(250, 100, 100_000);
  const second = await inAnotherProcess(250, 100, 100_000);
  expect(first.outcome).toBe('assigned');
  expect(second.digest).toBe(first.digest);
});

test('whoever asks for an assignment can go on meanwhile, and is told how far it is', async () => {
  const { turns, shares } = await inAnotherProcess(250, 100, 100_000);
  expect(turns).toBeGreaterThan(20);
  expect(shares?.at(-1)).toBe(1);
  expect(shares).toEqual(shares?.toSorted((a, b) => a - b));
});

test('an assignment that takes too long is refused, never cut short to a worse one', async () => {
  expect(await inAnotherProcess(2000, 500, 50)).toEqual({ refused: 'assignment.too-long' });
});
