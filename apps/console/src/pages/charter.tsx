import type { ReactNode } from 'react';
import type { Text } from '../api.js';
import { useWords } from '../language.js';
import { Page, Read, Section } from '../parts/page.js';
import { useRead } from '../reading.js';
import { useSession } from '../session.js';
import { allianceZone, dayIn } from '../time.js';

const parts = ['functions', 'members', 'structure', 'operation', 'activities'] as const;

interface Document {
  readonly title: Text;
  readonly parts: Readonly<Record<(typeof parts)[number], { readonly en: readonly string[]; readonly zh: readonly string[] }>>;
  readonly organs: readonly { readonly organ: string; readonly name: Text }[];
  readonly powers: readonly { readonly power: string; readonly organ: string; readonly rule?: string }[];
  readonly rules: readonly Rule[];
}

interface Rule {
  readonly rule: string;
  readonly quorum: { readonly atLeast: readonly [number, number]; readonly of: string };
  readonly majority: { readonly over: readonly [number, number]; readonly atLeast?: boolean; readonly of: string };
  readonly tie: string;
}

interface InForce {
  readonly version: number;
  readonly hash: string;
  readonly adoptedAt: string;
  readonly document: Document;
}

/** The charter in force: its articles, and who may do what under which rule. */
export function Charter(): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const reading = useRead<InForce>(alliance && `/v1/alliances/${alliance.id}/charter`);
  return (
    <Page
      title={t('nav.charter')}
      below={
        reading.data !== undefined &&
        t('charter.version', { version: reading.data.version, day: dayIn(reading.data.adoptedAt, allianceZone) })
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

function RuleText({ rule }: { readonly rule: Rule | undefined }): ReactNode {
  const { t, known } = useWords();
  if (rule === undefined) return <span className="quiet">{t('charter.any-seat')}</span>;
  const { quorum, majority, tie } = rule;
  return (
    <>
      {t('charter.quorum', { share: quorum.atLeast.join('/'), of: known(`base.${quorum.of}`, quorum.of) })}{' '}
      {t(majority.atLeast === true ? 'charter.majority-at-least' : 'charter.majority-over', {
        share: majority.over.join('/'),
        of: known(`base.${majority.of}`, majority.of),
      })}{' '}
      {known(`tie.${tie}`, '')}
    </>
  );
}
