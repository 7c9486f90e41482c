import { expect, test } from '@jest/globals';
import { BpmnModdle } from 'bpmn-moddle';
import fc from 'fast-check';
import { branchingDefinitions, charterForAny, soundDefinitions } from '../../../test/support/definitions.js';
import { inTwoChannels } from '../../../test/support/two-channels.js';
import { holdersOf } from '../check/powers.js';
import { loadDefinition } from '../definition.loader.js';
import type { Definition } from '../definition.js';
import { stageKinds } from '../stages/index.js';
import type { StageKind } from '../stages/stage.js';
import { bpmnOf } from './bpmn.js';
import { outcomeText } from './graph.js';
import { type DrawingOptions, type LaidOut, layOut } from './layout.js';
import type { Box, Point } from './pieces.js';

/** Each drawing is laid out several times over. */
const patience = 120_000;

const shipped = async (): Promise<Definition> => (await loadDefinition('workflows/alliance-recognition.yaml')).definition;

const organ = (power: string) => {
  const id = holdersOf(charterForAny, power)[0] ?? power;
  return { id, name: id };
};
const plain: DrawingOptions = { language: 'zh' };
const laned: DrawingOptions = { language: 'en', actorOf: organ };

const crosses = (from: Point, to: Point, { x, y, width, height }: Box): boolean =>
  Math.min(from.x, to.x) < x + width - 1 &&
  Math.max(from.x, to.x) > x + 1 &&
  Math.min(from.y, to.y) < y + height - 1 &&
  Math.max(from.y, to.y) > y + 1;

const overlap = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width - 1 &&
  other.x < one.x + one.width - 1 &&
  one.y < other.y + other.height - 1 &&
  other.y < one.y + one.height - 1;

/** Everything that makes a drawing hard to read. */
function faultsOf({ nodes, edges, lanes, width, height }: LaidOut): readonly string[] {
  const boxes = nodes.flatMap((node) => [
    { id: node.id, box: node as Box },
    ...(node.kind === 'task' || node.label === '' ? [] : [{ id: `${node.id} (text)`, box: node.text }]),
    ...node.events.map((event) => ({ id: `${event.id} (text)`, box: event.text })),
  ]);
  const labels = edges.flatMap(({ id, text }) => (text === undefined ? [] : [{ id: `${id} (label)`, box: text }]));
  const all = [...boxes, ...labels];
  return [
    ...edges.flatMap(({ id, from, to, points }) => {
      const segments = points.slice(1).map((point, index) => [points[index] as Point, point] as const);
      const slanted = segments.some(([one, other]) => one.x !== other.x && one.y !== other.y)
        ? [`${id} is not at right angles`]
        : [];
      const through = all
        .filter((one) => one.id !== from && one.id !== to && segments.some(([one_, other]) => crosses(one_, other, one.box)))
        .map((one) => `${id} runs through ${one.id}`);
      const inside = boxes
        .filter(
          (one) =>
            (one.id === from || one.id === to) && segments.slice(1, -1).some(([one_, other]) => crosses(one_, other, one.box)),
        )
        .map((one) => `${id} runs through its own ${one.id}`);
      return [...slanted, ...through, ...inside];
    }),
    ...all.flatMap((one, index) =>
      all
        .slice(index + 1)
        .filter((other) => overlap(one.box, other.box))
        .map((other) => `${one.id} covers ${other.id}`),
    ),
    ...all
      .filter(({ box }) => box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height)
      .map(({ id }) => `${id} is outside`),
    ...nodes.flatMap((node) => {
      const lane = lanes.find(({ actor }) => actor === node.lane);
      return lane !== undefined && (node.y < lane.y || node.text.y + node.text.height > lane.y + lane.height)
        ? [`${node.id} leaves its lane`]
        : [];
    }),
  ];
}

test.each([plain, laned])('no edge of the shipped workflow runs through a node, and nothing covers anything', async (options) => {
  const drawing = await layOut(await shipped(), options);
  expect(faultsOf(drawing)).toEqual([]);
  expect(drawing.nodes.filter(({ kind }) => kind === 'task')).toHaveLength(6);
  expect(drawing.nodes.filter(({ kind }) => kind === 'end')).toHaveLength(9);
});

test('every organ has its lane, and every stage stands in the lane of its organ', async () => {
  const { lanes, nodes } = await layOut(await shipped(), laned);
  expect(lanes.map(({ actor }) => actor)).toEqual([
    'deans-office',
    'provincial-department',
    'secretariat',
    'expert-panel',
    'committee',
  ]);
  expect(nodes.filter(({ lane }) => lane === 'secretariat').map(({ of }) => of)).toEqual(
    expect.arrayContaining(['formal-check', 'publicity']),
  );
});

test.each([plain, laned])(
  'no edge of a random workflow runs through a node',
  async (options) => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(soundDefinitions, branchingDefinitions), async (definition) => {
        expect(faultsOf(await layOut(definition, options))).toEqual([]);
      }),
      { numRuns: 8 },
    );
  },
  patience,
);

test('a drawing in which something was moved onto something else would be found out', async () => {
  const drawing = await layOut(await shipped(), plain);
  const [first, ...others] = drawing.nodes.filter(({ kind }) => kind === 'task');
  const [edge] = drawing.edges.filter(({ from, to }) => from !== first?.id && to !== first?.id);
  const at = edge?.points[0] ?? { x: 0, y: 0 };
  const moved = drawing.nodes.map((node) => (node === first ? { ...node, x: at.x - 20, y: at.y - 20 } : node));
  expect(faultsOf({ ...drawing, nodes: moved }).join()).toContain(`runs through ${first?.id}`);
  const stacked = drawing.nodes.map((node) => (node === first ? { ...node, x: others[0]?.x ?? 0, y: others[0]?.y ?? 0 } : node));
  expect(faultsOf({ ...drawing, nodes: stacked }).join()).toContain(`${first?.id} covers ${others[0]?.id}`);
});

test(
  'lanes are given up only by flows that are too entangled for them',
  async () => {
    const sample = fc.sample(soundDefinitions, { numRuns: 12, seed: 7 });
    const drawings = await Promise.all(sample.map((definition) => layOut(definition, laned)));
    expect(drawings.filter(({ lanes }) => lanes.length > 0).length).toBeGreaterThanOrEqual(9);
  },
  patience,
);

test('a drawing is the same each time', async () => {
  const definition = await shipped();
  expect(await layOut(definition, laned)).toEqual(await layOut(definition, laned));
});

test.each([plain, laned])(
  'what is written is BPMN 2.0 that reads back without a warning, every element with its place',
  async (options) => {
    const xml = await bpmnOf(await shipped(), options);
    const { rootElement, warnings } = await new BpmnModdle().fromXML(xml);
    expect(warnings).toEqual([]);
    const drawing = await layOut(await shipped(), options);
    const elements = drawing.nodes.length + drawing.nodes.flatMap(({ events }) => events).length + drawing.edges.length;
    const pool = drawing.lanes.length === 0 ? 0 : drawing.lanes.length + 1;
    expect(xml.match(/<bpmndi:BPMN(Shape|Edge) /g)).toHaveLength(elements + pool);
    expect(xml).toContain(options.language === 'zh' ? '专家评审' : 'Expert review');
    expect(rootElement.$type).toBe('bpmn:Definitions');
  },
);

test(
  'random workflows are BPMN too',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(soundDefinitions, branchingDefinitions), async (definition) => {
        expect((await new BpmnModdle().fromXML(await bpmnOf(definition, laned))).warnings).toEqual([]);
      }),
      { numRuns: 5 },
    );
  },
  patience,
);

test('branches are drawn with a fork and a join, a way back where a case may be sent back, and ends that close the others', async () => {
  const definition = inTwoChannels(await shipped());
  const { nodes, edges } = await layOut(definition, plain);
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const into = (id: string) => edges.filter(({ to }) => to === id).map(({ from }) => from);
  expect(kinds.get('fork-endorsement-0')).toBe('fork');
  expect(into('stage-ministry-opinion')).toEqual(['fork-endorsement-0']);
  expect(into('join-formal-check')).toEqual(['choice-recommendation', 'choice-ministry-opinion']);
  expect(edges.find(({ from, to }) => from === 'choice-formal-check' && to === 'stage-endorsement')?.label).toBe('驳回');
  const { rootElement } = await new BpmnModdle().fromXML(await bpmnOf(definition, plain));
  const [process] = (
    rootElement as unknown as { rootElements: { flowElements: { $type: string; eventDefinitions?: object[] }[] }[] }
  ).rootElements;
  const elements = process?.flowElements ?? [];
  expect(elements.filter(({ $type }) => $type === 'bpmn:ParallelGateway')).toHaveLength(2);
  const ends = elements.filter(({ $type }) => $type === 'bpmn:EndEvent');
  expect(ends.filter(({ eventDefinitions = [] }) => eventDefinitions.length === 0)).toHaveLength(1);
});

test('a way out of a stage is drawn with words in both languages, whatever it comes to', () => {
  const outcomes = Object.values(stageKinds).flatMap(({ outcomes: usual, further = [] }: StageKind) => [...usual, ...further]);
  expect(outcomes.filter((outcome) => !/\p{Script=Han}/u.test(outcomeText(outcome).zh))).toEqual([]);
});
