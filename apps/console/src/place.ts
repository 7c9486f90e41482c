import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useLocation, useNavigationType } from 'react-router';

/** By entries of the browser's history, until the console is loaded anew. */
const kept = new Map<string, number>();
const patienceMs = 5_000;

export interface Entry {
  readonly kept: (name: string) => number | undefined;
  readonly keep: (name: string, value: number) => void;
}

/** What is kept of a page for whoever comes back to it, such as how much of a list was shown. */
export function useEntry(): Entry {
  const { key } = useLocation();
  return useMemo(
    () => ({
      kept: (name) => kept.get(`${key} ${name}`),
      keep: (name, value) => void kept.set(`${key} ${name}`, value),
    }),
    [key],
  );
}

/** A page that is opened is shown from its top, one that is come back to from where it was left. `turned` hears of another page. */
export function usePlace(turned: () => void): void {
  const { pathname } = useLocation();
  const comesBack = useNavigationType() === 'POP';
  const entry = useEntry();
  const shown = useRef(pathname);
  const latest = useRef({ entry, comesBack, turned });
  // Before the next page is drawn, which may be shorter: that it scrolls then is not of this one.
  useLayoutEffect(() => {
    latest.current = { entry, comesBack, turned };
    const note = (): void => entry.keep('scrolled', scrollY);
    addEventListener('scroll', note, { passive: true });
    return () => removeEventListener('scroll', note);
  });
  useEffect(() => {
    history.scrollRestoration = 'manual';
    if (shown.current === pathname) return undefined;
    shown.current = pathname;
    latest.current.turned();
    return scrolledTo(latest.current.comesBack ? (latest.current.entry.kept('scrolled') ?? 0) : 0);
  }, [pathname]);
}

/** Goes there as soon as the page is long enough, unless the reader moves first. @returns what ends the wait */
function scrolledTo(place: number): () => void {
  const moves = ['wheel', 'touchstart', 'keydown', 'pointerdown'];
  const end = (): void => {
    observer.disconnect();
    clearTimeout(timer);
    for (const move of moves) removeEventListener(move, end);
  };
  const observer = new ResizeObserver(() => {
    scrollTo(0, place);
    if (scrollY >= place - 1) end();
  });
  const timer = setTimeout(end, patienceMs);
  for (const move of moves) addEventListener(move, end);
  observer.observe(document.body);
  return end;
}
