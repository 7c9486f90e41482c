/**
 * The only source of time. Every wait goes through it, so that five years pass in a test in milliseconds.
 */
export abstract class Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  abstract now(): number;

  /** Resolves when `now()` has reached `atMs`, at once if it has already, or as soon as `signal` is aborted. */
  abstract waitUntil(atMs: number, signal?: AbortSignal): Promise<void>;
}

const longestTimeoutMs = 2 ** 31 - 1;

/** The clock of the machine. */
export class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }

  override async waitUntil(atMs: number, signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && this.now() < atMs) await sleep(Math.min(atMs - this.now(), longestTimeoutMs), signal);
  }
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** A clock that moves only when told to. Waits end in the order of their instants. */
export class VirtualClock extends Clock {
  private waiters: { readonly atMs: number; readonly wake: () => void }[] = [];

  constructor(private nowMs: number) {
    super();
  }

  override now(): number {
    return this.nowMs;
  }

  override waitUntil(atMs: number, signal?: AbortSignal): Promise<void> {
    if (atMs <= this.nowMs || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const waiter = { atMs, wake };
      const leave = (): void => {
        this.waiters = this.waiters.filter((other) => other !== waiter);
        resolve();
      };
      this.waiters.push(waiter);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** Moves to `atMs`, never back, and wakes whoever waited for an instant up to it. */
  advanceTo(atMs: number): void {
    this.nowMs = Math.max(this.nowMs, atMs);
    const due = this.waiters.filter((waiter) => waiter.atMs <= this.nowMs).sort((a, b) => a.atMs - b.atMs);
    this.waiters = this.waiters.filter((waiter) => waiter.atMs > this.nowMs);
    for (const waiter of due) waiter.wake();
  }
}
