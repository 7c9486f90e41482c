import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Last words of a test run: which optional suites ran on a real server, and loudly which did not run. */
export default class SummaryReporter {
  onRunComplete() {
    const notices = noticesOf(process.env.ENTENTE_TEST_RUN);
    const missing = notices.filter(({ kind }) => kind === 'missing');
    for (const { text } of notices.filter(({ kind }) => kind === 'ran')) process.stderr.write(`  ran: ${text}\n`);
    if (missing.length === 0) return;
    const rule = '!'.repeat(100);
    const lines = missing.map(({ text }) => `!! NOT RUN: ${text}`);
    process.stderr.write(`\n${[rule, ...lines, rule].join('\n')}\n`);
  }
}

function noticesOf(folder) {
  try {
    const lines = readFileSync(join(folder, 'notices'), 'utf8').split('\n').filter(Boolean);
    return [...new Set(lines)].map((line) => JSON.parse(line));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
