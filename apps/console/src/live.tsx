import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from 'react';

/** How much of an assignment is computed, 0 to 1. */
export interface Progress {
  readonly assignment: string;
  readonly share: number;
}

/** What has changed: a case, a round or a meeting, by its id. */
export interface Changed {
  readonly assignment?: string;
  readonly ranking?: string;
  readonly case?: string;
  readonly round?: string;
  readonly meeting?: string;
}

interface Listeners {
  readonly changes: Set<(changed: Changed) => void>;
  readonly progress: Set<(progress: Progress) => void>;
}

const nobody = (): Listeners => ({ changes: new Set(), progress: new Set() });
const LiveContext = createContext<Listeners>(nobody());
const soonMs = 250;
const restMs = 1000;

/** Hears of changes in an alliance, as far as whoever is signed in may know of them. */
export function LiveProvider({
  alliance,
  children,
}: {
  readonly alliance: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  const listeners = useMemo(nobody, []);
  useEffect(() => {
    if (alliance === undefined) return undefined;
    const source = new EventSource(`/v1/alliances/${alliance}/live`);
    source.addEventListener('changed', ({ data }: MessageEvent<string>) => {
      const changed = JSON.parse(data) as Changed;
      for (const listener of listeners.changes) listener(changed);
    });
    source.addEventListener('progress', ({ data }: MessageEvent<string>) => {
      const progress = JSON.parse(data) as Progress;
      for (const listener of listeners.progress) listener(progress);
    });
    return () => source.close();
  }, [alliance, listeners]);
  return <LiveContext value={listeners}>{children}</LiveContext>;
}

/** Calls `reload` soon after a change that matters; once for many, and once a second while they do not end. */
export function useLive(affects: (changed: Changed) => boolean, reload: () => void): void {
  const listeners = use(LiveContext);
  const latest = useRef({ affects, reload });
  useEffect(() => {
    latest.current = { affects, reload };
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    const reload = (): void => {
      timer = undefined;
      last = Date.now();
      latest.current.reload();
    };
    const listener = (changed: Changed): void => {
      if (latest.current.affects(changed)) timer ??= setTimeout(reload, Math.max(soonMs, last + restMs - Date.now()));
    };
    listeners.changes.add(listener);
    return () => {
      listeners.changes.delete(listener);
      clearTimeout(timer);
    };
  }, [listeners]);
}

/** How much of an assignment is computed, as far as it has been heard. */
export function useProgress(assignment: string): number | undefined {
  const listeners = use(LiveContext);
  const [heard, setHeard] = useState<Progress>();
  useEffect(() => {
    const listener = (progress: Progress): void => {
      if (progress.assignment === assignment) setHeard(progress);
    };
    listeners.progress.add(listener);
    return () => void listeners.progress.delete(listener);
  }, [listeners, assignment]);
  return heard?.assignment === assignment ? heard.share : undefined;
}
