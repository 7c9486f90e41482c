import { expect, test } from '@jest/globals';
import { ValidationTypes } from 'class-validator';
import type { Shape } from '#kernel';
import { allContexts, definitionContext } from '../contexts.js';
import { ShapePipe } from './shape.pipe.js';
import { rulesOf, withParts } from './shape.rules.js';
import { sentenceOf } from './shape.sentences.js';
import { describedRoutes } from './sign-in.openapi.js';

const shapes: readonly Shape[] = [
  ...allContexts.flatMap((context) => Object.values<Shape>(context.shapes)),
  ...describedRoutes.flatMap(({ shape }) => shape ?? []),
];
const constraints = [...new Set(shapes.flatMap((shape) => [...withParts(shape)]))]
  .flatMap(rulesOf)
  .filter(({ type }) => type !== ValidationTypes.CONDITIONAL_VALIDATION);

const shapeOf = (type: string): Shape => {
  const found = allContexts.map(({ shapes }) => shapes[type]).find((shape) => shape !== undefined);
  if (found === undefined) throw new Error(`no context takes ${type}`);
  return found;
};

test('whatever a shape asks for, it asks for in both languages', () => {
  expect(new Set(constraints.map(({ name }) => name)).size).toBeGreaterThan(20);
  for (const rule of constraints) {
    const { en, zh } = sentenceOf(rule);
    expect(en).toMatch(/^(each item )?(must|may|is) [\x20-\x7e]+$/);
    expect(zh).toMatch(/[\u4e00-\u9fff]/);
    expect(`${en}${zh}`).not.toMatch(/undefined|null|\[object/);
  }
});

test('a body that is wrong in several places is told each of them where it stands, with the bound that it passed', () => {
  const door = new ShapePipe(shapeOf('RaiseObjection'));
  const evidence = [{ sha256: 'f', bytes: 0, mediaType: 'application/pdf' }, 'none'];
  const faults = door.faults({ stage: 'publicity', name: '李', contact: 5, statement: 'x', evidence, also: true });
  expect(faults.map(({ path, text: { en } }) => `${path} ${en}`)).toEqual(
    expect.arrayContaining([
      '/name must be 2 to 100 characters long',
      '/contact must be text',
      '/also is not a field of this command',
      '/evidence/1 must be an object',
    ]),
  );
  expect(faults.find(({ path }) => path === '/evidence/0/bytes')?.text).toEqual({ en: 'must be at least 1', zh: '不得小于 1' });
});

test('each item of a list of texts is spoken of as an item', () => {
  const [fault] = new ShapePipe(shapeOf('AssignReviewers')).faults({ stage: 'panel', reviewers: [7] });
  expect(fault).toEqual({ path: '/reviewers', text: { en: 'each item must be text', zh: '每一项须为文本' } });
});

test.each(['toString', 'hasOwnProperty', 'constructor', '__proto__'])(
  '%s is no field of any command, though every object has it',
  (name) => {
    const door = new ShapePipe(shapeOf('SuspendMember'));
    const body = JSON.parse(`{"clause":"2.3","reason":"违约","${name}":"x"}`) as object;
    expect(() => door.transform(body)).toThrow(`/${name} is not a field of this command`);
  },
);

test('a definition that is misshapen is told where, in both languages', () => {
  const shape = definitionContext.shapes['AdoptDefinition'] as Shape;
  const faults = new ShapePipe(shape).faults({ definition: { stages: [] } });
  expect(faults[0]).toEqual({
    path: '/definition',
    text: { en: 'is not shaped like a workflow definition', zh: '不符合工作流定义的格式' },
  });
  expect(faults.find(({ path }) => path === '/definition/stages')?.text.zh).toMatch(/格式不符/);
});

test('a last day at an institution is a day that there was: a relation until no day would never count', () => {
  const door = new ShapePipe(shapeOf('DeclareRelation'));
  const at = (until: string) =>
    door.faults({ relation: 'formerly-at', institution: '4111010001', until }).map(({ path }) => path);
  expect(at('2025-12-31')).toEqual([]);
  for (const until of ['2025-13-01', '2025-02-30', '2025-00-10']) expect(at(until)).toEqual(['/until']);
});

test('an item stands on the agenda of a meeting once: its ballot opens once', () => {
  const door = new ShapePipe(shapeOf('ConveneMeeting'));
  const item = { case: 'a.spring.course', stage: 'committee' };
  const [opensAt, closesAt] = ['2026-03-05T16:00:00.000Z', '2026-03-06T10:00:00.000Z'];
  const faultsOf = (...agenda: readonly object[]) => door.faults({ agenda, opensAt, closesAt }).map(({ path }) => path);
  expect(faultsOf(item, { ...item, stage: 'appeal' })).toEqual([]);
  expect(faultsOf(item, { ...item })).toEqual(['/agenda']);
});
