import type { Message, RecordedEvent } from '#kernel';

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
