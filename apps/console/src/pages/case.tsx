import { Alert, Tag } from 'antd';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { read } from '../api.js';
import { Acts } from '../case/acts.js';
import { AsOf, Past } from '../case/as-of.js';
import { DrawnCase } from '../case/drawn.js';
import { History } from '../case/history.js';
import { Judgement } from '../case/judgement.js';
import { About, Kin } from '../case/origin.js';
import { Progress } from '../case/progress.js';
import { Registrations } from '../case/registrations.js';
import { type Done, RoomContext } from '../case/room.js';
import { useWords } from '../language.js';
import { type Changed, useLive } from '../live.js';
import { peopleNames } from '../names.js';
import { outcomeColors } from '../parts/case-table.js';
import { Facts } from '../parts/facts.js';
import { Page, Read, Section } from '../parts/page.js';
import { RoundLink } from '../parts/round-link.js';
import { type Reading, useKept, useRead } from '../reading.js';
import { useSession } from '../session.js';
import type { CaseAnswer, Task, Timeline } from '../shapes.js';

/** One case: what it is, how far it has come, what the reader may do, and why everything happened. */
export function CasePage(): ReactNode {
  const id = useParams()['case'] as string;
  return <OneCase key={id} id={id} />;
}

function OneCase({ id }: { readonly id: string }): ReactNode {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const asOf = search.get('asOf') ?? undefined;
  const then = asOf === undefined ? '' : `?asOf=${encodeURIComponent(asOf)}`;
  const [typing, setTyping] = useState(false);
  const [latest, setLatest] = useState(0);
  const isThis = (changed: Changed): boolean => changed.case === id && !typing;
  const reading = useKept(useRead<CaseAnswer>(`/v1/cases/${id}${then}`, isThis));
  const now = useRead<Timeline>(`/v1/cases/${id}/timeline`, isThis);
  const [done, setDone] = useState<Done>();
  const reload = useCallback(() => {
    reading.reload();
    now.reload();
  }, [reading, now]);
  const answer = reading.data;
  // A change may be told of after it has been read: only a later revision is news.
  useLive(
    (changed) => changed.case === id && typing,
    () =>
      void read<CaseAnswer>(`/v1/cases/${id}`)
        .then(({ revision }) => setLatest(revision))
        .catch(() => undefined),
  );
  const outdated = answer !== undefined && latest > answer.revision;
  // Whoever stands back sees no more of it: what was done says so.
  const hasLeft = done !== undefined && reading.refusal?.status === 404;
  const room = useMemo(
    () => (answer === undefined ? undefined : { answer, reload, done: setDone, setTyping, outdated }),
    [answer, reload, outdated],
  );
  return (
    <Page
      title={answer === undefined ? t('case') : String(answer.case.form['title'] ?? answer.case.number)}
      above={answer !== undefined && <RoundLink round={`${id.split('.')[0]}.${answer.case.round}`} />}
      below={answer !== undefined && <Head answer={answer} />}
    >
      {done !== undefined && <DoneNote id={id} done={done} />}
      {asOf !== undefined && reading.refusal?.status === 404 && now.data !== undefined ? (
        <Alert type="info" showIcon title={t('as-of.not-yet')} action={<Link to={`/cases/${id}`}>{t('as-of.back')}</Link>} />
      ) : hasLeft ? null : (
        <Read reading={reading}>
          {(shown) =>
            room !== undefined && (
              <RoomContext value={room}>
                <Body
                  answer={shown}
                  now={now}
                  asOf={asOf}
                  onAsOf={(chosen) => setSearch(chosen === undefined ? {} : { asOf: chosen }, { replace: true })}
                />
              </RoomContext>
            )
          }
        </Read>
      )}
    </Page>
  );
}

function Head({ answer }: { readonly answer: CaseAnswer }): ReactNode {
  const { say } = useWords();
  const { case: shown, definition } = answer;
  const open = shown.visits.filter(({ left }) => left === undefined).map(({ stage }) => stage);
  const end = shown.end && definition.ends[shown.end.id];
  return (
    <>
      {shown.end !== undefined && end !== undefined && <Tag color={outcomeColors[shown.end.outcome]}>{say(end)}</Tag>}
      {shown.end === undefined &&
        definition.stages
          .filter(({ id }) => open.includes(id))
          .map(({ id, title }) => (
            <Tag key={id} color="processing">
              {say(title)}
            </Tag>
          ))}
      {shown.applicant?.name} <span className="quiet number">{shown.number}</span> <Kin answer={answer} />
    </>
  );
}

/** What was done, and the way to what is most urgent now. */
function DoneNote({ id, done }: { readonly id: string; readonly done: Done }): ReactNode {
  const { t, known } = useWords();
  const { alliance } = useSession();
  const { data, refusal } = useRead<{ items: readonly Task[] }>(alliance && `/v1/alliances/${alliance.id}/tasks`);
  const next = data?.items.find((task) => task.id !== id);
  const words = next && t('done.next', { act: known(`act.${next.act}`, next.act), title: next.title });
  return (
    <Alert
      type="success"
      showIcon
      role="status"
      title={done.text}
      action={
        (data !== undefined || refusal !== undefined) && (
          <Onwards to={next === undefined ? '/' : `/cases/${next.id}`}>{words ?? t('done.tasks')}</Onwards>
        )
      }
    />
  );
}

/** Has the focus as soon as it is there: the button that was pressed is gone. */
function Onwards({ to, children }: { readonly to: string; readonly children: string }): ReactNode {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => link.current?.focus(), []);
  return (
    <Link to={to} ref={link}>
      {children}
    </Link>
  );
}

interface BodyProperties {
  readonly answer: CaseAnswer;
  readonly now: Reading<Timeline>;
  readonly asOf: string | undefined;
  readonly onAsOf: (asOf: string | undefined) => void;
}

function Body({ answer, now, asOf, onAsOf }: BodyProperties): ReactNode {
  const { t, language } = useWords();
  const { id, definition, case: shown, people, acts } = answer;
  const names = useMemo(() => peopleNames(people, language), [people, language]);
  const wide = acts.some(({ act }) => act === 'review');
  const application = (
    <Section title={t('case.application', { version: shown.version })}>
      <Facts definition={definition} application={shown} people={names} caseId={id} />
      {answer.as === 'applicant' && <Link to={`/cases/${id}/receipt`}>{t('receipt')}</Link>}
    </Section>
  );
  return (
    <>
      {asOf !== undefined && <Past definition={definition} asOf={asOf} onChange={onAsOf} />}
      {shown.frozen !== undefined && <Alert type="warning" showIcon title={t('case.frozen')} />}
      {answer.similar.length > 0 && <Similar similar={answer.similar} />}
      <Progress answer={answer} />
      <div className={wide ? 'columns columns-even' : 'columns'}>
        <div>
          {wide ? application : <Acts />}
          <About answer={answer} />
          {!wide && application}
          <Judgement answer={answer} />
          <Registrations answer={answer} />
        </div>
        <div>
          {wide && <Acts />}
          {now.data !== undefined && <AsOf timeline={now.data} definition={definition} asOf={asOf} onChange={onAsOf} />}
          <Then id={id} asOf={asOf} now={now} answer={answer} />
        </div>
      </div>
      <DrawnCase answer={answer} />
    </>
  );
}

/** A person tells whether it is the same course twice. */
function Similar({ similar }: Pick<CaseAnswer, 'similar'>): ReactNode {
  const { t } = useWords();
  return (
    <Alert
      type="warning"
      showIcon
      title={t('case.similar')}
      description={similar.map(({ id, title, number }) => (
        <div key={id}>
          <Link to={`/cases/${id}`}>{title}</Link> <span className="quiet number">{number}</span>
        </div>
      ))}
    />
  );
}

/** The timeline now, or as it was. */
function Then({ id, asOf, now, answer }: { readonly id: string } & Omit<BodyProperties, 'onAsOf'>): ReactNode {
  const path = asOf === undefined ? undefined : `/v1/cases/${id}/timeline?asOf=${encodeURIComponent(asOf)}`;
  const then = useKept(useRead<Timeline>(path));
  return (
    <Read reading={asOf === undefined ? now : then}>
      {(timeline) => <History timeline={timeline} definition={answer.definition} />}
    </Read>
  );
}
