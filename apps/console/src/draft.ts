import { useCallback, useEffect, useRef, useState } from 'react';
import { read, Refusal, write } from './api.js';
import { asRefusal } from './reading.js';
import { useSession } from './session.js';

interface Kept<T> {
  readonly revision: number;
  readonly value: T;
}

export interface Conflict<T> {
  readonly mine: T;
  /** Null where it was discarded or submitted meanwhile. */
  readonly theirs: T | null;
  readonly revision: number;
}

export type DraftStatus = 'loading' | 'empty' | 'unsaved' | 'saving' | 'saved' | 'failed';

export interface Draft<T> {
  /** Undefined while it is being loaded. */
  readonly value: T | undefined;
  readonly change: (value: T) => void;
  readonly status: DraftStatus;
  readonly refusal: Refusal | undefined;
  readonly conflict: Conflict<T> | undefined;
  /** Ends a conflict with one of its two texts. */
  readonly settle: (value: T) => void;
  /** Forgets it, here and on the server. */
  readonly discard: () => Promise<void>;
}

/** What could not be saved when its page was left, a session having ended for instance: for the same person, until the console is loaded anew. */
const unsaved = new Map<string, Kept<unknown>>();

const quietMs = 500;
const againMs = 5_000;
const addressOf = (key: string): string => `/v1/drafts/${key}`;

const load = <T>(key: string): Promise<Kept<T> | undefined> =>
  read<Kept<T>>(addressOf(key)).catch((failure: unknown) => {
    if (failure instanceof Refusal && failure.status === 404) return undefined;
    throw failure;
  });

/** Unfinished work that survives a closed window, saved a moment after every change. Another window's text is never overwritten. */
export function useDraft<T>(key: string, initial: T): Draft<T> {
  const [value, setValue] = useState<T>();
  const [status, setStatus] = useState<DraftStatus>('loading');
  const [refusal, setRefusal] = useState<Refusal>();
  const [conflict, setConflict] = useState<Conflict<T>>();
  const desk = useRef<Desk<T>>({ revision: 0, pending: undefined, timer: undefined, saving: undefined, closed: false });
  const start = useRef(initial);
  const { session } = useSession();
  const [author] = useState(session?.person);

  const save = useSaving(key, `${author} ${key}`, desk, { setStatus, setRefusal, setConflict });
  const loaded = useCallback(
    (kept: Kept<T> | undefined) => {
      const left = unsaved.get(`${author} ${key}`) as Kept<T> | undefined;
      setValue(left?.value ?? kept?.value ?? start.current);
      setStatus(left === undefined ? (kept === undefined ? 'empty' : 'saved') : 'unsaved');
      if (left === undefined) return;
      // Over what it was written over: what another window has saved since is not overwritten.
      desk.current.revision = left.revision;
      desk.current.pending = { value: left.value };
      void save();
    },
    [author, key, save],
  );
  useLoading(key, desk, loaded, setRefusal);
  useLastWords(desk, save);

  const change = useCallback(
    (next: T) => {
      setValue(next);
      setStatus('unsaved');
      desk.current.pending = { value: next };
      clearTimeout(desk.current.timer);
      desk.current.timer = setTimeout(() => void save(), quietMs);
    },
    [save],
  );
  const settle = useCallback(
    (chosen: T) => {
      desk.current.revision = conflict?.revision ?? 0;
      setConflict(undefined);
      change(chosen);
    },
    [change, conflict],
  );
  const discard = useCallback(async () => {
    clearTimeout(desk.current.timer);
    desk.current.closed = true;
    await desk.current.saving;
    unsaved.delete(`${author} ${key}`);
    await write('DELETE', addressOf(key)).catch(asRefusal);
  }, [author, key]);
  return { value, change, status, refusal, conflict, settle, discard };
}

interface Desk<T> {
  revision: number;
  pending: { readonly value: T } | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
  saving: Promise<void> | undefined;
  closed: boolean;
}

interface Reports<T> {
  readonly setStatus: (status: DraftStatus) => void;
  readonly setRefusal: (refusal: Refusal | undefined) => void;
  readonly setConflict: (conflict: Conflict<T>) => void;
}

/** Saves what is pending, one save at a time, and again where the server could not be reached. The setters of a state never change. */
function useSaving<T>(
  key: string,
  own: string,
  desk: React.RefObject<Desk<T>>,
  { setStatus, setRefusal, setConflict }: Reports<T>,
): () => Promise<void> {
  return useCallback(
    async function save(): Promise<void> {
      const { current } = desk;
      await current.saving;
      const { pending, revision } = current;
      if (pending === undefined || current.closed) return;
      current.pending = undefined;
      setStatus('saving');
      current.saving = write<{ revision: number }>('PUT', addressOf(key), { revision, value: pending.value })
        .then((saved) => {
          current.revision = saved.revision;
          unsaved.delete(own);
          setRefusal(undefined);
          if (current.pending === undefined) setStatus('saved');
        })
        .catch((failure: unknown) => {
          const refused = asRefusal(failure);
          unsaved.set(own, { revision, value: (current.pending ?? pending).value });
          if (refused.code === 'draft.changed-elsewhere') return setConflict(conflictOf(refused, pending.value));
          current.pending ??= pending;
          if (refused.status === 0 || refused.status >= 500) current.timer = setTimeout(() => void save(), againMs);
          setRefusal(refused);
          setStatus('failed');
        })
        .finally(() => {
          current.saving = undefined;
        });
      await current.saving;
    },
    [key, own, desk, setStatus, setRefusal, setConflict],
  );
}

function conflictOf<T>({ details }: Refusal, mine: T): Conflict<T> {
  const { theirs, revision } = details as { theirs: string | null; revision: number };
  return { mine, theirs: theirs === null ? null : (JSON.parse(theirs) as T), revision };
}

function useLoading<T>(
  key: string,
  desk: React.RefObject<Desk<T>>,
  loaded: (kept: Kept<T> | undefined) => void,
  failed: (refusal: Refusal) => void,
): void {
  const answers = useRef({ loaded, failed });
  useEffect(() => {
    answers.current = { loaded, failed };
  });
  useEffect(() => {
    let current = true;
    desk.current.closed = false;
    load<T>(key)
      .then((kept) => {
        if (!current) return;
        desk.current.revision = kept?.revision ?? 0;
        answers.current.loaded(kept);
      })
      .catch((failure: unknown) => current && answers.current.failed(asRefusal(failure)));
    return () => {
      current = false;
    };
  }, [key, desk]);
}

/** What has been typed is saved when the page is left or put away. */
function useLastWords<T>(desk: React.RefObject<Desk<T>>, save: () => Promise<void>): void {
  useEffect(() => {
    const hidden = (): void => {
      if (document.visibilityState === 'hidden') void save();
    };
    document.addEventListener('visibilitychange', hidden);
    return () => {
      document.removeEventListener('visibilitychange', hidden);
      clearTimeout(desk.current.timer);
      void save();
    };
  }, [desk, save]);
}
