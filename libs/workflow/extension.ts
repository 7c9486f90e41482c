import { deadline } from './deadline.js';
import type { Definition, ExtensionLimit } from './definition.js';

/** Where a definition does not say. */
const usual: ExtensionLimit = { times: 2, workingDays: 20 };

/** What keeps a deadline from being put off to an instant, or once more; undefined where nothing does. */
export function beyondLimit(
  definition: Pick<Definition, 'round'>,
  { times, workingDays } = usual,
  { before, dueAt, until }: { readonly before: number; readonly dueAt: string; readonly until: string },
): { readonly times: number } | { readonly last: string } | undefined {
  if (before >= times) return { times };
  const last = deadline(definition, Date.parse(dueAt) - 1, workingDays);
  return Date.parse(until) > Date.parse(last) ? { last } : undefined;
}
