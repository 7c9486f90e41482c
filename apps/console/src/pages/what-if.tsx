import { Button, Select, Tag } from 'antd';
import { type ReactNode, useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import type { Text } from '../api.js';
import { Line } from '../case/reasons.js';
import { useDefinitions, useStageTitle } from '../definitions.js';
import { useWords } from '../language.js';
import { Labelled, TextField } from '../parts/field.js';
import { Page, Read, Section, ShowMore } from '../parts/page.js';
import { RoundLink } from '../parts/round-link.js';
import { usePages, useRead } from '../reading.js';
import type { Comparison } from '../shapes.js';

interface Outcome {
  readonly outcome: 'carried' | 'not-carried' | 'inquorate' | 'reconvened' | 'tied';
  readonly to: readonly { readonly id: string; readonly title: Text }[];
  readonly text: Text;
  readonly arithmetic: readonly Comparison[];
}

interface Changed {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly institutionName: string;
  readonly was: Outcome;
  readonly wouldBe: Outcome;
}

/** The votes of a round counted again under another rule. What is asked stands in the address, so that it can be handed on. */
export function WhatIf(): ReactNode {
  const { t } = useWords();
  const { round = '', stage = '' } = useParams();
  const [asked, setAsked] = useSearchParams();
  const definition = useDefinitions([round]).get(round);
  const stageTitle = useStageTitle();
  const query = asked.toString();
  const title = `${stageTitle(definition, stage)}${t('list.colon')}${t('what-if')}`;
  return (
    <Page title={title} above={<RoundLink round={round} />} below={t('what-if.what')}>
      <Question asked={Object.fromEntries(asked)} onAsked={setAsked} />
      {query !== '' && <Answer key={query} path={`/v1/rounds/${round}/stages/${stage}/what-if?${query}`} />}
    </Page>
  );
}

const choices = {
  quorumOf: ['eligible-seats', 'all-seats'],
  majorityOf: ['votes-cast', 'present', 'all-seats'],
  tie: ['chair-decides', 'not-carried'],
} as const;
const shares = { quorum: /^\d{1,4}\/[1-9]\d{0,3}$/, majority: /^>=?\d{1,4}\/[1-9]\d{0,3}$/ } as const;

type Rule = Readonly<Record<string, string>>;

function Question({ asked, onAsked }: { readonly asked: Rule; readonly onAsked: (rule: Rule) => void }): ReactNode {
  const { t, known } = useWords();
  const [rule, setRule] = useState(asked);
  const set = (name: string, value: string): void =>
    setRule(({ [name]: _before, ...rest }) => (value === '' ? rest : { ...rest, [name]: value }));
  const isWrong = (name: keyof typeof shares): boolean => rule[name] !== undefined && !shares[name].test(rule[name]);
  const share = (name: keyof typeof shares, hint: string): ReactNode => (
    <TextField
      label={t(`what-if.${name}`)}
      hint={hint}
      value={rule[name] ?? ''}
      onChange={(value) => set(name, value.trim())}
      fault={isWrong(name) ? t('what-if.fault') : undefined}
      maxLength={12}
    />
  );
  const choice = (name: keyof typeof choices, label: string, texts: 'base' | 'tie'): ReactNode => (
    <Labelled label={label}>
      {(control) => (
        <Select
          {...control}
          value={rule[name] ?? ''}
          onChange={(value) => set(name, value)}
          options={[
            { value: '', label: t('what-if.as-it-was') },
            ...choices[name].map((value) => ({ value, label: known(`${texts}.${value}`, value) })),
          ]}
        />
      )}
    </Labelled>
  );
  return (
    <div className="form">
      {share('quorum', t('what-if.share-hint'))}
      {choice('quorumOf', t('what-if.quorum-of'), 'base')}
      {share('majority', t('what-if.majority-hint'))}
      {choice('majorityOf', t('what-if.majority-of'), 'base')}
      {choice('tie', t('what-if.tie'), 'tie')}
      <div className="buttons">
        <Button
          type="primary"
          disabled={Object.keys(rule).length === 0 || isWrong('quorum') || isWrong('majority')}
          onClick={() => onAsked(rule)}
        >
          {t('what-if.ask')}
        </Button>
      </div>
    </div>
  );
}

function Answer({ path }: { readonly path: string }): ReactNode {
  const { t } = useWords();
  const counts = useRead<{ decided: number; changed: number }>(`${path}&limit=1`);
  const { data = [], more } = usePages<Changed>(path);
  return (
    <Read reading={counts}>
      {({ decided, changed }) => (
        <Section title={t('what-if.found', { decided, changed })}>
          {data.length > 0 && <Changes items={data} />}
          <ShowMore more={more} />
        </Section>
      )}
    </Read>
  );
}

function Changes({ items }: { readonly items: readonly Changed[] }): ReactNode {
  const { t } = useWords();
  return (
    <table className="rows">
      <caption className="unseen">{t('what-if')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('case.title')}</th>
          <th scope="col">{t('what-if.was')}</th>
          <th scope="col">{t('what-if.would-be')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ id, number, title, institutionName, was, wouldBe }) => (
          <tr key={id}>
            <td data-label={t('case.title')}>
              <Link to={`/cases/${id}`} className="row-title">
                {title}
              </Link>
              <div className="quiet">{institutionName}</div>
              <div className="quiet number">{number}</div>
            </td>
            <td data-label={t('what-if.was')}>
              <Told outcome={was} />
            </td>
            <td data-label={t('what-if.would-be')}>
              <Told outcome={wouldBe} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Told({ outcome: { outcome, to, text, arithmetic } }: { readonly outcome: Outcome }): ReactNode {
  const { t, say } = useWords();
  const onward = to.map(({ title }) => say(title)).join(t('list.comma'));
  return (
    <>
      <Tag>{t(`what-if.is.${outcome}`)}</Tag> {onward !== '' && `→ ${onward}`}
      <div className="quiet">{say(text)}</div>
      <ul className="plain arithmetic">
        {arithmetic.map((line) => (
          <li key={line.what}>
            <Line line={line} />
          </li>
        ))}
      </ul>
    </>
  );
}
