import type { Definition } from '../definition.js';
import { definitionFaults } from '../definition.schema-check.js';
import type { CharterGiven } from './charter-given.js';
import type { ContextsKnown } from './contexts-known.js';
import { checkDefinition } from './definition.check.js';
import type { Finding } from './finding.js';
import { type Located, readSource, type YamlFile } from './source.js';

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
export const checkFile = async (path: string, charter?: CharterGiven, contexts?: ContextsKnown): Promise<CheckedFile> =>
  checkSource(await readSource(path), (definition) => checkDefinition(definition, charter, contexts));

/** Proves what was read: its syntax, then its shape, then with `prove` its sense. */
export function checkSource({ value, faults, at }: YamlFile, prove: (definition: Definition) => readonly Finding[]): CheckedFile {
  if (faults.length > 0) return { findings: faults };
  const misshapen = definitionFaults(value);
  const found = misshapen.length > 0 ? misshapen : prove(value as Definition);
  const findings = found.map((one) => ({ ...one, ...at(one.path) })).toSorted(inOrder);
  return misshapen.length > 0 ? { findings } : { definition: value as Definition, findings };
}

const inOrder = (one: Located, other: Located): number =>
  one.file === other.file ? one.line - other.line || one.column - other.column : one.file < other.file ? -1 : 1;
