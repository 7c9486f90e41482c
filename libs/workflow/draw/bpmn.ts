import { BpmnModdle, type ModdleElement } from 'bpmn-moddle';
import type { Definition } from '../definition.js';
import { type DrawingOptions, type LaidOut, layOut, type PlacedEvent, type PlacedNode } from './layout.js';
import type { Box, Point } from './pieces.js';

type Elements = ReadonlyMap<string, ModdleElement>;

const moddle = new BpmnModdle();
const make = (type: string, attributes: object): ModdleElement => moddle.create(type, attributes);

/**
 * A definition as BPMN 2.0 with its diagram, as bpmn.io and other tools open it.
 *
 * For reading and for minutes: the workflow itself stays the definition, and nothing is read back from BPMN.
 */
export async function bpmnOf(definition: Definition, options: DrawingOptions): Promise<string> {
  const drawing = await layOut(definition, options);
  const title = definition.title[options.language];
  const elements = elementsOf(drawing);
  const nodes = [...elements.values()];
  const lanes = drawing.lanes.map(({ actor, name }) => {
    const own = drawing.nodes
      .filter((node) => node.lane === actor)
      .flatMap(({ id, events }) => [id, ...events.map((event) => event.id)]);
    return make('bpmn:Lane', { id: `lane-${actor}`, name, flowNodeRef: own.flatMap((id) => elements.get(id) ?? []) });
  });
  const process = make('bpmn:Process', {
    id: `process-${definition.id}`,
    name: title,
    isExecutable: false,
    ...(lanes.length === 0 ? {} : { laneSets: [make('bpmn:LaneSet', { id: 'lanes', lanes })] }),
    flowElements: nodes,
  });
  const pool = make('bpmn:Participant', { id: 'pool', name: title, processRef: process });
  const collaboration = make('bpmn:Collaboration', { id: 'collaboration', participants: [pool] });
  const inPool = lanes.length > 0;
  const shapes = [
    ...(inPool ? [shapeOf(pool, poolBox(drawing), { isHorizontal: true })] : []),
    ...lanes.map((lane, index) => shapeOf(lane, drawing.lanes[index] as Box, { isHorizontal: true })),
    ...diagramOf(drawing, elements),
  ];
  const plane = make('bpmndi:BPMNPlane', {
    id: 'plane',
    bpmnElement: inPool ? collaboration : process,
    planeElement: shapes,
  });
  const definitions = make('bpmn:Definitions', {
    id: 'definitions',
    targetNamespace: 'https://entente.invalid/bpmn',
    exporter: 'Entente',
    rootElements: inPool ? [collaboration, process] : [process],
    diagrams: [make('bpmndi:BPMNDiagram', { id: 'diagram', plane })],
  });
  const { xml } = await moddle.toXML(definitions, { format: true });
  return xml;
}

const poolHead = 30;

const poolBox = ({ lanes }: LaidOut): Box => {
  const [first, last] = [lanes[0] as Box, lanes.at(-1) as Box];
  return { x: first.x - poolHead, y: first.y, width: first.width + poolHead, height: last.y + last.height - first.y };
};

/** Nodes, events and flows by id, each flow known to both of its ends. */
function elementsOf({ nodes, edges }: LaidOut): Elements {
  const elements = new Map<string, ModdleElement>();
  for (const node of nodes) {
    const element = nodeOf(node);
    elements.set(node.id, element);
    for (const event of node.events) elements.set(event.id, eventOf(event, element));
  }
  for (const { id, from, to, label } of edges) {
    const flow = make('bpmn:SequenceFlow', {
      id,
      ...(label === '' ? {} : { name: label }),
      sourceRef: elements.get(from),
      targetRef: elements.get(to),
    });
    elements.set(id, flow);
    listed(elements.get(from), 'outgoing', flow);
    listed(elements.get(to), 'incoming', flow);
  }
  return elements;
}

function listed(element: ModdleElement | undefined, list: 'incoming' | 'outgoing', flow: ModdleElement): void {
  (element?.[list] as ModdleElement[] | undefined)?.push(flow);
}

const taskTypes = {
  task: 'bpmn:UserTask',
  'parallel-tasks': 'bpmn:UserTask',
  vote: 'bpmn:UserTask',
  wait: 'bpmn:ReceiveTask',
} as const;

function nodeOf({ id, kind, label, shape, owner, closes }: PlacedNode): ModdleElement {
  const common = { id, ...(label === '' ? {} : { name: label }), incoming: [], outgoing: [] };
  switch (kind) {
    case 'start':
      return make('bpmn:StartEvent', common);
    case 'end':
      return make('bpmn:EndEvent', {
        ...common,
        ...(closes === true ? { eventDefinitions: [make('bpmn:TerminateEventDefinition', {})] } : {}),
      });
    case 'choice':
    case 'merge':
      return make('bpmn:ExclusiveGateway', common);
    case 'fork':
    case 'join':
      return make('bpmn:ParallelGateway', common);
    case 'task': {
      const each = shape === 'parallel-tasks' || shape === 'vote';
      return make(taskTypes[shape ?? 'task'], {
        ...common,
        documentation: [make('bpmn:Documentation', { text: `power: ${owner}` })],
        ...(each ? { loopCharacteristics: make('bpmn:MultiInstanceLoopCharacteristics', { isSequential: false }) } : {}),
      });
    }
  }
}

function eventOf({ id, kind, label }: PlacedEvent, attachedToRef: ModdleElement): ModdleElement {
  const definition =
    kind === 'timer'
      ? make('bpmn:TimerEventDefinition', { timeDuration: make('bpmn:FormalExpression', { body: label }) })
      : make('bpmn:MessageEventDefinition', {});
  return make('bpmn:BoundaryEvent', { id, name: label, attachedToRef, cancelActivity: false, eventDefinitions: [definition] });
}

function diagramOf({ nodes, edges }: LaidOut, elements: Elements): readonly ModdleElement[] {
  const shapes = nodes.flatMap((node) => {
    const label = node.kind === 'task' || node.label === '' ? {} : { label: labelOf(node.text) };
    return [
      shapeOf(elements.get(node.id), node, {
        ...label,
        ...(node.kind === 'choice' || node.kind === 'merge' ? { isMarkerVisible: true } : {}),
      }),
      ...node.events.map((event) => shapeOf(elements.get(event.id), event, { label: labelOf(event.text) })),
    ];
  });
  const flows = edges.map(({ id, points, text }) =>
    make('bpmndi:BPMNEdge', {
      id: `${id}-di`,
      bpmnElement: elements.get(id),
      waypoint: points.map(({ x, y }: Point) => make('dc:Point', { x, y })),
      ...(text === undefined ? {} : { label: labelOf(text) }),
    }),
  );
  return [...shapes, ...flows];
}

const labelOf = (text: Box): ModdleElement => make('bpmndi:BPMNLabel', { bounds: boundsOf(text) });

const boundsOf = ({ x, y, width, height }: Box): ModdleElement => make('dc:Bounds', { x, y, width, height });

const shapeOf = (element: ModdleElement | undefined, box: Box, more: object): ModdleElement =>
  make('bpmndi:BPMNShape', { id: `${String(element?.['id'])}-di`, bpmnElement: element, bounds: boundsOf(box), ...more });
