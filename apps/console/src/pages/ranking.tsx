import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { useDefinitions, useStageTitle } from '../definitions.js';
import { useWords } from '../language.js';
import { useNames } from '../names.js';
import { Page, Read, Section, ShowMore } from '../parts/page.js';
import { RoundLink } from '../parts/round-link.js';
import { usePages, useRead } from '../reading.js';
import type { People } from '../shapes.js';
import { allianceZone } from '../time.js';
import { DecideTie, type Tie, Waiting, type Waited } from '../round/ranking-acts.js';

type Fraction = readonly [number, number];

interface Place {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly institutionName: string;
  readonly place: number;
  readonly of: number;
  readonly group?: string;
  readonly result: 'selected' | 'reserve' | 'not-selected' | 'tied';
  readonly raw?: Fraction;
  readonly normalised?: Fraction;
  readonly quota?: { readonly by?: string; readonly value?: string; readonly places: number };
  readonly outliers: readonly { readonly reviewer?: string; readonly total: Fraction; readonly others: Fraction }[];
}

interface Cell {
  readonly quota: number;
  readonly value?: string;
  readonly places: number;
  readonly filled?: number;
}

interface Offset {
  readonly reviewer: string;
  readonly offset: number;
  readonly reviews?: number;
}

interface RankingAnswer {
  readonly as: 'keeper' | 'judge' | 'public';
  readonly status: 'none' | 'collecting' | 'tied' | 'ranked';
  readonly by?: 'raw' | 'normalised';
  readonly waiting: readonly Waited[];
  readonly mayGoOn?: boolean;
  readonly tie?: Tie;
  readonly passedOver: number;
  readonly counted?: { readonly expected?: number; readonly came: number; readonly left: number };
  readonly cells: readonly Cell[];
  readonly offsets: readonly Offset[];
  readonly people: People;
}

const colors = { selected: 'success', reserve: 'processing', 'not-selected': 'default', tied: 'warning' } as const;
const score = (value: Fraction | undefined): string => (value === undefined ? '–' : (value[0] / value[1]).toFixed(2));

/** The order of a round: both means beside each other, outliers, quotas; for the public, who was selected. */
export function RankingPage(): ReactNode {
  const { round = '', stage = '' } = useParams();
  const definition = useDefinitions([round]).get(round);
  const stageTitle = useStageTitle();
  const path = `/v1/rounds/${round}/stages/${stage}/ranking`;
  const id = `${round}.${stage}`;
  const reading = useRead<RankingAnswer>(`${path}?limit=1`, ({ ranking }) => ranking === id);
  const zone = definition?.zone ?? allianceZone;
  return (
    <Page title={stageTitle(definition, stage)} above={<RoundLink round={round} />}>
      <Read reading={reading}>
        {(ranking) => (
          <>
            {ranking.as !== 'public' && <Standing ranking={ranking} />}
            <Waiting
              ranking={id}
              zone={zone}
              onChanged={reading.reload}
              waiting={ranking.waiting}
              mayGoOn={ranking.mayGoOn === true}
              stageTitle={(at) => stageTitle(definition, at)}
            />
            {ranking.tie !== undefined && (
              <DecideTie key={ranking.tie.dueAt} ranking={id} zone={zone} onChanged={reading.reload} tie={ranking.tie} />
            )}
            {ranking.status !== 'none' && ranking.status !== 'collecting' && <Places path={path} id={id} ranking={ranking} />}
            {ranking.offsets.length > 0 && <Offsets ranking={ranking} />}
          </>
        )}
      </Read>
    </Page>
  );
}

function Standing({ ranking: { status, by, counted, cells, passedOver } }: { readonly ranking: RankingAnswer }): ReactNode {
  const { t } = useWords();
  return (
    <Section title={t('ranking.standing')}>
      <dl className="facts">
        <dt>{t('ranking.status')}</dt>
        <dd>{t(`ranking.is.${status}`)}</dd>
        {counted !== undefined && (
          <>
            <dt>{t('ranking.counted')}</dt>
            <dd>{t('ranking.counts', { came: counted.came, left: counted.left, expected: counted.expected ?? '–' })}</dd>
          </>
        )}
        {passedOver > 0 && (
          <>
            <dt>{t('ranking.kept')}</dt>
            <dd>{passedOver}</dd>
          </>
        )}
        {by !== undefined && (
          <>
            <dt>{t('ranking.by')}</dt>
            <dd>{t(`ranking.by.${by}`)}</dd>
          </>
        )}
        {cells.length > 0 && (
          <>
            <dt>{t('ranking.quotas')}</dt>
            <dd>{cells.map(({ value, places }) => `${value ?? t('ranking.all')}${t('list.colon')}${places}`).join(' · ')}</dd>
          </>
        )}
      </dl>
    </Section>
  );
}

interface PlacesProperties {
  readonly path: string;
  readonly id: string;
  readonly ranking: RankingAnswer;
}

function Places({ path, id, ranking }: PlacesProperties): ReactNode {
  const { t } = useWords();
  // Judges are not told of the ranking, which is about all applications, but of those that they know.
  const round = id.slice(0, id.lastIndexOf('.'));
  const { data = [], more } = usePages<Place>(
    path,
    ({ ranking: changed, case: one }) => changed === id || (ranking.as !== 'keeper' && one?.startsWith(`${round}.`) === true),
  );
  const inFull = ranking.as !== 'public';
  return (
    <Section title={t('ranking.places')}>
      <table className="rows">
        <caption className="unseen">{t('ranking.places')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('ranking.place')}</th>
            <th scope="col">{t('case.title')}</th>
            <th scope="col">{t('case.applicant')}</th>
            {inFull && <th scope="col">{t('ranking.raw')}</th>}
            {inFull && <th scope="col">{t('ranking.normalised')}</th>}
            <th scope="col">{t('ranking.result')}</th>
          </tr>
        </thead>
        <tbody>
          {data.map((place) => (
            <PlaceRow key={place.id} place={place} inFull={inFull} people={ranking.people} />
          ))}
        </tbody>
      </table>
      <ShowMore more={more} />
    </Section>
  );
}

interface RowProperties {
  readonly place: Place;
  readonly inFull: boolean;
  readonly people: RankingAnswer['people'];
}

function PlaceRow({ place, inFull, people }: RowProperties): ReactNode {
  const { t } = useWords();
  const nameOf = useNames(people);
  const { id, number, title, institutionName, group, raw, normalised, quota, result, outliers } = place;
  return (
    <tr>
      <td data-label={t('ranking.place')}>
        {place.place}
        {group !== undefined && <div className="quiet">{group}</div>}
      </td>
      <td data-label={t('case.title')}>
        <Link to={`/cases/${id}`} className="row-title">
          {title}
        </Link>
        <div className="quiet number">{number}</div>
      </td>
      <td data-label={t('case.applicant')}>{institutionName}</td>
      {inFull && (
        <td data-label={t('ranking.raw')}>
          {score(raw)}
          {outliers.map(({ reviewer, total, others }) => {
            const who = reviewer === undefined ? '' : nameOf(reviewer);
            return (
              <div key={`${who} ${total.join('/')}`}>
                <Tag color="warning">{t('ranking.outlier', { total: score(total), others: score(others) })}</Tag> {who}
              </div>
            );
          })}
        </td>
      )}
      {inFull && <td data-label={t('ranking.normalised')}>{score(normalised)}</td>}
      <td data-label={t('ranking.result')}>
        <Tag color={colors[result]}>{t(`ranking.has.${result}`)}</Tag>
        {quota !== undefined && (
          <div className="quiet">{t('ranking.full', { value: quota.value ?? t('ranking.all'), places: quota.places })}</div>
        )}
      </td>
    </tr>
  );
}

/** Whose reviews run high or low, as the calibration found. */
function Offsets({ ranking: { offsets, people } }: { readonly ranking: RankingAnswer }): ReactNode {
  const { t } = useWords();
  const nameOf = useNames(people);
  return (
    <Section title={t('ranking.offsets')}>
      <p className="quiet">{t('ranking.offsets-what')}</p>
      <ul className="plain">
        {offsets.map(({ reviewer, offset }) => (
          <li key={reviewer}>
            {nameOf(reviewer)}
            {t('list.colon')}
            {(offset / 1_000_000).toFixed(2)}
          </li>
        ))}
      </ul>
    </Section>
  );
}
