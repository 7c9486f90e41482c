/** One line of the report: ours beside the floor that was measured in the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor: number;
  readonly ratio: number;
}

/** A way to do the work: runs a round of it and says how much was done per second. */
export type Round = () => Promise<number>;

const rounds = 5;

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

/** Measures ours and the floor in turn, after a round of each to warm up, and takes the medians. */
export async function compare(name: string, unit: string, floor: Round, ours: Round): Promise<Figure> {
  await floor();
  await ours();
  const floors: number[] = [];
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floors.push(await floor());
    values.push(await ours());
  }
  return figure(name, unit, median(values), median(floors));
}

export const figure = (name: string, unit: string, value: number, floor: number): Figure => ({
  name,
  value: significant(value),
  unit,
  floor: significant(floor),
  ratio: Math.round((value / floor) * 100) / 100,
});

const significant = (value: number): number => Number(value.toPrecision(4));

/** Does `count` jobs, `callers` at a time, and says how many per second. */
export async function perSecond(callers: number, count: number, job: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (next < count) await job(next++);
    }),
  );
  return count / ((performance.now() - begin) / 1000);
}
