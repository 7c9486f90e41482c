import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { DayField } from '../parts/field.js';
import { Section } from '../parts/page.js';
import { ReasonField } from '../parts/reason.js';
import type { Visit } from '../shapes.js';
import { endOfDay } from '../time.js';
import { Due, More, Order } from './panel.js';
import { type ActProperties, useRoom, useTyping } from './room.js';
import { noteOf, Verdict } from './verdict.js';

const commands = { pass: 'pass-check', return: 'return-for-correction', fail: 'fail-check' } as const;

/** Passes, returns or fails an application at a check. */
export function CheckPanel({ act }: ActProperties): ReactNode {
  const { t, say } = useWords();
  const { answer } = useRoom();
  const id = act.stage;
  const stage = answer.definition.stages.find((one) => one.id === id);
  const { corrections = [], signing } = answer.case.visits.findLast((visit) => visit.stage === id) ?? {};
  const values =
    corrections.length < (stage?.correction?.times ?? 0) ? (['pass', 'return', 'fail'] as const) : (['pass', 'fail'] as const);
  return (
    <Section title={stage === undefined ? t('act.check') : say(stage.title)} tone="task" extra={<Due act={act} />}>
      {signing !== undefined && <SignedSoFar signing={signing} />}
      <Verdict
        act={act}
        label={t('check.verdict')}
        choose={t('check.choose')}
        answers={values.map((value) => ({
          value,
          label: t(`check.${value}`),
          button: t(`check.${value}-do`),
          told: signing === undefined || value === 'return' ? t(`check.${value}-done`) : t('sign.done'),
          reason: value === 'pass' ? 'optional' : 'required',
          command: commands[value],
          data: (words) => (value === 'pass' ? { stage: id, ...noteOf(words) } : { stage: id, reason: words }),
        }))}
      />
    </Section>
  );
}

/** Gives the applicant longer for a correction. */
export function ExtendPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { zone } = useRoom().answer.definition;
  const [day, setDay] = useState('');
  const [reason, setReason] = useState('');
  const typing = useTyping(day === '' && reason === '' ? 'untouched' : 'begun');
  const until = day === '' ? '' : endOfDay(day, zone);
  return (
    <More title={t('bulk.extend-correction')}>
      <Due act={act} />
      <DayField label={t('bulk.until')} hint={t('bulk.until-hint')} value={day} onChange={setDay} required />
      <ReasonField value={reason} onChange={setReason} />
      <Order
        command="extend-correction"
        data={{ stage: act.stage, until, reason: reason.trim() }}
        told={t('check.extended')}
        ready={day !== '' && reason.trim() !== ''}
        typing={typing}
      >
        {t('bulk.extend-correction')}
      </Order>
    </More>
  );
}

/** How many have signed, where one person's verdict is a signature. */
function SignedSoFar({ signing }: { readonly signing: NonNullable<Visit['signing']> }): ReactNode {
  const { t } = useWords();
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
