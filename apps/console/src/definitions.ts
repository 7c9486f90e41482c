import { useEffect, useState } from 'react';
import { read } from './api.js';
import type { Definition, DefinitionOfRound, Listed } from './shapes.js';
import { useWords } from './language.js';
import { allianceZone } from './time.js';

/** A round keeps its definition until it is moved to another version, so each is read once. */
const known = new Map<string, Promise<DefinitionOfRound>>();

function definitionOf(round: string): Promise<DefinitionOfRound> {
  const found = known.get(round);
  if (found !== undefined) return found;
  const reading = read<DefinitionOfRound>(`/v1/rounds/${round}/definition`);
  known.set(round, reading);
  reading.catch(() => known.delete(round));
  return reading;
}

/** Of a round that has been moved to another version. */
export const forgetDefinition = (round: string): boolean => known.delete(round);

/** The definitions of rounds, as they arrive. */
export function useDefinitions(rounds: readonly string[]): ReadonlyMap<string, DefinitionOfRound> {
  const [found, setFound] = useState<ReadonlyMap<string, DefinitionOfRound>>(new Map());
  const wanted = [...new Set(rounds)].sort().join(' ');
  useEffect(() => {
    let current = true;
    for (const round of wanted === '' ? [] : wanted.split(' ')) {
      definitionOf(round)
        .then((definition) => current && setFound((before) => new Map(before).set(round, definition)))
        // A list without titles of stages is still a list.
        .catch(() => undefined);
    }
    return () => {
      current = false;
    };
  }, [wanted]);
  return found;
}

const ofSubcase = (definition: Definition | undefined, stage: string) =>
  Object.values(definition?.subcases ?? {}).flatMap(({ titles }) => titles[stage] ?? [])[0];

/** The title of the stage that a case is at, or of its end. */
export function useStageTitle(): (definition: Definition | undefined, stage: string) => string {
  const { say } = useWords();
  return (definition, stage) => {
    const title =
      definition?.stages.find(({ id }) => id === stage)?.title ?? definition?.ends[stage] ?? ofSubcase(definition, stage);
    return title === undefined ? '…' : say(title);
  };
}

export const zoneOf = (definitions: ReadonlyMap<string, Definition>, { round }: Pick<Listed, 'round'>): string =>
  definitions.get(round)?.zone ?? allianceZone;
