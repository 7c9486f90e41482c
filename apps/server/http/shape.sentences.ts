import type { Text } from '#kernel';
import type { Rule } from './shape.rules.js';

/** What a field must be, to follow its name; a constraint's bounds are numbers, its other settings whatever they are. */
type Sentence = (one: unknown, other: unknown) => Text;

const says =
  (en: string, zh: string): Sentence =>
  () => ({ en, zh });

/** `%1` and `%2` are the bounds. */
const bounds =
  (en: string, zh: string): Sentence =>
  (...given) => {
    const filled = (text: string): string => text.replaceAll(/%([12])/g, (_, place: string) => String(given[Number(place) - 1]));
    return { en: filled(en), zh: filled(zh) };
  };

export const notAField: Text = { en: 'is not a field of this command', zh: '不是该指令的字段' };

/** What each constraint of this house asks for. Every one that a shape uses stands here: a test walks them all. */
const sentences: Readonly<Record<string, Sentence>> = {
  isString: says('must be text', '须为文本'),
  isInt: says('must be a whole number', '须为整数'),
  isNumber: (options) => decimals((options as { readonly maxDecimalPlaces?: number } | undefined)?.maxDecimalPlaces),
  isBoolean: says('must be true or false', '须为 true 或 false'),
  isArray: says('must be a list', '须为数组'),
  isObject: says('must be an object', '须为对象'),
  isNotEmptyObject: says('must be an object with at least one field', '须为对象，且至少含一个字段'),
  isEmail: says('must be an e-mail address', '须为电子邮件地址'),
  isIn: (values) => {
    const choices = values as readonly unknown[];
    return { en: `must be one of ${choices.join(', ')}`, zh: `须为下列之一：${choices.join('、')}` };
  },
  isDay: says('must be a day, like 2026-04-20', '须为日期，例如 2026-04-20'),
  isInstant: says(
    'must be an instant with its offset, like 2026-04-20T09:00:00+08:00',
    '须为带时区的时间，例如 2026-04-20T09:00:00+08:00',
  ),
  isNotEmpty: says('must not be empty', '不得为空'),
  matches: (form) => ({ en: `must be of the form ${String(form)}`, zh: `须符合格式 ${String(form)}` }),
  isLength: bounds('must be %1 to %2 characters long', '须为 %1 至 %2 个字符'),
  minLength: bounds('is too short: it needs at least %1 characters', '过短，至少需要 %1 个字符'),
  maxLength: bounds('is too long: it may have at most %1 characters', '过长，至多 %1 个字符'),
  min: bounds('must be at least %1', '不得小于 %1'),
  max: bounds('must be at most %1', '不得大于 %1'),
  arrayMinSize: bounds('must hold at least %1', '至少需要 %1 项'),
  arrayMaxSize: bounds('may hold at most %1', '至多 %1 项'),
  arrayUnique: says('must not hold the same twice', '各项不得重复'),
  nestedValidation: says('must be an object', '须为对象'),
  whitelistValidation: () => notAField,
  isDefinition: says('is not shaped like a workflow definition', '不符合工作流定义的格式'),
  isMapping: says(
    'must say of each stage {"then": "carried" or "anew", "to": stage}, {"then": "stays"} or {"then": "refused"}',
    '须逐一写明各环节：{"then": "carried" 或 "anew", "to": 环节}、{"then": "stays"} 或 {"then": "refused"}',
  ),
};

const decimals = (places: number | undefined): Text => ({
  en: places === undefined ? 'must be a number' : `must be a number with at most ${places} decimals`,
  zh: places === undefined ? '须为数字' : `须为至多 ${places} 位小数的数字`,
});

/**
 * What a constraint asks of its field, in both languages, to follow the field's name.
 *
 * @throws TypeError for a constraint that has no sentence
 */
export function sentenceOf({ name = 'nestedValidation', constraints = [], each = false }: Partial<Rule>): Text {
  const sentence = sentences[name];
  if (sentence === undefined) throw new TypeError(`there is no sentence for the constraint ${name}`);
  const { en, zh } = sentence(constraints[0], constraints[1]);
  return each ? { en: `each item ${en}`, zh: `每一项${zh}` } : { en, zh };
}
