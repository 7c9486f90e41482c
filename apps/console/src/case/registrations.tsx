import type { ReactNode } from 'react';
import { useWords } from '../language.js';
import type { Text } from '../api.js';
import { Read, Section, ShowMore } from '../parts/page.js';
import { usePages, useRead } from '../reading.js';
import type { CaseAnswer } from '../shapes.js';

interface Registered {
  readonly person: string;
  readonly name?: Text;
  readonly rank: number;
  readonly hasPlace: boolean;
  readonly confirmed: boolean;
  readonly sessions: number;
}

interface Counted {
  readonly places: number;
  readonly registered: number;
  readonly left: number;
  readonly waiting: number;
}

/** For who organises an event: how many places are left, who has one, and who waits. */
export function Registrations({ answer }: { readonly answer: CaseAnswer }): ReactNode {
  const organises = answer.as === 'keeper' || answer.as === 'applicant';
  return organises && answer.case.visits.some(({ kind }) => kind === 'registration') ? <Listed id={answer.id} /> : null;
}

function Listed({ id }: { readonly id: string }): ReactNode {
  const { t } = useWords();
  const path = `/v1/cases/${id}/registrations`;
  const counted = useRead<Counted>(`${path}?limit=1`);
  const pages = usePages<Registered>(path);
  return (
    <Section title={t('registrations')}>
      <Read reading={counted}>{(count) => <p>{t('registrations.count', { ...count })}</p>}</Read>
      <Read reading={pages}>
        {(items) => (items.length === 0 ? <p className="quiet">{t('registrations.none')}</p> : <Rows items={items} />)}
      </Read>
      <ShowMore more={pages.more} />
    </Section>
  );
}

function Rows({ items }: { readonly items: readonly Registered[] }): ReactNode {
  const { t, say } = useWords();
  const standing = ({ hasPlace, confirmed }: Registered): string =>
    t(`registrations.${confirmed ? 'confirmed' : hasPlace ? 'given' : 'waiting'}`);
  return (
    <table className="rows">
      <caption className="unseen">{t('registrations')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('registrations.rank')}</th>
          <th scope="col">{t('registrations.person')}</th>
          <th scope="col">{t('registrations.standing')}</th>
          <th scope="col">{t('registrations.sessions')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.person}>
            <td data-label={t('registrations.rank')} className="number">
              {one.rank}
            </td>
            <td data-label={t('registrations.person')}>{one.name === undefined ? t('actor.erased') : say(one.name)}</td>
            <td data-label={t('registrations.standing')}>{standing(one)}</td>
            <td data-label={t('registrations.sessions')} className="number">
              {one.sessions}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
