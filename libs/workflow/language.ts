import {
  type ConditionLanguage,
  conditionLanguage,
  type FactKind,
  type Facts,
  type FactSchema,
  type FactValue,
  type RegisterFacts,
} from './condition.js';

type FieldType = 'text' | 'integer' | 'boolean' | 'date' | 'person' | 'institution' | 'choice';

export const institutionFacts = ['code', 'level', 'province', 'supervisor'];
const windowDates = ['opensOn', 'closesOn'];

const kinds: Readonly<Record<FieldType, FactKind>> = {
  text: 'string',
  integer: 'int',
  boolean: 'bool',
  date: 'date',
  person: 'string',
  institution: 'string',
  choice: 'string',
};

/** What of a definition says which facts there are. */
export interface Conditioned {
  readonly subject: { readonly fields: readonly { readonly id: string; readonly type: FieldType }[] };
  readonly round: { readonly dates?: readonly { readonly id: string }[] };
}

const languages = new WeakMap<Conditioned, ConditionLanguage>();

/** The language of a definition's conditions: its form, the institution, the days of the round. */
export function languageOf(definition: Conditioned): ConditionLanguage {
  const known = languages.get(definition);
  if (known !== undefined) return known;
  const made = conditionLanguage(schemaOf(definition));
  languages.set(definition, made);
  return made;
}

/** The same, for a check that knows what the register says of subjects. */
export const languageWith = (definition: Conditioned, register: RegisterFacts): ConditionLanguage =>
  conditionLanguage(schemaOf(definition), register);

const schemaOf = ({ subject, round }: Conditioned): FactSchema => ({
  form: Object.fromEntries(subject.fields.map(({ id, type }) => [id, kinds[type]])),
  institution: Object.fromEntries(institutionFacts.map((name) => [name, 'string'])),
  round: Object.fromEntries([...windowDates, ...(round.dates ?? []).map(({ id }) => id)].map((name) => [name, 'date'])),
});

/** What a form alone says, for those who fill it in. */
export const formFacts = (form: Readonly<Record<string, FactValue>>): Facts =>
  Object.fromEntries(Object.entries(form).map(([name, value]) => [`form.${name}`, value]));
