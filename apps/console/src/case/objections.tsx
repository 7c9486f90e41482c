import { Button, Radio } from 'antd';
import { type ReactNode, useState } from 'react';
import { sizeOf } from '../files.js';
import { useWords } from '../language.js';
import { Instant } from '../parts/deadline.js';
import { TextField } from '../parts/field.js';
import { FileField } from '../parts/file-field.js';
import { Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { useSession } from '../session.js';
import type { FileKept, Objection } from '../shapes.js';
import { Due, More, Outdated } from './panel.js';
import { type ActProperties, useCaseCommand, useTyping, useRoom } from './room.js';

export type Evidence = Omit<FileKept, 'slot'>;
const evidenceAtMost = 5;

/** An objection, by real name and with evidence. */
export function ObjectPanel({ act }: ActProperties): ReactNode {
  const { t, say } = useWords();
  const { reload, done } = useRoom();
  const { standing } = useSession();
  const [text, setText] = useState({ name: standing?.name === undefined ? '' : say(standing.name), contact: '', statement: '' });
  const [evidence, setEvidence] = useState<readonly Evidence[]>([]);
  const { send, sending, refusal } = useCaseCommand();
  const complete =
    text.name.trim().length >= 2 && text.contact.trim().length >= 3 && text.statement.trim() !== '' && evidence.length > 0;
  const submit = async (): Promise<void> => {
    if ((await send('raise-objection', { stage: act.stage, ...text, evidence })) === undefined) return;
    done({ text: t('object.done') });
    reload();
  };
  return (
    <More title={t('act.object')} id="object">
      <p className="quiet">{t('object.what')}</p>
      <TextField
        label={t('object.name')}
        value={text.name}
        onChange={(name) => setText({ ...text, name })}
        required
        maxLength={100}
        autoComplete="name"
      />
      <TextField
        label={t('object.contact')}
        hint={t('object.contact-hint')}
        value={text.contact}
        onChange={(contact) => setText({ ...text, contact })}
        required
        maxLength={200}
      />
      <TextField
        label={t('object.statement')}
        value={text.statement}
        onChange={(statement) => setText({ ...text, statement })}
        required
        rows={4}
        maxLength={10_000}
      />
      <EvidenceFields evidence={evidence} atLeast={1} onChange={setEvidence} />
      <Refused refusal={refusal} />
      <Button type="primary" loading={sending} disabled={!complete} onClick={() => void submit()}>
        {t('object.do')}
      </Button>
    </More>
  );
}

interface EvidenceProperties {
  /** How many there must be. */
  readonly atLeast: 0 | 1;
  readonly evidence: readonly Evidence[];
  readonly onChange: (evidence: readonly Evidence[]) => void;
}

/** What is there already, and room for one more. */
export function EvidenceFields({ evidence, atLeast, onChange }: EvidenceProperties): ReactNode {
  const { t } = useWords();
  const slots = Array.from({ length: Math.min(evidence.length + 1, evidenceAtMost) }, (_, index) => index);
  return (
    <>
      {slots.map((index) => (
        <FileField
          key={index}
          label={t('object.evidence', { number: index + 1 })}
          required={index < atLeast}
          hint={t('file.any')}
          value={evidence[index]}
          onChange={(file) =>
            onChange(
              file === undefined
                ? evidence.filter((_, at) => at !== index)
                : [...evidence.slice(0, index), file, ...evidence.slice(index + 1)],
            )
          }
        />
      ))}
    </>
  );
}

/** Rulings on the objections that are open. */
export function RulePanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { answer } = useRoom();
  const objections = answer.case.visits.flatMap((visit) =>
    visit.left === undefined && visit.stage === act.stage ? (visit.objections ?? []) : [],
  );
  return (
    <Section title={t('act.rule')} tone="task" extra={<Due act={act} />}>
      {objections
        .filter(({ ruling }) => ruling === undefined)
        .map((objection) => (
          <Ruling key={objection.id} objection={objection} stage={act.stage} />
        ))}
    </Section>
  );
}

const rulings = ['upheld', 'dismissed'] as const;

function Ruling({ objection, stage }: { readonly objection: Objection; readonly stage: string }): ReactNode {
  const { t } = useWords();
  const { reload, done } = useRoom();
  const [ruling, setRuling] = useState<(typeof rulings)[number]>();
  const [reason, setReason] = useState('');
  const { send, sending, refusal } = useCaseCommand();
  const { revision, outdated } = useTyping(ruling === undefined && reason === '' ? 'untouched' : 'begun');
  const submit = async (): Promise<void> => {
    if (
      (await send('rule-on-objection', { stage, objection: objection.id, ruling, reason: reason.trim() }, revision)) === undefined
    )
      return;
    done({ text: t('rule.done') });
    reload();
  };
  return (
    <article className="objection">
      <ObjectionText objection={objection} />
      <Radio.Group
        aria-label={t('act.rule')}
        optionType="button"
        value={ruling}
        onChange={({ target }) => setRuling(target.value as (typeof rulings)[number])}
        options={rulings.map((value) => ({ value, label: t(`rule.${value}`) }))}
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
      <Button
        type="primary"
        loading={sending}
        disabled={ruling === undefined || outdated || reason.trim() === ''}
        onClick={() => void submit()}
      >
        {ruling === undefined ? t('rule.choose') : t('rule.do')}
      </Button>
    </article>
  );
}

/** An objection as it was raised. */
export function ObjectionText({ objection }: { readonly objection: Objection }): ReactNode {
  const { t } = useWords();
  const { answer } = useRoom();
  const { name, contact, statement, evidence, raisedAt, ruling } = objection;
  return (
    <dl className="facts">
      <dt>{t('object.raised')}</dt>
      <dd>
        <Instant at={raisedAt} zone={answer.definition.zone} />
      </dd>
      <dt>{t('object.name')}</dt>
      <dd>
        {name ?? t('erased')} <span className="quiet">{contact}</span>
      </dd>
      <dt>{t('object.statement')}</dt>
      <dd className="prose">{statement ?? t('erased')}</dd>
      {evidence.map(({ sha256, bytes }, index) => (
        <div key={sha256} className="fact">
          <dt>{t('object.evidence', { number: index + 1 })}</dt>
          <dd>
            <a href={`/v1/cases/${answer.id}/files/${sha256}`} download>
              {t('file.download', { size: sizeOf(bytes) })}
            </a>{' '}
            <code title={sha256}>{sha256.slice(0, 16)}…</code>
          </dd>
        </div>
      ))}
      {ruling !== undefined && (
        <>
          <dt>{t(`rule.${ruling.ruling}`)}</dt>
          <dd className="prose">{ruling.reason}</dd>
        </>
      )}
    </dl>
  );
}
