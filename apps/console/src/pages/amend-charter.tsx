import { Alert, Button } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { type ReactNode, useRef, useState } from 'react';
import { Link } from 'react-router';
import { Amendment, CharterFindings, MadeUnlawful, type Place, useCharterCheck } from '../charter/amending.js';
import { Changes } from '../charter/changes.js';
import { differences, written } from '../charter/differences.js';
import type { InForce } from '../charter/document.js';
import { type Draft, useDraft } from '../draft.js';
import { useWords } from '../language.js';
import { CodeField, showLine } from '../parts/code-field.js';
import { DraftConflict, DraftNote } from '../parts/draft-note.js';
import { Page, Read, Section } from '../parts/page.js';
import { ReadFiles } from '../parts/read-files.js';
import { Refused } from '../parts/refused.js';
import { useRead } from '../reading.js';
import { useSession } from '../session.js';

/** Amends the charter as the document that machines read: first what would change, then the act. */
export function AmendCharter(): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const reading = useRead<InForce>(alliance && `/v1/alliances/${alliance.id}/charter`);
  return (
    <Page title={t('amend-charter')} above={<Link to="/charter">{t('nav.charter')}</Link>} below={t('amend-charter.what')}>
      <Read reading={reading}>{(inForce) => <Desk inForce={inForce} />}</Read>
    </Page>
  );
}

function Desk({ inForce }: { readonly inForce: InForce }): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const draft = useDraft<string>(`amend-charter.${alliance?.id ?? ''}`, written(inForce.document));
  const [version, setVersion] = useState<number>();
  const done = async (): Promise<void> => {
    await draft.discard();
    setVersion(inForce.version + 1);
  };
  if (version !== undefined) return <Alert type="success" showIcon role="status" title={t('amend-charter.done', { version })} />;
  if (draft.value === undefined) return <Refused refusal={draft.refusal} />;
  return <Form inForce={inForce} draft={draft} text={draft.value} onDone={() => void done()} />;
}

interface FormProperties {
  readonly inForce: InForce;
  readonly draft: Draft<string>;
  readonly text: string;
  readonly onDone: () => void;
}

function Form({ inForce, draft, text, onDone }: FormProperties): ReactNode {
  const { t } = useWords();
  const field = useRef<TextAreaRef>(null);
  const { found: checked, fault, refusal, asking, check, forget } = useCharterCheck();
  const change = (next: string): void => {
    forget();
    draft.change(next);
  };
  return (
    <>
      <CodeField label={t('amend-charter.text')} field={field} value={text} onChange={change} />
      <div className="buttons">
        <ReadFiles label={t('adopt-workflow.read')} accept=".json" onRead={([file]) => file && change(file.text)} />
        <Button onClick={() => change(written(inForce.document))}>{t('amend-charter.again')}</Button>
      </div>
      <DraftConflict draft={draft} show={(other) => <pre className="code">{other}</pre>} />
      {fault !== undefined && <Slip place={fault} onLine={(line) => showLine(field.current, line)} />}
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button type="primary" loading={asking} onClick={() => check(text)}>
          {t('amend-charter.compare')}
        </Button>
        <DraftNote draft={draft} />
      </div>
      {checked !== undefined && <CharterFindings findings={checked.findings} />}
      {checked !== undefined && <MadeUnlawful unlawful={checked.unlawful} />}
      {checked?.findings.length === 0 && <Compared inForce={inForce} document={checked.document} onDone={onDone} />}
    </>
  );
}

function Slip({ place: { line }, onLine }: { readonly place: Place; readonly onLine: (line: number) => void }): ReactNode {
  const { t } = useWords();
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={t('amend-charter.not-json')}
      action={
        line !== undefined && (
          <Button size="small" onClick={() => onLine(line)}>
            {t('adopt-workflow.line', { line })}
          </Button>
        )
      }
    />
  );
}

interface ComparedProperties {
  readonly inForce: InForce;
  readonly document: object;
  readonly onDone: () => void;
}

/** What would change, and the way to bring it about. */
function Compared({ inForce, document, onDone }: ComparedProperties): ReactNode {
  const { t } = useWords();
  const runs = differences(written(inForce.document), written(document));
  if (runs.every(({ of }) => of === 'both')) return <Alert type="info" showIcon role="status" title={t('amend-charter.same')} />;
  return (
    <Section title={t('amend-charter.changes')} tone="task">
      <Changes runs={runs} />
      <Amendment inForce={inForce} document={document} text={written(document)} onDone={onDone} />
    </Section>
  );
}
