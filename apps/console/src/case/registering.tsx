import { Alert, Button, Popconfirm } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { Instant } from '../parts/deadline.js';
import { TextField } from '../parts/field.js';
import { Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { useRead } from '../reading.js';
import { useCommand } from '../sending.js';
import { useSession } from '../session.js';
import { Due, More, Order } from './panel.js';
import { type ActProperties, useRoom } from './room.js';

interface OwnPlace {
  readonly rank: number;
  readonly places: number;
  readonly hasPlace: boolean;
  readonly confirmed: boolean;
}

/** One's own place at an event: registered for, given up, signed in. */
export function RegisterPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { answer } = useRoom();
  const { standing } = useSession();
  const [told, setTold] = useState('');
  const own = useRead<OwnPlace>(`/v1/cases/${answer.id}/registration`);
  const { send, sending, refusal } = useCommand();
  const id = `${answer.id}.${standing?.person ?? ''}`;
  const does = async (name: string, done: string, data: object = {}): Promise<void> => {
    if ((await send({ context: 'registration', id, name, data })) === undefined) return;
    setTold(done);
    own.reload();
  };
  const isRegistered = own.data !== undefined && own.refusal === undefined;
  const isOver = act.dueAt !== undefined && Date.now() >= Date.parse(act.dueAt);
  const visit = answer.case.visits.findLast(({ stage }) => stage === act.stage);
  const sessions = (visit?.sessions ?? []).filter(({ until }) => Date.now() < Date.parse(until));
  return (
    <Section title={t('act.register')} extra={<Due act={act} />}>
      <p className="quiet">{t('register.what')}</p>
      {told !== '' && <Alert type="success" showIcon role="status" title={told} />}
      {isRegistered && own.data !== undefined && <Standing own={own.data} />}
      {!isRegistered && isOver && <p>{t('register.closed')}</p>}
      <Refused refusal={own.refusal?.status === 404 ? refusal : (own.refusal ?? refusal)} onReload={own.reload} />
      <div className="buttons">
        {!isRegistered && !isOver && (
          <Button type="primary" loading={sending} onClick={() => void does('register', t('register.done'))}>
            {t('register.do')}
          </Button>
        )}
        {own.data?.confirmed === true &&
          sessions.map(({ session, until }) => (
            <Button
              key={session}
              type="primary"
              loading={sending}
              onClick={() => void does('sign-in', t('register.signed-in', { session }), { session })}
            >
              {t('register.sign-in', { session })} <Instant at={until} zone={answer.definition.zone} />
            </Button>
          ))}
        {isRegistered && (
          <Popconfirm
            title={t('register.cancel-sure')}
            okText={t('register.cancel')}
            cancelText={t('register.keep')}
            onConfirm={() => void does('cancel-registration', t('register.cancelled'))}
          >
            <Button loading={sending}>{t('register.cancel')}</Button>
          </Popconfirm>
        )}
      </div>
    </Section>
  );
}

function Standing({ own: { hasPlace, rank, places } }: { readonly own: OwnPlace }): ReactNode {
  const { t } = useWords();
  const before = rank - places - 1;
  if (hasPlace) return <p>{t('register.place', { rank, places })}</p>;
  return <p>{before === 0 ? t('register.next') : t('register.waiting', { before })}</p>;
}

const sessionName = /^[a-z][a-z0-9-]{0,63}$/;
const minutesAtMost = 1440;

/** Whoever runs an event opens its sessions. */
export function OpenSessionPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const [session, setSession] = useState('');
  const [minutes, setMinutes] = useState('30');
  const isWhole = /^\d{1,4}$/.test(minutes) && Number(minutes) >= 1 && Number(minutes) <= minutesAtMost;
  return (
    <More title={t('act.open-session')}>
      <TextField
        label={t('session.name')}
        hint={t('session.name-hint')}
        value={session}
        onChange={setSession}
        required
        maxLength={64}
      />
      <TextField label={t('session.minutes')} value={minutes} onChange={setMinutes} required maxLength={4} />
      <Order
        command="open-session"
        data={{ stage: act.stage, session, minutes: Number(minutes) }}
        told={t('session.opened')}
        ready={sessionName.test(session) && isWhole}
        tone="primary"
      >
        {t('session.open')}
      </Order>
    </More>
  );
}
