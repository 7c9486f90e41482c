import type { ReactNode } from 'react';
import { useDraft } from '../draft.js';
import { useWords } from '../language.js';
import { Instant } from '../parts/deadline.js';
import { DraftConflict } from '../parts/draft-note.js';
import { TextField } from '../parts/field.js';
import { Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { useSession } from '../session.js';
import type { Objection } from '../shapes.js';
import { type Evidence, EvidenceFields, EvidenceShown } from './evidence.js';
import { Due, More, Order } from './panel.js';
import { type ActProperties, useRoom } from './room.js';
import { Verdict } from './verdict.js';

/** An objection, by real name and with evidence. */
export function ObjectPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  return (
    <More title={t('act.object')} id="object">
      <Objecting act={act} />
    </More>
  );
}

interface Objected {
  readonly name: string;
  readonly contact: string;
  readonly statement: string;
  readonly evidence: readonly Evidence[];
}

const isWhole = ({ name, contact, statement, evidence }: Objected): boolean =>
  name.trim().length >= 2 && contact.trim().length >= 3 && statement.trim() !== '' && evidence.length > 0;

function Objecting({ act }: ActProperties): ReactNode {
  const { t, say } = useWords();
  const { standing } = useSession();
  const name = standing?.name === undefined ? '' : say(standing.name);
  const draft = useDraft<Objected>(`object.${useRoom().answer.id}.${act.stage}`, {
    name,
    contact: '',
    statement: '',
    evidence: [],
  });
  if (draft.value === undefined) return <Refused refusal={draft.refusal} />;
  const text = draft.value;
  const change = (part: Partial<Objected>): void => draft.change({ ...text, ...part });
  return (
    <>
      <p className="quiet">{t('object.what')}</p>
      <TextField
        label={t('object.name')}
        value={text.name}
        onChange={(real) => change({ name: real })}
        required
        maxLength={100}
        autoComplete="name"
      />
      <TextField
        label={t('object.contact')}
        hint={t('object.contact-hint')}
        value={text.contact}
        onChange={(contact) => change({ contact })}
        required
        maxLength={200}
      />
      <TextField
        label={t('object.statement')}
        value={text.statement}
        onChange={(statement) => change({ statement })}
        required
        rows={4}
        maxLength={10_000}
      />
      <EvidenceFields evidence={text.evidence} atLeast={1} onChange={(evidence) => change({ evidence })} />
      <DraftConflict draft={draft} show={({ statement }) => <p className="prose">{statement}</p>} />
      <Order
        command="raise-objection"
        data={{ stage: act.stage, ...text }}
        told={t('object.done')}
        ready={isWhole(text)}
        draft={draft}
        tone="primary"
      >
        {t('object.do')}
      </Order>
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
          <Ruling key={objection.id} objection={objection} act={act} />
        ))}
    </Section>
  );
}

function Ruling({ objection, act }: ActProperties & { readonly objection: Objection }): ReactNode {
  const { t } = useWords();
  return (
    <article className="objection">
      <ObjectionText objection={objection} />
      <Verdict
        act={act}
        about={objection.id}
        label={t('act.rule')}
        choose={t('rule.choose')}
        answers={(['upheld', 'dismissed'] as const).map((ruling) => ({
          value: ruling,
          label: t(`rule.${ruling}`),
          button: t('rule.do'),
          told: t('rule.done'),
          reason: 'required',
          command: 'rule-on-objection',
          data: (reason) => ({ stage: act.stage, objection: objection.id, ruling, reason }),
        }))}
      />
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
      <EvidenceShown id={answer.id} evidence={evidence} />
      {ruling !== undefined && (
        <>
          <dt>{t(`rule.${ruling.ruling}`)}</dt>
          <dd className="prose">{ruling.reason}</dd>
        </>
      )}
    </dl>
  );
}
