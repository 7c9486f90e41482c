import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import type { Refusal, Text } from '../api.js';
import type { Draft } from '../draft.js';
import { askedOf, concerns } from '../conditions.js';
import { useWords } from '../language.js';
import type { Definition, FieldValue, FileKept } from '../shapes.js';
import { DraftConflict, DraftNote } from './draft-note.js';
import { FormField } from './field.js';
import { FileField } from './file-field.js';
import { Facts } from './facts.js';
import { faultsOf, Refused } from './refused.js';
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

/** An application's form and files, as the definition describes them, saved as it is filled in. */
export function ApplicationForm(properties: Properties): ReactNode {
  const { definition, draft, refusal, sending, submitLabel, onSubmit, people } = properties;
  const { t } = useWords();
  const { value } = draft;
  if (value === undefined) return null;
  const faults = refusal === undefined ? new Map<string, string>() : faultsOf(refusal);
  const faultText = (id: string): string | undefined => (faults.has(id) ? t(`fault.${faults.get(id) as 'missing'}`) : undefined);
  const person = (id: FieldValue | undefined): string | undefined => (typeof id === 'string' ? people.get(id) : undefined);
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
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
            personName={person(value.form[field.id])}
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
      <Ineligible refusal={refusal} />
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

/** Which clauses were not met, and what would meet them. */
function Ineligible({ refusal }: { readonly refusal: Refusal | undefined }): ReactNode {
  const { say } = useWords();
  const failed = refusal?.details['failed'];
  if (!Array.isArray(failed)) return null;
  return (
    <ul>
      {(failed as { rule: string; clause: Text; requires: Text }[]).map(({ rule, clause, requires }) => (
        <li key={rule}>
          {say(requires)} <span className="quiet">{say(clause)}</span>
        </li>
      ))}
    </ul>
  );
}
