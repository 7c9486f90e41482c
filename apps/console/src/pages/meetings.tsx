import { Alert, Button, Empty, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'react-router';
import { useWords } from '../language.js';
import { useNames } from '../names.js';
import { Period } from '../parts/deadline.js';
import { Labelled } from '../parts/field.js';
import { MeetingList } from '../parts/meeting-list.js';
import { Page, Read, Section, ShowMore } from '../parts/page.js';
import { ReasonForm } from '../parts/reason.js';
import { Refused } from '../parts/refused.js';
import { usePages, useRead } from '../reading.js';
import { useCommand } from '../sending.js';
import { useSession } from '../session.js';
import type { Meeting, MeetingListed } from '../shapes.meeting.js';
import { allianceZone } from '../time.js';

/** The meetings of the organs that one sits in or keeps. */
export function Meetings(): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const reading = usePages<MeetingListed>(
    alliance && `/v1/alliances/${alliance.id}/meetings`,
    ({ meeting }) => meeting !== undefined,
  );
  return (
    <Page title={t('nav.meetings')}>
      <Read reading={reading}>
        {(items) =>
          items.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('meetings.none')} />
          ) : (
            <MeetingList meetings={items} />
          )
        }
      </Read>
      <ShowMore more={reading.more} />
    </Page>
  );
}

/** A meeting: its agenda, and the proxies for it. */
export function MeetingPage(): ReactNode {
  const { t } = useWords();
  const { meeting: id = '' } = useParams();
  const reading = useRead<Meeting>(`/v1/meetings/${id}`, ({ meeting }) => meeting === id);
  return (
    <Page title={t('meeting')} above={<Link to="/meetings">{t('nav.meetings')}</Link>}>
      <Read reading={reading}>{(meeting) => <Shown meeting={meeting} onChange={reading.reload} />}</Read>
    </Page>
  );
}

interface Properties {
  readonly meeting: Meeting;
  readonly onChange: () => void;
}

function Shown({ meeting, onChange }: Properties): ReactNode {
  const { t } = useWords();
  const nameOf = useNames(meeting.people);
  return (
    <>
      {meeting.calledOff !== null && (
        <Alert
          type="warning"
          showIcon
          title={`${t('meeting.called-off')}${t('list.colon')}${meeting.calledOff.reason}`}
          description={t('meeting.called-off-what')}
        />
      )}
      <p>
        <Period from={meeting.opensAt} until={meeting.closesAt} zone={allianceZone} /> {meeting.place}
      </p>
      <Section title={t('meeting.agenda')}>
        <ol>
          {meeting.agenda.map((item) => (
            <li key={item.case}>
              <Link to={`/cases/${item.case}`}>
                {item.title} <span className="quiet number">{item.number}</span>
              </Link>
            </li>
          ))}
        </ol>
      </Section>
      {meeting.proxiesPerHolder !== null && (
        <Section title={t('meeting.proxies')}>
          {meeting.proxies.length === 0 && <p className="quiet">{t('meeting.no-proxies')}</p>}
          <ul>
            {meeting.proxies.map(({ giver, holder, cases }) => (
              <li key={giver}>
                {t('meeting.proxy', { giver: nameOf(giver), holder: nameOf(holder) })}
                {cases !== undefined && ` (${t('meeting.proxy-items', { count: String(cases.length) })})`}
              </li>
            ))}
          </ul>
          {meeting.calledOff === null && <OwnProxy meeting={meeting} onChange={onChange} />}
        </Section>
      )}
      {meeting.mayCallOff && <CallOff meeting={meeting} onChange={onChange} />}
    </>
  );
}

/** Tells the members that the meeting is not held, and why. */
function CallOff({ meeting, onChange }: Properties): ReactNode {
  const { t } = useWords();
  return (
    <details className="more-acts">
      <summary>{t('meeting.call-off')}</summary>
      <p className="quiet">{t('meeting.call-off-what')}</p>
      <ReasonForm
        order={(reason) => ({ context: 'meeting', id: meeting.id, name: 'call-off-meeting', data: { reason } })}
        onDone={onChange}
        tone="danger"
      >
        {t('meeting.call-off')}
      </ReasonForm>
    </details>
  );
}

/** Lodges one's own proxy, or takes it back, before the meeting begins. */
function OwnProxy({ meeting, onChange }: Properties): ReactNode {
  const { t } = useWords();
  const { standing } = useSession();
  const nameOf = useNames(meeting.people);
  const [holder, setHolder] = useState<string>();
  const [cases, setCases] = useState<readonly string[]>([]);
  const { send, sending, refusal } = useCommand();
  const own = standing?.person;
  if (own === undefined || !meeting.members.includes(own) || Date.now() >= Date.parse(meeting.opensAt)) return null;
  const order = async (name: string, data: object): Promise<void> => {
    if ((await send({ context: 'meeting', id: meeting.id, name, data })) !== undefined) onChange();
  };
  if (meeting.proxies.some(({ giver }) => giver === own)) {
    return (
      <div className="buttons">
        <Refused refusal={refusal} />
        <Button loading={sending} onClick={() => void order('revoke-proxy', {})}>
          {t('meeting.revoke')}
        </Button>
      </div>
    );
  }
  const members = meeting.members.filter((member) => member !== own).map((value) => ({ value, label: nameOf(value) }));
  const items = meeting.agenda.map((item) => ({ value: item.case, label: item.title }));
  return (
    <>
      <Labelled label={t('meeting.holder')} required>
        {(control) => (
          <Select {...control} {...(holder === undefined ? {} : { value: holder })} onChange={setHolder} options={members} />
        )}
      </Labelled>
      <Labelled label={t('meeting.scope')} hint={t('meeting.scope-hint')}>
        {(control) => <Select {...control} mode="multiple" value={[...cases]} onChange={setCases} options={items} />}
      </Labelled>
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button
          type="primary"
          loading={sending}
          disabled={holder === undefined}
          onClick={() => void order('lodge-proxy', { holder, ...(cases.length === 0 ? {} : { cases }) })}
        >
          {t('meeting.lodge')}
        </Button>
      </div>
    </>
  );
}
