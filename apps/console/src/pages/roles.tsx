import { Badge } from 'antd';
import type { ReactNode } from 'react';
import { write } from '../api.js';
import { useWords } from '../language.js';
import { Read, Section } from '../parts/page.js';
import { useRead } from '../reading.js';
import type { Role, Session } from '../shapes.js';
import type { Begin } from './sign-in.js';

interface Institution {
  readonly code: string;
  readonly name: string;
  readonly nameEn: string | null;
}

/** In the order in which an application meets them. */
const order = [
  'deans-office',
  'provincial-department',
  'secretariat',
  'expert-panel',
  'committee',
  'council',
  'auditors',
  'assembly',
  'nobody',
] as const;

const rank = (organ: string): number => order.findIndex((known) => known === organ);
/** Of several seats, the one in which somebody meets applications first. */
const seatOf = ({ seats }: Role): Role['seats'][number] | undefined =>
  seats.toSorted((one, other) => rank(one.organ) - rank(other.organ))[0];
const organOf = (role: Role): string => seatOf(role)?.organ ?? 'nobody';

/** Everyone of the demonstration by role, one click each. */
export function Roles({ begin, busy }: { readonly begin: Begin; readonly busy: boolean }): ReactNode {
  const { t, known } = useWords();
  const reading = useRead<{ alliance: string; items: readonly Role[] }>('/v1/demonstration');
  const alliance = reading.data?.alliance;
  const institutions = useRead<{ items: readonly Institution[] }>(
    alliance === undefined ? undefined : `/v1/alliances/${alliance}/institutions?limit=200`,
  );
  return (
    <Section title={t('demonstration.choose')}>
      <p className="quiet">{t('demonstration.choose-what')}</p>
      <Read reading={reading}>
        {({ items }) => {
          const organs = [...new Set(items.map(organOf))].toSorted((one, other) => rank(one) - rank(other));
          return organs.map((organ) => (
            <div key={organ} className="role">
              <h3>{known(`organ.${organ}`, organ)}</h3>
              <p className="quiet">{known(`organ.${organ}.does`, '')}</p>
              <div className="people">
                {items
                  .filter((role) => organOf(role) === organ)
                  .toSorted((one, other) => other.tasks - one.tasks)
                  .map((role) => (
                    <PersonButton
                      key={role.person}
                      role={role}
                      institution={institutions.data?.items.find(({ code }) => code === role.institution)}
                      busy={busy}
                      onClick={() =>
                        void begin(() => write<Session>('POST', '/v1/sign-in/demonstration', { person: role.person }))
                      }
                    />
                  ))}
              </div>
            </div>
          ));
        }}
      </Read>
    </Section>
  );
}

interface PersonProperties {
  readonly role: Role;
  readonly institution: Institution | undefined;
  readonly busy: boolean;
  readonly onClick: () => void;
}

function PersonButton({ role, institution, busy, onClick }: PersonProperties): ReactNode {
  const { t, say, known, language } = useWords();
  const office = language === 'en' ? (institution?.nameEn ?? institution?.name) : institution?.name;
  const position = seatOf(role)?.role ?? 'member';
  return (
    <button type="button" className="person-button" disabled={busy} onClick={onClick} data-person={role.person}>
      <span className="person-name">
        {role.name === undefined ? role.person : say(role.name)}
        {position !== 'member' && <span className="quiet"> {known(`position.${position}`, position)}</span>}
        {role.tasks > 0 && <Badge count={role.tasks} color="#c2410c" title={t('demonstration.tasks', { count: role.tasks })} />}
      </span>
      <span className="quiet">{office ?? t('demonstration.no-office')}</span>
    </button>
  );
}
