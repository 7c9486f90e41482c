import { Button, Tag } from 'antd';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { useDefinitions, useStageTitle } from '../definitions.js';
import { useWords } from '../language.js';
import { Instant, Until } from '../parts/deadline.js';
import { CloseRound, Extensions } from '../round/conducting.js';
import { type Marks, WorkflowDrawing } from '../parts/drawing.js';
import { Page, Read, Section } from '../parts/page.js';
import { useRead } from '../reading.js';
import { BulkActs } from '../round/bulk.js';
import { CaseSearch, FoundCases, useAsked } from '../round/case-search.js';
import { useHolds, useSession } from '../session.js';
import type { Counted, Definition, Round as RoundShape, RoundAnswer } from '../shapes.js';

/** One round: its calendar, how far its cases have come, and the cases themselves. */
export function Round(): ReactNode {
  const { say, t } = useWords();
  const id = useParams()['round'] as string;
  const reading = useRead<RoundAnswer>(`/v1/rounds/${id}`, () => true);
  const definition = useDefinitions([id]).get(id);
  const [asked, setAsked] = useAsked();
  const keeps = useHolds('manage-panel');
  const audits = useHolds('audit-cases');
  return (
    <Page
      title={reading.data === undefined ? t('round') : say(reading.data.round.title)}
      above={<Link to="/rounds">{t('nav.rounds')}</Link>}
      below={(keeps || audits) && <Link to={`/rounds/${id}/board`}>{t('board')}</Link>}
    >
      <Read reading={reading}>
        {({ round, cases, counts, extensions, people }) => (
          <>
            <Calendar round={round} definition={definition} />
            <Counts
              all={cases}
              counts={counts}
              definition={definition}
              chosen={/^stage:(\S+)$/.exec(asked)?.[1]}
              onChoose={(stage) => setAsked(stage === undefined ? '' : `stage:${stage}`)}
            />
            <Gatherings round={round.id} definition={definition} />
            <Section title={t('round.cases')}>
              <CaseSearch asked={asked} onAsk={setAsked} />
              <FoundCases round={round} asked={asked} />
              {definition !== undefined && <BulkActs key={asked} round={round} definition={definition} asked={asked} />}
            </Section>
            <Extensions round={round} extensions={extensions} people={people} onChanged={reading.reload} />
            <CloseRound round={round} extensions={extensions} onChanged={reading.reload} />
            <WorkflowDrawing round={round.id} marks={casesAt(counts)} />
          </>
        )}
      </Read>
    </Page>
  );
}

const gatherings = {
  panel: ['assignment', 'round.assign'],
  ballot: ['what-if', 'round.what-if'],
  ranking: ['ranking', 'round.ranking'],
} as const;

/** Where all cases of the round are dealt with together: panels assigned at once, rankings, votes counted again, another version. */
function Gatherings({ round, definition }: { readonly round: string; readonly definition: Definition | undefined }): ReactNode {
  const { t, say } = useWords();
  const assigns = useHolds('manage-panel');
  const shown = (definition?.stages ?? []).filter(
    ({ kind }) => kind === 'ranking' || ((kind === 'panel' || kind === 'ballot') && assigns),
  );
  const migrates = useHolds('migrate-cases');
  const reviews = useHolds('review-application');
  const reviewing = (definition?.stages ?? []).filter(({ kind }) => kind === 'panel' && (assigns || reviews));
  if (shown.length + reviewing.length === 0 && !migrates) return null;
  return (
    <nav className="buttons">
      {migrates && <Link to={`/rounds/${round}/migrate`}>{t('migrate')}</Link>}
      {reviewing.map(({ id, title }) => (
        <Link key={`pool ${id}`} to={`/rounds/${round}/stages/${id}/pool`}>
          {t(assigns ? 'round.pool' : 'round.own-pool', { stage: say(title) })}
        </Link>
      ))}
      {shown.map(({ id, kind, title }) => {
        const [page, words] = gatherings[kind === 'panel' || kind === 'ballot' ? kind : 'ranking'];
        return (
          <Link key={id} to={`/rounds/${round}/stages/${id}/${page}`}>
            {t(words, { stage: say(title) })}
          </Link>
        );
      })}
    </nav>
  );
}

/** How many cases stand at each place of the drawing. */
const casesAt = (counts: readonly Counted[]): Marks =>
  new Map(
    counts.map(({ stage, status, cases }) => [stage, { tone: status === 'open' ? 'current' : 'done', words: String(cases) }]),
  );

function Calendar({ round, definition }: { readonly round: RoundShape; readonly definition: Definition | undefined }): ReactNode {
  const { t, say } = useWords();
  const { standing } = useSession();
  const { opensAt, closesAt, zone, status } = round;
  const isOpen = status === 'open' && Date.parse(closesAt) > Date.now();
  const applies = isOpen && standing?.powers.some(({ power }) => power === 'submit-application') === true;
  return (
    <Section
      title={t('round.calendar')}
      extra={
        applies && (
          <Link to={`/rounds/${round.id}/apply`}>
            <Button type="primary" tabIndex={-1}>
              {t('apply')}
            </Button>
          </Link>
        )
      }
    >
      <dl className="facts">
        <dt>{t('round.opened')}</dt>
        <dd>
          <Instant at={opensAt} zone={zone} />
        </dd>
        <dt>{t('round.closes')}</dt>
        <dd>{status === 'open' ? <Until at={closesAt} zone={zone} /> : <Tag>{t('round.closed')}</Tag>}</dd>
        <dt>{t('round.definition')}</dt>
        <dd>
          {definition === undefined
            ? '…'
            : t('round.definition-version', { title: say(definition.title), version: definition.version })}
        </dd>
        <dt>{t('round.stages')}</dt>
        <dd>{definition?.stages.map(({ title }) => say(title)).join(' → ')}</dd>
      </dl>
    </Section>
  );
}

interface CountsProperties {
  /** Fewer than the counts together, where some cases stand at several stages. */
  readonly all: number;
  readonly counts: readonly Counted[];
  readonly definition: Definition | undefined;
  readonly chosen: string | undefined;
  readonly onChoose: (stage: string | undefined) => void;
}

function Counts({ all, counts, definition, chosen, onChoose }: CountsProperties): ReactNode {
  const { t } = useWords();
  const stageTitle = useStageTitle();
  const places = [...(definition?.stages.map(({ id }) => id) ?? []), ...Object.keys(definition?.ends ?? {})];
  const placeOf = (stage: string): number => (places.includes(stage) ? places.indexOf(stage) : places.length);
  const sorted = counts.toSorted((one, other) => placeOf(one.stage) - placeOf(other.stage));
  return (
    <div className="counts" role="group" aria-label={t('round.counts')}>
      <button type="button" className="count" aria-pressed={chosen === undefined} onClick={() => onChoose(undefined)}>
        <span className="count-number">{all}</span>
        <span>{t('round.all')}</span>
      </button>
      {sorted.map(({ stage, status, cases, overdue }) => (
        <button
          key={stage}
          type="button"
          className={`count count-${status}`}
          aria-pressed={chosen === stage}
          onClick={() => onChoose(chosen === stage ? undefined : stage)}
        >
          <span className="count-number">
            {cases}
            {overdue > 0 && <Tag color="error">{t('round.overdue', { count: overdue })}</Tag>}
          </span>
          <span>{stageTitle(definition, stage)}</span>
        </button>
      ))}
    </div>
  );
}
