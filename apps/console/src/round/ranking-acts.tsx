import { Button, Checkbox } from 'antd';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { useWords } from '../language.js';
import { Deadline, Instant } from '../parts/deadline.js';
import { TextField } from '../parts/field.js';
import { Section } from '../parts/page.js';
import { ReasonForm } from '../parts/reason.js';
import { Refused } from '../parts/refused.js';
import { useCommand } from '../sending.js';

export interface Titled {
  readonly id: string;
  readonly subject: string;
  readonly number: string;
  readonly title: string;
  readonly institutionName: string;
}

export interface Waited extends Titled {
  readonly stage?: string;
  readonly because?: 'suspended' | 'late';
  readonly since?: string;
}

export interface Tie {
  readonly dueAt: string;
  readonly places: number;
  readonly decides: boolean;
  readonly items: readonly Titled[];
}

interface Properties {
  readonly ranking: string;
  readonly zone: string;
  readonly onChanged: () => void;
}

const Named = ({ id, title, number, institutionName }: Titled): ReactNode => (
  <>
    <Link to={`/cases/${id}`} className="row-title">
      {title}
    </Link>{' '}
    <span className="quiet">
      {institutionName} · <span className="number">{number}</span>
    </span>
  </>
);

interface WaitingProperties extends Properties {
  readonly waiting: readonly Waited[];
  readonly mayGoOn: boolean;
  readonly stageTitle: (stage: string) => string;
}

/** Whom the ranking waits for. */
export function Waiting({ waiting, mayGoOn, stageTitle, ...rest }: WaitingProperties): ReactNode {
  const { t } = useWords();
  if (waiting.length === 0) return null;
  const still = mayGoOn ? waiting.filter(({ because }) => because !== undefined) : [];
  const others = waiting.filter((one) => !still.includes(one));
  return (
    <Section title={t('ranking.waiting')} {...(still.length > 0 ? { tone: 'task' as const } : {})}>
      {still.length > 0 && <GoOnWithout {...rest} still={still} />}
      {others.length > 0 && (
        <ul className="plain">
          {others.map((one) => (
            <li key={one.subject}>
              <Named {...one} /> {one.stage !== undefined && <span className="quiet">{stageTitle(one.stage)}</span>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** The ranking may go on without those that stand still, for a reason. */
function GoOnWithout({ ranking, zone, onChanged, still }: Properties & { readonly still: readonly Waited[] }): ReactNode {
  const { t } = useWords();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  return (
    <>
      <p className="quiet">{t('ranking.still-what')}</p>
      <Checkbox.Group className="stacked" value={[...chosen]} onChange={setChosen}>
        {still.map((one) => (
          <Checkbox key={one.subject} value={one.subject}>
            <Named {...one} />{' '}
            <span className="quiet">
              {t(one.because === 'late' ? 'ranking.late-since' : 'ranking.frozen-since')}{' '}
              <Instant at={one.since ?? ''} zone={zone} />
            </span>
          </Checkbox>
        ))}
      </Checkbox.Group>
      <ReasonForm
        order={(reason) => ({ context: 'ranking', id: ranking, name: 'rank-without', data: { subjects: chosen, reason } })}
        onDone={onChanged}
        ready={chosen.length > 0}
        tone="primary"
        label={t('ranking.reason')}
      >
        {t('ranking.without', { count: chosen.length })}
      </ReasonForm>
    </>
  );
}

/** Equals at the cut, to be put in order as the organ has resolved. */
export function DecideTie({ ranking, zone, onChanged, tie }: Properties & { readonly tie: Tie }): ReactNode {
  const { t } = useWords();
  const { send, sending, refusal } = useCommand();
  const [order, setOrder] = useState(tie.items);
  const [resolution, setResolution] = useState('');
  const up = (at: number): void => setOrder(order.toSpliced(at - 1, 2, order[at] as Titled, order[at - 1] as Titled));
  const decide = async (): Promise<void> => {
    const data = { order: order.map(({ subject }) => subject), resolution: resolution.trim() };
    if ((await send({ context: 'ranking', id: ranking, name: 'decide-tie', data })) !== undefined) onChanged();
  };
  return (
    <Section title={t('ranking.tie')} tone="task" extra={<Deadline at={tie.dueAt} zone={zone} />}>
      <p className="quiet">{t('ranking.tie-what', { places: tie.places, equals: tie.items.length })}</p>
      <ol>
        {order.map((one, at) => (
          <li key={one.subject}>
            <Named {...one} />{' '}
            {tie.decides && at > 0 && (
              <Button size="small" onClick={() => up(at)}>
                {t('ranking.up', { title: one.title })}
              </Button>
            )}
          </li>
        ))}
      </ol>
      {tie.decides && (
        <>
          <TextField
            label={t('ranking.resolution')}
            hint={t('reason.hint')}
            value={resolution}
            onChange={setResolution}
            required
            maxLength={400}
          />
          <Refused refusal={refusal} onReload={onChanged} />
          <div className="buttons">
            <Button type="primary" loading={sending} disabled={resolution.trim() === ''} onClick={() => void decide()}>
              {t('ranking.decide-tie')}
            </Button>
          </div>
        </>
      )}
    </Section>
  );
}
