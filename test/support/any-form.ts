import fc from 'fast-check';
import { type Field, languageOf } from '#workflow';
import type { Facts } from '../../libs/workflow/condition.js';

/** A text in both languages. */
export const both = (en: string) => ({ en, zh: `中文 ${en}` });

const known: readonly Field[] = [
  { id: 'works', type: 'integer', min: 0, max: 20, label: both('Works') },
  {
    id: 'field',
    type: 'choice',
    label: both('Field'),
    choices: ['art', 'science'].map((value) => ({ value, label: both(value) })),
  },
  { id: 'isNew', type: 'boolean', label: both('New') },
  { id: 'since', type: 'date', label: both('Since') },
  { id: 'title', type: 'text', maxLength: 200, label: both('Title') },
  { id: 'partner', type: 'institution', label: both('Partner') },
  { id: 'places', type: 'integer', min: 1, max: 50, required: true, label: both('Places') },
];

export const fields: fc.Arbitrary<readonly Field[]> = fc.constant(known);

/** With what else a case has. */
const allForms: readonly Facts[] = Array.from({ length: 21 }, (_, works) => works).flatMap((works) =>
  ['art', 'science', undefined].flatMap((field) =>
    [true, false, undefined].flatMap((isNew) =>
      [undefined, { since: '2020-01-01', title: 'Title' }].map((more) => ({
        'form.works': works,
        'form.field': field,
        'form.isNew': isNew,
        'form.since': more?.since,
        'form.title': more?.title,
        'institution.level': 'undergraduate',
        'subject.credits': 2,
        'round.opensOn': '2026-01-01',
      })),
    ),
  ),
);
/** Enough of them, with every number of works: what none of these tells apart is not used. */
const forms = Array.from({ length: 54 }, (_, index) => allForms[(index * 97) % allForms.length] as Facts);
const language = languageOf({ subject: { fields: known }, round: {} });
const holds = (conditions: readonly string[], form: Facts): boolean => conditions.every((one) => language.holds(one, form));

const comparison = fc.oneof(
  fc.tuple(fc.constantFrom('>=', '<=', '=='), fc.nat(20)).map(([op, value]) => `form.works ${op} ${value}`),
  fc.constantFrom('form.field in ["art", "science"]', '"science" != form.field', 'has(form.title)', 'size(form.title) > 1'),
  fc.constantFrom('form.isNew', '!form.isNew', 'form.since < date("2026-01-01")', 'form.since.addYears(2) <= round.opensOn'),
  fc.constantFrom(
    'institution.level != "vocational"',
    'subject.credits * 2.0 >= 1.0',
    'form.isNew ? form.works > 1 : form.works > 2',
  ),
);

const anyCondition: fc.Arbitrary<string> = fc.letrec<{ readonly tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    comparison,
    fc.tuple(tie('tree'), fc.constantFrom('&&', '||'), tie('tree')).map(([one, op, other]) => `(${one} ${op} ${other})`),
    tie('tree').map((one) => `!(${one})`),
  ),
})).tree;

/** True of some forms and false of others. */
export const condition = anyCondition.filter(
  (one) => forms.some((form) => holds([one], form)) && forms.some((form) => !holds([one], form)),
);

/** Rules that somebody can satisfy. */
export const eligibility = fc
  .array(anyCondition, { maxLength: 3 })
  .filter((rules) => forms.some((form) => holds(rules, form)))
  .map((rules) => rules.map((require, index) => ({ id: `rule-${index}`, clause: both('Clause'), text: both('Text'), require })));
