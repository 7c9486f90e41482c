import type { Definition } from '../definition.js';
import { definitionFaults } from '../definition.schema-check.js';
import type { CharterGiven } from './charter-given.js';
import type { ContextsKnown } from './contexts-known.js';
import { checkDefinition } from './definition.check.js';
import { type Located, readSource } from './source.js';

/** What a definition's file holds, and everything that is wrong with it, in the order of its lines. */
export interface CheckedFile {
  /** Undefined where the file is not shaped like a definition. */
  readonly definition?: Definition;
  readonly findings: readonly Located[];
}

/**
 * Proves the definition in a file: its syntax, then its shape, then its sense, alone or under a charter.
 *
 * @throws Error where the file itself cannot be read
 */
export async function checkFile(path: string, charter?: CharterGiven, contexts?: ContextsKnown): Promise<CheckedFile> {
  const { value, faults, at } = await readSource(path);
  if (faults.length > 0) return { findings: faults };
  const misshapen = definitionFaults(value);
  const found = misshapen.length > 0 ? misshapen : checkDefinition(value as Definition, charter, contexts);
  const findings = found.map((one) => ({ ...one, ...at(one.path) })).toSorted(inOrder);
  return misshapen.length > 0 ? { findings } : { definition: value as Definition, findings };
}

const inOrder = (one: Located, other: Located): number =>
  one.file === other.file ? one.line - other.line || one.column - other.column : one.file < other.file ? -1 : 1;
