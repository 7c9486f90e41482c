import { DomainError, type Message, type RecordedEvent } from '#kernel';

/** Code of the refusal where a person looks for what they meant to do and finds it done, over, or not theirs. */
export const nothingToDo = 'rehearsal.nothing-to-do';

/** Where invented people act, one after the other: in this process, or over HTTP. */
export interface Scene {
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

/** What people meet with who may not know of a case: no such case, or nothing in their list. */
export const unknownToThem: ReadonlySet<string> = new Set(['case.not-found', nothingToDo]);

/** Done by the first of these who may: who has a conflict does not know of the case, and the next one does it. */
export async function firstOf(
  people: readonly string[],
  act: (person: string) => Promise<unknown>,
  passedOver = unknownToThem,
): Promise<void> {
  for (const person of people) {
    try {
      await act(person);
      return;
    } catch (failure) {
      if (!(failure instanceof DomainError && passedOver.has(failure.code))) throw failure;
    }
  }
}
