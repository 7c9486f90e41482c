import { inspect } from 'node:util';

/** Longer than anything takes on a machine that does three other things; a test may take longer than this (jest.config.mjs). */
const patienceMs = 40_000;
const pauseMs = 20;

/**
 * The first answer that is there and as it should be, asked for again and again. What comes and goes may be missed: ask for what stays.
 *
 * @param isMeant - whatever is not undefined, unless told
 * @throws Error with what was waited for and what was seen last; or what `ask` throws
 */
export async function eventually<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  isMeant: (answer: T) => boolean = () => true,
): Promise<T> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && isMeant(answer)) return answer;
    if (Date.now() > until) throw new Error(toldOf(ask.toString(), isMeant.toString(), answer));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

const toldOf = (asked: string, meant: string, last: unknown): string =>
  `not within ${patienceMs} ms: ${asked}\nmeant: ${meant}\nseen last: ${inspect(last, { depth: 6 }).slice(0, 2_000)}`;
