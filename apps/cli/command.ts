import type { ParseArgsConfig } from 'node:util';
import type { Language, Text } from '#kernel';

/** Where a command reads from and writes to. `say` is for results, `tell` for progress and remarks. */
export interface Console {
  readonly language: Language;
  readonly environment: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly tell: (line: string) => void;
}

export type Options = Readonly<Record<string, string | boolean | undefined>>;

export interface Command {
  /** As typed after `entente`: `import institutions`. */
  readonly words: readonly string[];
  /** What follows the words, for the usage. */
  readonly parameters: string;
  readonly about: Text;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** How many words may follow: at least, at most. */
  readonly takes: readonly [number, number];
  /** @returns the exit code: 0, or 1 where something was found wanting and has been told */
  readonly run: (given: readonly string[], options: Options, console: Console) => Promise<0 | 1>;
}

/** The command line cannot be understood: exit code 2, and the usage. */
export class UsageError extends Error {
  constructor(readonly text: Text) {
    super(text.en);
  }
}

/** What was asked for cannot be done: exit code 1. */
export class Failure extends Error {
  constructor(readonly text: Text) {
    super(text.en);
  }
}

/** The value of an option that takes text. */
export const textOption = (options: Options, name: string): string | undefined => {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
};

/** The value of an option that takes a whole number. @throws UsageError for anything else */
export function wholeNumber(options: Options, name: string, fallback: number, range: readonly [number, number]): number {
  const value = textOption(options, name);
  if (value === undefined) return fallback;
  const number = Number(value);
  const [least, most] = range;
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw new UsageError({
    en: `--${name} takes a whole number from ${least} to ${most}, not "${value}".`,
    zh: `--${name} 应为 ${least} 至 ${most} 的整数，不能是“${value}”。`,
  });
}
