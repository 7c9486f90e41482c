import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Last words of a test run: on what the optional suites ran, and loudly which of them did not run. */
export default class SummaryReporter {
  onRunComplete() {
    const lines = noticesOf(process.env.ENTENTE_TEST_RUN);
    const loud = lines.filter((line) => line.includes('DID NOT RUN'));
    for (const line of lines.filter((line) => !loud.includes(line))) process.stderr.write(`${line}\n`);
    if (loud.length === 0) return;
    const rule = '!'.repeat(100);
    process.stderr.write(`\n${[rule, ...loud.map((line) => `!! ${line}`), rule].join('\n')}\n`);
  }
}

function noticesOf(folder) {
  try {
    return [...new Set(readFileSync(join(folder, 'notices'), 'utf8').split('\n'))].filter(Boolean);
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
