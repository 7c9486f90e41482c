import { createHash } from 'node:crypto';
import { canonicalJson, envelopeOf, type EventStore, isSealed, type RecordedEvent } from '#kernel';
import type { CaseEvent } from '#workflow';
import type { CourseToSubmit } from '../server/rehearsal.applications.js';

export interface CaseOutcome {
  /** `case-…` */
  readonly stream: string;
  readonly province: string;
  readonly kind: CourseToSubmit['kind'];
  readonly outcome: 'granted' | 'refused' | 'withdrawn' | 'open';
}

export interface History {
  /**
   * SHA-256 (hex) of every event in canonical form, stream after stream by name, a line feed after each.
   *
   * Left out is what differs from one installation to another although the same was done: the position in the log, and what
   * follows from a person's own key (sealed values, and the digest of a command that holds some).
   */
  readonly hash: string;
  readonly events: number;
  readonly cases: readonly CaseOutcome[];
}

/** What the log says of a simulated round. */
export async function historyOf(store: EventStore, courses: readonly CourseToSubmit[]): Promise<History> {
  const kinds = new Map(courses.map(({ id, kind }) => [id, kind]));
  const streams = new Map<string, string[]>();
  const cases = new Map<string, CaseOutcome>();
  let count = 0;
  for (let after = 0n; ;) {
    const { events, through } = await store.readAll(after, { limit: 1_000 });
    if (through === after) break;
    after = through;
    count += events.length;
    for (const event of events) {
      const lines = streams.get(event.stream) ?? [];
      lines.push(lineOf(event));
      streams.set(event.stream, lines);
      if (event.stream.startsWith('case-')) take(cases, event as CaseTold, kinds);
    }
  }
  const inOrder = [...streams].sort(([one], [other]) => (one < other ? -1 : 1));
  const hash = createHash('sha256');
  for (const [, lines] of inOrder) for (const line of lines) hash.update(`${line}\n`);
  return { hash: hash.digest('hex'), events: count, cases: [...cases.values()].sort(byStream) };
}

const byStream = (one: CaseOutcome, other: CaseOutcome): number => (one.stream < other.stream ? -1 : 1);

function lineOf(event: RecordedEvent): string {
  const { meta, data, ...envelope } = envelopeOf(event);
  const { digest: _digest, ...told } = meta;
  return canonicalJson({ ...envelope, meta: told, data: unsealed(data) });
}

/** Of a sealed value, whose it is. */
function unsealed(value: unknown): unknown {
  if (isSealed(value)) return { of: value.of };
  if (Array.isArray(value)) return value.map(unsealed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, unsealed(part)]));
}

type CaseTold = RecordedEvent<CaseEvent>;

function take(cases: Map<string, CaseOutcome>, event: CaseTold, kindsById: ReadonlyMap<string, CourseToSubmit['kind']>): void {
  const { stream } = event;
  if (event.type === 'CaseOpened') {
    const { applicant, subject } = event.data as Extract<CaseEvent, { type: 'CaseOpened' }>['data'];
    cases.set(stream, { stream, province: applicant.province, kind: kindsById.get(subject) ?? 'online', outcome: 'open' });
  }
  const known = cases.get(stream);
  if (event.type !== 'CaseEnded' || known === undefined) return;
  const { outcome } = event.data as Extract<CaseEvent, { type: 'CaseEnded' }>['data'];
  cases.set(stream, { ...known, outcome });
}
