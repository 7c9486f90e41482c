import { migrate, uuidv7 } from '#kernel';
import { migrateQueue, workflowMigrations } from '../libs/workflow/runtime/index.js';
import pg from 'pg';
import { compare, type Figure, figure, perSecond } from './figure.js';
import { branches, steps } from './journey.js';
import type { BenchServer } from './server.js';
import { Progress, startTraveller } from './traveller.js';

const count = 500;

/**
 * Whole workflows per second, some in flight, against an append for each of their events on raw pg; and how long it takes from a command,
 * the start or the signal, until all that follows from it is in the log and has been heard of.
 */
export async function* workflow(server: BenchServer): AsyncGenerator<Figure> {
  const floor = new pg.Pool({ connectionString: await server.database('raw_journeys'), max: 20 });
  floor.on('error', () => undefined);
  await floor.query('create table event (stream text, version int, type text, data jsonb, primary key (stream, version))');
  const { url, store } = await server.log('journeys');
  await migrate(url, workflowMigrations);
  await migrateQueue(url);
  await store.close();
  const traveller = startTraveller(url);
  const progress = new Progress(traveller.tail);
  const takenMs: number[] = [];
  const goOn = async (id: string, type: 'Start' | 'Signal', events: number): Promise<void> => {
    const begin = performance.now();
    await traveller.send(id, type);
    await progress.come(id, events);
    takenMs.push(performance.now() - begin);
  };
  const one = async (): Promise<void> => {
    const id = uuidv7(Date.now());
    await goOn(id, 'Start', 1 + steps + branches);
    await goOn(id, 'Signal', 3 + steps + branches);
  };
  for (const inFlight of [1, 10, 50]) {
    const some = inFlight === 1 ? 50 : count;
    takenMs.length = 0;
    yield await compare(
      `workflows of ${3 + steps + branches} events, ${inFlight} in flight`,
      '/s',
      () => perSecond(inFlight, some, () => byHand(floor)),
      () => perSecond(inFlight, some, one),
    );
    const sorted = takenMs.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
    yield figure(`  from a command to all its steps, ${inFlight} in flight: p50 (floor: p99)`, 'ms', at(0.5), at(0.99));
  }
  await progress.stop();
  await traveller.stop();
  await floor.end();
}

/** What anybody would write by hand: an insert for each event, nothing around it. */
async function byHand(pool: pg.Pool): Promise<void> {
  const stream = uuidv7(Date.now());
  let version = 0;
  const append = (type: string, data: object): Promise<unknown> =>
    pool.query({
      name: 'append',
      text: 'insert into event values ($1, $2, $3, $4)',
      values: [stream, version++, type, data],
    });
  await append('Started', { id: stream });
  for (let step = 1; step <= steps; step += 1) await append('StepTaken', { step, ok: true });
  await Promise.all(Array.from({ length: branches }, (_, branch) => append('BranchTaken', { branch })));
  await append('Signalled', { value: 'approve' });
  await append('Finished', {});
}
