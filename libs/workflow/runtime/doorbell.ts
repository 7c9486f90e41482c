/** A time at which something falls due. */
export interface Bell {
  /** `effect.<position>.<index>`: the same bell set twice rings once. */
  readonly id: string;
  readonly atMs: number;
}

/**
 * Rings at an instant, for one of those who listen. It may forget bells, or ring twice: what is owed stands in the log, not here.
 */
export abstract class Doorbell {
  /**
   * Sets bells. One that is set already stays as it is.
   *
   * @throws UnavailableError when the queue does not answer
   */
  abstract set(bells: readonly Bell[]): Promise<void>;

  /** Answers bells from now on, several at once. Called once. */
  abstract answer(ring: (id: string) => Promise<void>): void;

  /** Waits for rings under way and lets go of connections. */
  abstract close(): Promise<void>;
}
