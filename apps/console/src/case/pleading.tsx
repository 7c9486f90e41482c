import { Checkbox } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { TextField } from '../parts/field.js';
import { FileField } from '../parts/file-field.js';
import { Section } from '../parts/page.js';
import { type Evidence, EvidenceFields } from './objections.js';
import { Due, Order } from './panel.js';
import { type ActProperties, useRoom } from './room.js';
import { Verdict } from './verdict.js';

const longest = 10_000;

/** An appeal of the applicant's office: grounds, statement, evidence. */
export function AppealPanel({ act }: ActProperties): ReactNode {
  const { t, say } = useWords();
  const { definition } = useRoom().answer;
  const [grounds, setGrounds] = useState<readonly string[]>([]);
  const [statement, setStatement] = useState('');
  const [evidence, setEvidence] = useState<readonly Evidence[]>([]);
  const offered = definition.subcases[act.stage]?.grounds ?? [];
  return (
    <Section title={t('act.appeal')} tone="task" extra={<Due act={act} />}>
      <p className="quiet">{t('appeal.what')}</p>
      <fieldset>
        <legend>{t('appeal.grounds')}</legend>
        <Checkbox.Group
          value={[...grounds]}
          onChange={(chosen) => setGrounds(chosen)}
          options={offered.map(({ id, title }) => ({ value: id, label: say(title) }))}
        />
      </fieldset>
      <TextField label={t('appeal.statement')} value={statement} onChange={setStatement} required rows={5} maxLength={longest} />
      <EvidenceFields evidence={evidence} atLeast={0} onChange={setEvidence} />
      <Order
        command="lodge-appeal"
        data={{ appeal: act.stage, grounds, statement, evidence }}
        told={t('appeal.done')}
        ready={grounds.length > 0 && statement.trim() !== ''}
        tone="primary"
      >
        {t('appeal.do')}
      </Order>
    </Section>
  );
}

/** What a party has to say before anybody rules. */
export function StatePanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const [statement, setStatement] = useState('');
  const [evidence, setEvidence] = useState<readonly Evidence[]>([]);
  return (
    <Section title={t('act.state')} tone="task" extra={<Due act={act} />}>
      <TextField label={t('state.statement')} value={statement} onChange={setStatement} required rows={5} maxLength={longest} />
      <EvidenceFields evidence={evidence} atLeast={0} onChange={setEvidence} />
      <Order
        command="give-statement"
        data={{ stage: act.stage, statement, evidence }}
        told={t('state.done')}
        ready={statement.trim() !== ''}
        tone="primary"
      >
        {t('state.do')}
      </Order>
    </Section>
  );
}

/** A ruling with its reason, and the minutes of the hearing. */
export function GiveRulingPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const [minutes, setMinutes] = useState<Evidence>();
  return (
    <Section title={t('act.give-ruling')} tone="task" extra={<Due act={act} />}>
      <Verdict
        label={t('act.give-ruling')}
        choose={t('rule.choose')}
        answers={(['sustained', 'dismissed'] as const).map((ruling) => ({
          value: ruling,
          label: t(`ruling.${ruling}`),
          button: t('ruling.do'),
          told: t('ruling.done'),
          reason: 'required',
          command: 'give-ruling',
          data: (reason) => ({ stage: act.stage, ruling, reason, ...(minutes === undefined ? {} : { minutes }) }),
        }))}
      >
        <FileField label={t('ruling.minutes')} hint={t('file.any')} value={minutes} onChange={setMinutes} />
      </Verdict>
    </Section>
  );
}
