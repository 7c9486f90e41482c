import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useWords } from '../language.js';
import { useRead } from '../reading.js';
import { Read, Section } from './page.js';

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

interface Lettered {
  readonly text: Box;
  readonly lines: readonly string[];
}

interface Node extends Box, Lettered {
  readonly id: string;
  readonly kind: 'start' | 'task' | 'choice' | 'fork' | 'join' | 'merge' | 'end';
  readonly of?: string;
  readonly events: readonly (Box & Lettered & { readonly id: string; readonly kind: string })[];
}

interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly (Box & { readonly actor: string; readonly name: string })[];
  readonly nodes: readonly Node[];
  readonly edges: readonly {
    readonly id: string;
    readonly points: readonly Point[];
    readonly text?: Box;
    readonly lines: readonly string[];
  }[];
}

/** How a stage or an end stands out: where a case has been and is, or how many cases are there. */
export interface Mark {
  readonly tone: 'done' | 'current';
  /** Beside the shape. */
  readonly words: string;
}

export type Marks = ReadonlyMap<string, Mark>;

interface Properties {
  readonly round: string;
  /** The procedure of an appeal or a hearing, by its name. */
  readonly subcase?: string | undefined;
  /** By id of a stage or end. */
  readonly marks: Marks;
}

/** The workflow of a round as a drawing, with what is going on now in it. */
export function WorkflowDrawing({ round, subcase, marks }: Properties): ReactNode {
  const { t, language } = useWords();
  const of = subcase === undefined ? '' : `&subcase=${subcase}`;
  const reading = useRead<Drawing>(`/v1/rounds/${round}/drawing?lang=${language}${of}`);
  return (
    <Section title={t('drawing')}>
      <Read reading={reading}>{(drawing) => <Canvas drawing={drawing} marks={marks} />}</Read>
    </Section>
  );
}

function Canvas({ drawing, marks }: { readonly drawing: Drawing; readonly marks: Marks }): ReactNode {
  const { t } = useWords();
  const arrow = useId();
  const frame = useRef<HTMLDivElement>(null);
  const { width, height, lanes, nodes, edges } = drawing;
  const current = nodes.find((node) => markOf(node, marks)?.tone === 'current');
  useEffect(() => {
    const { current: shown } = frame;
    if (shown === null || current === undefined) return;
    shown.scrollTo(current.x - shown.clientWidth / 2, current.y - shown.clientHeight / 2);
  }, [current]);
  return (
    <div ref={frame} className="drawing" role="group" aria-label={t('drawing.of')} tabIndex={0}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        <defs>
          <marker id={arrow} viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M0 0L10 5L0 10z" className="drawing-arrow" />
          </marker>
        </defs>
        {lanes.map((lane) => (
          <g key={lane.actor} className="drawing-lane">
            <rect x={lane.x} y={lane.y} width={lane.width} height={lane.height} />
            <text x={lane.x + inset} y={lane.y + lineHeight}>
              {lane.name}
            </text>
          </g>
        ))}
        {edges.map(({ id, points, text, lines }) => (
          <g key={id} className="drawing-edge">
            <polyline points={points.map(({ x, y }) => `${x},${y}`).join(' ')} markerEnd={`url(#${arrow})`} />
            {text !== undefined && <Letters text={text} lines={lines} />}
          </g>
        ))}
        {nodes.map((node) => (
          <Shape key={node.id} node={node} mark={markOf(node, marks)} />
        ))}
      </svg>
    </div>
  );
}

const inset = 10;
const fontSize = 12;
const lineHeight = 15;

const Letters = ({ text, lines }: Lettered): ReactNode =>
  lines.map((line, index) => (
    // Lines of one text stay in their order.
    <text key={`${index} ${line}`} x={text.x + text.width / 2} y={text.y + fontSize + index * lineHeight}>
      {line}
    </text>
  ));

/** Only stages and ends stand out: gates belong to their stage. */
const markOf = ({ kind, of }: Node, marks: Marks): Mark | undefined =>
  of !== undefined && (kind === 'task' || kind === 'end') ? marks.get(of) : undefined;

function Shape({ node, mark }: { readonly node: Node; readonly mark: Mark | undefined }): ReactNode {
  const tone = mark === undefined ? '' : ` drawing-${mark.tone}`;
  return (
    <g
      className={`drawing-node drawing-${node.kind}${tone}`}
      data-of={node.of}
      aria-current={mark?.tone === 'current' ? 'step' : undefined}
    >
      <Outline node={node} />
      <Letters text={node.text} lines={node.lines} />
      {node.events.map((event) => (
        <g key={event.id} className="drawing-event">
          <circle cx={event.x + event.width / 2} cy={event.y + event.height / 2} r={event.width / 2} />
          <text x={event.x + event.width / 2} y={event.y + event.height / 2 + 5} aria-hidden="true">
            {event.kind === 'timer' ? '◷' : '✉'}
          </text>
          <Letters text={event.text} lines={event.lines} />
        </g>
      ))}
      {mark !== undefined && (
        <text className="drawing-mark" x={node.x + node.width / 2} y={node.y - 6}>
          {mark.words}
        </text>
      )}
    </g>
  );
}

function Outline({ node: { kind, x, y, width, height } }: { readonly node: Node }): ReactNode {
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  switch (kind) {
    case 'task':
      return <rect x={x} y={y} width={width} height={height} rx={8} />;
    case 'choice':
    case 'merge':
      return <polygon points={`${middleX},${y} ${x + width},${middleY} ${middleX},${y + height} ${x},${middleY}`} />;
    case 'fork':
    case 'join':
      return (
        <>
          <polygon points={`${middleX},${y} ${x + width},${middleY} ${middleX},${y + height} ${x},${middleY}`} />
          <path d={`M${middleX - 9} ${middleY}h18M${middleX} ${middleY - 9}v18`} />
        </>
      );
    case 'start':
    case 'end':
      return <circle cx={middleX} cy={middleY} r={width / 2 - 1} />;
  }
}
