import { createHash } from 'node:crypto';
import { canonicalJson, envelopeOf, type EventStore, isSealed, type RecordedEvent } from '#kernel';
import type { CaseEvent } from '#workflow';
import { type HostileRow, hostileRows } from './simulation.hostile.js';
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
  /** What went against it. */
  readonly hostile: readonly HostileRow[];
}

/** What the log says of a simulated round. */
export async function historyOf(store: EventStore, courses: readonly CourseToSubmit[]): Promise<History> {
  const kinds = new Map(courses.map(({ id, kind }) => [id, kind]));
  const streams = new Map<string, string[]>();
  const cases = new Map<string, CaseOutcome>();
  const histories = new Map<string, CaseTold[]>();
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
      if (!event.stream.startsWith('case-')) continue;
      take(cases, event as CaseTold, kinds);
      const told = histories.get(event.stream) ?? [];
      told.push(event as CaseTold);
      histories.set(event.stream, told);
    }
  }
  const inOrder = [...streams].sort(([one], [other]) => (one < other ? -1 : 1));
  const hash = createHash('sha256');
  for (const [, lines] of inOrder) for (const line of lines) hash.update(`${line}\n`);
  return {
    hash: hash.digest('hex'),
    events: count,
    cases: [...cases.values()].sort(byStream),
    hostile: hostileRows(histories.values()),
  };
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
  // Recognised for five years, which no simulation waits for.
  if (event.type === 'StageEntered' && known !== undefined) {
    const { kind } = event.data as Extract<CaseEvent, { type: 'StageEntered' }>['data'];
    if (kind === 'duty') cases.set(stream, { ...known, outcome: 'granted' });
  }
  if (event.type === 'CaseReopened' && known !== undefined) cases.set(stream, { ...known, outcome: 'open' });
  if (event.type !== 'CaseEnded' || known === undefined) return;
  const { outcome } = event.data as Extract<CaseEvent, { type: 'CaseEnded' }>['data'];
  cases.set(stream, { ...known, outcome });
}
