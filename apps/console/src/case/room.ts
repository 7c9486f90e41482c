import { createContext, use, useState } from 'react';
import type { Receipt } from '../api.js';
import { type Sender, useCommand } from '../sending.js';
import type { Act, CaseAnswer } from '../shapes.js';

export interface Done {
  readonly text: string;
  /** The case to go on with. */
  readonly next?: { readonly id: string; readonly title: string };
}

/** What the panels of a case page share. */
export interface Room {
  readonly answer: CaseAnswer;
  readonly reload: () => void;
  readonly done: (done: Done) => void;
}

export const RoomContext = createContext<Room | undefined>(undefined);

export function useRoom(): Room {
  const room = use(RoomContext);
  if (room === undefined) throw new Error('outside a case page');
  return room;
}

export interface ActProperties {
  readonly act: Act;
}

/**
 * The revision on which someone decides: the one that was shown when they began.
 *
 * While nothing is typed it follows the page; from then on a change is for them to see first.
 */
export function useReadRevision(begun: 'begun' | 'untouched'): {
  readonly revision: number;
  readonly changed: boolean;
  readonly seen: () => void;
} {
  const { answer } = useRoom();
  const [read, setRead] = useState<number>();
  if (begun === 'begun' && read === undefined) setRead(answer.revision);
  if (begun === 'untouched' && read !== undefined) setRead(undefined);
  const revision = read ?? answer.revision;
  return { revision, changed: revision !== answer.revision, seen: () => setRead(answer.revision) };
}

export interface CaseSender extends Omit<Sender, 'send'> {
  readonly send: (name: string, data: object, revision?: number) => Promise<Receipt | undefined>;
}

/** Sends commands to the case of the page. */
export function useCaseCommand(): CaseSender {
  const { answer } = useRoom();
  const { send, ...rest } = useCommand();
  return {
    ...rest,
    send: (name, data, revision) =>
      send({ context: 'case', id: answer.id, name, data, ...(revision === undefined ? {} : { revision }) }),
  };
}
