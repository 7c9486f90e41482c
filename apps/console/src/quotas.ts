import type { Quota } from './shapes.js';

/** Quotas as a secretary writes them, a limit in each line: `form.kind: online 40, each 20`, `institution.province via recommendation: each 5`. */
export const written = (quotas: readonly Quota[]): string => quotas.map(lineOf).join('\n');

function lineOf({ by = 'all', each, places = {}, through }: Quota): string {
  const counts = [...Object.entries(places), ...(each === undefined ? [] : [['each', each] as const])];
  return `${by}${through === undefined ? '' : ` via ${through}`}: ${counts.map(([value, count]) => `${value} ${count}`).join(', ')}`;
}

/** The quotas that a text says, or the number of the first line (from 1) that says none. */
export function readQuotas(text: string): readonly Quota[] | number {
  const lines = text.split('\n').map((line) => line.trim());
  const quotas: Quota[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const quota = quotaOf(line);
    if (quota === undefined) return index + 1;
    quotas.push(quota);
  }
  return quotas.length === 0 ? 1 : quotas;
}

const quotaLine = /^(all|(?:form|subject|institution)\.[A-Za-z0-9]+)(?:\s+via\s+([a-z][a-z0-9-]{0,63}))?\s*[:：](.*)$/;

function quotaOf(line: string): Quota | undefined {
  const [, by = '', through, rest = ''] = quotaLine.exec(line) ?? [];
  const counts = rest.split(/[,，]/).map((part) => /^\s*(\S+)\s+(\d{1,6})\s*$/.exec(part));
  if (by === '' || counts.some((count) => count === null)) return undefined;
  const pairs = counts.map((count) => [count?.[1] ?? '', Number(count?.[2])] as const);
  const each = pairs.find(([value]) => value === 'each')?.[1];
  const places = Object.fromEntries(pairs.filter(([value]) => value !== 'each'));
  const isNamed = Object.keys(places).length > 0;
  if (by === 'all' && (each === undefined || isNamed)) return undefined;
  return {
    ...(by === 'all' ? {} : { by }),
    ...(each === undefined ? {} : { each }),
    ...(isNamed ? { places } : {}),
    ...(through === undefined ? {} : { through }),
  };
}
