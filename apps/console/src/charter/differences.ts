/** A document in lines: always the same ones, in whatever order its fields came. */
export const written = (document: unknown): string =>
  JSON.stringify(document, (_name, value: unknown) => (isRecord(value) ? sorted(value) : value), 2);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sorted = (record: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(record).toSorted(([one], [other]) => (one < other ? -1 : 1)));

/** A run of lines that two texts share, or that only one of them has. */
export interface Run {
  readonly of: 'both' | 'before' | 'after';
  readonly lines: readonly string[];
}

/** How one text becomes another, line by line, keeping as many lines as can be kept. Takes time and room as the product of what differs. */
export function differences(before: string, after: string): readonly Run[] {
  const [one, other] = [before.split('\n'), after.split('\n')];
  const start = sharedStart(one, other);
  const end = sharedStart(one.slice(start).toReversed(), other.slice(start).toReversed());
  const middle = between(one.slice(start, one.length - end), other.slice(start, other.length - end));
  return together([
    { of: 'both', lines: one.slice(0, start) },
    ...middle,
    { of: 'both', lines: end === 0 ? [] : one.slice(-end) },
  ]);
}

function sharedStart(one: readonly string[], other: readonly string[]): number {
  const differs = one.findIndex((line, index) => line !== other[index]);
  return differs === -1 ? one.length : differs;
}

/** By the longest common subsequence: `kept[i][j]` is how many lines of the rests from i and j can be kept. */
function between(one: readonly string[], other: readonly string[]): readonly Run[] {
  const kept = Array.from({ length: one.length + 1 }, () => new Uint32Array(other.length + 1));
  const keptAt = (i: number, j: number): number => kept[i]?.[j] ?? 0;
  for (let i = one.length - 1; i >= 0; i -= 1) {
    const row = kept[i] as Uint32Array;
    for (let j = other.length - 1; j >= 0; j -= 1)
      row[j] = one[i] === other[j] ? keptAt(i + 1, j + 1) + 1 : Math.max(keptAt(i + 1, j), keptAt(i, j + 1));
  }
  const runs: Run[] = [];
  for (let i = 0, j = 0; i < one.length || j < other.length;) {
    const [gone, come] = [one[i], other[j]];
    if (gone !== undefined && gone === come) {
      runs.push({ of: 'both', lines: [gone] });
      i += 1;
      j += 1;
    } else if (gone !== undefined && (come === undefined || keptAt(i + 1, j) >= keptAt(i, j + 1))) {
      runs.push({ of: 'before', lines: [gone] });
      i += 1;
    } else if (come !== undefined) {
      runs.push({ of: 'after', lines: [come] });
      j += 1;
    }
  }
  return runs;
}

function together(runs: readonly Run[]): readonly Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (run.lines.length === 0) continue;
    if (last?.of === run.of) joined[joined.length - 1] = { of: run.of, lines: [...last.lines, ...run.lines] };
    else joined.push(run);
  }
  return joined;
}
