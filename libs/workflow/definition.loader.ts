import { unsound, hashOf } from './definition.decider.js';
import { checkDefinition } from './check/definition.check.js';
import { type Finding, isRemark } from './check/finding.js';
import { readSource } from './check/source.js';
import type { Definition } from './definition.js';
import { definitionFaults } from './definition.schema-check.js';

/** A definition from a file, as it would be adopted. */
export interface LoadedDefinition {
  readonly definition: Definition;
  /** SHA-256 (base64url) of its canonical JSON. */
  readonly hash: string;
}

/**
 * Reads a definition from YAML. A rubric may be given as `{ file: rubrics/x.yaml }`, beside the definition: it becomes part of it.
 *
 * @throws DomainError definition.unsound with every fault and its path
 */
export async function loadDefinition(path: string): Promise<LoadedDefinition> {
  const { value: definition, faults: unread } = await readSource(path);
  const faults = unread.length > 0 ? unread : faultsOf(definition);
  if (faults.length > 0) throw unsound(faults);
  return { definition: definition as Definition, hash: hashOf(definition as Definition) };
}

/** Every fault of a value that should be a definition: of shape first, of sense once the shape is right. */
export const faultsOf = (value: unknown): readonly Finding[] => {
  const faults = definitionFaults(value);
  return (faults.length > 0 ? faults : checkDefinition(value as Definition)).filter((found) => !isRemark(found));
};
