import { useCallback, useEffect, useRef, useState } from 'react';
import { read, Refusal } from './api.js';
import { type Changed, useLive } from './live.js';
import type { Page } from './shapes.js';
import { useEntry } from './place.js';
import { useSession } from './session.js';

export interface Reading<T> {
  readonly data: T | undefined;
  readonly refusal: Refusal | undefined;
  readonly reload: () => void;
}

/** What failed, as a refusal; anything else is a bug and belongs to the nearest error boundary. */
export function asRefusal(failure: unknown): Refusal {
  if (failure instanceof Refusal) return failure;
  throw failure;
}

/**
 * Reads a view and keeps it. What stands there stays while it is read again; another address starts empty.
 *
 * `affects` says which live changes make it worth reading again; `path` undefined reads nothing yet.
 */
export function useRead<T>(path: string | undefined, affects: (changed: Changed) => boolean = nothing): Reading<T> {
  const [found, setFound] = useState<{ path: string; data?: T; refusal?: Refusal }>();
  const [asked, setAsked] = useState(0);
  const { ended } = useSession();
  const reload = useCallback(() => setAsked((count) => count + 1), []);
  useLive(affects, reload);
  useEffect(() => {
    if (path === undefined) return undefined;
    let current = true;
    read<T>(path)
      .then((data) => current && setFound({ path, data }))
      .catch((failure: unknown) => {
        const refusal = asRefusal(failure);
        if (!current) return;
        if (refusal.status === 401) ended();
        setFound((before) => ({ ...(before?.path === path && refusal.status !== 404 ? before : {}), path, refusal }));
      });
    return () => {
      current = false;
    };
  }, [path, asked, ended]);
  const own = found?.path === path ? found : undefined;
  return { data: own?.data, refusal: own?.refusal, reload };
}

/** A reading that keeps showing what it read last until its next address has answered, where both are of the same thing. */
export function useKept<T>(reading: Reading<T>): Reading<T> {
  const { data, refusal, reload } = reading;
  const [last, setLast] = useState(data);
  useEffect(() => {
    if (data !== undefined) setLast(data);
  }, [data]);
  return { data: data ?? (refusal === undefined ? last : undefined), refusal, reload };
}

const nothing = (): boolean => false;

export interface Pages<T> extends Reading<readonly T[]> {
  /** Reads the next page; absent on the last one. */
  readonly more: (() => void) | undefined;
}

interface FoundPages<T> {
  readonly path: string | undefined;
  readonly pages: readonly Page<T>[];
  readonly refusal?: Refusal;
}

/**
 * Reads a list page by page: `path` without cursor, nothing yet where it is undefined. A live change reads again what is shown, and
 * whoever comes back finds as many pages as they left.
 */
export function usePages<T>(path: string | undefined, affects: (changed: Changed) => boolean = nothing): Pages<T> {
  const [found, setFound] = useState<FoundPages<T>>({ path, pages: [] });
  const { ended } = useSession();
  const pages = found.path === path ? found.pages : [];
  const latest = useRef(0);
  const grow = useCallback(
    async (kept: readonly Page<T>[], upTo: number): Promise<void> => {
      if (path === undefined) return;
      latest.current += 1;
      const turn = latest.current;
      try {
        const grown = [...kept];
        while (grown.length < upTo && (grown.length === 0 || grown.at(-1)?.next !== undefined)) {
          grown.push(await read<Page<T>>(withCursor(path, grown.at(-1)?.next)));
        }
        if (turn === latest.current) setFound({ path, pages: grown });
      } catch (failure) {
        const refusal = asRefusal(failure);
        if (refusal.status === 401) ended();
        if (turn !== latest.current) return;
        setFound((before) => ({ path, pages: before.path === path && refusal.status !== 404 ? before.pages : [], refusal }));
      }
    },
    [path, ended],
  );
  const entry = useEntry();
  const reload = useCallback(() => void grow([], entry.kept(path ?? '') ?? 1), [grow, entry, path]);
  useLive(affects, reload);
  useEffect(reload, [reload]);
  useEffect(() => {
    if (path !== undefined && pages.length > 0) entry.keep(path, pages.length);
  }, [entry, path, pages.length]);
  return {
    data: pages.length === 0 ? undefined : pages.flatMap(({ items }) => items),
    refusal: found.path === path ? found.refusal : undefined,
    reload,
    more: pages.at(-1)?.next === undefined ? undefined : () => void grow(pages, pages.length + 1),
  };
}

const withCursor = (path: string, cursor: string | undefined): string =>
  cursor === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
