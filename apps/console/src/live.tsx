import { createContext, type ReactNode, use, useEffect, useMemo, useRef } from 'react';

/** What has changed: a case, a round or a meeting, by its id. */
export interface Changed {
  readonly case?: string;
  readonly round?: string;
  readonly meeting?: string;
}

type Listener = (changed: Changed) => void;

const LiveContext = createContext<Set<Listener>>(new Set());
const quietMs = 250;

/** Hears of changes in an alliance, as far as whoever is signed in may know of them. */
export function LiveProvider({
  alliance,
  children,
}: {
  readonly alliance: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  const listeners = useMemo(() => new Set<Listener>(), []);
  useEffect(() => {
    if (alliance === undefined) return undefined;
    const source = new EventSource(`/v1/alliances/${alliance}/live`);
    source.addEventListener('changed', ({ data }: MessageEvent<string>) => {
      const changed = JSON.parse(data) as Changed;
      for (const listener of listeners) listener(changed);
    });
    return () => source.close();
  }, [alliance, listeners]);
  return <LiveContext value={listeners}>{children}</LiveContext>;
}

/** Calls `reload` soon after a change that matters; once for many. */
export function useLive(affects: (changed: Changed) => boolean, reload: () => void): void {
  const listeners = use(LiveContext);
  const latest = useRef({ affects, reload });
  useEffect(() => {
    latest.current = { affects, reload };
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listener: Listener = (changed) => {
      if (!latest.current.affects(changed)) return;
      clearTimeout(timer);
      timer = setTimeout(() => latest.current.reload(), quietMs);
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      clearTimeout(timer);
    };
  }, [listeners]);
}
