import { Alert, Radio } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { ReasonField } from '../parts/reason.js';
import type { Definition, Return } from '../shapes.js';
import { instant } from '../time.js';
import { More, Order } from './panel.js';
import { type ActProperties, useRoom, useTyping } from './room.js';

const useTitleIn = (definition: Definition): ((stage: string) => string) => {
  const { say } = useWords();
  return (stage) => {
    const title = definition.stages.find(({ id }) => id === stage)?.title;
    return title === undefined ? stage : say(title);
  };
};

/** Sends an application back to an earlier stage, with the reason that those there will read. */
export function SendBackPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const titleOf = useTitleIn(useRoom().answer.definition);
  const goals = act.to ?? [];
  const [to, setTo] = useState(goals.length === 1 ? goals[0] : undefined);
  const [reason, setReason] = useState('');
  const typing = useTyping(reason === '' ? 'untouched' : 'begun');
  return (
    <More title={t('send-back.from', { stage: titleOf(act.stage) })}>
      <p className="quiet">{t('send-back.what')}</p>
      <Radio.Group
        aria-label={t('send-back.to')}
        value={to}
        onChange={({ target }) => setTo(target.value as string)}
        options={goals.map((value) => ({ value, label: titleOf(value) }))}
      />
      <ReasonField value={reason} onChange={setReason} />
      <Order
        command="send-back"
        data={{ stage: act.stage, to, reason: reason.trim() }}
        told={to === undefined ? '' : t('send-back.done', { stage: titleOf(to) })}
        ready={to !== undefined && reason.trim() !== ''}
        typing={typing}
        tone="danger"
      >
        {t('send-back.do')}
      </Order>
    </More>
  );
}

/** Why the case is where it was before: said while the stage that it was sent back to is open. */
export function SentBackNote(): ReactNode {
  const { answer } = useRoom();
  const open = answer.case.visits.filter(({ left }) => left === undefined).map(({ stage }) => stage);
  const last = answer.case.returns.at(-1);
  return last !== undefined && open.includes(last.to) ? <Note returned={last} definition={answer.definition} /> : null;
}

function Note({ returned, definition }: { readonly returned: Return; readonly definition: Definition }): ReactNode {
  const { t, language } = useWords();
  const titleOf = useTitleIn(definition);
  const { stage, to, reason, at } = returned;
  return (
    <Alert
      type="warning"
      showIcon
      title={t('send-back.note', { from: titleOf(stage), to: titleOf(to), at: instant(at, definition.zone, language) })}
      description={<span className="prose">{reason}</span>}
    />
  );
}
