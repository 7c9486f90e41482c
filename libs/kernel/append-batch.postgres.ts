import type pg from 'pg';
import { answering } from './database.postgres.js';
import { ConcurrencyError, UnavailableError } from './errors.js';
import type { Append, Appended } from './event-store.js';

/** An append on its way, with the canonical text of its events. */
export interface Pending {
  readonly append: Append;
  readonly bodies: readonly string[];
  /** Characters of all bodies: a bound for the batch, not an account. */
  readonly size: number;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (failure: unknown) => void;
}

const appendsPerBatch = 500;
const sizePerBatch = 4_000_000;

/**
 * The longest batch that one look at the log can judge: each stream is written by one append at most, and who rests on a stream that an
 * append before it in the batch writes must wait for the outcome.
 */
export function chooseAppends(waiting: readonly Pending[]): { readonly batch: readonly Pending[]; readonly rest: Pending[] } {
  const batch: Pending[] = [];
  const rest: Pending[] = [];
  const written = new Set<string>();
  let size = 0;
  for (const pending of waiting) {
    const { stream, guards = [] } = pending.append;
    const full = batch.length === appendsPerBatch || (batch.length > 0 && size + pending.size > sizePerBatch);
    if (full || written.has(stream) || guards.some((guard) => written.has(guard.stream))) {
      rest.push(pending);
    } else {
      batch.push(pending);
      written.add(stream);
      size += pending.size;
    }
  }
  return { batch, rest };
}

interface Outcome {
  readonly append: string;
  readonly position: string | null;
  readonly first_revision: number | null;
  readonly failed_check: string | null;
  readonly actual: number | null;
}

/**
 * Commits a batch in one transaction and answers each append on its own account.
 *
 * Where the database refuses the batch, its halves are tried apart, down to the append that is at fault: it alone fails.
 */
export async function commitBatch(pool: pg.Pool, batch: readonly Pending[]): Promise<void> {
  try {
    const { checks, values } = argumentsOf(batch);
    const { rows } = await answering(() => pool.query<Outcome>({ name: 'append', text: appendCall, values }));
    for (const row of rows) answer(batch[Number(row.append) - 1] as Pending, row, checks);
  } catch (failure) {
    if (failure instanceof UnavailableError || batch.length === 1) {
      for (const { reject } of batch) reject(failure);
      return;
    }
    const middle = batch.length >> 1;
    await commitBatch(pool, batch.slice(0, middle));
    await commitBatch(pool, batch.slice(middle));
  }
}

const appendCall = 'select * from append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)';

interface Check {
  readonly stream: string;
  readonly length: number;
}

function argumentsOf(batch: readonly Pending[]): { readonly checks: readonly Check[]; readonly values: unknown[] } {
  const checks: Check[] = [];
  const numbers = new Map<string, number>();
  const duties = { append: [] as number[], check: [] as number[] };
  const expect = (append: number, { stream, length }: Check): void => {
    const key = `${length} ${stream}`;
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = checks.push({ stream, length })));
    duties.append.push(append);
    duties.check.push(number);
  };
  const events = {
    append: [] as number[],
    revision: [] as number[],
    id: [] as string[],
    type: [] as string[],
    body: [] as string[],
  };
  for (const [index, { append, bodies }] of batch.entries()) {
    expect(index + 1, { stream: append.stream, length: append.expectedLength });
    for (const guard of append.guards ?? []) expect(index + 1, guard);
    for (const [at, event] of append.events.entries()) {
      events.append.push(index + 1);
      events.revision.push(append.expectedLength + at);
      events.id.push(event.id);
      events.type.push(event.type);
      events.body.push(bodies[at] as string);
    }
  }
  const appends = batch.map(({ append }) => append);
  return {
    checks,
    values: [
      checks.map(({ stream }) => stream),
      checks.map(({ length }) => length),
      duties.append,
      duties.check,
      appends.map(({ stream }) => stream),
      appends.map(({ expectedLength }) => expectedLength),
      appends.map((append) => append.events.length),
      appends.map((append) => append.events[0]?.id),
      events.append,
      events.revision,
      events.id,
      events.type,
      events.body,
    ],
  };
}

function answer({ append, resolve, reject }: Pending, row: Outcome, checks: readonly Check[]): void {
  if (row.position === null) {
    const { stream, length } = checks[Number(row.failed_check) - 1] as Check;
    reject(new ConcurrencyError(stream, length, row.actual as number));
  } else {
    const first = row.first_revision ?? append.expectedLength;
    resolve({
      revision: first + append.events.length - 1,
      position: BigInt(row.position),
      repeated: row.first_revision !== null,
    });
  }
}
