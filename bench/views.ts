import pg from 'pg';
import { openPool, type RecordedEvent, type View, ViewRunner } from '#kernel';
import type { Vote } from './ballot.js';
import { compare, type Figure } from './figure.js';
import { RawLog } from './raw.js';
import { fill } from './replay.js';
import type { BenchServer } from './server.js';

const streams = 50;
const length = 1000;
const batch = 1000;

const upsert = (table: string): string =>
  `insert into ${table} select * from unnest($1::text[], $2::int[], $3::int[])
   on conflict (ballot) do update set votes = ${table}.votes + excluded.votes, weight_for = ${table}.weight_for + excluded.weight_for`;

/** Votes and weights by ballot, as columns. */
function tallied(rows: readonly { readonly stream: string; readonly data: unknown }[]): readonly [string[], number[], number[]] {
  const tallies = new Map<string, { votes: number; weight: number }>();
  for (const { stream, data } of rows) {
    const tally = tallies.get(stream) ?? { votes: 0, weight: 0 };
    const { choice, weight } = data as Vote;
    tally.votes += 1;
    if (choice === 'for') tally.weight += weight;
    tallies.set(stream, tally);
  }
  const all = [...tallies.values()];
  return [[...tallies.keys()], all.map(({ votes }) => votes), all.map(({ weight }) => weight)];
}

const columns = '(ballot text primary key, votes int not null, weight_for int not null)';

// A name of its own for each round: it starts from nothing.
const tally = (round: number): View => ({
  name: `tally_${round}`,
  version: 1,
  categories: ['ballot'],
  create: async (sql, schema) => {
    await sql.query(`create table ${schema}.tally ${columns}`);
  },
  apply: async (events: readonly RecordedEvent[], sql, schema) => {
    await sql.query(upsert(`${schema}.tally`), tallied(events));
  },
});

/** Events per second when a SQL view is brought up to date with a log that it has not seen. */
export async function* views(server: BenchServer): AsyncGenerator<Figure> {
  const rawUrl = await server.database('raw_views');
  const raw = new RawLog(rawUrl, 1);
  await raw.create();
  await raw.seed('ballot', streams, length, '190 B');
  const { url, store } = await server.log('views');
  await fill(store, '190 B');
  const pool = openPool(url, { max: 6 });
  const client = new pg.Client({ connectionString: rawUrl });
  await client.connect();
  await client.query(
    `create table tally ${columns}; create table checkpoint (position bigint not null); insert into checkpoint values (0)`,
  );
  let rounds = 0;
  yield await compare(
    'catch-up of a SQL view, 190 B',
    'events/s',
    () => project(client),
    async () => {
      const runner = new ViewRunner(store, pool, [tally((rounds += 1))]);
      const head = await store.head();
      const begin = performance.now();
      runner.start();
      await runner.caughtUp(head, 120_000);
      const seconds = (performance.now() - begin) / 1000;
      await runner.stop();
      return Number(head) / seconds;
    },
  );
  await client.end();
  await Promise.all([raw.close(), store.close(), pool.end()]);
}

/** The floor: a page of events, one statement for the table, one for the checkpoint, one transaction per page. */
async function project(client: pg.Client): Promise<number> {
  await client.query('truncate tally; update checkpoint set position = 0');
  const begin = performance.now();
  let position: string | number = 0;
  for (;;) {
    const { rows }: pg.QueryResult<{ position: string; stream: string; data: Vote }> = await client.query({
      name: 'page',
      text: 'select position, stream, version, type, data, meta from raw_event where position > $1 order by position limit $2',
      values: [position, batch],
    });
    position = rows.at(-1)?.position ?? position;
    if (rows.length === 0) break;
    await client.query('begin');
    await client.query({ name: 'upsert', text: upsert('tally'), values: [...tallied(rows)] });
    await client.query({ name: 'checkpoint', text: 'update checkpoint set position = $1', values: [position] });
    await client.query('commit');
  }
  return (streams * length) / ((performance.now() - begin) / 1000);
}
