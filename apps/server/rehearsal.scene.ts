import type { Message, RecordedEvent } from '#kernel';

/** Code of the refusal where a person looks for what they meant to do and finds it done, over, or not theirs. */
export const nothingToDo = 'rehearsal.nothing-to-do';

/** Where invented people act: in this process, or over HTTP. */
export interface Scene {
  /** How many acts may be under way at once. */
  readonly atOnce: number;
  /** An id of this rehearsal: the same one for the same name. */
  id(name: string): string;
  person(name: string): string;
  /**
   * Has a person send a command.
   *
   * @param id - what follows `<alliance>.` in the stream's name
   * @throws DomainError where it is refused, or the person finds nothing to do
   */
  as(person: string, category: string, id: string, command: Message): Promise<unknown>;
  /** Has the operator of the installation send one. */
  operator(category: string, id: string, command: Message): Promise<unknown>;
  /** Has a person hand a file in. */
  handIn(person: string, file: Uint8Array): Promise<void>;
  /** Lets the engine do everything that is due up to an instant, and goes there. */
  until(atMs: number): Promise<void>;
  /** What has been recorded since the last time this was asked. */
  news(): Promise<readonly RecordedEvent[]>;
}

interface InLanes {
  readonly lanes: readonly string[];
}

/** Works through items, so many at once; those that share a lane one after the other, in their order. */
export async function inLanes<T extends InLanes>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const underWay = new Map<T, Promise<void>>();
  while (waiting.length > 0 || underWay.size > 0) {
    const next = underWay.size < atOnce ? firstFree(waiting, underWay.keys()) : -1;
    const [item] = next < 0 ? [] : waiting.splice(next, 1);
    if (item === undefined) {
      await Promise.race(underWay.values());
      continue;
    }
    const done = work(item).finally(() => underWay.delete(item));
    // The race above tells of one failure; the others must not count as unhandled.
    done.catch(() => undefined);
    underWay.set(item, done);
  }
}

function firstFree(waiting: readonly InLanes[], underWay: Iterable<InLanes>): number {
  const taken = new Set([...underWay].flatMap(({ lanes }) => lanes));
  return waiting.findIndex(({ lanes }) => {
    const isFree = lanes.every((lane) => !taken.has(lane));
    for (const lane of lanes) taken.add(lane);
    return isFree;
  });
}
