import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useDefinitions } from '../definitions.js';
import { useWords } from '../language.js';
import { useRead } from '../reading.js';
import type { Round } from '../shapes.js';
import { Until } from './deadline.js';

/** The way back to a round, by its name. */
export function RoundLink({ round }: { readonly round: string }): ReactNode {
  const { t, say } = useWords();
  const definition = useDefinitions([round]).get(round);
  return <Link to={`/rounds/${round}`}>{definition === undefined ? t('round') : say(definition.round.title)}</Link>;
}

/** Until when a round takes applications; it may be extended meanwhile. */
export function RoundCloses({ round }: { readonly round: string }): ReactNode {
  const { t } = useWords();
  const { data } = useRead<{ round: Round }>(`/v1/rounds/${round}`, (changed) => changed.round === round);
  if (data === undefined) return null;
  return (
    <>
      {t('round.closes')} <Until at={data.round.closesAt} zone={data.round.zone} />
    </>
  );
}
