import { Button, Radio } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { TextField } from '../parts/field.js';
import { FileField } from '../parts/file-field.js';
import { Section } from '../parts/page.js';
import { sizeOf } from '../files.js';
import type { FileKept, Warning } from '../shapes.js';
import { Due, Outdated } from './panel.js';
import { type ActProperties, useCaseCommand, useRoom, useTyping } from './room.js';

/** What stands behind the dot: which party, inspection or warning. */
const which = (part: string | undefined): string => part?.split('.')[1] ?? '';

interface ChoiceProperties<T extends string> extends ActProperties {
  readonly title: string;
  readonly choices: readonly T[];
  /** Those that need no reason. */
  readonly plain: T;
  readonly command: (choice: T, words: string) => readonly [name: string, data: object];
  readonly label: (choice: T) => string;
  readonly children?: ReactNode;
}

/** One of two answers, with a reason for the one that disappoints. */
function Answer<T extends string>({ act, title, choices, plain, command, label, children }: ChoiceProperties<T>): ReactNode {
  const { t } = useWords();
  const { reload, done } = useRoom();
  const [choice, setChoice] = useState<T>();
  const [words, setWords] = useState('');
  const { send, sending, refusal } = useCaseCommand();
  const { revision, outdated } = useTyping(choice === undefined && words === '' ? 'untouched' : 'begun');
  const needsReason = choice !== undefined && choice !== plain;
  const submit = async (): Promise<void> => {
    if (choice === undefined) return;
    const [name, data] = command(choice, words.trim());
    if ((await send(name, { stage: act.stage, ...data }, revision)) === undefined) return;
    done({ text: t('undertaking.done', { what: label(choice) }) });
    reload();
  };
  return (
    <Section title={title} tone="task" extra={<Due act={act} />}>
      {children}
      <Radio.Group
        aria-label={title}
        optionType="button"
        value={choice}
        onChange={({ target }) => setChoice(target.value as T)}
        options={choices.map((value) => ({ value, label: label(value) }))}
      />
      <TextField
        label={needsReason ? t('check.reason') : t('check.note')}
        hint={t('check.reason-hint')}
        value={words}
        onChange={setWords}
        required={needsReason}
        rows={2}
        maxLength={2000}
      />
      <Outdated refusal={refusal} />
      <Button
        type="primary"
        loading={sending}
        disabled={choice === undefined || outdated || (needsReason && words.trim() === '')}
        onClick={() => void submit()}
      >
        {choice === undefined ? t('check.choose') : label(choice)}
      </Button>
    </Section>
  );
}

const note = (words: string): object => (words === '' ? {} : { note: words });

/** A party confirms or refuses. */
export function ConfirmPanel({ act }: ActProperties): ReactNode {
  const { t, say } = useWords();
  const { answer } = useRoom();
  const stage = answer.definition.stages.find(({ id }) => id === act.stage);
  const party = which(act.part);
  return (
    <Answer
      act={act}
      title={stage === undefined ? t('act.confirm') : say(stage.title)}
      choices={['confirm', 'refuse']}
      plain="confirm"
      label={(choice) => t(`confirm.${choice}`)}
      command={(choice, words) =>
        choice === 'confirm' ? ['confirm-as-party', { party, ...note(words) }] : ['refuse-as-party', { party, reason: words }]
      }
    />
  );
}

/** The yearly look at an obligation. */
export function InspectPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const inspection = Number(which(act.part));
  return (
    <Answer
      act={act}
      title={t('inspect.title', { inspection })}
      choices={['pass', 'warn']}
      plain="pass"
      label={(choice) => t(`inspect.${choice}`)}
      command={(choice, words) =>
        choice === 'pass' ? ['pass-inspection', { inspection, ...note(words) }] : ['warn', { inspection, reason: words }]
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
    <Answer
      act={act}
      title={t('remedy.rule')}
      choices={['accept', 'reject']}
      plain="accept"
      label={(choice) => t(`remedy.${choice}`)}
      command={(choice, words) =>
        choice === 'accept' ? ['accept-remedy', { warning, ...note(words) }] : ['reject-remedy', { warning, reason: words }]
      }
    >
      <p>{t('remedy.warned', { reason: warned?.reason ?? '' })}</p>
      <p className="prose">{warned?.remedy?.statement}</p>
      {(warned?.remedy?.evidence ?? []).map(({ sha256, bytes }) => (
        <p key={sha256}>
          <a href={`/v1/cases/${answer.id}/files/${sha256}`} download>
            {t('file.download', { size: sizeOf(bytes) })}
          </a>
        </p>
      ))}
    </Answer>
  );
}

/** Whoever is under the obligation says what was done about a warning. */
export function RemedyPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { reload, done } = useRoom();
  const warned = useWarning(act);
  const [statement, setStatement] = useState('');
  const [file, setFile] = useState<Omit<FileKept, 'slot'>>();
  const { send, sending, refusal } = useCaseCommand();
  const { outdated } = useTyping(statement === '' && file === undefined ? 'untouched' : 'begun');
  const submit = async (): Promise<void> => {
    const evidence = file === undefined ? [] : [file];
    const data = { stage: act.stage, warning: Number(which(act.part)), statement: statement.trim(), evidence };
    if ((await send('report-remedy', data)) === undefined) return;
    done({ text: t('remedy.reported') });
    reload();
  };
  return (
    <Section title={t('act.remedy')} tone="task" extra={<Due act={act} />}>
      <p>{t('remedy.warned', { reason: warned?.reason ?? '' })}</p>
      <TextField label={t('remedy.statement')} value={statement} onChange={setStatement} required rows={3} maxLength={4000} />
      <FileField
        label={t('remedy.evidence')}
        required={false}
        hint={t('remedy.evidence-hint')}
        accept="application/pdf,application/zip"
        fault={undefined}
        value={file}
        onChange={setFile}
      />
      <Outdated refusal={refusal} />
      <Button type="primary" loading={sending} disabled={outdated || statement.trim() === ''} onClick={() => void submit()}>
        {t('remedy.report')}
      </Button>
    </Section>
  );
}
