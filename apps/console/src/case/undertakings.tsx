import type { ReactNode } from 'react';
import { useDraft } from '../draft.js';
import { useWords } from '../language.js';
import { DraftConflict } from '../parts/draft-note.js';
import { TextField } from '../parts/field.js';
import { FileField } from '../parts/file-field.js';
import { FileLink } from '../parts/file-link.js';
import { Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import type { FileKept, Warning } from '../shapes.js';
import { Due, Order } from './panel.js';
import { type ActProperties, useRoom, useTyping } from './room.js';
import { noteOf, Verdict } from './verdict.js';

/** What stands behind the dot: which party, inspection or warning. */
const which = (part: string | undefined): string => part?.split('.')[1] ?? '';

interface AnswerProperties<T extends string> extends ActProperties {
  readonly title: string;
  readonly choices: readonly T[];
  /** The one that needs no reason. */
  readonly plain: T;
  readonly command: (choice: T, words: string) => readonly [name: string, data: object];
  readonly label: (choice: T) => string;
  readonly children?: ReactNode;
}

/** One of two answers, with a reason for the one that disappoints. */
function OneOfTwo<T extends string>({ act, title, choices, plain, command, label, children }: AnswerProperties<T>): ReactNode {
  const { t } = useWords();
  return (
    <Section title={title} tone="task" extra={<Due act={act} />}>
      {children}
      <Verdict
        act={act}
        label={title}
        choose={t('check.choose')}
        answers={choices.map((value) => ({
          value,
          label: label(value),
          told: t('undertaking.done', { what: label(value) }),
          reason: value === plain ? 'optional' : 'required',
          command: command(value, '')[0],
          data: (words) => ({ stage: act.stage, ...command(value, words)[1] }),
        }))}
      />
    </Section>
  );
}

/** A party confirms or refuses. */
export function ConfirmPanel({ act }: ActProperties): ReactNode {
  const { t, say } = useWords();
  const { answer } = useRoom();
  const stage = answer.definition.stages.find(({ id }) => id === act.stage);
  const party = which(act.part);
  return (
    <OneOfTwo
      act={act}
      title={stage === undefined ? t('act.confirm') : say(stage.title)}
      choices={['confirm', 'refuse']}
      plain="confirm"
      label={(choice) => t(`confirm.${choice}`)}
      command={(choice, words) =>
        choice === 'confirm' ? ['confirm-as-party', { party, ...noteOf(words) }] : ['refuse-as-party', { party, reason: words }]
      }
    />
  );
}

/** The yearly look at an obligation. */
export function InspectPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const inspection = Number(which(act.part));
  return (
    <OneOfTwo
      act={act}
      title={t('inspect.title', { inspection })}
      choices={['pass', 'warn']}
      plain="pass"
      label={(choice) => t(`inspect.${choice}`)}
      command={(choice, words) =>
        choice === 'pass' ? ['pass-inspection', { inspection, ...noteOf(words) }] : ['warn', { inspection, reason: words }]
      }
    />
  );
}

const useWarning = ({ stage, part }: ActProperties['act']): Warning | undefined => {
  const { answer } = useRoom();
  const visit = answer.case.visits.findLast((one) => one.stage === stage);
  return visit?.warnings?.find(({ warning }) => String(warning) === which(part));
};

/** Whether a remedy that was reported is enough. */
export function RemedyRulingPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { answer } = useRoom();
  const warned = useWarning(act);
  const warning = Number(which(act.part));
  return (
    <OneOfTwo
      act={act}
      title={t('remedy.rule')}
      choices={['accept', 'reject']}
      plain="accept"
      label={(choice) => t(`remedy.${choice}`)}
      command={(choice, words) =>
        choice === 'accept' ? ['accept-remedy', { warning, ...noteOf(words) }] : ['reject-remedy', { warning, reason: words }]
      }
    >
      <p>{t('remedy.warned', { reason: warned?.reason ?? '' })}</p>
      <p className="prose">{warned?.remedy?.statement}</p>
      {(warned?.remedy?.evidence ?? []).map((file) => (
        <p key={file.sha256}>
          <FileLink caseId={answer.id} file={file} />
        </p>
      ))}
    </OneOfTwo>
  );
}

interface Remedied {
  readonly statement: string;
  readonly file?: Omit<FileKept, 'slot'>;
}

/** Whoever is under the obligation says what was done about a warning. */
export function RemedyPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const warned = useWarning(act);
  const { id } = useRoom().answer;
  const draft = useDraft<Remedied>(`remedy.${id}.${act.stage}.${which(act.part)}`, { statement: '' });
  const { statement = '', file } = draft.value ?? {};
  const typing = useTyping(statement === '' && file === undefined ? 'untouched' : 'begun');
  if (draft.value === undefined) return <Refused refusal={draft.refusal} />;
  return (
    <Section title={t('act.remedy')} tone="task" extra={<Due act={act} />}>
      <p>{t('remedy.warned', { reason: warned?.reason ?? '' })}</p>
      <TextField
        label={t('remedy.statement')}
        value={statement}
        onChange={(said) => draft.change({ ...draft.value, statement: said })}
        required
        rows={3}
        maxLength={4000}
      />
      <FileField
        label={t('remedy.evidence')}
        hint={t('remedy.evidence-hint')}
        accept="application/pdf,application/zip"
        value={file}
        onChange={(kept) => draft.change({ statement, ...(kept === undefined ? {} : { file: kept }) })}
      />
      <DraftConflict draft={draft} show={(other) => <p className="prose">{other.statement}</p>} />
      <Order
        command="report-remedy"
        data={{
          stage: act.stage,
          warning: Number(which(act.part)),
          statement: statement.trim(),
          evidence: file === undefined ? [] : [file],
        }}
        told={t('remedy.reported')}
        ready={statement.trim() !== ''}
        typing={typing}
        draft={draft}
        tone="primary"
      >
        {t('remedy.report')}
      </Order>
    </Section>
  );
}
