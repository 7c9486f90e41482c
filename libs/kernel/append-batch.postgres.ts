import type pg from 'pg';
import { intArray, textArray, uuidArray } from './arrays.postgres.js';
import { answering } from './database.postgres.js';
import { ConcurrencyError, UnavailableError } from './errors.js';
import type { Append, Appended } from './event-store.js';
import type { Envelope } from './message.js';
import type { StoredText } from './stored-event.postgres.js';

/** An append on its way, with the canonical texts of its events. */
export interface Pending {
  readonly append: Append;
  readonly texts: readonly StoredText[];
  /** Characters of all texts: a bound for the batch, not an account. */
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
export function chooseAppends(
  waiting: readonly Pending[],
  most: number,
): { readonly batch: readonly Pending[]; readonly rest: Pending[] } {
  const batch: Pending[] = [];
  const rest: Pending[] = [];
  const written = new Set<string>();
  const atMost = Math.min(most, appendsPerBatch);
  let size = 0;
  for (const pending of waiting) {
    const { stream, guards = [] } = pending.append;
    const full = batch.length === atMost || (batch.length > 0 && size + pending.size > sizePerBatch);
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

/**
 * Commits a batch in one transaction and answers each append on its own account.
 *
 * Where the database refuses the batch, its halves are tried apart, down to the append that is at fault: it alone fails.
 */
export async function commitBatch(pool: pg.Pool, batch: readonly Pending[]): Promise<void> {
  try {
    const asked = questionOf(batch);
    const head = await appendAll(pool, asked).catch(nothingIfThere);
    if (head === null) await appendEach(pool, batch, asked);
    else answerAll(batch, BigInt(head));
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

interface Question {
  readonly checks: readonly Check[];
  readonly duties: { readonly append: readonly number[]; readonly check: readonly number[] };
  /** The arguments that both functions take. */
  readonly values: readonly unknown[];
}

interface Check {
  readonly stream: string;
  readonly length: number;
}

const uniqueViolation = '23505';

function nothingIfThere(failure: unknown): null {
  if ((failure as { readonly code?: unknown }).code === uniqueViolation) return null;
  throw failure;
}

async function appendAll(pool: pg.Pool, { values }: Question): Promise<string | null> {
  const text = 'select append_all($1, $2, $3, $4, $5, $6, $7, $8) as head';
  const { rows } = await answering(() => pool.query<{ head: string | null }>({ name: 'append_all', text, values: [...values] }));
  return rows[0]?.head ?? null;
}

function answerAll(batch: readonly Pending[], head: bigint): void {
  let position = head;
  for (const { append, resolve } of batch) {
    position += BigInt(append.events.length);
    resolve({ revision: append.expectedLength + append.events.length - 1, position, repeated: false });
  }
}

interface Outcome {
  readonly append: string;
  readonly position: string | null;
  readonly known_revision: number | null;
  readonly failed_check: string | null;
  readonly actual: number | null;
}

async function appendEach(pool: pg.Pool, batch: readonly Pending[], { checks, duties, values }: Question): Promise<void> {
  const streams = textArray(batch.map(({ append }) => append.stream));
  const firstIds = uuidArray(batch.map(({ append }) => (append.events[0] as Envelope).id));
  const expected = intArray(batch.map(({ append }) => append.expectedLength));
  const sizes = intArray(batch.map(({ append }) => append.events.length));
  const text = 'select * from append_each($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)';
  const { rows } = await answering(() =>
    pool.query<Outcome>({
      name: 'append_each',
      text,
      values: [...values, streams, firstIds, expected, sizes, intArray(duties.append), intArray(duties.check)],
    }),
  );
  for (const row of rows) answer(batch[Number(row.append) - 1] as Pending, row, checks);
}

function answer({ append, resolve, reject }: Pending, row: Outcome, checks: readonly Check[]): void {
  if (row.position === null) {
    const { stream, length } = checks[Number(row.failed_check) - 1] as Check;
    reject(new ConcurrencyError(stream, length, row.actual as number));
  } else {
    const first = row.known_revision ?? append.expectedLength;
    const revision = first + append.events.length - 1;
    resolve({ revision, position: BigInt(row.position), repeated: row.known_revision !== null });
  }
}

function questionOf(batch: readonly Pending[]): Question {
  const { checks, duties } = expectationsOf(batch);
  const events = batch.flatMap(({ append }) => append.events);
  const texts = batch.flatMap((pending) => pending.texts);
  return {
    checks,
    duties,
    values: [
      textArray(checks.map(({ stream }) => stream)),
      intArray(checks.map(({ length }) => length)),
      textArray(events.map(({ stream }) => stream)),
      intArray(events.map(({ revision }) => revision)),
      uuidArray(events.map(({ id }) => id)),
      textArray(events.map(({ type }) => type)),
      textArray(texts.map(({ data }) => data)),
      textArray(texts.map(({ frame }) => frame)),
    ],
  };
}

/** What must be true of which streams, each expectation once however many appends of the batch share it. */
function expectationsOf(batch: readonly Pending[]): Pick<Question, 'checks' | 'duties'> {
  const checks: Check[] = [];
  const numbers = new Map<string, number>();
  const duties = { append: [] as number[], check: [] as number[] };
  const expect = (append: number, { stream, length }: Check): void => {
    const key = `${length} ${stream}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = checks.push({ stream, length });
      numbers.set(key, number);
    }
    duties.append.push(append);
    duties.check.push(number);
  };
  for (const [index, { append }] of batch.entries()) {
    expect(index + 1, { stream: append.stream, length: append.expectedLength });
    for (const guard of append.guards ?? []) expect(index + 1, guard);
  }
  return { checks, duties };
}
