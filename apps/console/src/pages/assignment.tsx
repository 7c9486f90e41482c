import { Button, Progress, Tag } from 'antd';
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'react-router';
import { useDefinitions, useStageTitle } from '../definitions.js';
import { useWords } from '../language.js';
import { useProgress } from '../live.js';
import { useNames } from '../names.js';
import { Instant } from '../parts/deadline.js';
import { Page, Read, Section, ShowMore } from '../parts/page.js';
import { RoundLink } from '../parts/round-link.js';
import { ReasonForm } from '../parts/reason.js';
import { Refused } from '../parts/refused.js';
import { usePages, useRead } from '../reading.js';
import type { AssignmentAnswer, Asked, ProposedPanel } from '../round/assignment.shapes.js';
import { useCommand } from '../sending.js';
import { allianceZone } from '../time.js';

/** The secretary's assignment of a round: asked for, looked at by reviewer and by case, adopted or discarded. */
export function AssignmentPage(): ReactNode {
  const { t } = useWords();
  const { round = '', stage = '' } = useParams();
  const definition = useDefinitions([round]).get(round);
  const stageTitle = useStageTitle();
  const path = `/v1/rounds/${round}/stages/${stage}/assignment`;
  const id = `${round}.${stage}`;
  const reading = useRead<AssignmentAnswer>(path, ({ assignment }) => assignment === id);
  const last = reading.data?.requests.at(-1);
  const { reload } = reading;
  const zone = definition?.zone ?? allianceZone;
  return (
    <Page
      title={t('assignment.of', { stage: stageTitle(definition, stage) })}
      above={<RoundLink round={round} />}
      below={<Link to={`/rounds/${round}/stages/${stage}/pool`}>{t('pool.of', { stage: stageTitle(definition, stage) })}</Link>}
    >
      <Read reading={reading}>
        {(data) => (
          <>
            <Now id={id} last={last} onChanged={reload} />
            {last !== undefined && last.cases > 0 && (last.status === 'proposed' || last.status === 'adopted') ? (
              <Preview path={path} data={data} key={`${last.request} ${last.status}`} />
            ) : null}
            <Past data={data} zone={zone} />
          </>
        )}
      </Read>
    </Page>
  );
}

interface NowProperties {
  readonly id: string;
  readonly last: Asked | undefined;
  readonly onChanged: () => void;
}

/** How far it is, and what can be done next. */
function Now({ id, last, onChanged }: NowProperties): ReactNode {
  const { t } = useWords();
  const { send, sending, refusal } = useCommand();
  const act = async (name: string, data: object): Promise<void> => {
    if ((await send({ context: 'assignment', id, name, data })) !== undefined) onChanged();
  };
  const share = useProgress(id) ?? last?.share ?? 0;
  const isOpen = last?.status === 'computing' || last?.status === 'proposed';
  return (
    <Section title={t('assignment.now')} tone="task">
      <p className="quiet">{t('assignment.what')}</p>
      <Refused refusal={refusal} />
      {last?.status === 'computing' && (
        <div role="status">
          <p>{t('assignment.computing')}</p>
          <Progress percent={Math.round(share * 100)} aria-label={t('assignment.computing')} />
        </div>
      )}
      {last?.status === 'blocked' && <Blocked asked={last} />}
      {last?.status === 'proposed' && (last.cases === 0 ? <p>{t('assignment.nothing')}</p> : <Quality asked={last} />)}
      <div className="buttons">
        {!isOpen && (
          <Button type="primary" loading={sending} onClick={() => void act('request-assignment', {})}>
            {t('assignment.request')}
          </Button>
        )}
        {last?.status === 'proposed' && last.cases > 0 && (
          <Button type="primary" loading={sending} onClick={() => void act('adopt-assignment', { request: last.request })}>
            {t('assignment.adopt', { cases: last.cases })}
          </Button>
        )}
      </div>
      {isOpen && (
        <details className="more-acts">
          <summary>{t('assignment.discard')}</summary>
          <ReasonForm
            order={(reason) => ({
              context: 'assignment',
              id,
              name: 'discard-assignment',
              data: { request: last.request, reason },
            })}
            onDone={onChanged}
            tone="danger"
          >
            {t('assignment.discard')}
          </ReasonForm>
        </details>
      )}
    </Section>
  );
}

function Blocked({ asked: { text, blocking } }: { readonly asked: Asked }): ReactNode {
  const { t, say } = useWords();
  return (
    <div role="status">
      <p>
        <strong>{t('assignment.blocked')}</strong>
      </p>
      {text !== undefined && <p className="prose">{say(text)}</p>}
      {blocking?.smallest === 'not-tried' && <p className="quiet">{t('assignment.not-tried')}</p>}
    </div>
  );
}

/** How good it is proven to be, and what it can be repeated with. */
function Quality({ asked: { cases, fit, unevenness, seed, inputs, solver } }: { readonly asked: Asked }): ReactNode {
  const { t } = useWords();
  const percent = (gap: number): string => `${(gap * 100).toFixed(2)} %`;
  return (
    <dl className="facts">
      <dt>{t('assignment.cases')}</dt>
      <dd>{cases}</dd>
      {fit !== undefined && (
        <>
          <dt>{t('assignment.fit-gap')}</dt>
          <dd>{percent(fit.gap)}</dd>
        </>
      )}
      {unevenness !== undefined && (
        <>
          <dt>{t('assignment.load-gap')}</dt>
          <dd>{percent(unevenness.gap)}</dd>
        </>
      )}
      <dt>{t('assignment.repeat')}</dt>
      <dd className="number">{[seed, inputs, solver].join(' · ')}</dd>
    </dl>
  );
}

/** By reviewer, and by case. */
function Preview({ path, data }: { readonly path: string; readonly data: AssignmentAnswer }): ReactNode {
  const { t } = useWords();
  const [reviewer, setReviewer] = useState<string>();
  const name = useNames(data.people);
  const { reviewers } = data;
  return (
    <>
      <Section title={t('assignment.by-reviewer')}>
        <table className="rows">
          <caption className="unseen">{t('assignment.by-reviewer')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('assignment.reviewer')}</th>
              <th scope="col">{t('assignment.given')}</th>
              <th scope="col">{t('assignment.load')}</th>
              <th scope="col">{t('assignment.most')}</th>
            </tr>
          </thead>
          <tbody>
            {reviewers.map(({ person, given, load, most }) => (
              <tr key={person}>
                <td data-label={t('assignment.reviewer')}>
                  <Button type="link" onClick={() => setReviewer(reviewer === person ? undefined : person)}>
                    {name(person)}
                  </Button>
                </td>
                <td data-label={t('assignment.given')}>{given}</td>
                <td data-label={t('assignment.load')}>{load}</td>
                <td data-label={t('assignment.most')}>{most}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      <Panels path={path} reviewer={reviewer} name={name} onAll={() => setReviewer(undefined)} />
    </>
  );
}

interface PanelsProperties {
  readonly path: string;
  readonly reviewer: string | undefined;
  readonly name: (person: string) => string;
  readonly onAll: () => void;
}

function Panels({ path, reviewer, name, onAll }: PanelsProperties): ReactNode {
  const { t } = useWords();
  const {
    data = [],
    more,
    refusal,
  } = usePages<ProposedPanel>(`${path}/panels${reviewer === undefined ? '' : `?reviewer=${encodeURIComponent(reviewer)}`}`);
  return (
    <Section
      title={t('assignment.by-case')}
      extra={
        reviewer !== undefined && (
          <Tag closable onClose={onAll}>
            {name(reviewer)}
          </Tag>
        )
      }
    >
      <Refused refusal={refusal} />
      <table className="rows">
        <caption className="unseen">{t('assignment.by-case')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('case.title')}</th>
            <th scope="col">{t('case.applicant')}</th>
            <th scope="col">{t('assignment.reviewers')}</th>
          </tr>
        </thead>
        <tbody>
          {data.map(({ id, title, number, institutionName, reviewers }) => (
            <tr key={id}>
              <td data-label={t('case.title')}>
                <Link to={`/cases/${id}`} className="row-title">
                  {title}
                </Link>
                <div className="quiet number">{number}</div>
              </td>
              <td data-label={t('case.applicant')}>{institutionName}</td>
              <td data-label={t('assignment.reviewers')}>{reviewers.map(name).join(' · ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ShowMore more={more} />
    </Section>
  );
}

/** What was asked for before, and what became of it. */
function Past({ data, zone }: { readonly data: AssignmentAnswer; readonly zone: string }): ReactNode {
  const { t } = useWords();
  const name = useNames(data.people);
  if (data.requests.length === 0) return null;
  return (
    <Section title={t('assignment.past')}>
      <ul className="plain">
        {data.requests.toReversed().map(({ request, status, requestedBy, requestedAt, cases, decided }) => (
          <li key={request}>
            <Tag>{t(`assignment.is.${status}`)}</Tag>{' '}
            {status === 'computing' ? t('assignment.line-begun', { request }) : t('assignment.line', { request, cases })}{' '}
            {name(requestedBy)} <Instant at={requestedAt} zone={zone} />
            {decided !== undefined && (
              <>
                {' → '}
                {name(decided.by)} <Instant at={decided.at} zone={zone} />
                {decided.reason !== undefined && <span className="prose"> {decided.reason}</span>}
              </>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
