import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A line for the summary at the end of the test run: on what an optional suite ran, or that it DID NOT RUN (those very
 * words make it loud) and what to install or set. Saying it twice changes nothing.
 */
export function notice(line: string): void {
  const folder = process.env['ENTENTE_TEST_RUN'];
  if (folder) appendFileSync(join(folder, 'notices'), `${line}\n`);
}
