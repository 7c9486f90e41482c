import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { unsound, hashOf } from './definition.decider.js';
import { checkDefinition } from './check/definition.check.js';
import { type Finding, isRemark } from './check/finding.js';
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
  const definition = await withRubrics(parse(await readFile(path, 'utf8')), dirname(path));
  const faults = faultsOf(definition);
  if (faults.length > 0) throw unsound(faults);
  return { definition: definition as Definition, hash: hashOf(definition as Definition) };
}

/** Every fault of a value that should be a definition: of shape first, of sense once the shape is right. */
export const faultsOf = (value: unknown): readonly Finding[] => {
  const faults = definitionFaults(value);
  return (faults.length > 0 ? faults : checkDefinition(value as Definition)).filter((found) => !isRemark(found));
};

async function withRubrics(value: unknown, folder: string): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => withRubrics(item, folder)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([name, inner]: [string, unknown]) => [
    name,
    name === 'rubric' && isFile(inner)
      ? (parse(await readFile(resolve(folder, inner.file), 'utf8')) as unknown)
      : await withRubrics(inner, folder),
  ]);
  return Object.fromEntries((await Promise.all(entries)) as [string, unknown][]);
}

const isFile = (value: unknown): value is { readonly file: string } =>
  typeof value === 'object' && value !== null && typeof (value as { file?: unknown }).file === 'string';
