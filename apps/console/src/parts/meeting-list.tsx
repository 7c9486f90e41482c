import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useWords } from '../language.js';
import type { MeetingListed } from '../shapes.meeting.js';
import { allianceZone } from '../time.js';
import { Period } from './deadline.js';

/** Meetings by their day and place, and why those that were called off are not held. */
export function MeetingList({ meetings }: { readonly meetings: readonly MeetingListed[] }): ReactNode {
  const { t } = useWords();
  return (
    <ul className="plain">
      {meetings.map(({ id, opensAt, closesAt, place, calledOff }) => (
        <li key={id}>
          <Link to={`/meetings/${id}`}>
            <Period from={opensAt} until={closesAt} zone={allianceZone} /> {place}
          </Link>{' '}
          {calledOff !== null && (
            <>
              <Tag color="red">{t('meeting.called-off')}</Tag> <span className="prose">{calledOff}</span>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
