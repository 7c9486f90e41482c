import { useCallback, useRef, useState } from 'react';
import { command, type Receipt, Refusal } from './api.js';
import { asRefusal } from './reading.js';
import { useSession } from './session.js';

export interface Order {
  readonly context: string;
  readonly id: string;
  readonly name: string;
  readonly data: object;
  readonly revision?: number;
}

export interface Sender {
  /** @returns the receipt; undefined where it was refused, and `refusal` says why. */
  readonly send: (order: Order) => Promise<Receipt | undefined>;
  readonly sending: boolean;
  readonly refusal: Refusal | undefined;
  readonly forget: () => void;
}

export interface Asking<T> {
  /** What was answered last. */
  readonly found: T | undefined;
  readonly refusal: Refusal | undefined;
  readonly asking: boolean;
  readonly ask: (question: Promise<T>) => Promise<T | undefined>;
  readonly forget: () => void;
}

/** Keeps what the server answers to something that is no command: a check, a preview, a key. */
export function useAsking<T>(): Asking<T> {
  const [found, setFound] = useState<T>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [asking, setAsking] = useState(false);
  const { ended } = useSession();
  const forget = (): void => {
    setFound(undefined);
    setRefusal(undefined);
  };
  const ask = async (question: Promise<T>): Promise<T | undefined> => {
    forget();
    setAsking(true);
    try {
      const answer = await question;
      setFound(answer);
      return answer;
    } catch (failure) {
      const refused = asRefusal(failure);
      if (refused.status === 401) ended();
      setRefusal(refused);
      return undefined;
    } finally {
      setAsking(false);
    }
  };
  return { found, refusal, asking, ask, forget };
}

/** Sends commands. The same order sent again after a lost answer goes under the same key, so it takes effect once. */
export function useCommand(): Sender {
  const [sending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const { ended } = useSession();
  const last = useRef<{ order: string; key: string }>(undefined);
  const send = useCallback(
    async (order: Order): Promise<Receipt | undefined> => {
      const { context, id, name, data, revision } = order;
      const text = JSON.stringify(order);
      if (last.current?.order !== text) last.current = { order: text, key: crypto.randomUUID() };
      setSending(true);
      setRefusal(undefined);
      try {
        const receipt = await command(context, id, name, data, {
          key: last.current.key,
          ...(revision === undefined ? {} : { revision }),
        });
        last.current = undefined;
        return receipt;
      } catch (failure) {
        const refused = asRefusal(failure);
        // A refusal is final: the same order later is another command.
        if (refused.status >= 400 && refused.status < 500) last.current = undefined;
        if (refused.status === 401) ended();
        setRefusal(refused);
        return undefined;
      } finally {
        setSending(false);
      }
    },
    [ended],
  );
  const forget = useCallback(() => setRefusal(undefined), []);
  return { send, sending, refusal, forget };
}
