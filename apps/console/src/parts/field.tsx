import { Input, InputNumber, Radio, Select } from 'antd';
import { type ReactNode, useId } from 'react';
import { useWords } from '../language.js';
import { choicesOf, isRegistered, type Names } from '../persons.js';
import type { Field, FieldValue } from '../shapes.js';

export interface Control {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
  readonly 'aria-required': boolean | undefined;
}

interface LabelledProperties {
  readonly label: ReactNode;
  readonly required?: boolean | undefined;
  readonly hint?: ReactNode;
  readonly fault?: string | undefined;
  readonly children: (control: Control) => ReactNode;
}

/** A control with its label, its hint and what is wrong with it. */
export function Labelled({ label, required, hint, fault, children }: LabelledProperties): ReactNode {
  const { t } = useWords();
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-fault`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {required === true && <span className="required"> {t('form.required')}</span>}
      </label>
      {hint !== undefined && (
        <div id={`${id}-hint`} className="quiet hint">
          {hint}
        </div>
      )}
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': fault === undefined ? undefined : true,
        'aria-required': required,
      })}
      {fault !== undefined && (
        <div id={`${id}-fault`} className="fault" role="alert">
          {fault}
        </div>
      )}
    </div>
  );
}

interface TextProperties {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly required?: boolean;
  readonly hint?: string;
  readonly fault?: string | undefined;
  readonly maxLength?: number;
  readonly rows?: number;
  readonly autoComplete?: string;
  readonly password?: true;
}

/** A line of text, or several where `rows` says so. */
export function TextField({ label, value, onChange, required, hint, fault, rows, password, ...rest }: TextProperties): ReactNode {
  return (
    <Labelled label={label} required={required} hint={hint} fault={fault}>
      {(control) => {
        const shared = {
          ...control,
          ...rest,
          value,
          ...(fault === undefined ? {} : { status: 'error' as const }),
          onChange: ({ target }: { target: { value: string } }) => onChange(target.value),
        };
        if (rows !== undefined) return <Input.TextArea {...shared} autoSize={{ minRows: rows, maxRows: 16 }} />;
        return password === true ? <Input.Password {...shared} /> : <Input {...shared} />;
      }}
    </Labelled>
  );
}

interface DayProperties {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (day: string) => void;
  readonly required?: boolean;
}

/** A calendar day, `YYYY-MM-DD`; empty where none is chosen. */
export function DayField({ label, hint, value, onChange, required }: DayProperties): ReactNode {
  return (
    <Labelled label={label} hint={hint} required={required}>
      {(control) => <Input {...control} type="date" value={value} onChange={({ target }) => onChange(target.value)} />}
    </Labelled>
  );
}

interface FormFieldProperties {
  readonly field: Field;
  readonly value: FieldValue | undefined;
  readonly onChange: (value: FieldValue | undefined) => void;
  readonly fault: string | undefined;
  /** Who may be named, by id. */
  readonly people: Names;
}

/** A field of an application's form, as its definition describes it. */
export function FormField({ field, value, onChange, fault, people }: FormFieldProperties): ReactNode {
  const { t, say } = useWords();
  const hint =
    field.type === 'integer'
      ? t('form.between', { min: field.min ?? 0, max: field.max ?? 0 })
      : field.type === 'person'
        ? t(isRegistered(field) ? 'form.person' : 'form.person-of')
        : undefined;
  return (
    <Labelled label={say(field.label)} required={field.required} hint={hint} fault={fault}>
      {(control) => <Bare field={field} value={value} onChange={onChange} people={people} control={control} />}
    </Labelled>
  );
}

type BareProperties = Omit<FormFieldProperties, 'fault'> & { readonly control: Control };

function Bare({ field, value, onChange, people, control }: BareProperties): ReactNode {
  const { t, say } = useWords();
  switch (field.type) {
    case 'text':
      return <BareText field={field} value={value} onChange={onChange} control={control} />;
    case 'integer':
      return (
        <InputNumber
          {...control}
          value={typeof value === 'number' ? value : null}
          precision={0}
          onChange={(number) => onChange(number ?? undefined)}
        />
      );
    case 'boolean':
      return (
        <Radio.Group
          id={control.id}
          aria-describedby={control['aria-describedby']}
          value={value}
          onChange={({ target }) => onChange(target.value as boolean)}
          options={[
            { value: true, label: t('yes') },
            { value: false, label: t('no') },
          ]}
        />
      );
    case 'date':
      return (
        <Input
          {...control}
          type="date"
          value={typeof value === 'string' ? value : ''}
          onChange={({ target }) => onChange(target.value || undefined)}
        />
      );
    case 'person':
      return <BarePerson field={field} value={value} onChange={onChange} people={people} control={control} />;
    case 'institution':
      return (
        <Input
          {...control}
          value={typeof value === 'string' ? value : ''}
          onChange={({ target }) => onChange(target.value.trim() || undefined)}
        />
      );
    case 'choice':
      return (
        <Select
          {...control}
          value={typeof value === 'string' ? value : null}
          onChange={onChange}
          placeholder={t('form.choose')}
          options={(field.choices ?? []).map((choice) => ({ value: choice.value, label: say(choice.label) }))}
        />
      );
  }
}

function BarePerson({ field, value, onChange, people, control }: BareProperties): ReactNode {
  const { t } = useWords();
  const named = typeof value === 'string' ? value : null;
  if (isRegistered(field)) return <Input {...control} value={people.get(named ?? '') ?? named ?? ''} readOnly />;
  return (
    <Select
      {...control}
      value={named}
      onChange={onChange}
      placeholder={t('form.choose')}
      options={choicesOf(people, value, t('form.person-kept'))}
    />
  );
}

function BareText({ field: { maxLength = 200 }, value, onChange, control }: Omit<BareProperties, 'people'>): ReactNode {
  const shared = {
    ...control,
    maxLength,
    value: typeof value === 'string' ? value : '',
    onChange: ({ target }: { target: { value: string } }) => onChange(target.value === '' ? undefined : target.value),
  };
  return maxLength > 300 ? <Input.TextArea {...shared} autoSize={{ minRows: 4, maxRows: 16 }} /> : <Input {...shared} />;
}
