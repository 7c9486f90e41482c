import { Alert, Button } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { type ReactNode, type RefObject, useRef, useState } from 'react';
import { Link } from 'react-router';
import { write } from '../api.js';
import { type Draft, useDraft } from '../draft.js';
import { useWords } from '../language.js';
import { CodeField, showLine } from '../parts/code-field.js';
import { DraftConflict, DraftNote } from '../parts/draft-note.js';
import { Page } from '../parts/page.js';
import { ReadFiles } from '../parts/read-files.js';
import { Refused } from '../parts/refused.js';
import { AdoptChecked, Findings } from '../round/adopting.js';
import { useAsking } from '../sending.js';
import { useSession } from '../session.js';
import type { Checked, NamedText } from '../shapes.adopting.js';

interface Typed {
  readonly text: string;
  readonly beside: readonly NamedText[];
}

const mainName = 'workflow.yaml';
const yaml = '.yaml,.yml';

/** Adopts a workflow from its text: first what is found of it, line by line, then the act. */
export function AdoptWorkflow(): ReactNode {
  const { t, say } = useWords();
  const { alliance } = useSession();
  const draft = useDraft<Typed>(`adopt-workflow.${alliance?.id ?? ''}`, { text: '', beside: [] });
  const [adopted, setAdopted] = useState<Checked['definition']>();
  const done = async (definition: Checked['definition']): Promise<void> => {
    await draft.discard();
    setAdopted(definition);
  };
  return (
    <Page title={t('adopt-workflow')} above={<Link to="/rounds">{t('nav.rounds')}</Link>} below={t('adopt-workflow.what')}>
      {adopted !== undefined ? (
        <Alert
          type="success"
          showIcon
          role="status"
          title={t('adopt-workflow.done', { title: say(adopted.title), version: adopted.version })}
          action={<Link to="/rounds/open">{t('open-round')}</Link>}
        />
      ) : draft.value === undefined ? (
        <Refused refusal={draft.refusal} />
      ) : (
        <Form draft={draft} typed={draft.value} onAdopted={(definition) => void done(definition)} />
      )}
    </Page>
  );
}

interface FormProperties {
  readonly draft: Draft<Typed>;
  readonly typed: Typed;
  readonly onAdopted: (definition: Checked['definition']) => void;
}

function Form({ draft, typed, onAdopted }: FormProperties): ReactNode {
  const { t } = useWords();
  const field = useRef<TextAreaRef>(null);
  const { alliance } = useSession();
  const { found: checked, refusal, asking, ask, forget } = useAsking<Checked>();
  const check = (): void => {
    const asked = { definition: { name: mainName, text: typed.text }, beside: typed.beside };
    void ask(write('POST', `/v1/alliances/${alliance?.id ?? ''}/definition-check`, asked));
  };
  const change = (part: Partial<Typed>): void => {
    forget();
    draft.change({ ...typed, ...part });
  };
  return (
    <>
      <Texts field={field} typed={typed} onChange={change} />
      <DraftConflict draft={draft} show={({ text }) => <pre className="code">{text}</pre>} />
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button
          type={checked === undefined ? 'primary' : 'default'}
          loading={asking}
          disabled={typed.text.trim() === ''}
          onClick={check}
        >
          {t('adopt-workflow.check')}
        </Button>
        <DraftNote draft={draft} />
      </div>
      {checked !== undefined && (
        <>
          <Findings findings={checked.findings} main={mainName} onLine={(line) => showLine(field.current, line)} />
          <AdoptChecked checked={checked} onAdopted={onAdopted} />
        </>
      )}
    </>
  );
}

interface TextsProperties {
  readonly field: RefObject<TextAreaRef | null>;
  readonly typed: Typed;
  readonly onChange: (part: Partial<Typed>) => void;
}

/** The workflow, and the files that it takes in. */
function Texts({ field, typed: { text, beside }, onChange }: TextsProperties): ReactNode {
  const { t } = useWords();
  const without = (name: string): readonly NamedText[] => beside.filter((one) => one.name !== name);
  return (
    <>
      <CodeField
        label={t('adopt-workflow.text')}
        hint={t('adopt-workflow.text-hint')}
        field={field}
        value={text}
        onChange={(typed) => onChange({ text: typed })}
      />
      <div className="buttons">
        <ReadFiles label={t('adopt-workflow.read')} accept={yaml} onRead={([file]) => file && onChange({ text: file.text })} />
      </div>
      <h2>{t('adopt-workflow.beside')}</h2>
      <p className="quiet">{t('adopt-workflow.beside-hint')}</p>
      {beside.length === 0 && <p>{t('adopt-workflow.beside-none')}</p>}
      <ul className="plain">
        {beside.map(({ name }) => (
          <li key={name}>
            <code>{name}</code>{' '}
            <Button
              type="link"
              size="small"
              aria-label={t('adopt-workflow.remove', { name })}
              onClick={() => onChange({ beside: without(name) })}
            >
              {t('file.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <div className="buttons">
        <ReadFiles
          label={t('adopt-workflow.add')}
          accept={yaml}
          multiple
          onRead={(files) =>
            onChange({ beside: [...beside.filter(({ name }) => !files.some((file) => file.name === name)), ...files] })
          }
        />
      </div>
    </>
  );
}
