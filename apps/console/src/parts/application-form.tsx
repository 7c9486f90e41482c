import { Alert, Button } from 'antd';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import type { Refusal } from '../api.js';
import type { Draft } from '../draft.js';
import { askedOf, concerns } from '../conditions.js';
import { useWords } from '../language.js';
import type { Definition, FieldValue, FileKept } from '../shapes.js';
import { DraftConflict, DraftNote } from './draft-note.js';
import { FormField } from './field.js';
import { FileField } from './file-field.js';
import { Facts } from './facts.js';
import { faultsOf, Refused, unmetOf } from './refused.js';
import { sizeOf } from '../files.js';

export interface Application {
  readonly form: Readonly<Record<string, FieldValue>>;
  readonly files: readonly FileKept[];
}

interface Properties {
  readonly definition: Definition;
  readonly draft: Draft<Application>;
  readonly refusal: Refusal | undefined;
  readonly sending: boolean;
  readonly submitLabel: string;
  readonly onSubmit: (application: Application) => void;
  /** Names of the people whose ids stand in the form. */
  readonly people: ReadonlyMap<string, string>;
}

function without<T>(record: Readonly<Record<string, T>>, id: string): Readonly<Record<string, T>> {
  const { [id]: _removed, ...rest } = record;
  return rest;
}

const isAsked = (definition: Definition, slot: string, form: Application['form']): boolean =>
  definition.files.some(({ id, when }) => id === slot && concerns(definition, when, form));

/** What stands of a field. */
const standing = ({ form, files }: Application, id: string): unknown => form[id] ?? files.find(({ slot }) => slot === id);

/** What is wrong with each field, until it is changed. The first one has the focus when it is told. */
function useFaults(
  refusal: Refusal | undefined,
  now: Application | undefined,
  before: Application | undefined,
): { readonly faultText: (id: string) => string | undefined; readonly form: RefObject<HTMLFormElement | null> } {
  const { t, say } = useWords();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (refusal === undefined) return;
    form.current?.querySelector('.field:has(> .fault)')?.querySelector<HTMLElement>('input, textarea')?.focus();
  }, [refusal]);
  const faultText = (id: string): string | undefined => {
    if (refusal === undefined || now === undefined || before === undefined) return undefined;
    if (standing(now, id) !== standing(before, id)) return undefined;
    const fault = faultsOf(refusal).get(id);
    const unmet = unmetOf(refusal).get(id);
    return fault === undefined ? unmet && say(unmet) : t(`fault.${fault as 'missing'}`);
  };
  return { faultText, form };
}

/** An application's form and files, as the definition describes them, saved as it is filled in. */
export function ApplicationForm(properties: Properties): ReactNode {
  const { definition, draft, refusal, sending, submitLabel, onSubmit, people } = properties;
  const { value } = draft;
  const [before, setBefore] = useState<Application>();
  const { faultText, form: shown } = useFaults(refusal, value, before);
  if (value === undefined) return <Refused refusal={draft.refusal} />;
  return (
    <form
      ref={shown}
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        setBefore(value);
        const form = askedOf(definition, value.form);
        onSubmit({ form, files: value.files.filter(({ slot }) => isAsked(definition, slot, form)) });
      }}
    >
      <Eligibility definition={definition} form={value.form} />
      {definition.fields
        .filter(({ when }) => concerns(definition, when, value.form))
        .map((field) => (
          <FormField
            key={field.id}
            field={field}
            value={value.form[field.id]}
            people={people}
            fault={faultText(field.id)}
            onChange={(next) =>
              draft.change({
                ...value,
                form: next === undefined ? without(value.form, field.id) : { ...value.form, [field.id]: next },
              })
            }
          />
        ))}
      <FileFields definition={definition} value={value} faultText={faultText} onChange={draft.change} />
      <DraftConflict draft={draft} show={(text) => <Facts definition={definition} application={text} people={people} />} />
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button type="primary" htmlType="submit" loading={sending} disabled={draft.conflict !== undefined}>
          {submitLabel}
        </Button>
        <DraftNote draft={draft} />
      </div>
    </form>
  );
}

interface FileFieldsProperties {
  readonly definition: Definition;
  readonly value: Application;
  readonly faultText: (id: string) => string | undefined;
  readonly onChange: (value: Application) => void;
}

function FileFields({ definition, value, faultText, onChange }: FileFieldsProperties): ReactNode {
  const { t, say } = useWords();
  return (
    <>
      {definition.files
        .filter(({ when }) => concerns(definition, when, value.form))
        .map(({ id, label, required, maxBytes, mediaTypes }) => (
          <FileField
            key={id}
            label={say(label)}
            required={required}
            hint={t('file.hint', {
              types: mediaTypes.map((type) => type.split('/')[1]?.toUpperCase()).join(', '),
              size: sizeOf(maxBytes),
            })}
            accept={mediaTypes.join(',')}
            fault={faultText(id)}
            value={value.files.find(({ slot }) => slot === id)}
            onChange={(file) =>
              onChange({
                ...value,
                files: [...value.files.filter(({ slot }) => slot !== id), ...(file === undefined ? [] : [{ slot: id, ...file }])],
              })
            }
          />
        ))}
    </>
  );
}

/** What will be asked, before anyone fills in anything. */
function Eligibility({ definition, form }: { readonly definition: Definition; readonly form: Application['form'] }): ReactNode {
  const { t, say } = useWords();
  if (definition.eligibility.length === 0) return null;
  return (
    <Alert
      type="info"
      title={t('apply.eligibility')}
      description={
        <ul className="plain">
          {definition.eligibility
            .filter(({ when }) => concerns(definition, when, form))
            .map(({ id, clause, text }) => (
              <li key={id}>
                {say(text)} <span className="quiet">{say(clause)}</span>
              </li>
            ))}
        </ul>
      }
    />
  );
}
