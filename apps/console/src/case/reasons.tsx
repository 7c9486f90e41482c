import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../language.js';
import { isTextKey } from '../texts.js';
import { deadline, instantInText } from '../time.js';
import type { Comparison, Definition, Explanation, People, TimelineEntry } from '../shapes.js';

interface Properties {
  readonly entry: TimelineEntry;
  readonly people: People;
  readonly definition: Definition;
}

/** Why: clause, arithmetic, inputs and exclusions; and by what power, with the proof. */
export function Reasons({ entry, people, definition }: Properties): ReactNode {
  const { t } = useWords();
  return (
    <details className="why">
      <summary>{entry.explanation === undefined ? t('why.basis') : t('why')}</summary>
      {entry.explanation !== undefined && <Explained explanation={entry.explanation} people={people} definition={definition} />}
      <Basis entry={entry} />
    </details>
  );
}

interface ExplainedProperties extends Omit<Properties, 'entry'> {
  readonly explanation: Explanation;
}

function Explained({ explanation, people, definition }: ExplainedProperties): ReactNode {
  const { t, say, known, language } = useWords();
  const { clause, arithmetic, inputs, excluded } = explanation;
  const plain = Object.entries(inputs).filter(([name, value]) => typeof value !== 'object' && isTextKey(`input.${name}`));
  const words = (value: unknown): string =>
    ['power', 'organ', 'vote']
      .reduce((text, of) => known(`${of}.${text}`, text), String(value))
      .replace(instantInText, (at) => deadline(at, definition.zone, language));
  const whoOf = (what: string): string => {
    if (what.startsWith('assignment ')) return t('review.anonymous');
    return people[what] === undefined ? what : say(people[what]);
  };
  return (
    <>
      <p>{say(clause)}</p>
      {arithmetic.length > 0 && (
        <ul className="plain arithmetic">
          {arithmetic.map((line) => (
            <li key={line.what}>
              <Line line={line} />
            </li>
          ))}
        </ul>
      )}
      <Found explanation={explanation} definition={definition} />
      {plain.length > 0 && (
        <dl className="facts facts-small">
          {plain.map(([name, value]) => (
            <div key={name} className="fact">
              <dt>{known(`input.${name}`, name)}</dt>
              <dd>{words(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {excluded.length > 0 && (
        <p>
          {t('why.excluded')}{' '}
          {excluded.map(({ what, because }) => `${whoOf(what)} (${known(`because.${because}`, because)})`).join(t('list.comma'))}
        </p>
      )}
    </>
  );
}

/** What a panel found beside its mean: essential criteria that were not reached, and items of the negative list. */
function Found({ explanation: { inputs }, definition }: Pick<ExplainedProperties, 'explanation' | 'definition'>): ReactNode {
  const { t, say } = useWords();
  const { rubric: id, unmet = [], vetoes = [] } = inputs as PanelInputs;
  if (unmet.length + vetoes.length === 0) return null;
  const rubric = definition.stages
    .flatMap((stage) => [stage.rubric, ...Object.values(stage.rubrics?.of ?? {})])
    .find((one) => one?.id === id);
  const titles = new Map([...(rubric?.criteria ?? []), ...(rubric?.vetoes ?? [])].map((one) => [one.id, say(one.title)]));
  return (
    <ul className="plain arithmetic">
      {unmet.map(({ criterion, reached, atLeast }) => (
        <li key={criterion}>
          <Line
            line={{
              what: titles.get(criterion) ?? criterion,
              actual: reached,
              relation: '>=',
              required: [atLeast, 1],
              holds: false,
            }}
          />
        </li>
      ))}
      {vetoes.map((veto) => (
        <li key={veto}>
          {t('review.vetoes')}
          {t('list.colon')}
          {titles.get(veto) ?? veto}
        </li>
      ))}
    </ul>
  );
}

interface PanelInputs {
  readonly rubric?: string;
  readonly unmet?: readonly { readonly criterion: string; readonly reached: Comparison['actual']; readonly atLeast: number }[];
  readonly vetoes?: readonly string[];
}

/** Counted out of a whole. */
const shares: ReadonlySet<string> = new Set(['quorum', 'majority', 'signed', 'confirmed']);

/** A number of a comparison: a share as counted, or a value with its exact fraction. */
export function Line({ line: { what, actual, relation, required, holds } }: { readonly line: Comparison }): ReactNode {
  const { t, known } = useWords();
  const isShare = shares.has(what);
  const [counted, base] = actual;
  const number = isShare
    ? t('why.of', { counted, base })
    : base === 1
      ? String(counted)
      : `${(counted / base).toFixed(2)} (${counted}/${base})`;
  const limit = required[1] === 1 ? String(required[0]) : required.join('/');
  return (
    <>
      {known(`arithmetic.${what}`, what)}
      {t('list.colon')}
      {number} {relation === '>=' ? '≥' : '>'} {limit}{' '}
      <Tag color={holds ? 'success' : 'error'}>{holds ? t('why.holds') : t('why.fails')}</Tag>
    </>
  );
}

function Basis({ entry: { power, charter, event, position, proof } }: { readonly entry: TimelineEntry }): ReactNode {
  const { t, known } = useWords();
  return (
    <dl className="facts facts-small">
      <div className="fact">
        <dt>{t('why.power')}</dt>
        <dd>
          {known(`power.${power}`, power)}, {t('why.charter', { version: charter })}
        </dd>
      </div>
      <div className="fact">
        <dt>{t('receipt.event')}</dt>
        <dd>
          <code>{event}</code> {t('receipt.position', { position })}
        </dd>
      </div>
      {proof.length > 0 && (
        <div className="fact">
          <dt>{t('why.proof')}</dt>
          <dd>
            {proof.map((id) => (
              <code key={id}>{id} </code>
            ))}
          </dd>
        </div>
      )}
    </dl>
  );
}
