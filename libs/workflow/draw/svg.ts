import { fontSize, lineHeight } from './lettering.js';
import { type LaidOut, laneHead, type PlacedNode } from './layout.js';
import type { Box, Point } from './pieces.js';

/** A drawing as SVG: for documents, and for looking at. */
export function svgOf({ width, height, nodes, edges, lanes }: LaidOut): string {
  const parts = [
    ...lanes.map(
      ({ x, y, width: w, height: h, name }, index) =>
        `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${index % 2 === 0 ? '#fbfcfe' : '#ffffff'}" stroke="#b9c2d0"/>` +
        `<line x1="${x + laneHead}" y1="${y}" x2="${x + laneHead}" y2="${y + h}" stroke="#b9c2d0"/>` +
        `<text transform="translate(${x + laneHead / 2 + 4} ${y + h / 2}) rotate(-90)" text-anchor="middle">${escaped(name)}</text>`,
    ),
    ...edges.map(
      ({ points, text, lines }) =>
        `<path d="${pathOf(points)}" fill="none" stroke="#5b6778" marker-end="url(#arrow)"/>` +
        (text === undefined ? '' : written(lines, text, '#3b4657')),
    ),
    ...nodes.map(nodeOf),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="${fontSize}"><defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L10 5L0 10z" fill="#5b6778"/></marker></defs><rect width="100%" height="100%" fill="#ffffff"/>${parts.join('')}</svg>\n`;
}

const pathOf = (points: readonly Point[]): string =>
  points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');

function nodeOf(node: PlacedNode): string {
  const { x, y, width, height, kind, text, lines, events, outcome } = node;
  const middle = { x: x + width / 2, y: y + height / 2 };
  const end = outcome === 'granted' ? '#e6f4ea' : '#fdecea';
  const diamond = `<path d="M${middle.x} ${y}L${x + width} ${middle.y}L${middle.x} ${y + height}L${x} ${middle.y}z" fill="#fff8e6" stroke="#a8791b"/>`;
  const cross = `<path d="M${middle.x - 9} ${middle.y}h18M${middle.x} ${middle.y - 9}v18" stroke="#a8791b" stroke-width="3"/>`;
  const shapes = {
    task: `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="#eef4ff" stroke="#2f5fae"/>`,
    choice: diamond,
    merge: diamond,
    fork: diamond + cross,
    join: diamond + cross,
    start: `<circle cx="${middle.x}" cy="${middle.y}" r="${width / 2}" fill="#e6f4ea" stroke="#2d7a46"/>`,
    end: `<circle cx="${middle.x}" cy="${middle.y}" r="${width / 2 - 1}" fill="${end}" stroke="#444d5a" stroke-width="3"/>`,
  };
  const marks = events.map(
    (event) =>
      `<circle cx="${event.x + event.width / 2}" cy="${event.y + event.height / 2}" r="${event.width / 2}" fill="#ffffff" stroke="#6a7485" stroke-dasharray="4 2"/>` +
      `<text x="${event.x + event.width / 2}" y="${event.y + event.height / 2 + 5}" text-anchor="middle" font-size="14">${event.kind === 'timer' ? '◷' : '✉'}</text>` +
      written(event.lines, event.text, '#5b6778'),
  );
  return shapes[kind] + written(lines, text, '#1d2633') + marks.join('');
}

const written = (lines: readonly string[], { x, y, width }: Box, colour: string): string =>
  lines
    .map(
      (line, index) =>
        `<text x="${x + width / 2}" y="${y + fontSize + index * lineHeight}" text-anchor="middle" fill="${colour}">${escaped(line)}</text>`,
    )
    .join('');

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
