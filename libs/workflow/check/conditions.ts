import {
  type Comparison,
  comparisonsIn,
  type Condition,
  type ConditionFault,
  type ConditionLanguage,
  factsIn,
  type RegisterFacts,
} from '../condition.js';
import type { Definition, Field, PanelStage } from '../definition.js';
import { isFact, languageOf, languageWith } from '../facts.js';
import type { ContextsKnown } from './contexts-known.js';
import { type Finding, type FindingCode, finding } from './finding.js';
import { possible } from './possible.js';

/** Every condition of a definition that its facts cannot decide. */
export function allConditionFindings(definition: Definition, contexts?: ContextsKnown): readonly Finding[] {
  const { context } = definition.subject;
  if (contexts !== undefined && !Object.hasOwn(contexts, context)) return [noRegister(context, Object.keys(contexts))];
  const register = contexts?.[context]?.facts;
  return [
    ...singleFindings(definition, register),
    ...circleFindings(definition),
    ...definition.stages.flatMap((stage, index) =>
      stage.kind === 'panel' ? panelFindings(definition, stage, `/stages/${index}`, register) : [],
    ),
  ];
}

function panelFindings(definition: Definition, { rubrics, fit }: PanelStage, path: string, register?: RegisterFacts) {
  return [
    ...(rubrics === undefined ? [] : rubricChoiceFindings(definition, rubrics, path, register)),
    ...(fit === undefined ? [] : fitFindings(definition, fit, `${path}/fit`, register)),
  ];
}

/** Each by itself; and where none is wrong with itself, what they can come to. */
function singleFindings(definition: Definition, register?: RegisterFacts): readonly Finding[] {
  const language = register === undefined ? languageOf(definition) : languageWith(definition, register);
  const found = conditionsOf(definition).flatMap(({ condition, at }) => conditionFindings(definition, condition, at, language));
  return found.length > 0 ? found : possibleFindings(definition);
}

const noRegister = (context: string, known: readonly string[]): Finding =>
  finding(
    'unknown-register',
    '/subject/context',
    [`There is no register "${context}" that could hold what people apply with.`, `没有可登记申报对象的“${context}”。`],
    [`Name one of: ${known.join(', ')}.`, `请写下列之一：${known.join('、')}。`],
  );

function possibleFindings(definition: Definition): readonly Finding[] {
  const { eligibility, stages } = definition;
  const never = conditionsOf(definition).filter(({ condition }) => possible(definition, [condition])?.true === false);
  const forks = stages.flatMap((stage, index) =>
    stage.kind === 'choice' && possible(definition, [stage.condition])?.false === false
      ? [alwaysTrue(stage.condition, `/stages/${index}/condition`)]
      : [],
  );
  const asked = eligibility.flatMap(({ when, require }) => (when === undefined ? [require] : []));
  const known = asked.filter((condition) => possible(definition, [condition]) !== undefined);
  const isNobodys = never.length === 0 && possible(definition, known)?.true === false;
  return [
    ...never.map(({ condition, at }) => nothingFits(condition, at)),
    ...forks,
    ...(isNobodys ? [nothingFits(known.join(' && '), '/eligibility')] : []),
  ];
}

const nothingFits = (condition: Condition, path: string): Finding =>
  finding(
    'never-true',
    path,
    [`No form that can be filled in makes this true: ${condition}.`, `任何可填写的表单都不能满足：${condition}。`],
    ['Change the condition, or what the form takes.', '请修改条件或表单可填写的内容。'],
  );

const alwaysTrue = (condition: Condition, path: string): Finding =>
  finding(
    'always-true',
    path,
    [
      `Every form makes this true, so that nothing ever goes the other way: ${condition}.`,
      `任何表单都满足该条件，另一去向永远不会发生：${condition}。`,
    ],
    ['Change the condition, or strike the fork out.', '请修改条件，或删除该分支判断。'],
  );

/** Fields that are asked only where they have been answered. */
function circleFindings(definition: Definition): readonly Finding[] {
  const { fields } = definition.subject;
  const asks = (id: string): readonly string[] => {
    const when = fields.find((field) => field.id === id)?.when;
    if (when === undefined || languageOf(definition).fault(when) !== undefined) return [];
    return factsIn(when).flatMap((fact) => (fact.startsWith('form.') ? [fact.slice('form.'.length)] : []));
  };
  return fields.flatMap(({ id }, index) => {
    const before = new Set(asks(id));
    // A set that grows while it is walked: each field is looked at once.
    for (const one of before) for (const other of asks(one)) before.add(other);
    return before.has(id) ? [inACircle(id, `/subject/fields/${index}/when`)] : [];
  });
}

const inACircle = (field: string, path: string): Finding =>
  finding(
    'asked-in-a-circle',
    path,
    [`Whether "form.${field}" is asked turns on its own answer.`, `是否填写“form.${field}”取决于其自身的答案。`],
    ['Let it turn on other fields only.', '请仅以其他字段为条件。'],
  );

/** What an assignment matches must be there to be matched. */
const fitFindings = (
  definition: Definition,
  { discipline, expertise = [] }: NonNullable<PanelStage['fit']>,
  path: string,
  register?: RegisterFacts,
): readonly Finding[] => [
  ...(discipline === undefined || isFact(definition, discipline, register) ? [] : [noFact(discipline, `${path}/discipline`)]),
  ...expertise.flatMap((fact, index) => (isFact(definition, fact, register) ? [] : [noFact(fact, `${path}/expertise/${index}`)])),
];

function rubricChoiceFindings(
  definition: Definition,
  { by, of }: NonNullable<PanelStage['rubrics']>,
  path: string,
  register?: RegisterFacts,
): readonly Finding[] {
  if (!isFact(definition, by, register)) return [noFact(by, `${path}/rubrics/by`)];
  const field = definition.subject.fields.find(({ id }) => `form.${id}` === by);
  if (field?.type !== 'choice') return [];
  const choices = field.choices.map(({ value }) => value);
  return Object.keys(of).flatMap((value) =>
    choices.includes(value) ? [] : [noChoice(field.id, value, choices, `${path}/rubrics/of/${value}`)],
  );
}

const noFact = (fact: string, path: string): Finding =>
  finding('unknown-fact', path, [`There is no fact "${fact}".`, `没有“${fact}”这一事实。`], remedies['unknown-fact']);

const conditionsOf = ({ subject: { fields, files }, eligibility, stages }: Definition): readonly Placed[] => [
  ...fields.flatMap(({ when }, index) => placed(when, `/subject/fields/${index}/when`)),
  ...files.flatMap(({ when }, index) => placed(when, `/subject/files/${index}/when`)),
  ...eligibility.flatMap(({ when, require }, index) => [
    ...placed(when, `/eligibility/${index}/when`),
    ...placed(require, `/eligibility/${index}/require`),
  ]),
  ...stages.flatMap((stage, index) => (stage.kind === 'choice' ? placed(stage.condition, `/stages/${index}/condition`) : [])),
];

interface Placed {
  readonly condition: Condition;
  readonly at: string;
}

const placed = (condition: Condition | undefined, at: string): readonly Placed[] =>
  condition === undefined ? [] : [{ condition, at }];

/** Checks one condition: its syntax and types, then what it compares the form's fields with. */
function conditionFindings(definition: Definition, condition: Condition, path: string, language: ConditionLanguage) {
  const fault = language.fault(condition);
  if (fault !== undefined) return [faultFinding(condition, fault, path)];
  return comparisonsIn(condition).flatMap((comparison) => {
    const field = definition.subject.fields.find(({ id }) => `form.${id}` === comparison.fact);
    return field === undefined ? [] : comparisonFindings(field, comparison, path);
  });
}

const codes: Readonly<Record<ConditionFault['what'], FindingCode>> = {
  syntax: 'condition-syntax',
  'not-allowed': 'condition-not-allowed',
  'beyond-calendar': 'no-such-day',
  'unknown-fact': 'unknown-fact',
  type: 'condition-type',
  'not-boolean': 'condition-type',
};

const remedies: Readonly<Record<ConditionFault['what'], readonly [string, string]>> = {
  syntax: [
    'Write it in the Common Expression Language, in quotation marks where YAML needs them: "form.cycles >= 2".',
    '请按通用表达式语言（CEL）书写，必要时为 YAML 加引号："form.cycles >= 2"。',
  ],
  'not-allowed': [
    'Use comparisons, && || ! ?: in, + - *, has, size, contains, startsWith, endsWith, date("2026-01-31"), addMonths and addYears.',
    '仅可使用比较、&& || ! ?: in、+ - *、has、size、contains、startsWith、endsWith、date("2026-01-31")、addMonths 与 addYears。',
  ],
  'beyond-calendar': ['Add or take away at most 12000 months or 1000 years.', '加减至多 12000 个月或 1000 年。'],
  'unknown-fact': [
    'Name a field of the form (form.<field>), of the register (subject.<fact>), a day of the round (round.<date>), or institution.code, .level, .province, .supervisor.',
    '请写表单字段（form.<字段>）、登记事项（subject.<事项>）、轮次日期（round.<日期>），或 institution.code、.level、.province、.supervisor。',
  ],
  type: ['Compare like with like. A day is written date("2026-01-31").', '请使两侧类型一致；日期写作 date("2026-01-31")。'],
  'not-boolean': ['Let the whole be true or false, by a comparison for instance.', '请使整个条件的结果为真或假，例如写成比较。'],
};

/** What is wrong with `where`, a part of a condition that begins at a character counted from 1. */
const sentences: Readonly<Record<ConditionFault['what'], (where: string, from: number) => readonly [string, string]>> = {
  syntax: (where, from) => [
    `The condition cannot be read from its character ${from} on: ${where}.`,
    `条件自第 ${from} 个字符起写法有误，无法读取：${where}。`,
  ],
  'not-allowed': (where) => [`"${where}" is not something that a condition may use.`, `“${where}”不在条件允许使用的范围内。`],
  'beyond-calendar': (where) => [`"${where}" leads more than a thousand years away.`, `“${where}”加减超过一千年。`],
  'unknown-fact': (where) => [`There is no fact "${where}".`, `没有“${where}”这一事实。`],
  type: (where) => [`The types in "${where}" do not go together.`, `“${where}”中的类型不相符。`],
  'not-boolean': (where) => [`"${where}" is neither true nor false.`, `“${where}”的结果不是真或假。`],
};

function faultFinding(condition: Condition, { what, detail, start, end }: ConditionFault, path: string): Finding {
  const where = condition.slice(start, end).trim() || condition;
  const found = finding(codes[what], path, sentences[what](where, start + 1), remedies[what]);
  return detail === undefined ? found : { ...found, detail };
}

function comparisonFindings(field: Field, comparison: Comparison, path: string): readonly Finding[] {
  if (field.type === 'person') return [noPerson(field.id, path)];
  if (field.type === 'choice') {
    const choices = field.choices.map(({ value }) => value);
    if (!['==', '!=', 'in'].includes(comparison.op)) return [noOrder(field.id, path)];
    return comparison.values.flatMap((value) =>
      choices.includes(String(value)) ? [] : [noChoice(field.id, value, choices, path)],
    );
  }
  if (field.type !== 'integer' || comparison.values.some((value) => canHold(field, comparison.op, value as number))) return [];
  return [neverTrue(comparison, field, path)];
}

type Range = Extract<Field, { type: 'integer' }>;

/** Whether any number that the field lets through makes it true. */
function canHold({ min, max }: Range, op: Comparison['op'], value: number): boolean {
  switch (op) {
    case '<':
      return min < value;
    case '<=':
      return min <= value;
    case '>':
      return max > value;
    case '>=':
      return max >= value;
    case '==':
    case 'in':
      return min <= value && value <= max;
    case '!=':
      return min !== value || max !== value;
  }
}

const noPerson = (field: string, path: string): Finding =>
  finding(
    'condition-type',
    path,
    [
      `"form.${field}" is a person by a random id, so nothing that could be written here is ever equal to it.`,
      `“form.${field}”以随机标识表示人员，不可能等于此处所写的内容。`,
    ],
    ['Compare it with another person: form.<field> or subject.leader.', '请与另一人员比较：form.<字段> 或 subject.leader。'],
  );

const noOrder = (field: string, path: string): Finding =>
  finding(
    'condition-type',
    path,
    [`"form.${field}" is one of its choices and has no order.`, `“form.${field}”是选项之一，不能比较大小。`],
    ['Use ==, != or in.', '请使用 ==、!= 或 in。'],
  );

const noChoice = (field: string, value: unknown, choices: readonly string[], path: string): Finding =>
  finding(
    'condition-type',
    path,
    [`"form.${field}" is never ${JSON.stringify(value)}.`, `“form.${field}”不会取值 ${JSON.stringify(value)}。`],
    [`Give one of its choices: ${choices.join(', ')}.`, `请写其选项之一：${choices.join('、')}。`],
  );

const neverTrue = ({ fact, op, values }: Comparison, { min, max }: Range, path: string): Finding =>
  finding(
    'never-true',
    path,
    [
      `"${fact} ${op} ${values.join(', ')}" can never be true: the form takes ${min} to ${max}.`,
      `“${fact} ${op} ${values.join(', ')}”永远不成立：表单只接受 ${min} 至 ${max}。`,
    ],
    ['Change the value, or the range of the field.', '请修改该值或字段的取值范围。'],
  );
