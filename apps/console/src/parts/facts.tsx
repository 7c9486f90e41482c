import type { ReactNode } from 'react';
import { sizeOf } from '../files.js';
import { useWords } from '../language.js';
import { FileLink } from './file-link.js';
import type { Definition, Field, FieldValue, FileKept } from '../shapes.js';

interface Properties {
  readonly definition: Definition;
  readonly application: { readonly form: Readonly<Record<string, FieldValue>>; readonly files: readonly FileKept[] };
  readonly people: ReadonlyMap<string, string>;
  /** Under whose address files may be fetched; none for a draft. */
  readonly caseId?: string;
}

/** What an application says, field by field, and its files. */
export function Facts({ definition, application: { form, files }, people, caseId }: Properties): ReactNode {
  const { t, say } = useWords();
  const shown = definition.fields.filter(({ id }) => id in form);
  return (
    <dl className="facts">
      {shown.map((field) => (
        <Fact key={field.id} field={field} value={form[field.id] as FieldValue} people={people} />
      ))}
      {files.map((file) => {
        const { slot, sha256, bytes } = file;
        const label = definition.files.find(({ id }) => id === slot)?.label;
        return (
          <div key={slot} className="fact">
            <dt>{label === undefined ? slot : say(label)}</dt>
            <dd>
              {caseId === undefined ? t('file.kept', { size: sizeOf(bytes) }) : <FileLink caseId={caseId} file={file} />}{' '}
              <code title={sha256}>{sha256.slice(0, 16)}…</code>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Fact({
  field,
  value,
  people,
}: {
  readonly field: Field;
  readonly value: FieldValue;
  readonly people: ReadonlyMap<string, string>;
}): ReactNode {
  const { t, say } = useWords();
  const words = (): string => {
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    const choice = field.choices?.find((candidate) => candidate.value === value);
    if (choice !== undefined) return say(choice.label);
    if (field.type === 'person') return people.get(String(value)) ?? t('form.person-kept');
    return String(value);
  };
  return (
    <div className="fact">
      <dt>{say(field.label)}</dt>
      <dd className={field.type === 'text' ? 'prose' : undefined}>{words()}</dd>
    </div>
  );
}
