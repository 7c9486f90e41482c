import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import { keepCsrfToken, read, Refusal, write } from './api.js';
import type { Alliance, Session, Standing, WaysIn } from './shapes.js';

const allianceKey = 'entente.alliance';

export interface SessionValue {
  readonly ways: WaysIn;
  readonly alliances: readonly Alliance[];
  readonly alliance: Alliance | undefined;
  readonly chooseAlliance: (id: string) => void;
  /** Undefined for a visitor. */
  readonly session: Session | undefined;
  /** Undefined until it is known; null for who is signed in and nobody in this alliance. */
  readonly standing: Standing | null | undefined;
  readonly begun: (session: Session) => void;
  /** The server no longer knows the session. */
  readonly ended: () => void;
  readonly signOut: () => Promise<void>;
}

const SessionContext = createContext<SessionValue | undefined>(undefined);

export function useSession(): SessionValue {
  const value = use(SessionContext);
  if (value === undefined) throw new Error('no SessionProvider above');
  return value;
}

interface Start {
  readonly ways: WaysIn;
  readonly alliances: readonly Alliance[];
  readonly session: Session | undefined;
}

async function start(): Promise<Start> {
  const [ways, { items: alliances }, session] = await Promise.all([
    read<WaysIn>('/v1/sign-in'),
    read<{ items: readonly Alliance[] }>('/v1/alliances'),
    read<Session>('/v1/session').catch((failure: unknown) => {
      if (failure instanceof Refusal && failure.status === 401) return undefined;
      throw failure;
    }),
  ]);
  if (session !== undefined) keepCsrfToken(session.csrfToken);
  return { ways, alliances, session };
}

interface Properties {
  readonly waiting: ReactNode;
  readonly failed: (refusal: Refusal, again: () => void) => ReactNode;
  readonly children: ReactNode;
}

/** Who is here, and in which alliance: known before any page is shown. */
export function SessionProvider({ waiting, failed, children }: Properties): ReactNode {
  const [started, setStarted] = useState<Start | Refusal>();
  const begin = useCallback(() => {
    start()
      .then(setStarted)
      .catch((failure: unknown) => {
        if (!(failure instanceof Refusal)) throw failure;
        setStarted(failure);
      });
  }, []);
  useEffect(begin, [begin]);
  if (started === undefined) return waiting;
  if (started instanceof Refusal) return failed(started, begin);
  return <Started start={started}>{children}</Started>;
}

function Started({
  start: { ways, alliances, session: first },
  children,
}: {
  readonly start: Start;
  readonly children: ReactNode;
}): ReactNode {
  const [session, setSession] = useState(first);
  const [chosen, setChosen] = useState(() => localStorage.getItem(allianceKey));
  const alliance = alliances.find(({ id }) => id === chosen) ?? alliances[0];
  const choose = useCallback((id: string) => {
    localStorage.setItem(allianceKey, id);
    setChosen(id);
  }, []);
  useHome(chosen === null ? session?.person : undefined, alliances, choose);
  const standing = useStanding(session?.person, alliance?.id);
  const ended = useCallback(() => setSession(undefined), []);
  const value = useMemo<SessionValue>(
    () => ({
      ways,
      alliances,
      alliance,
      standing,
      session,
      ended,
      chooseAlliance: choose,
      begun: (begun) => {
        keepCsrfToken(begun.csrfToken);
        setSession(begun);
      },
      signOut: async () => {
        await write('POST', '/v1/session/sign-out');
        localStorage.removeItem(allianceKey);
        setSession(undefined);
        setChosen(null);
      },
    }),
    [ways, alliances, alliance, standing, session, ended, choose],
  );
  return <SessionContext value={value}>{children}</SessionContext>;
}

/** Of several alliances, somebody who has not chosen one is in the first in which they hold a seat. */
function useHome(person: string | undefined, alliances: readonly Alliance[], choose: (id: string) => void): void {
  useEffect(() => {
    if (person === undefined || alliances.length < 2) return undefined;
    let current = true;
    const sitsIn = async ({ id }: Alliance): Promise<boolean> =>
      read<Standing>(`/v1/alliances/${id}/me`).then(
        ({ seats }) => seats.length > 0,
        () => false,
      );
    void Promise.all(alliances.map(sitsIn)).then((sits) => {
      const home = alliances[sits.indexOf(true)];
      if (current && home !== undefined) choose(home.id);
    });
    return () => {
      current = false;
    };
  }, [person, alliances, choose]);
}

function useStanding(person: string | undefined, alliance: string | undefined): Standing | null | undefined {
  const [found, setFound] = useState<{ of: string; standing: Standing | null }>();
  const of = person === undefined || alliance === undefined ? undefined : `${person} ${alliance}`;
  useEffect(() => {
    if (of === undefined) return undefined;
    let current = true;
    const keep = (standing: Standing | null): void => {
      if (current) setFound({ of, standing });
    };
    read<Standing>(`/v1/alliances/${alliance}/me`)
      .then(keep)
      .catch(() => keep(null));
    return () => {
      current = false;
    };
  }, [of, alliance]);
  return found?.of === of ? found?.standing : undefined;
}

/** The universities for which who is signed in may apply. */
export const useOffices = (): readonly string[] =>
  (useSession().standing?.powers ?? []).flatMap(({ power, scope }) =>
    power === 'submit-application' && scope !== null ? [scope] : [],
  );

/** Whether who is signed in holds a power in this alliance. */
export function useHolds(power: string): boolean {
  return useSession().standing?.powers.some((held) => held.power === power) === true;
}
