import { createContext, use, useEffect } from 'react';
import type { Receipt } from '../api.js';
import { type Sender, useCommand } from '../sending.js';
import type { Act, CaseAnswer } from '../shapes.js';

export interface Done {
  readonly text: string;
}

/** What the panels of a case page share. */
export interface Room {
  readonly answer: CaseAnswer;
  readonly reload: () => void;
  readonly done: (done: Done) => void;
  /** While somebody is typing, the page stays as it is. */
  readonly setTyping: (typing: boolean) => void;
  /** Whether the case has changed while somebody was typing. */
  readonly outdated: boolean;
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

/** The revision that somebody decides on, and whether there is a later one. */
export interface Typing {
  readonly revision: number;
  readonly outdated: boolean;
}

/** Someone decides on what they have read: from their first word on, a change is for them to see before they go on. */
export function useTyping(begun: 'begun' | 'untouched'): Typing {
  const { answer, outdated, setTyping } = useRoom();
  useEffect(() => {
    setTyping(begun === 'begun');
    return () => setTyping(false);
  }, [begun, setTyping]);
  return { revision: answer.revision, outdated };
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
