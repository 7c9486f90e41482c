import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Says which form of a suite that can run on a real server ran, for the summary at the end of the run.
 *
 * `missing` is loud: what to install or set so that it runs. `ran` says on what it ran. A second call with the same text
 * changes nothing.
 */
export function notice(kind: 'missing' | 'ran', text: string): void {
  const folder = process.env['ENTENTE_TEST_RUN'];
  if (folder) appendFileSync(join(folder, 'notices'), `${JSON.stringify({ kind, text })}\n`);
}
