import { Button, Empty, Tag } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useWords } from '../language.js';
import { Instant, Until } from '../parts/deadline.js';
import { Page, Read, ShowMore } from '../parts/page.js';
import { usePages } from '../reading.js';
import { useHolds, useSession } from '../session.js';
import type { Round } from '../shapes.js';

/** What is done beside: open a round, adopt what rounds are conducted by, see by which holidays days are counted, see to what got stuck. */
function Ways(): ReactNode {
  const { t } = useWords();
  const opens = useHolds('open-round');
  const resolves = useHolds('resolve-incidents');
  const adopts = useHolds('adopt-workflow');
  return (
    <div className="buttons">
      {opens && (
        <Link to="/rounds/open">
          <Button tabIndex={-1}>{t('open-round')}</Button>
        </Link>
      )}
      {adopts && <Link to="/workflows/adopt">{t('adopt-workflow')}</Link>}
      <Link to="/calendar">{t('calendar')}</Link>
      {resolves && <Link to="/incidents">{t('incidents')}</Link>}
    </div>
  );
}

export function Rounds(): ReactNode {
  const { t, say } = useWords();
  const { alliance } = useSession();
  const reading = usePages<Round>(alliance && `/v1/alliances/${alliance.id}/rounds`, ({ round }) => round !== undefined);
  return (
    <Page title={t('nav.rounds')} below={<Ways />}>
      <Read reading={reading}>
        {(items) =>
          items.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('rounds.none')} />
          ) : (
            <table className="rows">
              <caption className="unseen">{t('nav.rounds')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('round')}</th>
                  <th scope="col">{t('round.opened')}</th>
                  <th scope="col">{t('round.closes')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map(({ id, title, opensAt, closesAt, zone, status }) => (
                  <tr key={id}>
                    <td data-label={t('round')}>
                      <Link to={`/rounds/${id}`} className="row-title">
                        {say(title)}
                      </Link>
                    </td>
                    <td data-label={t('round.opened')}>
                      <Instant at={opensAt} zone={zone} />
                    </td>
                    <td data-label={t('round.closes')}>
                      {status === 'open' ? <Until at={closesAt} zone={zone} /> : <Tag>{t('round.closed')}</Tag>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Read>
      <ShowMore more={reading.more} />
    </Page>
  );
}
