import type { Definition } from '../definition.js';
import { blindingFindings, hearingBlindingFindings } from './blinding.js';
import { carryingOutFindings } from './carrying-out.js';
import { charterFindings } from './charter.js';
import type { CharterGiven } from './charter-given.js';
import { commandFindings } from './commands.js';
import type { ContextsKnown } from './contexts-known.js';
import { branchFindings, returnFindings } from './branches.js';
import { allConditionFindings } from './conditions.js';
import type { Finding } from './finding.js';
import { flowFindings } from './flow.js';
import { loopFindings } from './loops.js';
import { nameFindings, numberFindings } from './names.js';
import { subcaseCharterFindings, subcaseFindings, withinSubcases } from './subcases.js';
import { voteFindings } from './votes.js';
import { textFindings } from './texts.js';
import { waitFindings } from './waits.js';
import { zoneFindings } from './zone.js';
import { rankingFindings } from '../ranking/ranking.findings.js';

/** A flow whose names point nowhere would be found unsound for that reason alone. */
const flowBreaking: ReadonlySet<Finding['code']> = new Set(['dead-end', 'named-twice', 'join-mismatch']);

/**
 * Proves a definition, alone or under a charter: everything that a schema cannot see. Pure.
 *
 * @param definition - a value that the schema accepts
 * @param charter - the one that it would be adopted under
 * @param contexts - those of the house that it would run in
 */
export const checkDefinition = (definition: Definition, charter?: CharterGiven, contexts?: ContextsKnown): readonly Finding[] => [
  ...checkProcedure(definition, contexts),
  ...subcaseFindings(definition),
  ...hearingBlindingFindings(definition),
  ...zoneFindings(definition),
  ...textFindings(definition),
  ...withinSubcases(definition, (procedure) => checkProcedure(procedure, contexts)),
  ...(charter === undefined ? [] : checkUnderCharter(definition, charter, contexts)),
];

/**
 * Of a definition's proof, what rests on the charter: all that another charter may make of one that was adopted. Pure.
 *
 * @param definition - a value that the schema accepts
 */
export const checkUnderCharter = (
  definition: Definition,
  charter: CharterGiven,
  contexts?: ContextsKnown,
): readonly Finding[] => [
  ...underCharter(definition, charter, contexts),
  ...subcaseCharterFindings(definition, charter),
  ...withinSubcases(definition, (procedure) => underCharter(procedure, charter, contexts)),
];

const isNamed = (names: readonly Finding[]): boolean => !names.some(({ code }) => flowBreaking.has(code));
const namesIn = (definition: Definition): readonly Finding[] => [...nameFindings(definition), ...branchFindings(definition)];

const underCharter = (definition: Definition, charter: CharterGiven, contexts?: ContextsKnown): readonly Finding[] => [
  ...charterFindings(definition, charter, contexts),
  ...(contexts !== undefined && isNamed(namesIn(definition)) ? voteFindings(definition, charter, contexts) : []),
];

/** What is found of a flow whose names are in order. */
function wholeFindings(definition: Definition): readonly Finding[] {
  const flow = flowFindings(definition);
  const seen = flow.length > 0 ? [] : blindingFindings(definition);
  return [...flow, ...loopFindings(definition), ...returnFindings(definition), ...seen];
}

function checkProcedure(definition: Definition, contexts?: ContextsKnown): readonly Finding[] {
  const names = namesIn(definition);
  return [
    ...names,
    ...numberFindings(definition),
    ...allConditionFindings(definition, contexts),
    ...rankingFindings(definition),
    ...carryingOutFindings(definition),
    ...commandFindings(definition, contexts),
    ...waitFindings(definition),
    ...(isNamed(names) ? wholeFindings(definition) : []),
  ];
}
