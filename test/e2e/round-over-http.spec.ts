import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { childEnvironment } from '../faults/support/server.js';

const list = `seq,name,moe_code,school_code,province,province_code,supervising_dept,city,level,remark
1,第一大学,4144010558,10558,广东省,44,教育部,广州市,本科,
2,第二大学,4144010559,10559,广东省,44,教育部,广州市,本科,
3,第三大学,4111010001,10001,北京市,11,教育部,北京市,本科,
4,第四大学,4111010002,10002,北京市,11,教育部,北京市,本科,
5,第五大学,4151010610,10610,四川省,51,教育部,成都市,本科,
6,第六大学,4165010755,10755,新疆维吾尔自治区,65,教育部,乌鲁木齐市,本科,
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entente-over-http-'));
  await writeFile(join(folder, 'universities.csv'), list);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the command line prints. @throws Error where its exit code is not 0 */
async function simulated(...options: readonly string[]): Promise<string> {
  const words = ['simulate', 'accreditation', '--institutions', join(folder, 'universities.csv'), '--applications', '12'];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      ...['--conditions=entente-source', '--import', './test/support/typescript.mjs', 'apps/cli/main.ts'],
      ...[...words, '--seed', '7', '--lang', 'en', ...options],
    ],
    { env: childEnvironment({ TMPDIR: folder }) },
  );
  return stdout;
}

const found = (text: string, pattern: RegExp): string => {
  const [, value] = pattern.exec(text) ?? [];
  if (value === undefined) throw new Error(`there is no ${String(pattern)} in:\n${text}`);
  return value;
};
const outcomes = (text: string): readonly string[] => text.split('\n').filter((line) => line.startsWith('  '));

test('a round over HTTP ends as the one in process does, event for event, and everything is as it must be', async () => {
  const [inProcess, overHttp] = [await simulated(), await simulated('--over', 'http')];
  expect(overHttp).toContain('12 applications from 6 institutions');
  expect(outcomes(overHttp)).toEqual(outcomes(inProcess));
  expect(overHttp).toMatch(/recognised [1-9]/);
  expect(overHttp).not.toMatch(/open [1-9]/);
  expect(found(overHttp, /SHA-256 (\w{64})/)).toBe(found(inProcess, /SHA-256 (\w{64})/));
  expect(overHttp).toContain('nothing is owed; the server never failed');
  const [requests, commands] = [found(overHttp, /(\d+) requests/), found(overHttp, /(\d+) of them commands/)].map(Number);
  // Nobody acts who has not signed in and read first.
  expect(requests).toBeGreaterThan(2 * (commands ?? Infinity));
});

test('a round leaves nothing behind', async () => {
  expect(await readdir(folder)).toEqual(['universities.csv']);
});
