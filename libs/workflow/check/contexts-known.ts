import type { Text } from '#kernel';
import type { RegisterFacts } from '../condition.js';

/** What one command of a context takes. */
export interface CommandKnown {
  /** The power that it needs, where that does not depend on what is there already. */
  readonly power?: string;
  /** What of its data it does not take, each by its JSON Pointer. Pure. */
  readonly faults: (data: Readonly<Record<string, unknown>>) => readonly { readonly path: string; readonly text: Text }[];
}

export interface ContextKnown {
  /** What it says of each of its subjects, as far as conditions may read it. */
  readonly facts: RegisterFacts;
  readonly commands: Readonly<Record<string, CommandKnown>>;
}

/** The contexts of the house by name, as far as a workflow may rest on them. */
export type ContextsKnown = Readonly<Record<string, ContextKnown>>;

/** A command of a context; undefined where there is none. */
export function commandKnown(contexts: ContextsKnown, { context, type }: { readonly context: string; readonly type: string }) {
  const commands = Object.hasOwn(contexts, context) ? contexts[context]?.commands : undefined;
  return commands !== undefined && Object.hasOwn(commands, type) ? commands[type] : undefined;
}
