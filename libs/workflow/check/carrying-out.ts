import {
  type ConfirmationStage,
  type Definition,
  type DutyStage,
  type Field,
  isAlwaysAnswered,
  type NoticeStage,
  type Owner,
  type RegistrationStage,
  type Stage,
} from '../definition.js';
import { placeholdersIn } from '../stages/notice.text.js';
import { type Finding, finding } from './finding.js';

/** What confirmations, registrations, obligations and notices name and the form does not have, and numbers that contradict each other. */
export const carryingOutFindings = (definition: Definition): readonly Finding[] =>
  definition.stages.flatMap((stage, index) => findingsOf(definition.subject.fields, stage, `/stages/${index}`));

const findingsOf = (fields: readonly Field[], stage: Stage, path: string): readonly Finding[] => [
  ...ownerFindings(fields, stage, path),
  ...reminderFindings(stage, path),
  ...ofKind(fields, stage, path),
];

/** Whoever is reminded has time left. */
const reminderFindings = (stage: Stage, path: string): readonly Finding[] =>
  'remind' in stage && stage.remind !== undefined && stage.remind >= stage.workingDays ? [reminderTooLate(`${path}/remind`)] : [];

function ofKind(fields: readonly Field[], stage: Stage, path: string): readonly Finding[] {
  switch (stage.kind) {
    case 'confirmation':
      return confirmationFindings(fields, stage, path);
    case 'duty':
      return dutyFindings(fields, stage, path);
    case 'registration':
      return registrationFindings(fields, stage, path);
    case 'notice':
      return noticeFindings(fields, stage, path);
    default:
      return [];
  }
}

const fieldOf = (fields: readonly Field[], name: string): Field | undefined =>
  name.startsWith('form.') ? fields.find(({ id }) => id === name.slice('form.'.length)) : undefined;

function confirmationFindings(fields: readonly Field[], stage: ConfirmationStage, path: string): readonly Finding[] {
  const { parties, needed } = stage;
  const isSure = (scope: string | undefined): boolean =>
    scope?.startsWith('form.') !== true || isAlwaysAnswered(fieldOf(fields, scope) ?? {});
  const sure = parties.filter(({ scope }) => isSure(scope)).length;
  const wanted = typeof needed === 'number' ? needed : 1;
  return [
    ...parties.flatMap(({ id, scope }, index) => [
      ...scopeFindings(fields, scope, `${path}/parties/${index}/scope`),
      ...(parties.findIndex((party) => party.id === id) === index ? [] : [namedTwice(id, `${path}/parties/${index}/id`)]),
    ]),
    ...(wanted <= sure ? [] : [tooFew(wanted, sure, `${path}/needed`)]),
  ];
}

const dutyFindings = (fields: readonly Field[], { years, inspection, remedy }: DutyStage, path: string): readonly Finding[] => [
  ...(inspection.everyMonths <= years * 12 ? [] : [neverInspected(`${path}/inspection/everyMonths`)]),
  ...ownerFindings(fields, remedy, `${path}/remedy`),
];

function registrationFindings(fields: readonly Field[], { places }: RegistrationStage, path: string): readonly Finding[] {
  if (typeof places === 'number') return [];
  const field = fieldOf(fields, places.from);
  return field?.type === 'integer' && isAlwaysAnswered(field) ? [] : [noNumber(places.from, `${path}/places/from`)];
}

const noticeFindings = (fields: readonly Field[], stage: NoticeStage, path: string): readonly Finding[] =>
  (['heading', 'body'] as const).flatMap((part) =>
    (['en', 'zh'] as const).flatMap((language) =>
      placeholdersIn(stage[part][language]).flatMap((name) => {
        if (!name.startsWith('form.')) return knownNames.has(name) ? [] : [noField(name, `${path}/${part}/${language}`)];
        const field = fieldOf(fields, name);
        if (field === undefined) return [noField(name, `${path}/${part}/${language}`)];
        return field.type === 'person' || field.identifying === true ? [namesSomebody(name, `${path}/${part}/${language}`)] : [];
      }),
    ),
  );

const knownNames: ReadonlySet<string> = new Set(['title', 'institution', 'number', 'round', 'date']);

const scopeFindings = (fields: readonly Field[], scope: string | undefined, path: string): readonly Finding[] =>
  scope?.startsWith('form.') !== true || fieldOf(fields, scope)?.type === 'institution' ? [] : [noInstitution(scope, path)];

/** Whose organ a field names must be there, or nobody owns the stage. A party that is not named is not asked. */
function ownerFindings(fields: readonly Field[], { scope }: Pick<Owner, 'scope'>, path: string): readonly Finding[] {
  const unknown = scopeFindings(fields, scope, `${path}/scope`);
  const field = scope === undefined ? undefined : fieldOf(fields, scope);
  const isSure = field === undefined || isAlwaysAnswered(field);
  return unknown.length > 0 || isSure ? unknown : [nobodys(field.id, `${path}/scope`)];
}

const nobodys = (field: string, path: string): Finding =>
  finding(
    'no-owner',
    path,
    [`Where "${field}" is left empty, nobody owns this.`, `“${field}”未填写时，此处无人负责。`],
    ['Let every form name it: required: true, without a condition.', '请将该字段设为必填且不附条件。'],
  );

const noInstitution = (name: string, path: string): Finding =>
  finding(
    'unknown-field',
    path,
    [`"${name}" is no field of the form that names an institution.`, `“${name}”不是表单中填写院校的字段。`],
    ['Name a field of the type institution.', '请写类型为 institution 的字段。'],
  );

const noNumber = (name: string, path: string): Finding =>
  finding(
    'unknown-field',
    path,
    [`"${name}" is no whole number that every form has.`, `“${name}”不是表单中必填的整数字段。`],
    ['Name a required field of the type integer.', '请写类型为 integer 的必填字段。'],
  );

const noField = (name: string, path: string): Finding =>
  finding(
    'unknown-field',
    path,
    [`Nothing here is called "${name}".`, `此处没有名为“${name}”的内容。`],
    [
      'Name title, institution, number, round, date or a field of the form.',
      '请写 title、institution、number、round、date 或表单字段。',
    ],
  );

const namesSomebody = (name: string, path: string): Finding =>
  finding(
    'unknown-field',
    path,
    [`"${name}" would put a person's name or id into a public document for ever.`, `“${name}”会使个人信息永久载入公开文件。`],
    ['Leave it out: a notice names institutions and results.', '请删除：公文只写单位和结果。'],
  );

const namedTwice = (id: string, path: string): Finding =>
  finding('named-twice', path, [`"${id}" is used twice.`, `“${id}”重复使用。`], ['Give each its own name.', '请分别命名。']);

const tooFew = (wanted: number, sure: number, path: string): Finding =>
  finding(
    'quorum-above-pool',
    path,
    [`${wanted} must confirm, and only ${sure} are surely asked.`, `需 ${wanted} 方确认，而必定被征询的只有 ${sure} 方。`],
    ['Ask for fewer, or make the fields that name parties required.', '请降低所需数，或将指定各方的字段设为必填。'],
  );

const neverInspected = (path: string): Finding =>
  finding(
    'dates-out-of-order',
    path,
    ['The obligation is over before it is inspected for the first time.', '义务期届满时尚未进行首次检查。'],
    ['Let everyMonths be no more than the years of the obligation.', '请使 everyMonths 不超过义务年限。'],
  );

const reminderTooLate = (path: string): Finding =>
  finding(
    'dates-out-of-order',
    path,
    ['The reminder comes when the time is over.', '提醒时期限已过。'],
    ['Let remind be less than workingDays.', '请使 remind 小于 workingDays。'],
  );
