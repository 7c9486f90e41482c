export { bpmnOf } from './bpmn.js';
export type { Actor, ActorOf, Lane } from './bands.js';
export { type DrawingOptions, type LaidOut, layOut, type PlacedEdge, type PlacedEvent, type PlacedNode } from './layout.js';
export type { Box, Point } from './pieces.js';
export { svgOf } from './svg.js';
