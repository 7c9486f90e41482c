import { Button, Checkbox } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { DayField, TextField } from '../parts/field.js';
import { Read, Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { useRead } from '../reading.js';
import { useCommand } from '../sending.js';
import { useSession } from '../session.js';
import type { Task } from '../shapes.js';
import { endOfDay, startOfDay } from '../time.js';
import { Due } from './panel.js';
import { type ActProperties, useRoom } from './room.js';

/** Gives notice of a meeting with everything on its agenda that waits for one at this stage. */
export function ConvenePanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const { answer } = useRoom();
  const reading = useRead<{ items: readonly Task[] }>(alliance && `/v1/alliances/${alliance.id}/tasks`);
  return (
    <Section title={t('act.convene')} tone="task" extra={<Due act={act} />}>
      <p className="quiet">{t('convene.what')}</p>
      <Read reading={reading}>
        {({ items }) => (
          <Notice
            stage={act.stage}
            waiting={items.filter(
              (task) =>
                task.act === 'convene' &&
                task.stage === act.stage &&
                task.id.startsWith(answer.id.slice(0, answer.id.lastIndexOf('.') + 1)),
            )}
          />
        )}
      </Read>
    </Section>
  );
}

function Notice({ stage, waiting }: { readonly stage: string; readonly waiting: readonly Task[] }): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const { answer, reload, done } = useRoom();
  const [day, setDay] = useState('');
  const [place, setPlace] = useState('');
  const [left, setLeft] = useState<readonly string[]>([]);
  const { send, sending, refusal } = useCommand();
  const agenda = waiting.filter(({ id }) => !left.includes(id)).map(({ id }) => ({ case: id, stage }));
  const submit = async (): Promise<void> => {
    const { zone } = answer.definition;
    const where = place.trim() === '' ? {} : { place: place.trim() };
    const data = { agenda, opensAt: startOfDay(day, zone), closesAt: endOfDay(day, zone), ...where };
    const id = `${alliance?.id ?? ''}.${crypto.randomUUID()}`;
    if ((await send({ context: 'meeting', id, name: 'convene-meeting', data })) === undefined) return;
    done({ text: t('convene.done') });
    reload();
  };
  return (
    <>
      <fieldset>
        <legend>{t('meeting.agenda')}</legend>
        {waiting.map(({ id, title, number }) => (
          <div key={id}>
            <Checkbox
              checked={!left.includes(id)}
              onChange={({ target }) => setLeft(target.checked ? left.filter((one) => one !== id) : [...left, id])}
            >
              {title} <span className="quiet number">{number}</span>
            </Checkbox>
          </div>
        ))}
      </fieldset>
      <DayField label={t('convene.day')} hint={t('convene.day-hint')} value={day} onChange={setDay} required />
      <TextField label={t('convene.place')} value={place} onChange={setPlace} maxLength={300} />
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button type="primary" loading={sending} disabled={day === '' || agenda.length === 0} onClick={() => void submit()}>
          {t('convene.do', { count: String(agenda.length) })}
        </Button>
      </div>
    </>
  );
}
