import { expect, test } from '@jest/globals';
import { commands } from './commands.js';
import { entente } from './cli.js';

async function run(line: string, environment: NodeJS.ProcessEnv = {}) {
  const said: string[] = [];
  const told: string[] = [];
  const code = await entente(line === '' ? [] : line.split(' '), {
    environment,
    say: (text) => said.push(text),
    tell: (text) => told.push(text),
  });
  return { code, said: said.join('\n'), told: told.join('\n') };
}

test('asked for help, it names every command, in the language asked for', async () => {
  for (const [line, environment, heading] of [
    ['--help', {}, 'Usage:'],
    ['--help --lang zh', {}, '用法：'],
    ['help', { LANG: 'zh_CN.UTF-8' }, '用法：'],
    ['--help --lang=en', { LANG: 'zh_CN.UTF-8' }, 'Usage:'],
    ['--help', { LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, 'Usage:'],
  ] as const) {
    const { code, said, told } = await run(line, environment);
    expect({ code, told }).toEqual({ code: 0, told: '' });
    expect(said).toContain(heading);
    for (const { words } of commands) expect(said).toContain(`entente ${words.join(' ')}`);
  }
});

test('help for one command tells of that one alone', async () => {
  const { code, said } = await run('replay --help');
  expect(code).toBe(0);
  expect(said).toContain('entente replay STREAM');
  expect(said).not.toContain('entente import');
});

test('a line that is not understood ends with 2, the usage, and nothing on standard output', async () => {
  for (const line of [
    '',
    'dance',
    'import',
    'import students FILE',
    'import institutions',
    'import institutions A B',
    'replay',
    'replay x --frob 1',
    'replay case-a.1 --as-of',
    'replay case-a.1 --as-of yesterday',
    'replay case-a.1 --as-of 2026-02-30',
    'replay case-a.1 --as-of 2026-02-30T09:00:00Z',
    'replay case-a.1 --as-of 2026-03-02T09:00:00',
    'replay case-a.1 --position -1',
    'replay case-a.1 --as-of 2026-03-02 --position 7',
    'simulate accreditation',
    'simulate accreditation --institutions x --applications many',
    'simulate accreditation --institutions x --applications 0',
    'simulate accreditation --institutions x --store paper',
    'rebuild a b',
    'replay x --lang fr',
  ]) {
    const { code, said, told } = await run(line);
    expect({ line, code, said }).toEqual({ line, code: 2, said: '' });
    expect(told).not.toBe('');
  }
});

test('every complaint has a Chinese form', async () => {
  for (const line of [
    'dance --lang zh',
    'replay --lang zh',
    'simulate accreditation --lang zh',
    'replay a-1 --position x --lang zh',
  ]) {
    expect((await run(line)).told).toMatch(/[一-鿿]/);
  }
});

test('a wrong setting ends with 2 and names itself', async () => {
  const { code, told } = await run('rebuild', { DATABASE_URL: 'mysql://x' });
  expect(code).toBe(2);
  expect(told).toContain('DATABASE_URL');
});

test('a file that is not there ends with 1', async () => {
  const { code, told } = await run('import institutions /no/such/file.csv');
  expect(code).toBe(1);
  expect(told).toContain('/no/such/file.csv');
});
