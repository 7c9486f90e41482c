import { Checkbox } from 'antd';
import { type ReactNode, useState } from 'react';
import { type Draft, useDraft } from '../draft.js';
import { useWords } from '../language.js';
import { DraftConflict } from '../parts/draft-note.js';
import { TextField } from '../parts/field.js';
import { FileField } from '../parts/file-field.js';
import { Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { type Evidence, EvidenceFields } from './evidence.js';
import { Due, Order } from './panel.js';
import { type ActProperties, useRoom } from './room.js';
import { Verdict } from './verdict.js';

const longest = 10_000;

interface Plea {
  readonly grounds: readonly string[];
  readonly statement: string;
  readonly evidence: readonly Evidence[];
}

const blank: Plea = { grounds: [], statement: '', evidence: [] };

/** An appeal of the applicant's office: grounds, statement, evidence. */
export function AppealPanel({ act }: ActProperties): ReactNode {
  const { t, say } = useWords();
  const { id: own, definition } = useRoom().answer;
  const draft = useDraft<Plea>(`appeal.${own}.${act.stage}`, blank);
  const offered = definition.subcases[act.stage]?.grounds ?? [];
  if (draft.value === undefined) return <Refused refusal={draft.refusal} />;
  const plea = draft.value;
  const { grounds, statement, evidence } = plea;
  return (
    <Section title={t('act.appeal')} tone="task" extra={<Due act={act} />}>
      <p className="quiet">{t('appeal.what')}</p>
      <fieldset>
        <legend>{t('appeal.grounds')}</legend>
        <Checkbox.Group
          value={[...grounds]}
          onChange={(chosen) => draft.change({ ...plea, grounds: chosen })}
          options={offered.map(({ id, title }) => ({ value: id, label: say(title) }))}
        />
      </fieldset>
      <Pleading label={t('appeal.statement')} draft={draft} plea={plea} />
      <Order
        command="lodge-appeal"
        data={{ appeal: act.stage, grounds, statement, evidence }}
        told={t('appeal.done')}
        ready={grounds.length > 0 && statement.trim() !== ''}
        draft={draft}
        tone="primary"
      >
        {t('appeal.do')}
      </Order>
    </Section>
  );
}

interface PleadingProperties {
  readonly label: string;
  readonly draft: Draft<Plea>;
  readonly plea: Plea;
}

/** What is brought forward, and what it rests on. */
function Pleading({ label, draft, plea }: PleadingProperties): ReactNode {
  return (
    <>
      <TextField
        label={label}
        value={plea.statement}
        onChange={(statement) => draft.change({ ...plea, statement })}
        required
        rows={5}
        maxLength={longest}
      />
      <EvidenceFields evidence={plea.evidence} atLeast={0} onChange={(evidence) => draft.change({ ...plea, evidence })} />
      <DraftConflict draft={draft} show={({ statement }) => <p className="prose">{statement}</p>} />
    </>
  );
}

/** What a party has to say before anybody rules. */
export function StatePanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { id } = useRoom().answer;
  const draft = useDraft<Plea>(`state.${id}.${act.stage}`, blank);
  if (draft.value === undefined) return <Refused refusal={draft.refusal} />;
  const { statement, evidence } = draft.value;
  return (
    <Section title={t('act.state')} tone="task" extra={<Due act={act} />}>
      <Pleading label={t('state.statement')} draft={draft} plea={draft.value} />
      <Order
        command="give-statement"
        data={{ stage: act.stage, statement, evidence }}
        told={t('state.done')}
        ready={statement.trim() !== ''}
        draft={draft}
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
        act={act}
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
