import { type Definition, type EndCommand, type Field, isAlwaysAnswered } from '../definition.js';
import { kindOf } from '../stages/index.js';
import { type CommandKnown, commandKnown, type ContextsKnown } from './contexts-known.js';
import { type Finding, finding } from './finding.js';

/** A command that the engine sends to a context, and where it stands; without data where the definition does not say it. */
interface Sent {
  readonly command: Omit<EndCommand, 'data'> & Partial<EndCommand>;
  readonly path: string;
}

/** Commands that take a field that the form does not have, that no context knows, or that would be refused for their data. */
export const commandFindings = (definition: Definition, contexts?: ContextsKnown): readonly Finding[] =>
  sentBy(definition).flatMap(({ command: { data, ...named }, path }) => {
    if (data === undefined) return [];
    const command = { ...named, data };
    const missing = fieldFindings(definition, command, path);
    if (missing.length > 0 || contexts === undefined) return missing;
    const known = commandKnown(contexts, command);
    return known === undefined ? [noCommand(contexts, command, path)] : dataFindings(definition, command, known, path);
  });

/** Every command that a workflow has the engine send to a context. */
export const sentBy = ({ stages, ends }: Pick<Definition, 'stages' | 'ends'>): readonly Sent[] => [
  ...stages.flatMap((stage, index) =>
    (kindOf(stage.kind).outline(stage).sends ?? []).map(({ at, ...command }) => ({ command, path: `/stages/${index}${at}` })),
  ),
  ...Object.entries(ends).flatMap(([id, { commands = [] }]) =>
    commands.map((command, index) => ({ command, path: `/ends/${id}/commands/${index}` })),
  ),
];

const fieldFindings = ({ subject: { fields } }: Definition, { data }: EndCommand, path: string): readonly Finding[] =>
  Object.entries(data).flatMap(([name, value]) =>
    typeof value !== 'object' || !value.from.startsWith('form.') || fields.some(({ id }) => `form.${id}` === value.from)
      ? []
      : [noField(value.from.slice('form.'.length), `${path}/data/${name}`)],
  );

/** Each value that a case may come to have is tried once, the others being at their first. */
function dataFindings(definition: Definition, { type, data }: EndCommand, { faults }: CommandKnown, path: string) {
  const tried = Object.entries(data).map(([name, value]) => [name, valuesOf(definition, value)] as const);
  const first = Object.fromEntries(tried.map(([name, [value]]) => [name, value]));
  const others = tried.flatMap(([name, [, ...values]]) => values.map((value) => ({ ...first, [name]: value })));
  const found = [first, ...others].flatMap((sent) =>
    faults(withoutGaps(sent)).map((fault) => refusedData(type, fault, path, sent[fault.path.slice(1)])),
  );
  return found.filter((one, index) => found.findIndex(({ path: at }) => at === one.path) === index);
}

const withoutGaps = (data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));

/** What stands there, or values at the edges of what a case may put there; undefined for an answer that may be left out. */
function valuesOf({ subject: { fields } }: Definition, value: EndCommand['data'][string]): readonly unknown[] {
  if (typeof value !== 'object') return [value];
  const field = fields.find(({ id }) => `form.${id}` === value.from);
  if (field === undefined) return [ofCase[value.from]];
  return isAlwaysAnswered(field) ? answersTo(field) : [...answersTo(field), undefined];
}

const anyId = '00000000-0000-4000-8000-000000000000';

const ofCase: Readonly<Record<string, string>> = {
  case: `case-a.round.${anyId}`,
  subject: anyId,
  institution: '4111010001',
  round: 'round',
  number: 'ROUND-0001',
  reason: 'r'.repeat(2000),
};

function answersTo(field: Field): readonly unknown[] {
  switch (field.type) {
    case 'text':
      return ['t', 't'.repeat(field.maxLength)];
    case 'integer':
      return [field.min, field.max];
    case 'boolean':
      return [true, false];
    case 'date':
      return ['2026-01-31'];
    case 'person':
      return [`person-${anyId}`];
    case 'institution':
      return [ofCase['institution']];
    case 'choice':
      return field.choices.map(({ value }) => value);
  }
}

const noField = (field: string, path: string): Finding =>
  finding(
    'unknown-field',
    path,
    [`The form has no field "${field}".`, `表单中没有“${field}”字段。`],
    ['Name a field of the form.', '请写表单中的字段。'],
  );

function noCommand(contexts: ContextsKnown, { context, type }: EndCommand, path: string): Finding {
  const isContext = Object.hasOwn(contexts, context);
  const known = isContext ? Object.keys(contexts[context]?.commands ?? {}) : Object.keys(contexts);
  return finding(
    'unknown-command',
    `${path}/${isContext ? 'type' : 'context'}`,
    isContext
      ? [`The context "${context}" takes no command "${type}".`, `“${context}”不接受“${type}”指令。`]
      : [`There is no context "${context}" that a command could be sent to.`, `没有可接收指令的“${context}”。`],
    [`Name one of: ${known.join(', ')}.`, `请写下列之一：${known.join('、')}。`],
  );
}

function refusedData(
  command: string,
  { path: at, text }: ReturnType<CommandKnown['faults']>[number],
  path: string,
  value: unknown,
): Finding {
  const shown = value === undefined ? undefined : JSON.stringify(value).slice(0, 40);
  const name = at.slice(1);
  return finding(
    'command-data',
    `${path}/data${at}`,
    [
      `"${command}" would be refused${shown === undefined ? '' : ` where "${name}" is ${shown}`}: "${name}" ${text.en}.`,
      `“${command}”将被拒绝${shown === undefined ? '' : `（“${name}”为 ${shown} 时）`}：“${name}”${text.zh}。`,
    ],
    [
      'Send what the command takes: docs/generated/openapi.json describes it.',
      '请发送该指令所接受的内容，见 docs/generated/openapi.json。',
    ],
  );
}
