import { formFacts, languageOf } from '../../../libs/workflow/language.js';
import type { Definition, Field, FieldValue, Rubric, Stage } from './shapes.js';

type Form = Readonly<Record<string, FieldValue>>;

/** Whether something is asked of an application, or concerns it, by what its form says: decided as the server decides it. */
export const concerns = (
  { fields, dates }: Pick<Definition, 'fields' | 'dates'>,
  when: string | undefined,
  form: Form,
): boolean => when === undefined || languageOf(languageKey(fields, dates)).holds(when, formFacts(form));

/** A language is kept by the definition that it is of: the same fields are the same definition. */
const keys = new WeakMap<readonly Field[], Parameters<typeof languageOf>[0]>();

function languageKey(fields: Definition['fields'], dates: Definition['dates']): Parameters<typeof languageOf>[0] {
  const known = keys.get(fields) ?? { subject: { fields }, round: { dates } };
  keys.set(fields, known);
  return known;
}

/** A form without what is no longer asked, once a field that other fields depend on has been changed. */
export function askedOf(definition: Definition, form: Form): Form {
  const asked = new Set(definition.fields.filter(({ when }) => concerns(definition, when, form)).map(({ id }) => id));
  return Object.fromEntries(Object.entries(form).filter(([id]) => asked.has(id)));
}

/** The rubric by which an application is scored at a stage. */
export function rubricOf({ rubric, rubrics }: Stage, form: Form): Rubric | undefined {
  const value = rubrics?.by.startsWith('form.') === true ? form[rubrics.by.slice('form.'.length)] : undefined;
  return (value === undefined ? undefined : rubrics?.of[String(value)]) ?? rubric;
}
