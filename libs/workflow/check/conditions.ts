import { type Comparison, type Condition, type FactValue } from '../condition.js';
import type { Definition, Field } from '../definition.js';
import { type Finding, finding } from './finding.js';

/** What can be said of a fact before there is one. */
export type FactType =
  | { readonly is: 'text' | 'boolean' | 'date' | 'person' }
  | { readonly is: 'number'; readonly min?: number; readonly max?: number }
  | { readonly is: 'choice'; readonly values: readonly string[] }
  /** A register's own affair. */
  | { readonly is: 'unknown' };

/** The type of a fact by its name; undefined where there is no such fact. */
export type FactTypes = (fact: string) => FactType | undefined;

/** The facts that the conditions of a definition may read. What a register says of a subject (`subject.*`) is not known here. */
export const factTypesOf =
  ({ subject: { fields } }: Definition): FactTypes =>
  (fact) => {
    const [group, name = ''] = fact.split('.');
    if (group === 'subject') return { is: 'unknown' };
    if (group === 'institution') return ['code', 'level', 'province'].includes(name) ? { is: 'text' } : undefined;
    const field = fields.find(({ id }) => id === name);
    return field === undefined ? undefined : typeOfField(field);
  };

function typeOfField(field: Field): FactType {
  switch (field.type) {
    case 'integer':
      return { is: 'number', min: field.min, max: field.max };
    case 'choice':
      return { is: 'choice', values: field.choices.map(({ value }) => value) };
    case 'institution':
      return { is: 'text' };
    default:
      return { is: field.type };
  }
}

/** Every comparison of the eligibility rules that makes no sense of the form's fields. */
export const eligibilityFindings = (definition: Definition): readonly Finding[] =>
  definition.eligibility.flatMap(({ require }, index) =>
    conditionFindings(require, factTypesOf(definition), `/eligibility/${index}/require`),
  );

/** Checks one condition. Another notation of conditions needs only to be taken apart here. */
export function conditionFindings(condition: Condition, types: FactTypes, path: string): readonly Finding[] {
  if ('all' in condition) return condition.all.flatMap((part, index) => conditionFindings(part, types, `${path}/all/${index}`));
  if ('any' in condition) return condition.any.flatMap((part, index) => conditionFindings(part, types, `${path}/any/${index}`));
  if ('not' in condition) return conditionFindings(condition.not, types, `${path}/not`);
  const type = types(condition.fact);
  if (type === undefined) return [unknownFact(condition.fact, path)];
  return comparisonFindings(type, condition, path);
}

type Comparing = Extract<Condition, { readonly fact: string }>;

const ordering: readonly Comparison[] = ['<', '<=', '>', '>='];

function comparisonFindings(type: FactType, { fact, op, value }: Comparing, path: string): readonly Finding[] {
  if ((op === 'in') !== Array.isArray(value)) return [listOrNot(op, `${path}/value`)];
  if (ordering.includes(op) && !['number', 'date', 'unknown'].includes(type.is)) return [notOrdered(fact, type, `${path}/op`)];
  const values = (Array.isArray(value) ? value : [value]) as readonly FactValue[];
  const wrong = values.flatMap((one, index) =>
    fits(type, one) ? [] : [wrongType(fact, type, one, Array.isArray(value) ? `${path}/value/${index}` : `${path}/value`)],
  );
  if (wrong.length > 0 || type.is !== 'number' || op === 'in') return wrong;
  return canHold(type, op, value as number) ? [] : [neverTrue({ fact, op, value }, type, `${path}/value`)];
}

function fits(type: FactType, value: FactValue): boolean {
  switch (type.is) {
    case 'unknown':
      return true;
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'text':
      return typeof value === 'string';
    case 'person':
      return typeof value === 'string' && value.startsWith('person-');
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
    case 'choice':
      return typeof value === 'string' && type.values.includes(value);
  }
}

/** Whether any number that the field lets through makes it true. */
function canHold(
  { min = -Infinity, max = Infinity }: Extract<FactType, { is: 'number' }>,
  op: Comparison,
  value: number,
): boolean {
  switch (op) {
    case '<':
      return min < value;
    case '<=':
      return min <= value;
    case '>':
      return max > value;
    case '>=':
      return max >= value;
    case '=':
      return min <= value && value <= max;
    case '!=':
      return min !== value || max !== value;
    case 'in':
      return true;
  }
}

const names: Readonly<Record<FactType['is'], readonly [string, string]>> = {
  text: ['a text', '文本'],
  number: ['a number', '数值'],
  boolean: ['true or false', '是或否'],
  date: ['a date like 2026-03-02', '日期（如 2026-03-02）'],
  person: ['a person', '人员'],
  choice: ['one of its choices', '选项之一'],
  unknown: ['anything', '任意值'],
};

const unknownFact = (fact: string, path: string): Finding =>
  finding(
    'unknown-fact',
    `${path}/fact`,
    [`There is no fact "${fact}".`, `没有名为“${fact}”的事实。`],
    [
      'Name a field of the form (form.<field>), of the register (subject.<fact>), or institution.code, institution.level, institution.province.',
      '请写表单字段（form.<字段>）、登记事项（subject.<事项>）或 institution.code、institution.level、institution.province。',
    ],
  );

const listOrNot = (op: Comparison, path: string): Finding =>
  finding(
    'condition-type',
    path,
    op === 'in'
      ? ['"in" compares with a list.', '“in”须与列表比较。']
      : [`"${op}" compares with one value, not a list.`, `“${op}”只能与单个值比较，不能与列表比较。`],
    op === 'in'
      ? ['Give a list: [a, b].', '请写列表：[a, b]。']
      : ['Give one value, or use the operator in.', '请写单个值，或改用 in。'],
  );

const notOrdered = (fact: string, { is }: FactType, path: string): Finding =>
  finding(
    'condition-type',
    path,
    [`"${fact}" is ${names[is][0]} and has no order.`, `“${fact}”是${names[is][1]}，不能比较大小。`],
    ['Use =, != or in.', '请使用 =、!= 或 in。'],
  );

const wrongType = (fact: string, type: FactType, value: FactValue, path: string): Finding => {
  const choices = type.is === 'choice' ? `: ${type.values.join(', ')}` : '';
  return finding(
    'condition-type',
    path,
    [
      `"${fact}" is ${names[type.is][0]}, so it is never compared with ${JSON.stringify(value)}.`,
      `“${fact}”是${names[type.is][1]}，不能与 ${JSON.stringify(value)} 比较。`,
    ],
    [`Give ${names[type.is][0]}${choices}.`, `请写${names[type.is][1]}${choices}。`],
  );
};

const neverTrue = ({ fact, op, value }: Comparing, { min, max }: Extract<FactType, { is: 'number' }>, path: string): Finding =>
  finding(
    'never-true',
    path,
    [
      `"${fact} ${op} ${String(value)}" can never be true: the form takes ${min} to ${max}.`,
      `“${fact} ${op} ${String(value)}”永远不成立：表单只接受 ${min} 至 ${max}。`,
    ],
    ['Change the value, or the range of the field.', '请修改该值或字段的取值范围。'],
  );
