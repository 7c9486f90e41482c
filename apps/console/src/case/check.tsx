import { Button, Radio } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { DayField, TextField } from '../parts/field.js';
import { Section } from '../parts/page.js';
import { endOfDay } from '../time.js';
import { Due, More, Outdated } from './panel.js';
import { type ActProperties, useCaseCommand, useTyping, useRoom } from './room.js';

const commands = { pass: 'pass-check', return: 'return-for-correction', fail: 'fail-check' } as const;
type Verdict = keyof typeof commands;

/** Passes, returns or fails an application at a check. */
export function CheckPanel({ act }: ActProperties): ReactNode {
  const { t, say } = useWords();
  const { answer, reload, done } = useRoom();
  const [verdict, setVerdict] = useState<Verdict>();
  const [reason, setReason] = useState('');
  const { send, sending, refusal } = useCaseCommand();
  const { revision, outdated } = useTyping(verdict === undefined && reason === '' ? 'untouched' : 'begun');
  const stage = answer.definition.stages.find(({ id }) => id === act.stage);
  const returned = answer.case.visits.findLast((visit) => visit.stage === act.stage)?.corrections?.length ?? 0;
  const choices: readonly Verdict[] = returned < (stage?.correction?.times ?? 0) ? ['pass', 'return', 'fail'] : ['pass', 'fail'];
  const needsReason = verdict !== undefined && verdict !== 'pass';
  const submit = async (): Promise<void> => {
    if (verdict === undefined) return;
    const words = reason.trim();
    const data =
      verdict === 'pass' ? { stage: act.stage, ...(words === '' ? {} : { note: words }) } : { stage: act.stage, reason: words };
    const receipt = await send(commands[verdict], data, revision);
    if (receipt === undefined) return;
    done({ text: t(`check.${verdict}-done`) });
    reload();
  };
  return (
    <Section title={stage === undefined ? t('act.check') : say(stage.title)} tone="task" extra={<Due act={act} />}>
      <SignedSoFar stage={act.stage} />
      <Radio.Group
        aria-label={t('check.verdict')}
        optionType="button"
        value={verdict}
        onChange={({ target }) => setVerdict(target.value as Verdict)}
        options={choices.map((value) => ({ value, label: t(`check.${value}`) }))}
      />
      <TextField
        label={needsReason ? t('check.reason') : t('check.note')}
        hint={t('check.reason-hint')}
        value={reason}
        onChange={setReason}
        required={needsReason}
        rows={3}
        maxLength={2000}
      />
      <Outdated refusal={refusal} />
      <Button
        type="primary"
        loading={sending}
        disabled={verdict === undefined || outdated || (needsReason && reason.trim() === '')}
        onClick={() => void submit()}
      >
        {verdict === undefined ? t('check.choose') : t(`check.${verdict}-do`)}
      </Button>
    </Section>
  );
}

/** Gives the applicant longer for a correction. */
export function ExtendPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { answer, reload, done } = useRoom();
  const [day, setDay] = useState('');
  const [reason, setReason] = useState('');
  const { send, sending, refusal } = useCaseCommand();
  const { revision, outdated } = useTyping(day === '' && reason === '' ? 'untouched' : 'begun');
  const submit = async (): Promise<void> => {
    const until = endOfDay(day, answer.definition.zone);
    const data = { stage: act.stage, until, reason: reason.trim() };
    if ((await send('extend-correction', data, revision)) === undefined) return;
    done({ text: t('check.extended') });
    reload();
  };
  return (
    <More title={t('bulk.extend-correction')}>
      <Due act={act} />
      <DayField label={t('bulk.until')} hint={t('bulk.until-hint')} value={day} onChange={setDay} required />
      <TextField
        label={t('check.reason')}
        hint={t('check.reason-hint')}
        value={reason}
        onChange={setReason}
        required
        rows={2}
        maxLength={2000}
      />
      <Outdated refusal={refusal} />
      <Button loading={sending} disabled={outdated || day === '' || reason.trim() === ''} onClick={() => void submit()}>
        {t('bulk.extend-correction')}
      </Button>
    </More>
  );
}

/** How many have signed, where one person's verdict is a signature. */
function SignedSoFar({ stage }: { readonly stage: string }): ReactNode {
  const { t } = useWords();
  const { answer } = useRoom();
  const signing = answer.case.visits.findLast((visit) => visit.stage === stage)?.signing;
  if (signing === undefined) return null;
  const of = signing.signers.length;
  return (
    <p className="quiet">
      {t('sign.what', {
        signed: signing.signatures.filter(({ signed }) => signed).length,
        of,
        needed: signing.needed === 'all' ? of : signing.needed,
      })}
    </p>
  );
}
