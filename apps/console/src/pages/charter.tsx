import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { type Document, type InForce, parts } from '../charter/document.js';
import { RuleText } from '../charter/rule-text.js';
import { useWords } from '../language.js';
import { Page, Read, Section } from '../parts/page.js';
import { useRead } from '../reading.js';
import { useHolds, useSession } from '../session.js';
import { allianceZone, dayIn } from '../time.js';

/** The charter in force: its articles, and who may do what under which rule. */
export function Charter(): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const reading = useRead<InForce>(alliance && `/v1/alliances/${alliance.id}/charter`);
  const amends = useHolds('amend-charter');
  return (
    <Page
      title={t('nav.charter')}
      below={
        reading.data !== undefined && (
          <>
            {t('charter.version', { version: reading.data.version, day: dayIn(reading.data.adoptedAt, allianceZone) })}{' '}
            {amends && <Link to="/charter/amend">{t('amend-charter')}</Link>}
          </>
        )
      }
    >
      <Read reading={reading}>
        {({ document, hash }) => (
          <>
            <Articles document={document} />
            <Powers document={document} />
            <p className="quiet">
              {t('charter.hash')} <code>{hash}</code>
            </p>
          </>
        )}
      </Read>
    </Page>
  );
}

/** Articles are numbered through, from the first part to the last. */
function Articles({ document }: { readonly document: Document }): ReactNode {
  const { t, language } = useWords();
  let before = 0;
  return parts.map((part) => {
    const articles = document.parts[part][language];
    const start = before + 1;
    before += articles.length;
    return (
      <Section key={part} title={t(`charter.${part}`)}>
        <ol start={start} className="articles">
          {articles.map((article) => (
            <li key={article}>{article}</li>
          ))}
        </ol>
      </Section>
    );
  });
}

function Powers({ document: { organs, powers, rules } }: { readonly document: Document }): ReactNode {
  const { t, known, say } = useWords();
  const organName = (id: string): string => {
    const organ = organs.find((candidate) => candidate.organ === id);
    return organ === undefined ? known(`organ.${id}`, id) : say(organ.name);
  };
  return (
    <Section title={t('charter.powers')}>
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">{t('charter.power')}</th>
            <th scope="col">{t('charter.organ')}</th>
            <th scope="col">{t('charter.rule')}</th>
          </tr>
        </thead>
        <tbody>
          {powers.map(({ power, organ, rule }) => (
            <tr key={power}>
              <td data-label={t('charter.power')}>{known(`power.${power}`, power)}</td>
              <td data-label={t('charter.organ')}>{organName(organ)}</td>
              <td data-label={t('charter.rule')}>
                <RuleText rule={rules.find((candidate) => candidate.rule === rule)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
