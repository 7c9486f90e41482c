/** While a batch is under way, fewer had better wait for its end than be sent beside it. */
const worthALane = 4;

/**
 * Gathers what is asked for while earlier questions are under way, and sends it on together.
 *
 * Callers that are woken by one answer ask again in the same turn of the event loop; waiting for its end costs microseconds
 * and puts them all into one batch.
 */
export class Gathering<T> {
  private waiting: T[] = [];
  private underWay = 0;
  private scheduled = false;
  private idle: (() => void)[] = [];
  /** Whoever comes now may ask at once. */
  private isOpen = true;
  private comers: (() => void)[] = [];

  constructor(
    /** Batches that may be under way at once. */
    private readonly lanes: number,
    /** Chooses what goes together, so many at most; the rest stays, in order. Takes at least one. */
    private readonly choose: (waiting: readonly T[], most: number) => { readonly batch: readonly T[]; readonly rest: T[] },
    /** Sends a batch and answers everyone in it. Must not throw. */
    private readonly send: (batch: readonly T[]) => Promise<void>,
  ) {}

  add(item: T): void {
    this.waiting.push(item);
    this.schedule();
  }

  /**
   * For whoever has yet to work out what to ask: resolves when it would be sent on, or enough others wait for a batch; undefined for now.
   *
   * What is worked out then rests on the latest answers, and all who waited do it one after the other, which takes half the time that it
   * takes each between other things.
   */
  room(): Promise<void> | undefined {
    if (this.isOpen) return undefined;
    const entering = new Promise<void>((resolve) => this.comers.push(resolve));
    this.letIn();
    return entering;
  }

  /** Resolves when nothing waits and nothing is under way. */
  async settled(): Promise<void> {
    if (this.waiting.length === 0 && this.underWay === 0) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private letIn(): void {
    if (this.underWay > 0 && (this.underWay === this.lanes || this.comers.length < worthALane)) return;
    this.isOpen = true;
    for (const enter of this.comers.splice(0)) enter();
  }

  private schedule(): void {
    if (this.scheduled || this.underWay >= this.lanes) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      void this.next();
    });
  }

  /** What waits is shared among the free lanes: so the callers of one batch are at work while another is under way. */
  private share(): number {
    const { length } = this.waiting;
    return Math.max(worthALane, Math.ceil(length / (this.lanes - this.underWay)));
  }

  private async next(): Promise<void> {
    const { batch, rest } = this.choose(this.waiting, this.share());
    this.waiting = rest;
    this.underWay += 1;
    this.isOpen = false;
    if (rest.length > 0) this.schedule();
    await this.send(batch);
    this.underWay -= 1;
    this.letIn();
    if (this.waiting.length > 0) this.schedule();
    else if (this.underWay === 0) for (const resolve of this.idle.splice(0)) resolve();
  }
}
