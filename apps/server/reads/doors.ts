import type { Identity, PersonSeen } from '#identity';
import { peopleById } from '#identity';
import type { Text } from '#kernel';
import { institutionsView } from '#organisation';
import type { Engines } from '../engines.js';

/** What read routes answer from. */
export interface Doors extends Engines {
  readonly identity: Identity;
  /** The alliance whose people a visitor may sign in as; absent outside the demonstration. */
  readonly demonstration?: string;
}

/** Names of people who may be shown to the reader; those who were erased have none. */
export async function namesOf(doors: Doors, people: Iterable<string>): Promise<ReadonlyMap<string, Text>> {
  const seen: ReadonlyMap<string, PersonSeen> = await peopleById(doors.runner, doors.vault, [...people]);
  return new Map([...seen].flatMap(([person, { name }]) => (name === undefined ? [] : [[person, name] as const])));
}

/** Names of institutions, by code. */
export async function institutionNames(
  doors: Doors,
  alliance: string,
  codes: readonly (string | null | undefined)[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await doors.runner.read(institutionsView, (sql, schema) =>
    sql.query<{ code: string; name: string }>(
      `select code, name from ${schema}.institutions where alliance = $1 and code = any($2::text[])`,
      [alliance, [...new Set(codes.flatMap((code) => code ?? []))]],
    ),
  );
  return new Map(rows.map(({ code, name }) => [code, name]));
}
