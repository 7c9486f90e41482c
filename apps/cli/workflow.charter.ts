import type { CharterDocument } from '#charter';
import type { Language } from '#kernel';
import { type Actor, carriedOut, type CharterGiven, type Definition } from '#workflow';
import { charterInForce, ofDocument } from '../server/charter-in-force.js';
import { contextsKnown } from '../server/contexts.js';
import { modelCharter } from '../server/demonstration.charter.js';
import { type Console, Failure, type Options, textOption, UsageError } from './command.js';
import { charterIn } from './found.command.js';
import { withInstallation } from './installation.js';

/** The charter that a check was asked to hold a definition against: a draft in a file, or the one in force in an alliance. */
export async function charterAsked(options: Options, console: Console): Promise<CharterGiven | undefined> {
  const [file, alliance] = [textOption(options, 'charter'), textOption(options, 'alliance')];
  if (file !== undefined && alliance !== undefined) {
    throw new UsageError({ en: 'Give --charter or --alliance, not both.', zh: '--charter 与 --alliance 只能二选一。' });
  }
  if (file !== undefined) return ofDocument(await charterIn(file));
  if (alliance === undefined) return undefined;
  const given = await withInstallation(console, ({ states }) => charterInForce(states, alliance, Date.now()));
  if (given === undefined) throw noCharter(alliance);
  return given;
}

const noCharter = (alliance: string): Failure =>
  new Failure({
    en: `The alliance "${alliance}" has no charter in force.`,
    zh: `联盟“${alliance}”没有生效的章程。`,
  });

/** The model charter, as an alliance would amend it for a workflow of its own: it names the workflow where the engine carries it out. */
export function modelCharterFor(definition: Definition): CharterDocument {
  const charter = modelCharter({ zh: '示范联盟', en: 'Model alliance' });
  const needed = new Set(carriedOut(definition, contextsKnown));
  const powers = charter.powers.map((clause) =>
    needed.has(clause.power) ? { ...clause, workflows: [...new Set([...(clause.workflows ?? []), definition.id])] } : clause,
  );
  return { ...charter, powers };
}

/** The organ that a power belongs to, by its name in a charter: what a drawing needs for its lanes. */
export const actorsOf =
  ({ organs, powers }: CharterDocument, language: Language) =>
  (power: string): Actor => {
    const id = powers.find((clause) => clause.power === power)?.organ ?? power;
    return { id, name: organs.find(({ organ }) => organ === id)?.name[language] ?? id };
  };
