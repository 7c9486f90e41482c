import { Empty, Tag } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Text } from '../api.js';
import { useWords } from '../language.js';
import { allianceZone, deadline } from '../time.js';

interface Place {
  readonly stage: string;
  readonly title: Text;
  readonly dueAt?: string;
  readonly power: string;
  readonly organ?: string;
}

export interface ForeseenCase {
  readonly case: string;
  readonly number: string;
  readonly fate: 'moves' | 'stays' | 'elsewhere' | 'hindered';
  readonly moves: readonly { readonly then: 'carried' | 'anew'; readonly from: Place; readonly to: Place }[];
  readonly obstacles: readonly { readonly code: string; readonly text: Text }[];
}

/** Every open case of a round, and what a migration would change for it. */
export function Foreseen({ round, items }: { readonly round: string; readonly items: readonly ForeseenCase[] }): ReactNode {
  const { t } = useWords();
  if (items.length === 0) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('migrate.none')} />;
  return (
    <table className="rows">
      <caption className="unseen">{t('migrate.changes')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('migrate.case')}</th>
          <th scope="col">{t('migrate.fate')}</th>
          <th scope="col">{t('migrate.changes')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.case}>
            <td data-label={t('migrate.case')}>
              <Link to={`/cases/${round}.${item.case}`}>{item.number}</Link>
            </td>
            <td data-label={t('migrate.fate')}>
              <Tag {...(item.fate === 'hindered' ? { color: 'error' } : {})}>{t(`migrate.${item.fate}`)}</Tag>
            </td>
            <td data-label={t('migrate.changes')}>
              <Changes item={item} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Changes({ item: { moves, obstacles } }: { readonly item: ForeseenCase }): ReactNode {
  const { t, say, known, language } = useWords();
  const until = ({ dueAt }: Place): string => (dueAt === undefined ? '–' : deadline(dueAt, allianceZone, language));
  const owner = ({ organ, power }: Place): string => known(`organ.${organ ?? power}`, organ ?? power);
  return (
    <>
      {moves.map(({ then, from, to }) => (
        <div key={from.stage}>
          {say(from.title)} → {say(to.title)} ({t(`migrate.${then}`)})
          {owner(from) !== owner(to) && ` ${owner(from)} → ${owner(to)}`}
          {from.dueAt !== to.dueAt && <div className="quiet">{t('migrate.due', { before: until(from), after: until(to) })}</div>}
        </div>
      ))}
      {obstacles.map(({ code, text }) => (
        <div key={code}>{say(text)}</div>
      ))}
    </>
  );
}
