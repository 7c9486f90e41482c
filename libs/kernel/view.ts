import type { RecordedEvent } from './message.js';

/**
 * One connection to the database of the views, inside one transaction. Values are bound, never pasted into the text.
 *
 * @throws TypeError for a query that is asked before the one before it has been answered
 */
export interface Sql {
  query<R = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<readonly R[]>;
}

/**
 * A read model, built from events only. It lives in a PostgreSQL schema of its own that can be dropped and built again at any time.
 */
export interface View {
  /** Lower-case words joined by underscores; its schema is `view_<name>`. */
  readonly name: string;
  /** A higher version is built beside the live one and swapped in when it has caught up. */
  readonly version: number;
  /** Categories of streams it is built from. */
  readonly categories: readonly string[];
  /** Whether an event of these categories can change anything; each of them where absent. `apply` may be given the others all the same. */
  readonly concerns?: (event: RecordedEvent) => boolean;
  /** Makes the tables inside `schema`, which exists and is empty. */
  readonly create: (sql: Sql, schema: string) => Promise<void>;
  /**
   * Takes a batch of events in log order, in the transaction that moves the checkpoint. Set-wise: statements per batch, not per event.
   */
  readonly apply: (events: readonly RecordedEvent[], sql: Sql, schema: string) => Promise<void>;
}

/** What a door needs to answer from views. */
export abstract class Views {
  /**
   * Runs queries on the live schema of a view (`view_<name>`), in one read-only snapshot.
   *
   * @param atLeast - position that the answer must include: a receipt's
   * @throws UnavailableError when the view has not got there in time
   */
  abstract read<T>(view: View, queries: (sql: Sql, schema: string) => Promise<T>, atLeast?: bigint): Promise<T>;
}
