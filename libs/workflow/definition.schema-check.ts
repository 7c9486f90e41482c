import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Finding, finding } from './check/finding.js';
import { leadsNowhere } from './check/names.js';
import { missingLanguage } from './check/texts.js';
import { withoutDeadline } from './check/waits.js';
import { definitionSchema } from './definition.schema.js';

let compiled: ValidateFunction | undefined;

/**
 * Compiled when the first definition comes, and neither checked itself, which a test does, nor made smaller for it: that takes longer
 * than all the checks of a day.
 */
const validator = (): ValidateFunction =>
  (compiled ??= new Ajv2020({
    allErrors: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    discriminator: true,
    validateSchema: false,
    inlineRefs: false,
    code: { optimize: false },
  }).compile(definitionSchema));

/** Every way in which a value is not shaped like a definition. */
export function definitionFaults(value: unknown): readonly Finding[] {
  const validate = validator();
  if (validate(value)) return [];
  const errors = validate.errors ?? [];
  const choices = errors.filter(({ keyword }) => keyword === 'oneOf').map(({ instancePath }) => instancePath);
  // Of a value that is none of several things it is enough to say that.
  const told = errors.filter(
    ({ keyword, instancePath }) => keyword === 'oneOf' || !choices.some((path) => `${instancePath}/`.startsWith(`${path}/`)),
  );
  return told.map((error) => meaningOf(error));
}

function meaningOf({ keyword, instancePath, message = 'is wrong', params, schemaPath }: ErrorObject): Finding {
  const path = instancePath === '' ? '/' : instancePath;
  const told = params as Readonly<Record<string, unknown>>;
  const missing = told['missingProperty'];
  if (missing === 'en' || missing === 'zh') return missingLanguage(missing, path);
  const stage = /^(?:\/subcases\/[^/]+)?\/stages\/(\d+)(\/.*)?$/.exec(path);
  const subcase = /^\/subcases\/([^/]+)$/.exec(path)?.[1];
  if (subcase !== undefined && missing === 'workingDays') return withoutDeadline(subcase, path);
  if (stage !== null && (missing === 'workingDays' || missing === 'late' || missing === 'castingVote'))
    return withoutDeadline(`#${Number(stage[1]) + 1}`, path);
  if (stage !== null && (missing === 'power' || missing === 'manage')) return withoutOwner(Number(stage[1]) + 1, missing, path);
  if (stage?.[2] === '/return' && missing === 'times') return returnsForEver(path);
  if (stage?.[2] === '/on' && typeof missing === 'string') return leadsNowhere(missing, path);
  if (keyword === 'discriminator') return noSuchKind(told, choiceAt(schemaPath), path);
  const [en, zh] = remedies[keyword]?.(told) ?? ['Correct it as the schema says.', '请按格式要求修改。'];
  const name = nameAt(path);
  return finding(
    'shape',
    path,
    [`${name ?? 'It'} ${message}${detail(told)}.`, `${name ?? '此处'}格式不符${detail(told)}。`],
    [en, zh],
  );
}

/** What a path leads to, where it has a name and no number. */
const nameAt = (path: string): string | undefined => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /^\d*$/.test(name) ? undefined : `"${name}"`;
};

/** Several schemas, of which a property says which one holds. */
interface Choice {
  readonly oneOf: readonly { readonly properties: Readonly<Record<string, { readonly const?: string }>> }[];
}

/** What stands around the keyword that a schema path leads to. */
const choiceAt = (schemaPath: string): Choice =>
  schemaPath
    .split('/')
    .slice(1, -1)
    .reduce<unknown>((schema, key) => (schema as Readonly<Record<string, unknown>>)[key], definitionSchema) as Choice;

function noSuchKind({ tag, tagValue }: Readonly<Record<string, unknown>>, { oneOf }: Choice, path: string): Finding {
  const [name, given] = [String(tag), JSON.stringify(tagValue) ?? 'missing'];
  const known = oneOf.flatMap(({ properties }) => properties[name]?.const ?? []);
  return finding(
    'shape',
    tagValue === undefined ? path : `${path}/${name}`,
    [`"${name}" is ${given}, which there is not.`, `没有这样的“${name}”：${given}。`],
    [`Choose one of ${known.join(', ')}.`, `请从 ${known.join('、')} 中选择。`],
  );
}

const detail = ({ additionalProperty, allowedValues }: Readonly<Record<string, unknown>>): string => {
  if (typeof additionalProperty === 'string') return ` (${additionalProperty})`;
  return Array.isArray(allowedValues) ? ` (${allowedValues.join(', ')})` : '';
};

const remedies: Readonly<Record<string, (told: Readonly<Record<string, unknown>>) => readonly [string, string]>> = {
  required: ({ missingProperty }) => [`Add ${String(missingProperty)}.`, `请补充 ${String(missingProperty)}。`],
  additionalProperties: ({ additionalProperty }) => [
    `Strike out ${String(additionalProperty)}, or correct its spelling.`,
    `请删除 ${String(additionalProperty)} 或更正拼写。`,
  ],
  enum: ({ allowedValues }) => [`Choose one of ${String(allowedValues)}.`, `请从 ${String(allowedValues)} 中选择。`],
  type: ({ type }) => [`Give a value of type ${String(type)}.`, `请写 ${String(type)} 类型的值。`],
  pattern: ({ pattern }) => [`Write it as ${String(pattern)}.`, `请按 ${String(pattern)} 的形式书写。`],
  minimum: ({ limit }) => [`Give at least ${String(limit)}.`, `请写不小于 ${String(limit)} 的值。`],
  maximum: ({ limit }) => [`Give at most ${String(limit)}.`, `请写不大于 ${String(limit)} 的值。`],
  minItems: ({ limit }) => [`Give at least ${String(limit)}.`, `请至少写 ${String(limit)} 项。`],
  maxItems: ({ limit }) => [`Give at most ${String(limit)}.`, `请至多写 ${String(limit)} 项。`],
  oneOf: () => ['Write it in one of the forms that the schema has for it.', '请采用格式允许的写法之一。'],
};

const withoutOwner = (stage: number, power: string, path: string): Finding =>
  finding(
    'no-owner',
    path,
    [`Stage ${stage} does not say whose it is: "${power}" is missing.`, `第 ${stage} 个环节未写明由谁负责：缺少“${power}”。`],
    ['Name the power under which somebody acts there.', '请写明在此行使的职权。'],
  );

const returnsForEver = (path: string): Finding =>
  finding(
    'unbounded-loop',
    path,
    ['A case may be sent back from here for ever.', '案件可能从此处被无限次驳回。'],
    ['Say how often a case may be sent back: times: 2.', '请写明最多可驳回的次数：times: 2。'],
  );
