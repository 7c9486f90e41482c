import { canonicalJson, type Decider, sha256 } from '#kernel';
import { contradictions, type Fault } from './definition.check.js';
import type { Definition, DefinitionHistory } from './definition.js';
import type { DefinitionCommand, DefinitionEvent } from './definition.messages.js';
import { refused } from './refusal.js';

/** SHA-256 (base64url) of a definition's canonical JSON: what rounds and cases are pinned to. */
export const hashOf = (definition: Definition): string => sha256(canonicalJson(definition));

/** The workflows of an alliance, adopted like any other rule. */
export const definitionDecider: Decider<DefinitionCommand, DefinitionEvent, DefinitionHistory> = {
  category: 'definition',
  permits: { AdoptDefinition: 'adopt-workflow' },
  initialState: { latest: 0, versions: {} },

  decide({ data: { definition } }, history, { alliance, id }) {
    if (id !== `${alliance}.${definition.id}`) throw wrongAddress(definition.id);
    const faults = contradictions(definition);
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
};

const wrongAddress = (id: string) =>
  refused(
    'definition.wrong-address',
    `This workflow calls itself "${id}"; adopt it under that address.`,
    `该工作流的标识为“${id}”，请以此标识通过。`,
    { id },
  );

/** @returns the refusal that lists every fault with its path */
export const unsound = (faults: readonly Fault[]) =>
  refused(
    'definition.unsound',
    `This workflow cannot be adopted. ${faults.map(({ path, message }) => `${path}: ${message}.`).join(' ')}`,
    `该工作流不能通过。${faults.map(({ path, message }) => `${path}：${message}。`).join('')}`,
    { faults },
  );

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
