import { institutionCode } from '#kernel';
import { type Finding, finding } from '../check/finding.js';
import type { Definition, Field } from '../definition.js';
import { isFact } from '../facts.js';
import { provinces } from '../search/provinces.js';
import { leadsTo } from './presence.js';
import type { Quota } from './ranking.stage.js';

/** Quotas by what no case has or anyone may write, for values that the fact never has, or with no place at all. */
export const quotaFindings = (
  definition: Definition,
  { id, quotas }: { readonly id: string; readonly quotas: readonly Quota[] },
  path: string,
): readonly Finding[] =>
  quotas.flatMap((quota, index) => {
    const at = `${path}/${index}`;
    const unknown = [
      ...(quota.by === undefined ? [] : countableFindings(definition, quota.by, `${at}/by`)),
      ...(leadsHere(definition, quota, id) ? [] : [noWay(quota.through ?? '', `${at}/through`)]),
    ];
    return unknown.length > 0 ? unknown : [...placesFindings(quota, at), ...valueFindings(definition, quota, `${at}/places`)];
  });

const leadsHere = (definition: Definition, { through }: Quota, ranking: string): boolean =>
  through === undefined || (through !== ranking && leadsTo(definition, through, ranking));

/** A fact that cases are counted or listed by: one that there is, and that is not written freely. */
export function countableFindings(definition: Definition, fact: string, path: string): readonly Finding[] {
  if (!isFact(definition, fact)) return [noFact(fact, path)];
  return fieldOf(definition, fact)?.type === 'text' ? [notCountable(fact, path)] : [];
}

const fieldOf = ({ subject: { fields } }: Definition, fact: string): Field | undefined =>
  fields.find(({ id }) => `form.${id}` === fact);

function placesFindings({ by, each, places }: Quota, path: string): readonly Finding[] {
  if (each === undefined && (by === undefined || places === undefined)) return [noPlaces(path)];
  return [each, ...Object.values(places ?? {})].every((count) => count === 0) ? [noPlaceAtAll(path)] : [];
}

function valueFindings(definition: Definition, { by, places = {} }: Quota, path: string): readonly Finding[] {
  if (by === undefined) return [];
  const field = fieldOf(definition, by);
  return Object.keys(places).flatMap((value) =>
    canBe(by, field, value) ? [] : [noValue(by, value, examplesOf(by, field), `${path}/${escaped(value)}`)],
  );
}

/** As a step of a JSON Pointer. */
const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

const levels = ['undergraduate', 'vocational'];

/** Values of the few facts that have few of them. */
function known(fact: string, field: Field | undefined): readonly string[] | undefined {
  if (field?.type === 'choice') return field.choices.map(({ value }) => value);
  if (field?.type === 'boolean') return ['true', 'false'];
  if (fact === 'institution.province') return Object.keys(provinces);
  return fact === 'institution.level' ? levels : undefined;
}

function canBe(fact: string, field: Field | undefined, value: string): boolean {
  const values = known(fact, field);
  if (values !== undefined) return values.includes(value);
  if (field?.type === 'integer') return /^-?\d+$/.test(value) && Number(value) >= field.min && Number(value) <= field.max;
  return fact === 'institution.code' || field?.type === 'institution' ? institutionCode.test(value) : value.trim() !== '';
}

function examplesOf(fact: string, field: Field | undefined): readonly string[] {
  if (field?.type === 'integer') return [`${field.min}–${field.max}`];
  return known(fact, field) ?? ['4111010001'];
}

const noFact = (fact: string, path: string): Finding =>
  finding(
    'unknown-fact',
    path,
    [`There is no fact "${fact}".`, `没有“${fact}”这一事实。`],
    [
      'Name a field of the form, a fact of the subject, or code, level, province or supervisor of the institution.',
      '请写表单字段、项目事实，或院校的 code、level、province、supervisor。',
    ],
  );

const noWay = (id: string, path: string): Finding =>
  finding(
    'unknown-field',
    path,
    [`No case comes here by way of "${id}", so this quota limits nothing.`, `没有案件经由“${id}”环节到达此处，该名额不起作用。`],
    ['Name an earlier stage that leads here.', '请写明通向此处的前序环节。'],
  );

const notCountable = (fact: string, path: string): Finding =>
  finding(
    'not-countable',
    path,
    [
      `"${fact}" may be anything, so that nearly every case would stand alone.`,
      `“${fact}”可任意填写，几乎每个案件都将单独成组。`,
    ],
    ['Count by a choice, a number, or a fact of the institution.', '请按选项、数字或院校事实计数。'],
  );

const noPlaces = (path: string): Finding =>
  finding(
    'unknown-field',
    path,
    ['This quota says no number of places.', '此名额没有写明数量。'],
    ['Give "each", or "by" and "places".', '请写明 each，或 by 与 places。'],
  );

const noPlaceAtAll = (path: string): Finding =>
  finding(
    'no-place-at-all',
    path,
    ['This quota has no place for anyone.', '此名额数量为零，任何案件都无法入选。'],
    ['Give at least one place, or strike the quota out.', '请至少给出一个名额，或删除该项。'],
  );

const noValue = (fact: string, value: string, values: readonly string[], path: string): Finding =>
  finding(
    'quota-value',
    path,
    [
      `"${fact}" is never "${value}", so that these places would go to nobody.`,
      `“${fact}”不会是“${value}”，这些名额将无人可得。`,
    ],
    [`Name one of: ${values.join(', ')}.`, `请写下列之一：${values.join('、')}。`],
  );
