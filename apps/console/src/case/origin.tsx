import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useWords } from '../language.js';
import { Section } from '../parts/page.js';
import type { CaseAnswer, Origin } from '../shapes.js';
import { EvidenceShown } from './evidence.js';

/** What a sub-case is about: the plea, and why the first decision came as it did. */
export function About({ answer }: { readonly answer: CaseAnswer }): ReactNode {
  const { t, say } = useWords();
  const { origin } = answer.case;
  if (origin === undefined) return null;
  return (
    <Section title={t('subcase.plea')}>
      <Plea answer={answer} plea={origin.plea} />
      {origin.reasons.length > 0 && <h3>{t('subcase.reasons')}</h3>}
      {origin.reasons.map(({ stage, visit, explanation }) => (
        <p key={`${stage} ${visit}`} className="prose">
          {say(explanation.clause)}
          {t('list.colon')}
          {say(explanation.text)}
        </p>
      ))}
    </Section>
  );
}

function Plea({ answer, plea }: { readonly answer: CaseAnswer; readonly plea: Origin['plea'] }): ReactNode {
  const { t, say } = useWords();
  const known = Object.values(answer.definition.subcases).flatMap(({ grounds }) => grounds);
  const statements = answer.case.visits.flatMap(({ given }) => given ?? []);
  return (
    <dl className="facts">
      {plea.grounds.length > 0 && <dt>{t('appeal.grounds')}</dt>}
      {plea.grounds.map((ground) => (
        <dd key={ground}>{say(known.find(({ id }) => id === ground)?.title ?? { zh: ground, en: ground })}</dd>
      ))}
      <dt>{t('appeal.statement')}</dt>
      <dd className="prose">{plea.statement ?? t('subcase.withheld')}</dd>
      <EvidenceShown id={answer.id} evidence={plea.evidence} />
      {statements.map(({ statement, evidence }, index) => (
        // Nobody puts statements in another order.
        <div key={index} className="fact">
          <dt>{t('state.statement')}</dt>
          <dd className="prose">{statement ?? t('erased')}</dd>
          <EvidenceShown id={answer.id} evidence={evidence} />
        </div>
      ))}
    </dl>
  );
}

/** Links between a case and its appeals and hearings, as far as the reader is told of them. */
export function Kin({ answer }: { readonly answer: CaseAnswer }): ReactNode {
  const { t, say } = useWords();
  const { case: shown, definition, id } = answer;
  const hearings = shown.visits.flatMap(({ objections = [] }) => objections.flatMap(({ hearing }) => hearing ?? []));
  const superseded = shown.superseded ?? shown.end?.supersedes;
  const first = superseded && definition.ends[superseded.id];
  const title = (name: string): string => {
    const text = definition.subcases[name]?.title;
    return text === undefined ? name : say(text);
  };
  return (
    <>
      {shown.origin !== undefined && (
        <>
          <Tag color="purple">{say(definition.title)}</Tag>
          <Link to={`/cases/${shown.origin.parent.case}`}>{t('subcase.of', { number: shown.origin.parent.number })}</Link>
        </>
      )}
      {first !== undefined && <Tag>{t('subcase.first-end', { end: say(first) })}</Tag>}
      {(shown.appeals ?? []).map(({ subcase, number, result }) => (
        <Link key={subcase} to={`/cases/${id}.${subcase}.${number}`}>
          {title(subcase)} ({t(result === undefined ? 'subcase.open' : `subcase.${result}`)})
        </Link>
      ))}
      {hearings.map(({ subcase, number }) => (
        <Link key={`${subcase} ${number}`} to={`/cases/${id}.${subcase}.${number}`}>
          {title(subcase)} {number}
        </Link>
      ))}
    </>
  );
}
