/** A sentence in both languages of an alliance. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

export type Language = keyof Text;

/**
 * A rule of the alliance said no.
 *
 * `code` is `context.reason`, stable and public: codes are added, never changed. `text` says what the caller can do about it.
 * The HTTP status follows from `code` in apps/server/http/problem.ts (`statusOf`): 409 where that names no other.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  constructor(
    readonly code: `${string}.${string}`,
    readonly text: Text,
    /** What the sentence speaks of, for machines: ids, clauses, numbers. Never personal data. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${code}: ${text.en}`);
  }
}

/** Another writer appended first, or a guarded stream moved on: load again and decide again. */
export class ConcurrencyError extends Error {
  override readonly name = 'ConcurrencyError';
  constructor(
    readonly stream: string,
    readonly expected: number,
    readonly actual: number,
  ) {
    super(`${stream} holds ${actual} events, not ${expected}`);
  }
}

/** The log, the queue or a view did not answer in time. Nothing is known to have failed: retry with the same command id. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
  constructor(
    message: string,
    readonly retryAfterMs = 1000,
  ) {
    super(message);
  }
}
