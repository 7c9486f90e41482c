import type { RecordedEvent } from './message.js';
import { type EventRow, recorded, type StoredText } from './stored-event.postgres.js';

const rowsAtMost = 2_000;
const charactersAtMost = 4_000_000;

/**
 * What this process has appended lately, so that those who follow the log in it need not ask the database for it.
 *
 * Positions are dense and an event never changes: what stands at the next position is the next event, whoever tells it.
 */
export class OwnAppends {
  private readonly rows = new Map<number, EventRow>();
  private characters = 0;
  private latest = 0;

  /** @param last - position of the last of these, which stand one after the other */
  keep(last: bigint, texts: readonly StoredText[]): void {
    let position = Number(last) - texts.length;
    for (const { data, frame } of texts) {
      position += 1;
      this.rows.set(position, { position: String(position), data, frame });
      this.characters += data.length + frame.length;
    }
    this.latest = Math.max(this.latest, position);
    this.forget();
  }

  /** The events from `after` on to the first that is not known here, so many at most. */
  following(after: bigint, limit: number): readonly RecordedEvent[] {
    const events: RecordedEvent[] = [];
    for (let position = Number(after) + 1; events.length < limit; position += 1) {
      const row = this.rows.get(position);
      if (row === undefined) break;
      events.push(recorded(row));
    }
    return events;
  }

  /** Whether the log is known to go on after a position. */
  goesOnAfter(position: bigint): boolean {
    return this.latest > position;
  }

  private forget(): void {
    for (const [position, { data, frame }] of this.rows) {
      if (this.rows.size <= rowsAtMost && this.characters <= charactersAtMost) return;
      this.rows.delete(position);
      this.characters -= data.length + frame.length;
    }
  }
}
