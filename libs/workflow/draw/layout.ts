import type { ELK, ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { Language } from '#kernel';
import type { Definition } from '../definition.js';
import { type ActorOf, bands, type Gaps, type Lane, lanesOf, widened } from './bands.js';
import { type Graph, type GraphEdge, graphOf, type GraphNode } from './graph.js';
import { boxOf, lines } from './lettering.js';
import {
  type Box,
  edgeLabelWidth,
  eventSize,
  labelOf,
  labelWidth,
  lineOf,
  measure,
  type Piece,
  type Pieces,
  piecesOf,
  type Point,
} from './pieces.js';

export interface PlacedNode extends GraphNode, Box {
  /** The actor in whose lane it stands, where there are lanes. */
  readonly lane?: string;
  /** Where its text stands: inside a task, under anything else. */
  readonly text: Box;
  readonly lines: readonly string[];
  readonly events: readonly PlacedEvent[];
}

export interface PlacedEvent extends Box {
  readonly id: string;
  readonly kind: 'timer' | 'message';
  readonly label: string;
  readonly text: Box;
  readonly lines: readonly string[];
}

export interface PlacedEdge extends GraphEdge {
  /** From border to border, at right angles. */
  readonly points: readonly Point[];
  readonly lines: readonly string[];
  readonly text?: Box;
}

/** A drawing with every place in it, in pixels from the upper left corner: data for XML, SVG or a page. */
export interface LaidOut {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  /** None where actors are not known. */
  readonly lanes: readonly Lane[];
}

export interface DrawingOptions {
  readonly language: Language;
  /** The organ that holds a power. Where it is given, each actor has a lane. */
  readonly actorOf?: ActorOf;
}

/** Lays a definition out from left to right: layers, edges at right angles, no edge through a node. */
export async function layOut(definition: Definition, { language, actorOf }: DrawingOptions): Promise<LaidOut> {
  const graph = graphOf(definition, language);
  const pieces = piecesOf(graph);
  const free = await placed(pieces, new Map());
  if (actorOf === undefined) return bounded(drawn(graph, free, []));
  const laned = await inBands(pieces, free, actorOf);
  if (laned === undefined) return bounded(drawn(graph, free, []));
  const drawing = drawn(graph, laned, lanesOf(pieces, placesIn(laned), actorOf));
  return bounded({ ...drawing, nodes: drawing.nodes.map((node) => ({ ...node, lane: actorOf(node.owner).id })) });
}

const attempts = 6;

/** Every actor in a band of its own, further apart where edges needed room; undefined for a flow too entangled for bands. */
async function inBands(pieces: Pieces, free: ElkNode, actorOf: ActorOf): Promise<ElkNode | undefined> {
  let gaps: Gaps | undefined = new Map();
  for (let attempt = 0; attempt < attempts && gaps !== undefined; attempt += 1) {
    const banded = await placed(pieces, bands(pieces, placesIn(free), actorOf, gaps));
    gaps = widened(pieces, placesIn(banded), actorOf, gaps);
    if (gaps === undefined) return banded;
  }
  return undefined;
}

const margin = 30;
export const laneHead = 34;

const elkOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.spacing.nodeNodeBetweenLayers': '30',
  'elk.layered.spacing.edgeNodeBetweenLayers': '14',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  'elk.spacing.nodeNode': '34',
  'elk.spacing.edgeNode': '22',
  'elk.spacing.edgeEdge': '14',
  'elk.spacing.edgeLabel': '4',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  'elk.layered.feedbackEdges': 'true',
};

/** Keeps what was placed before: the second run only moves nodes into their lanes and routes the edges anew. */
const keepPlaces = {
  'elk.layered.considerModelOrder.strategy': 'NONE',
  'elk.layered.cycleBreaking.strategy': 'INTERACTIVE',
  'elk.layered.layering.strategy': 'INTERACTIVE',
  'elk.layered.crossingMinimization.strategy': 'INTERACTIVE',
  'elk.layered.nodePlacement.strategy': 'INTERACTIVE',
};

/** Positions by node id: all that a first run found, and a second is to keep. */
type Places = ReadonlyMap<string, Point>;

/** Loaded with the first drawing: it takes half a second, which nobody who draws nothing should wait for. */
let engine: Promise<ELK> | undefined;

const elk = (): Promise<ELK> => (engine ??= import('elkjs/lib/elk.bundled.js').then((loaded) => new loaded.default.default()));

async function placed({ nodes, links }: Pieces, kept: Places): Promise<ElkNode> {
  return (await elk()).layout({
    id: 'drawing',
    layoutOptions: kept.size === 0 ? elkOptions : { ...elkOptions, ...keepPlaces },
    children: nodes.map((node) => elkNode(node, kept.get(node.id))),
    edges: links.map(({ id, from, to }) => ({ id, sources: [`${from}.out`], targets: [`${to}.in`] })),
  });
}

function elkNode(piece: Piece, at: Point | undefined): ElkNode {
  const { room } = measure(piece);
  const port = (side: 'WEST' | 'EAST', x: number) => ({
    id: `${piece.id}.${side === 'WEST' ? 'in' : 'out'}`,
    width: 0,
    height: 0,
    x,
    y: lineOf(piece),
    layoutOptions: { 'elk.port.side': side },
  });
  return {
    id: piece.id,
    ...room,
    ...at,
    ports: [port('WEST', 0), port('EAST', room.width)],
    layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
  };
}

const placesIn =
  ({ children = [] }: ElkNode) =>
  (id: string): Box => {
    const { x = 0, y = 0, width = 0, height = 0 } = children.find((child) => child.id === id) ?? { id };
    return { x, y, width, height };
  };

function drawn({ nodes, edges }: Graph, elk: ElkNode, lanes: readonly Lane[]): LaidOut {
  const shapes = nodes.map((node) => placedNode(node, placesIn(elk)(node.id)));
  return { width: 0, height: 0, nodes: shapes, edges: edges.map((edge) => placedEdge(edge, elk, shapes)), lanes };
}

function placedNode(node: GraphNode, { x, y }: Point): PlacedNode {
  const { room, shape } = measure(node);
  const box = { x: x + shape.x, y: y + shape.y, width: shape.width, height: shape.height };
  const width = node.kind === 'task' ? box.width - 16 : room.width;
  const set = lines(node.label, Math.max(width, labelWidth));
  const size = boxOf(node.label, Math.max(width, labelWidth));
  const text =
    node.kind === 'task'
      ? { x: box.x + (box.width - size.width) / 2, y: box.y + (box.height - size.height) / 2, ...size }
      : { x: box.x + (box.width - size.width) / 2, y: box.y + box.height + 6, ...size };
  const step = box.width / Math.max(1, node.events.length);
  const events = node.events.map((event, index) => {
    const middle = box.x + step * (index + 0.5);
    const label = boxOf(event.label, labelWidth);
    return {
      ...event,
      x: middle - eventSize / 2,
      y: box.y + box.height - eventSize / 2,
      width: eventSize,
      height: eventSize,
      text: { x: middle - label.width / 2, y: box.y + box.height + eventSize / 2 + 4, ...label },
      lines: lines(event.label, labelWidth),
    };
  });
  return { ...node, ...box, text, lines: set, events };
}

/** As the layout has it, and on to the shape itself where that is narrower than the room it was given. */
function placedEdge(edge: GraphEdge, elk: ElkNode, nodes: readonly PlacedNode[]): PlacedEdge {
  const from = nodes.find(({ id }) => id === edge.from) as PlacedNode;
  const to = nodes.find(({ id }) => id === edge.to) as PlacedNode;
  const between = [edge.id, `${edge.id}.before`, `${edge.id}.after`].flatMap((id) => {
    const [section] = elk.edges?.find((link) => link.id === id)?.sections ?? [];
    return section === undefined ? [] : [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
  });
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x, y: to.y + to.height / 2 };
  const { x, y } = placesIn(elk)(labelOf(edge));
  const text = { x: x + 4, y, ...boxOf(edge.label, edgeLabelWidth) };
  return {
    ...edge,
    points: straightened([start, ...between, end]),
    lines: lines(edge.label, edgeLabelWidth),
    ...(edge.label === '' ? {} : { text }),
  };
}

/** Without points that lie on the way between their neighbours. */
const straightened = (points: readonly Point[]): readonly Point[] =>
  points.filter((point, index) => {
    const [before, after] = [points[index - 1], points[index + 1]];
    if (before === undefined || after === undefined) return true;
    return !((before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y));
  });

/** Moved to the margin, with lanes as wide as everything. */
function bounded({ nodes, edges, lanes }: LaidOut): LaidOut {
  const boxes = [
    ...nodes.flatMap((node) => [node, node.text, ...node.events.flatMap((event) => [event, event.text])]),
    ...edges.flatMap(({ points, text }) => [
      ...points.map((point) => ({ ...point, width: 0, height: 0 })),
      ...(text === undefined ? [] : [text]),
    ]),
    ...lanes.map((lane) => ({ ...lane, x: Infinity, width: -Infinity })),
  ];
  const head = lanes.length > 0 ? laneHead + 16 : 0;
  const left = Math.min(...boxes.filter(({ x }) => x < Infinity).map(({ x }) => x)) - margin - head;
  const top = Math.min(...boxes.map(({ y }) => y)) - (lanes.length > 0 ? margin / 2 : margin);
  const right = Math.max(...boxes.filter(({ x }) => x < Infinity).map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  const width = Math.ceil(right - left + margin);
  const move = <B extends Point>(box: B): B => ({ ...box, x: Math.round(box.x - left), y: Math.round(box.y - top) });
  return {
    width,
    height: Math.ceil(bottom - top + (lanes.length > 0 ? margin / 2 : margin)),
    nodes: nodes.map((node) => ({
      ...move(node),
      text: move(node.text),
      events: node.events.map((event) => ({ ...move(event), text: move(event.text) })),
    })),
    edges: edges.map((edge) => ({
      ...edge,
      points: edge.points.map(move),
      ...(edge.text === undefined ? {} : { text: move(edge.text) }),
    })),
    lanes: lanes.map((lane) => ({ ...move(lane), x: margin / 2, width: width - margin })),
  };
}
