import { isDay } from '#kernel';
import type { CaseOpened, FileKept } from './case.events.js';
import type { Facts, FactValue } from './condition.js';
import { factsIn } from './condition.js';
import type { Definition, EligibilityRule, Field, FileSlot, Subject } from './definition.js';
import { type FactSources, factsOfCase, languageOf } from './facts.js';
import { refused } from './refusal.js';

/** What an applicant hands in: fields and files. */
export interface HandedIn {
  readonly form: Readonly<Record<string, FactValue>>;
  readonly files: readonly FileKept[];
}

interface Application extends HandedIn {
  readonly eligibility: CaseOpened['eligibility'];
}

/**
 * The application, if it is complete and eligible.
 *
 * @throws DomainError case.incomplete with every field that is wrong, case.ineligible with every clause that failed
 */
export function acceptedApplication(
  definition: Definition,
  { form, files }: HandedIn,
  about: Omit<FactSources, 'form'>,
): Application {
  const language = languageOf(definition);
  const faults = applicationFaults(definition, { form, files }, about);
  if (faults.length > 0) throw incomplete(faults);
  const facts = factsOfCase({ ...about, form });
  const rules = definition.eligibility.filter(({ when }) => when === undefined || language.holds(when, facts));
  const failed = rules.filter(({ require }) => !language.holds(require, facts));
  if (failed.length > 0) throw ineligible(failed, facts);
  return {
    form,
    files: files.map(({ slot, sha256, bytes, mediaType }) => ({ slot, sha256, bytes, mediaType })),
    eligibility: rules.map((rule) => ({ rule: rule.id, facts: readFacts(rule, facts) })),
  };
}

/** Everything that a definition finds wrong with a form and its files. */
export function applicationFaults(
  definition: Definition,
  { form, files }: HandedIn,
  about: Omit<FactSources, 'form'>,
): readonly Fault[] {
  const asks = ({ when }: Pick<Field, 'when'>): boolean =>
    when === undefined || languageOf(definition).holds(when, factsOfCase({ ...about, form: soundPart(definition, form) }));
  return formFaults(definition.subject, { form, files }, asks);
}

export interface Fault {
  readonly field: string;
  readonly fault:
    | 'missing'
    | 'unknown'
    | 'not-asked'
    | 'wrong-type'
    | 'out-of-range'
    | 'too-long'
    | 'not-a-choice'
    | 'too-large'
    | 'media-type'
    | 'twice';
}

/** What of a form is of its field's type: all that the question whether another field is asked may rest on. */
const soundPart = ({ subject: { fields } }: Definition, form: HandedIn['form']): HandedIn['form'] =>
  Object.fromEntries(
    Object.entries(form).filter(([name, value]) =>
      fields.some((field) => field.id === name && fieldFault(field, value).length === 0),
    ),
  );

function formFaults(
  { fields, files: slots }: Subject,
  { form, files }: HandedIn,
  asks: (asked: Pick<Field, 'when'>) => boolean,
): readonly Fault[] {
  return [
    ...fields.flatMap((field) => {
      const value = Object.hasOwn(form, field.id) ? form[field.id] : undefined;
      if (asks(field)) return fieldFault(field, value);
      return value === undefined ? [] : fault(field.id, 'not-asked');
    }),
    ...Object.keys(form).flatMap((name) => (fields.some(({ id }) => id === name) ? [] : fault(name, 'unknown'))),
    ...slots.flatMap((slot) => {
      const given = files.filter((file) => file.slot === slot.id);
      if (asks(slot)) return slotFaults(slot, given);
      return given.length === 0 ? [] : fault(slot.id, 'not-asked');
    }),
    ...files.flatMap(({ slot }) => (slots.some(({ id }) => id === slot) ? [] : fault(slot, 'unknown'))),
  ];
}

const fault = (field: string, what: Fault['fault']): readonly Fault[] => [{ field, fault: what }];

function fieldFault(field: Field, value: FactValue | undefined): readonly Fault[] {
  if (value === undefined) return field.required === true ? fault(field.id, 'missing') : [];
  switch (field.type) {
    case 'text':
      if (typeof value !== 'string') return fault(field.id, 'wrong-type');
      if (field.required === true && value.trim() === '') return fault(field.id, 'missing');
      return value.length > field.maxLength ? fault(field.id, 'too-long') : [];
    case 'integer':
      if (!Number.isInteger(value)) return fault(field.id, 'wrong-type');
      return (value as number) < field.min || (value as number) > field.max ? fault(field.id, 'out-of-range') : [];
    case 'boolean':
      return typeof value === 'boolean' ? [] : fault(field.id, 'wrong-type');
    case 'date':
      return isDay(value) ? [] : fault(field.id, 'wrong-type');
    case 'institution':
      return typeof value === 'string' && /^[A-Za-z0-9]{1,32}$/.test(value) ? [] : fault(field.id, 'wrong-type');
    case 'person':
      return typeof value === 'string' && /^person-[0-9a-f-]{1,64}$/.test(value) ? [] : fault(field.id, 'wrong-type');
    case 'choice':
      return field.choices.some((choice) => choice.value === value) ? [] : fault(field.id, 'not-a-choice');
  }
}

function slotFaults({ id, required, maxBytes, mediaTypes }: FileSlot, files: readonly FileKept[]): readonly Fault[] {
  if (files.length === 0) return required === true ? fault(id, 'missing') : [];
  if (files.length > 1) return fault(id, 'twice');
  return files.flatMap(({ bytes, mediaType }) => [
    ...(bytes > maxBytes ? fault(id, 'too-large') : []),
    ...(mediaTypes.includes(mediaType) ? [] : fault(id, 'media-type')),
  ]);
}

const factsRead = ({ when, require }: EligibilityRule): readonly string[] => [
  ...new Set([...(when === undefined ? [] : factsIn(when)), ...factsIn(require)]),
];

const readFacts = (rule: EligibilityRule, facts: Facts): Readonly<Record<string, FactValue>> =>
  Object.fromEntries(factsRead(rule).flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]])));

const shownAtMost = 20;

/** However much is wrong, the answer stays small. */
function incomplete(faults: readonly Fault[]) {
  const shown = faults.slice(0, shownAtMost).map(({ field, fault: what }) => ({ field: field.slice(0, 100), fault: what }));
  const more = faults.length > shown.length;
  return refused(
    'case.incomplete',
    `The application is not complete: ${shown.map(({ field, fault: what }) => `${field} (${what})`).join(', ')}${more ? ', …' : ''}.`,
    `申报材料不完整：${shown.map(({ field, fault: what }) => `${field}（${faultsZh[what]}）`).join('、')}${more ? '……' : ''}。`,
    { faults: shown },
  );
}

const faultsZh: Readonly<Record<Fault['fault'], string>> = {
  missing: '缺少',
  unknown: '表单中没有此项',
  'not-asked': '本类别不填此项',
  'wrong-type': '类型不符',
  'out-of-range': '超出范围',
  'too-long': '过长',
  'not-a-choice': '不在选项之内',
  'too-large': '文件过大',
  'media-type': '文件类型不符',
  twice: '重复',
};

const ineligible = (failed: readonly EligibilityRule[], facts: Facts) =>
  refused(
    'case.ineligible',
    failed.map(({ clause, text }) => `${clause.en}: ${text.en}`).join(' '),
    failed.map(({ clause, text }) => `${clause.zh}：${text.zh}`).join(''),
    {
      failed: failed.map((rule) => ({
        rule: rule.id,
        clause: rule.clause,
        requires: rule.text,
        condition: rule.require,
        facts: readFacts(rule, facts),
        notStated: factsRead(rule).filter((name) => facts[name] === undefined),
      })),
    },
  );
