import { Empty } from 'antd';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { useWords } from '../language.js';
import { CaseTable } from '../parts/case-table.js';
import { Deadline } from '../parts/deadline.js';
import { MeetingList } from '../parts/meeting-list.js';
import { Page, Read, Section } from '../parts/page.js';
import { useEntry } from '../place.js';
import { usePages, useRead } from '../reading.js';
import { useHolds, useSession } from '../session.js';
import type { Listed, Round, Task } from '../shapes.js';
import type { MeetingListed } from '../shapes.meeting.js';
import { Audited } from './audited.js';

/** How many are drawn at a time: an answer tells of more. */
const portion = 50;

/** What is due, the most urgent first. */
export function Tasks(): ReactNode {
  const { t, known } = useWords();
  const { alliance } = useSession();
  const reading = usePages<Task>(alliance && `/v1/alliances/${alliance.id}/tasks`, () => true);
  const count = reading.data?.length ?? 0;
  const entry = useEntry();
  const [shown, setShown] = useState(entry.kept('tasks') ?? portion);
  const showMore = (): void => {
    entry.keep('tasks', shown + portion);
    setShown(shown + portion);
    if (count <= shown + portion) reading.more?.();
  };
  const audits = useHolds('audit-cases');
  return (
    <Page title={t('nav.tasks')} below={count > 0 && t(reading.more === undefined ? 'tasks.count' : 'tasks.first', { count })}>
      <Read reading={reading}>
        {(items) =>
          items.length === 0 ? (
            !audits && <NothingToDo />
          ) : (
            <CaseTable
              cases={items.slice(0, shown)}
              more={count > shown ? showMore : undefined}
              caption={t('nav.tasks')}
              empty=""
              act={({ act, taskDueAt }) => ({ label: known(`act.${act}`, act), dueAt: taskDueAt })}
            />
          )
        }
      </Read>
      <MeetingsAhead />
      {audits && <Audited />}
      <OpenRounds />
      <OwnApplications />
      <CopiedToMe />
    </Page>
  );
}

/** Meetings of which notice was given, until their day is over: also those that will not be held. */
function MeetingsAhead(): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const reading = useRead<{ items: readonly MeetingListed[] }>(
    alliance && `/v1/alliances/${alliance.id}/meetings`,
    ({ meeting }) => meeting !== undefined,
  );
  const ahead = reading.data?.items.filter(({ closesAt }) => Date.parse(closesAt) > Date.now()) ?? [];
  if (ahead.length === 0) return null;
  return (
    <Section title={t('meetings.ahead')}>
      <MeetingList meetings={ahead} />
    </Section>
  );
}

/** What others let this person read, beside what is theirs to do. */
function CopiedToMe(): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const { data: items = [], more } = usePages<Listed>(alliance && `/v1/alliances/${alliance.id}/cases?copied=true`, () => true);
  if (items.length === 0) return null;
  return (
    <Section title={t('copied.title')}>
      <CaseTable cases={items} caption={t('copied.title')} empty="" more={more} />
    </Section>
  );
}

/** Nothing to do is not the same for everyone: it says what will come. */
function NothingToDo(): ReactNode {
  const { t, known } = useWords();
  const { standing } = useSession();
  const organs = [...new Set(standing?.seats.map(({ organ }) => organ))];
  return (
    <Empty
      image={Empty.PRESENTED_IMAGE_SIMPLE}
      description={
        <>
          <p>{t('tasks.none')}</p>
          {(organs.length === 0 ? ['nobody'] : organs).map((organ) => (
            <p key={organ} className="quiet">
              {known(`organ.${organ}.comes`, '')}
            </p>
          ))}
        </>
      }
    />
  );
}

/** For an office that applies: how far its own applications are. */
function OwnApplications(): ReactNode {
  const { t } = useWords();
  const { alliance, standing } = useSession();
  const office = standing?.powers.find(({ power }) => power === 'submit-application')?.scope;
  const own = encodeURIComponent(`institution:${office} status:open`);
  const path = alliance && office ? `/v1/alliances/${alliance.id}/cases?q=${own}` : undefined;
  const { data: items = [], more } = usePages<Listed>(path, () => true);
  if (items.length === 0) return null;
  return (
    <Section title={t('tasks.own')}>
      <CaseTable cases={items} caption={t('tasks.own')} empty="" more={more} />
    </Section>
  );
}

/** Rounds in which this person's office may apply. */
function OpenRounds(): ReactNode {
  const { t, say } = useWords();
  const { alliance, standing } = useSession();
  const applies = standing?.powers.some(({ power }) => power === 'submit-application') === true;
  const reading = useRead<{ items: readonly Round[] }>(
    applies && alliance ? `/v1/alliances/${alliance.id}/rounds` : undefined,
    ({ round }) => round !== undefined,
  );
  const open = reading.data?.items.filter(({ status, closesAt }) => status === 'open' && Date.parse(closesAt) > Date.now()) ?? [];
  if (open.length === 0) return null;
  return (
    <Section title={t('tasks.apply')}>
      <ul className="plain">
        {open.map(({ id, title, closesAt, zone }) => (
          <li key={id}>
            <Link to={`/rounds/${id}/apply`}>{t('tasks.apply-in', { round: say(title) })}</Link>{' '}
            <Deadline at={closesAt} zone={zone} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
