import { join } from 'node:path';
import { Client } from 'pg';
import { ensurePostgres } from '../../../libs/kernel/embedded.postgres.js';
import { Chance } from '../../../apps/server/chance.js';
import { notice } from '../../support/notices.js';

/** With FAULTS=long as often as one would in a night, else as often as a test run has time for. */
export const often = ({ short, long }: { readonly short: number; readonly long: number }): number =>
  process.env['FAULTS'] === 'long' ? long : short;

/** How long one of these tests may take. */
export const patienceMs = process.env['FAULTS'] === 'long' ? 3 * 3_600_000 : 300_000;

/** A bound in milliseconds that means something where nothing else runs; other tests at the same time are given three times as long. */
export const within = (ms: number): number => often({ short: 3 * ms, long: ms });

/** Repeatable with FAULTS_SEED, which the summary of the test run tells. */
export function seeded(suite: string): Chance {
  const seed = process.env['FAULTS_SEED'] ?? String(Date.now() % 1_000_000);
  notice(`${suite} drew its moments with FAULTS_SEED=${seed}`);
  return new Chance(`${suite} ${seed}`);
}

/** The address of the embedded database of a server that runs. */
export const embeddedUrl = async (dataDir: string): Promise<string> =>
  (await ensurePostgres({ dataDir: join(dataDir, 'postgres') })).url;

/** Whoever signs in with a click from now on has come by a password: what a click opened would end at doors that are no demonstration. */
export async function asByPassword(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`create function identity.by_password() returns trigger language plpgsql
      as $$ begin new.method := 'password'; return new; end $$;
    create trigger by_password before insert on identity.session for each row execute function identity.by_password()`);
  await client.end();
}
