import { type CommandHandling, derivedUuid, type States } from '#kernel';
import { type Institution, institutionContext } from '#organisation';
import type { InstitutionRow } from './institutions.file.js';

export interface Imported {
  readonly registered: number;
  readonly changed: number;
  readonly unchanged: number;
}

/** Enough to fill the log's batches; more only waits. */
const atOnce = 256;

/**
 * Registers institutions, or what has changed about them. Twice the same list changes nothing, so an import that broke off is just repeated.
 *
 * @param run - id of this import: another one for another import, so that a name may change back
 * @throws DomainError when the charter does not let the operator register institutions
 */
export async function importInstitutions(
  { handling, states }: { readonly handling: CommandHandling; readonly states: States },
  alliance: string,
  rows: readonly InstitutionRow[],
  run: string,
): Promise<Imported> {
  const counts = { registered: 0, changed: 0, unchanged: 0 };
  // A generator, because a failure in one taker then ends the queue for all.
  const queue = each(rows);
  const take = async (): Promise<void> => {
    for (const { code, facts } of queue) {
      const id = `${alliance}.${code}`;
      const { state } = await states.load<Institution>(`institution-${id}`);
      const { events } = await handling.handle(
        institutionContext,
        id,
        { type: 'RegisterInstitution', data: facts },
        { kind: 'operator', alliance, commandId: derivedUuid(run, code) },
      );
      counts[events.length === 0 ? 'unchanged' : state.facts === undefined ? 'registered' : 'changed'] += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, take));
  return counts;
}

function* each<T>(items: readonly T[]): Generator<T> {
  yield* items;
}
