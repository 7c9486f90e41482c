import type { Definition, DefinitionHistory, Pinned, Stage } from './definition.js';
import { procedureOf } from './subcases/subcase.js';

/**
 * The definition that a round, case or sub-case is pinned to. Stages that a migrated case has behind it are among `former`.
 *
 * @throws Error where a version was never adopted: a bug, not a refusal
 */
export function pinnedDefinition(
  history: Pick<DefinitionHistory, 'versions'>,
  { id, version, before = [], subcase }: Pick<Pinned, 'id' | 'version' | 'before' | 'subcase'>,
): Definition {
  const adopted = (one: number): Definition => {
    const found = history.versions[one];
    if (found === undefined) throw new Error(`definition ${id} version ${one} is not in the log`);
    return subcase === undefined ? found.definition : procedureOf(found.definition, subcase);
  };
  const definition = adopted(version);
  if (before.length === 0) return definition;
  const known = new Map(definition.stages.map((stage) => [stage.id, stage]));
  const former: Stage[] = [];
  for (const stage of before.toReversed().flatMap((one) => adopted(one).stages)) {
    if (known.has(stage.id)) continue;
    known.set(stage.id, stage);
    former.push(stage);
  }
  return { ...definition, former };
}
