import {
  canonicalJson,
  type CharterInForce,
  charterStream,
  type Decider,
  holds,
  type OrganSeats,
  organStream,
  sha256,
} from '#kernel';
import { type CharterGiven, charterGiven, organsOnce } from './check/charter-given.js';
import type { ContextsKnown } from './check/contexts-known.js';
import { checkDefinition } from './check/definition.check.js';
import { type Finding, isRemark, said } from './check/finding.js';
import type { Definition, DefinitionHistory } from './definition.js';
import type { DefinitionCommand, DefinitionEvent } from './definition.messages.js';
import { inCel } from './definition.v1.js';
import { mappingFindings, noSuchVersion } from './migration/mapping.check.js';
import { refused } from './refusal.js';

/** SHA-256 (base64url) of a definition's canonical JSON: what rounds and cases are pinned to. */
export const hashOf = (definition: Definition): string => sha256(canonicalJson(definition));

/**
 * The workflows of an alliance, adopted like any other rule.
 *
 * @param contexts - those of the house: what a workflow may send to them
 */
export const definitionDecider = (
  contexts: () => ContextsKnown,
): Decider<DefinitionCommand, DefinitionEvent, DefinitionHistory> => ({
  category: 'definition',
  parts: 2,
  versions: { DefinitionAdopted: 2 },
  upcasters: { 'DefinitionAdopted.1': inCel },
  permits: { AdoptDefinition: 'adopt-workflow' },
  initialState: { latest: 0, versions: {} },

  consults(_command, _history, { alliance, loaded, consulted }) {
    const stream = charterStream(alliance);
    if (!loaded(stream)) return [stream];
    const charter = consulted<CharterInForce>(stream);
    const organs = charter.version === 0 ? [] : organsOnce(charter);
    return [stream, ...organs.map((organ) => organStream(alliance, organ))];
  },

  decide({ data: { definition } }, history, { alliance, id, consulted, now }) {
    if (id !== `${alliance}.${definition.id}`) throw wrongAddress(definition.id);
    const charter = consulted<CharterInForce>(charterStream(alliance));
    const seatedIn = (organ: string) =>
      consulted<OrganSeats>(organStream(alliance, organ)).seats.filter((seat) => holds(seat, now));
    const given = charter.version === 0 ? undefined : charterGiven(charter, seatedIn);
    const faults = adoptionFindings(definition, history, given, contexts()).filter((found) => !isRemark(found));
    if (faults.length > 0) throw unsound(faults);
    const hash = hashOf(definition);
    const known = history.versions[definition.version];
    if (known?.hash === hash) return [];
    if (known !== undefined) throw versionTaken(definition.version, known.hash);
    if (definition.version <= history.latest) throw versionTooLow(definition.version, history.latest);
    return [{ type: 'DefinitionAdopted', data: { version: definition.version, hash, definition } }];
  },

  evolve: ({ versions }, { data: { version, hash, definition } }) => ({
    latest: version,
    versions: { ...versions, [version]: { hash, definition } },
  }),
});

/**
 * Everything that is found where a definition is to be adopted: in itself, under the charter, and in its way from an earlier version. Pure.
 *
 * @param definition - a value that the schema accepts
 */
export const adoptionFindings = (
  definition: Definition,
  history: DefinitionHistory,
  charter: CharterGiven | undefined,
  contexts: ContextsKnown,
): readonly Finding[] => [...checkDefinition(definition, charter, contexts), ...transitionFindings(definition, history)];

/** What is wrong with what a version would do to open rounds: it leads away from a version that was adopted. */
function transitionFindings(definition: Definition, { versions }: DefinitionHistory): readonly Finding[] {
  const { transition } = definition;
  if (transition === undefined) return [];
  const from = versions[transition.from];
  return from === undefined ? [noSuchVersion(transition.from)] : mappingFindings(from.definition, definition, transition.stages);
}

const wrongAddress = (id: string) =>
  refused(
    'definition.wrong-address',
    `This workflow calls itself "${id}"; adopt it under that address.`,
    `该工作流的标识为“${id}”，请以此标识通过。`,
    { id },
  );

/** @returns the refusal that lists every finding with its path and remedy */
export const unsound = (faults: readonly Finding[]) =>
  refused('definition.unsound', `This workflow cannot be adopted. ${said(faults).en}`, `该工作流不能通过。${said(faults).zh}`, {
    faults,
  });

const versionTaken = (version: number, hash: string) =>
  refused(
    'definition.version-taken',
    `Version ${version} has been adopted with other contents. What was adopted never changes: give the new text the next version.`,
    `第 ${version} 版已通过且内容不同。已通过的内容不得更改，请使用新的版本号。`,
    { version, hash },
  );

const versionTooLow = (version: number, latest: number) =>
  refused(
    'definition.version-too-low',
    `Version ${latest} has been adopted; the next one must be higher than that, and this is ${version}.`,
    `已通过第 ${latest} 版，新版本号须大于该版本，现为 ${version}。`,
    { version, latest },
  );
