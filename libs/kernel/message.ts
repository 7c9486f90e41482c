/** A fact or a wish as data: a type tag and a JSON-safe payload (no undefined, bigint, Date or non-finite number). */
export interface Message<T extends string = string, D = unknown> {
  readonly type: T;
  readonly data: D;
}

/**
 * Under whose authority an event happened. No field holds personal data: people are random ids.
 */
export interface EventMeta {
  readonly alliance: string;
  /** `person-…`, `machine-…`, `engine` (a workflow) or `operator` (who runs the installation). */
  readonly actor: string;
  /** The office of a member for which a secretary acted. Of a machine key, before `principal` was: whose it is, or what it said. */
  readonly onBehalfOf?: string;
  /** The power of the charter that the command needed. */
  readonly power: string;
  /** The person whose act it is, where the actor is a machine key. */
  readonly principal?: string;
  /** Version of the charter in force when it was used; 0 before the first charter. */
  readonly charter: number;
  /** Ids of the events that gave the actor the power: the charter's adoption, the seat, the cause of a workflow's act. */
  readonly proof: readonly string[];
  /** Id of the command; event ids are derived from it, so a retry makes the same ones. */
  readonly command: string;
  /** SHA-256 (base64url) of the sealed command: a command id used again for something else is refused. */
  readonly digest: string;
  /** Id of the event that led to this command, if one did. */
  readonly causation?: string;
  /** Shared by all that follows from one request. */
  readonly correlation: string;
  /** The instant at which the rule decided, UTC, ISO 8601 with milliseconds. */
  readonly recordedAt: string;
}

/** Whose act an event is: the person, also where a machine key sent the command; `engine`; `operator`. */
export function personOf({ actor, principal, onBehalfOf }: Pick<EventMeta, 'actor' | 'principal' | 'onBehalfOf'>): string {
  if (principal !== undefined) return principal;
  return actor.startsWith('machine-') && onBehalfOf?.startsWith('person-') === true ? onBehalfOf : actor;
}

/** The office of a member for which an event's person acted, where they did. */
export const officeOf = ({ onBehalfOf }: Pick<EventMeta, 'onBehalfOf'>): string | undefined =>
  onBehalfOf?.startsWith('organ-') === true ? onBehalfOf : undefined;

/**
 * One event as it is kept for ever. Its RFC 8785 bytes are what is stored and what an auditor hashes.
 */
export interface Envelope<E extends Message = Message> {
  /** UUID, derived from the command id and the index of the event in the command (see identifiers.ts). */
  readonly id: string;
  /** `category-id`; the first dash ends the category. */
  readonly stream: string;
  /** Place in the stream, from 0, dense. */
  readonly revision: number;
  readonly type: E['type'];
  /** Version of the shape of `data`, from 1. */
  readonly version: number;
  readonly data: E['data'];
  readonly meta: EventMeta;
}

/** An event as read from the log. */
export interface RecordedEvent<E extends Message = Message> extends Envelope<E> {
  /** Place in the one total order. Dense from 1 on PostgreSQL and in memory; increasing on EventStoreDB. */
  readonly position: bigint;
}

/** What the log keeps of an event: all but its place in the one order. */
export const envelopeOf = <E extends Message>(event: RecordedEvent<E>): Envelope<E> => {
  const { id, stream, revision, type, version, data, meta } = event;
  return { id, stream, revision, type, version, data, meta };
};

/**
 * A stream as it stood at an instant: its events up to the first that was recorded later. Where the clocks of two servers differ, one
 * behind it may bear an earlier time; without those before it, it cannot be folded.
 *
 * @param until - milliseconds since 1970 UTC
 */
export function recordedBy<E extends RecordedEvent>(events: readonly E[], until: number): readonly E[] {
  const later = events.findIndex(({ meta }) => Date.parse(meta.recordedAt) > until);
  return later < 0 ? events : events.slice(0, later);
}

/** What the sender of an accepted command gets, the first time and on every retry. */
export interface Receipt {
  readonly stream: string;
  /** Revision of the last event of the command, or of the stream where the command changed nothing; -1 for an empty stream. */
  readonly revision: number;
  /** Position of that event; send it along to read views that include it. */
  readonly position: bigint;
  /** Ids of the events that this command made. */
  readonly events: readonly string[];
}
