import { Readable } from 'node:stream';
import type { PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError, ValidationTypes } from 'class-validator';
import { isText, type Shape } from '#kernel';
import { definitionFaults } from '#workflow';
import { DoorRefusal, type Fault } from './problem.js';
import { type Fit, fitOf } from './shape.fit.js';
import { keepRules, partOf, type Rule, rulesOf } from './shape.rules.js';
import { notAField, sentenceOf } from './shape.sentences.js';

keepRules();

/** Lets a body through, as it came, when it has its shape and nothing beside it. */
export class ShapePipe implements PipeTransform<unknown, object> {
  private readonly empty: boolean;
  private readonly fits: Fit;

  constructor(private readonly shape: Shape) {
    this.empty = isEmpty(shape);
    this.fits = fitOf(shape);
  }

  transform(body: unknown): object {
    if (body instanceof Readable) throw jsonOnly();
    if (typeof body !== 'object' || body === null || Object.getPrototypeOf(body) !== Object.prototype)
      throw wrongShape([{ path: '', text: notAnObject }]);
    requireReadable(body, 0, '');
    if (this.fits(body)) return body;
    const faults = this.faults(body);
    if (faults.length > 0) throw wrongShape(faults);
    return body;
  }

  /** What of a body the command does not take. */
  faults(body: object): readonly Fault[] {
    if (this.empty) return Object.keys(body).map((name) => ({ path: `/${name}`, text: notAField }));
    const errors = validateSync(plainToInstance(this.shape, body), {
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      validationError: { target: false, value: false },
    });
    return errors.flatMap((error) => faultsOf(error, '', this.shape, body));
  }
}

/** class-validator takes a class without fields for one it does not know. */
const isEmpty = (shape: Shape): boolean =>
  getMetadataStorage().getTargetValidationMetadatas(shape, '', false, false).length === 0;

const deepest = 32;

/** What the log or a view cannot hold, or nobody can read, is refused before anything looks at it. */
export function requireReadable(value: unknown, depth: number, path: string): void {
  if (depth > deepest)
    throw wrongShape([{ path, text: { en: `is nested more than ${deepest} deep`, zh: `嵌套超过 ${deepest} 层` } }]);
  if (typeof value === 'string' && !isText(value)) throw wrongShape([{ path, text: notText }]);
  if (typeof value === 'string' && invisible.test(value)) throw wrongShape([{ path, text: blank }]);
  if (typeof value === 'number' && !Number.isFinite(value)) throw wrongShape([{ path, text: tooLarge }]);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (!isText(key)) throw wrongShape([{ path, text: notText }]);
    if (ofEveryObject.has(key)) throw wrongShape([{ path: `${path}/${key}`, text: notAField }]);
    requireReadable(member, depth + 1, `${path}/${key}`);
  }
}

/** Names that every object answers to: as a field they mislead whoever looks at the object. */
const ofEveryObject: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

/** Spaces, and what Unicode shows as nothing: a name of these is no name. */
const invisible = /^[\s\p{Default_Ignorable_Code_Point}]+$/u;
const blank = { en: 'holds nothing but spaces', zh: '只有空白' };
const tooLarge = { en: 'is a number too large to be kept', zh: '数值过大，无法保存' };
const notText = { en: 'holds a character that is not text', zh: '含有非文本字符' };
const notAnObject = { en: 'The body must be a JSON object.', zh: '请求体必须是 JSON 对象。' };

/** A file sent where a command belongs. */
const jsonOnly = (): DoorRefusal =>
  new DoorRefusal(415, 'request.media-type', { en: 'Send application/json.', zh: '请以 application/json 格式发送。' });

const shownAtMost = 20;

/** However much is wrong, the answer stays small. */
function wrongShape(faults: readonly Fault[]): DoorRefusal {
  const shown = faults.slice(0, shownAtMost);
  const more = faults.length > shownAtMost;
  return new DoorRefusal(
    422,
    'shape.invalid',
    {
      en: `Mend these fields and send it again: ${shown.map(({ path, text }) => `${path} ${text.en}`).join('; ')}${more ? '; …' : ''}`,
      zh: `请更正下列字段后重新提交：${shown.map(({ path, text }) => `${path} ${text.zh}`).join('；')}${more ? '；…' : ''}`,
    },
    { faults: shown },
  );
}

/** What is wrong with one field of `within`, and with what lies in it. */
function faultsOf(
  { property, constraints = {}, children = [] }: ValidationError,
  parent: string,
  shape: Shape,
  within: unknown,
): readonly Fault[] {
  const path = `${parent}/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const value = (within as Readonly<Record<string, unknown>>)[property];
  const rules = rulesOf(shape).filter(({ propertyName }) => propertyName === property);
  const own = Object.keys(constraints).flatMap((constraint) => {
    const text = sentenceOf(rules.find(({ name }) => name === constraint) ?? { name: constraint });
    return [{ path, text }, ...(constraint === 'isDefinition' ? findingsIn(value, path) : [])];
  });
  // An item of a list has a number for a name, and the shape that the list has.
  const part = rules.some(isNested) ? partOf(shape, property) : shape;
  return [...own, ...children.flatMap((child) => faultsOf(child, path, part, value))];
}

const findingsIn = (definition: unknown, parent: string): readonly Fault[] =>
  definitionFaults(definition).map(({ path, text }) => ({ path: `${parent}${path}`, text }));

const isNested = ({ type }: Rule): boolean => type === ValidationTypes.NESTED_VALIDATION;
