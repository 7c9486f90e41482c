import { Clock } from '#kernel';

/** Runs as the machine's clock does, from wherever it was put: for servers whose queue and timeouts go on in real time. */
export class MovableClock extends Clock {
  private offsetMs: number;
  private heldAtMs: number | undefined;
  private readonly waiting = new Set<() => void>();

  constructor(startMs: number) {
    super();
    this.offsetMs = startMs - Date.now();
  }

  override now(): number {
    return this.heldAtMs ?? Date.now() + this.offsetMs;
  }

  override async waitUntil(atMs: number, signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && this.now() < atMs) await this.nap(atMs - this.now(), signal);
  }

  /** Goes to an instant and on from there. */
  moveTo(atMs: number): void {
    this.heldAtMs = undefined;
    this.offsetMs = atMs - Date.now();
    for (const wake of this.waiting) wake();
  }

  /** Stands still at an instant until it is moved again. */
  holdAt(atMs: number): void {
    this.moveTo(atMs);
    this.heldAtMs = atMs;
  }

  private nap(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(ms, 2 ** 31 - 1));
      this.waiting.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
}
