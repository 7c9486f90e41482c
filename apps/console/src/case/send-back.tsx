import { Alert, Button, Radio } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { TextField } from '../parts/field.js';
import type { Definition, Return } from '../shapes.js';
import { instant } from '../time.js';
import { More, Outdated } from './panel.js';
import { type ActProperties, useCaseCommand, useRoom, useTyping } from './room.js';

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
  const { answer, reload, done } = useRoom();
  const titleOf = useTitleIn(answer.definition);
  const goals = act.to ?? [];
  const [to, setTo] = useState(goals.length === 1 ? goals[0] : undefined);
  const [reason, setReason] = useState('');
  const { send, sending, refusal } = useCaseCommand();
  const { revision, outdated } = useTyping(reason === '' ? 'untouched' : 'begun');
  const submit = async (): Promise<void> => {
    if (to === undefined) return;
    if ((await send('send-back', { stage: act.stage, to, reason: reason.trim() }, revision)) === undefined) return;
    done({ text: t('send-back.done', { stage: titleOf(to) }) });
    reload();
  };
  return (
    <More title={t('send-back.from', { stage: titleOf(act.stage) })}>
      <p className="quiet">{t('send-back.what')}</p>
      <Radio.Group
        aria-label={t('send-back.to')}
        value={to}
        onChange={({ target }) => setTo(target.value as string)}
        options={goals.map((value) => ({ value, label: titleOf(value) }))}
      />
      <TextField
        label={t('check.reason')}
        hint={t('check.reason-hint')}
        value={reason}
        onChange={setReason}
        required
        rows={3}
        maxLength={2000}
      />
      <Outdated refusal={refusal} />
      <div className="buttons">
        <Button
          danger
          loading={sending}
          disabled={to === undefined || outdated || reason.trim() === ''}
          onClick={() => void submit()}
        >
          {t('send-back.do')}
        </Button>
      </div>
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
