import type { Graph, GraphEdge, GraphNode } from './graph.js';
import { boxOf } from './lettering.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** A node, or the label of an edge, which takes room like one. */
export type Piece = GraphNode | (Pick<GraphNode, 'id' | 'label' | 'owner'> & { readonly kind: 'label'; readonly to: string });

export interface Pieces {
  readonly nodes: readonly Piece[];
  readonly links: readonly { readonly id: string; readonly from: string; readonly to: string }[];
}

export const labelOf = (edge: Pick<GraphEdge, 'id'>): string => `label-${edge.id}`;

/** Every label stands on its edge as a piece of its own, so that nothing else is put there. */
export function piecesOf({ nodes, edges }: Graph): Pieces {
  const labels = edges
    .filter(({ label }) => label !== '')
    .map((edge): Piece & { readonly from: string } => {
      const owner = nodes.find(({ id }) => id === edge.to)?.owner ?? '';
      return { id: labelOf(edge), kind: 'label', label: edge.label, owner, to: edge.to, from: edge.from };
    });
  return {
    nodes: nodes.flatMap((node) => [node, ...labels.filter(({ from }) => from === node.id)]),
    links: edges.flatMap((edge) =>
      edge.label === ''
        ? [{ id: edge.id, from: edge.from, to: edge.to }]
        : [
            { id: `${edge.id}.before`, from: edge.from, to: labelOf(edge) },
            { id: `${edge.id}.after`, from: labelOf(edge), to: edge.to },
          ],
    ),
  };
}

const taskWidth = 190;
const taskHeight = 70;
export const eventSize = 30;
export const labelWidth = 92;
export const edgeLabelWidth = 110;

export interface Measure {
  /** Room that is kept free, text and events included. */
  readonly room: { readonly width: number; readonly height: number };
  /** The shape itself, inside the room. */
  readonly shape: Box;
}

export function measure(piece: Piece): Measure {
  const { label } = piece;
  switch (piece.kind) {
    case 'task': {
      const { events } = piece;
      const under = Math.max(0, ...events.map((event) => boxOf(event.label, labelWidth).height));
      const below = events.length === 0 ? 0 : eventSize / 2 + 4 + under;
      const width = Math.max(taskWidth, events.length * (labelWidth + 6));
      return { room: { width, height: taskHeight + below }, shape: { x: 0, y: 0, width, height: taskHeight } };
    }
    case 'label': {
      const { width, height } = boxOf(label, edgeLabelWidth);
      const room = { width: width + 8, height: height + 2 };
      return { room, shape: { x: 0, y: 0, ...room } };
    }
    case 'choice':
    case 'fork':
    case 'join':
    case 'merge':
      return { room: { width: 44, height: 44 }, shape: { x: 0, y: 0, width: 44, height: 44 } };
    default: {
      const text = boxOf(label, labelWidth);
      const width = Math.max(36, text.width);
      return { room: { width, height: 36 + 6 + text.height }, shape: { x: (width - 36) / 2, y: 0, width: 36, height: 36 } };
    }
  }
}

/** How far under its upper edge the flow passes a piece: through the middle of a shape, under a label. */
export function lineOf(piece: Piece): number {
  const { shape, room } = measure(piece);
  return piece.kind === 'label' ? room.height : shape.y + shape.height / 2;
}
