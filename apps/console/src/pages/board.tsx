import { Alert, Tag } from 'antd';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { useDefinitions, useStageTitle } from '../definitions.js';
import { useWords } from '../language.js';
import { Page, Read, Section } from '../parts/page.js';
import { RoundLink } from '../parts/round-link.js';
import { useRead } from '../reading.js';
import { useHolds, useSession } from '../session.js';
import type { Definition } from '../shapes.js';

interface Durations {
  readonly medianMs: number;
  readonly p90Ms: number;
}

interface StageNumbers {
  readonly stage: string;
  readonly entered: number;
  readonly waiting: number;
  readonly overdueNow: number;
  readonly overdueEver: number;
  readonly returned: number;
  readonly left: Readonly<Record<string, number>>;
  readonly calendar: Durations | null;
  readonly working: Durations | null;
}

interface Statistics {
  readonly stages: readonly StageNumbers[];
  readonly attention: Readonly<Record<'open' | 'overdue' | 'unassigned' | 'inquorate' | 'objected', number>>;
  readonly unannounced: readonly { readonly year: number; readonly deadlines: number }[];
}

const searches = {
  open: 'status:open',
  overdue: 'overdue:yes',
  unassigned: 'unassigned:yes',
  inquorate: 'inquorate:yes',
  objected: 'objected:yes',
} as const;

/** A round as its secretary watches over it: what needs somebody, and how each stage is doing. */
export function Board(): ReactNode {
  const { t } = useWords();
  const round = useParams()['round'] as string;
  const reading = useRead<Statistics>(`/v1/rounds/${round}/statistics`, () => true);
  const definition = useDefinitions([round]).get(round);
  return (
    <Page title={t('board')} above={<RoundLink round={round} />} below={t('board.what')}>
      <Read reading={reading}>
        {({ attention, stages, unannounced }) => (
          <>
            {unannounced.map(({ year, deadlines }) => (
              <Alert
                key={year}
                type="warning"
                showIcon
                title={t('board.unannounced', { year: String(year), count: deadlines })}
                description={
                  <>
                    <Link to={`/rounds/${round}?q=${encodeURIComponent(`due>=${year}-01-01`)}`}>
                      {t('board.unannounced-which')}
                    </Link>{' '}
                    <Link to="/calendar">{t('calendar')}</Link>
                  </>
                }
              />
            ))}
            <nav className="counts" aria-label={t('board.attention')}>
              {(Object.keys(searches) as (keyof typeof searches)[]).map((what) => (
                <Link key={what} className="count" to={`/rounds/${round}?q=${encodeURIComponent(searches[what])}`}>
                  <span className="count-number">{attention[what]}</span>
                  <span>{t(`board.${what}`)}</span>
                </Link>
              ))}
              <FailedSteps />
            </nav>
            <Section title={t('board.stages')}>
              <Stages stages={stages} definition={definition} />
            </Section>
          </>
        )}
      </Read>
    </Page>
  );
}

/** For who may resolve them: steps of the engine that need somebody. */
function FailedSteps(): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const resolves = useHolds('resolve-incidents');
  const { data } = useRead<{ items: readonly unknown[] }>(
    resolves && alliance ? `/v1/alliances/${alliance.id}/incidents` : undefined,
    () => true,
  );
  if (data === undefined) return null;
  return (
    <Link className="count" to="/incidents">
      <span className="count-number">{data.items.length}</span>
      <span>{t('incidents')}</span>
    </Link>
  );
}

const columns = ['waiting', 'overdue-now', 'entered', 'left', 'returned', 'overdue-ever', 'working', 'calendar'] as const;

function Stages({
  stages,
  definition,
}: {
  readonly stages: readonly StageNumbers[];
  readonly definition: Definition | undefined;
}): ReactNode {
  const { t } = useWords();
  const stageTitle = useStageTitle();
  const places = definition?.stages.map(({ id }) => id) ?? [];
  // Those of appeals and hearings are no stages of the round: they stand last.
  const placeOf = (stage: string): number => (places.includes(stage) ? places.indexOf(stage) : places.length);
  const sorted = stages.toSorted((one, other) => placeOf(one.stage) - placeOf(other.stage));
  return (
    <table className="rows">
      <thead>
        <tr>
          <th scope="col">{t('case.stage')}</th>
          {columns.map((column) => (
            <th key={column} scope="col">
              {t(`board.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted.map((numbers) => (
          <tr key={numbers.stage}>
            <td data-label={t('case.stage')}>{stageTitle(definition, numbers.stage)}</td>
            <Numbers numbers={numbers} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Numbers({ numbers }: { readonly numbers: StageNumbers }): ReactNode {
  const { t, known } = useWords();
  const { waiting, overdueNow, entered, left, returned, overdueEver, working, calendar } = numbers;
  const cells: Readonly<Record<(typeof columns)[number], ReactNode>> = {
    waiting,
    'overdue-now': overdueNow > 0 ? <Tag color="error">{overdueNow}</Tag> : 0,
    entered,
    left:
      Object.keys(left).length === 0
        ? '—'
        : Object.entries(left).map(([outcome, count]) => (
            <div key={outcome}>
              {known(`board.outcome.${outcome}`, outcome)} {count}
            </div>
          )),
    returned,
    'overdue-ever': overdueEver,
    working: <Took durations={working} />,
    calendar: <Took durations={calendar} />,
  };
  return columns.map((column) => (
    <td key={column} data-label={t(`board.${column}`)}>
      {cells[column]}
    </td>
  ));
}

const days = (ms: number): number => Math.round((ms / 86_400_000) * 10) / 10;

function Took({ durations }: { readonly durations: Durations | null }): ReactNode {
  const { t } = useWords();
  if (durations === null) return '—';
  return t('board.took', { median: days(durations.medianMs), p90: days(durations.p90Ms) });
}
