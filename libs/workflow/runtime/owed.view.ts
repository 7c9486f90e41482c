import { type EventStore, type RecordedEvent, type Sql, type View } from '#kernel';
import { Consequences } from './consequences.js';
import { concernsOwed, type DueEffect, effectConcerned, noteOf, Owed, placeOf } from './owed.js';
import type { OwingRules } from './rules.js';

/** An effect as the view keeps it: JSON has no bigint. */
export type KeptEffect = Omit<DueEffect, 'cause'> & {
  readonly cause: { readonly id: string; readonly position: string; readonly stream: string };
};

/** What is read of a row of `effect`. */
export const effectOf = (kept: KeptEffect): DueEffect => ({
  ...kept,
  cause: { ...kept.cause, position: BigInt(kept.cause.position) },
});

const tables = (schema: string): string => `
  CREATE TABLE ${schema}.effect (
    id text PRIMARY KEY, command text NOT NULL, stream text NOT NULL, due_at timestamptz NOT NULL,
    position bigint NOT NULL, place int NOT NULL, note text NOT NULL, body jsonb NOT NULL);
  CREATE INDEX ON ${schema}.effect (command);
  CREATE INDEX ON ${schema}.effect (note);
  CREATE INDEX ON ${schema}.effect (stream);
  CREATE INDEX ON ${schema}.effect (position);
  CREATE INDEX ON ${schema}.effect (due_at, position, place);`;

/**
 * The view `owed`: every effect that the log gives rise to and has not settled yet, in the table `effect`.
 *
 * @param categories - categories of all streams that effects send commands to, beside those that owe
 */
export function owedView(rules: OwingRules, store: EventStore, categories: readonly string[]): View {
  const consequences = new Consequences(rules, store);
  return {
    name: 'owed',
    version: 3,
    categories: [...new Set([...rules.deciders.map(({ category }) => category), ...categories])],
    concerns: concernsOwed(rules),
    create: async (sql, schema) => {
      await sql.query(tables(schema));
    },
    apply: async (events, sql, schema) => {
      const effects = await consequences.of(events);
      const owed = new Owed(rules.settles);
      const before = await openFor(events, sql, schema);
      for (const effect of before) owed.add(effect);
      for (const [index, event] of events.entries()) owed.take(event, effects[index] ?? []);
      // What has changed on the way is another object.
      const known = new Map(before.map((effect) => [effect.id, effect]));
      await forget(
        [...known.values()].filter((effect) => owed.get(effect.id) !== effect).map(({ id }) => id),
        sql,
        schema,
      );
      await keep(
        [...owed.values()].filter((effect) => known.get(effect.id) !== effect),
        sql,
        schema,
      );
    },
  };
}

/** What a batch may settle or change of what was owed before it: a stream that begins in it owes nothing yet, and causes in it are no rows. */
async function openFor(events: readonly RecordedEvent[], sql: Sql, schema: string): Promise<readonly DueEffect[]> {
  const begun = new Set(events.filter(({ revision }) => revision === 0).map(({ stream }) => stream));
  const streams = new Set(events.map(({ stream }) => stream).filter((stream) => !begun.has(stream)));
  const here = new Set(events.map(({ id }) => id));
  const commands = [
    ...events.flatMap(({ meta: { causation, command } }) => (causation === undefined || here.has(causation) ? [] : [command])),
    ...events.flatMap((event) => effectConcerned(event) ?? []),
  ];
  if (streams.size === 0 && commands.length === 0) return [];
  const rows = await sql.query<{ body: KeptEffect }>(
    `SELECT body FROM ${schema}.effect WHERE stream = ANY($1::text[])
     UNION SELECT body FROM ${schema}.effect WHERE command = ANY($2::text[])`,
    [[...streams], commands],
  );
  return rows.map(({ body }) => effectOf(body));
}

async function forget(ids: readonly string[], sql: Sql, schema: string): Promise<void> {
  if (ids.length > 0) await sql.query(`DELETE FROM ${schema}.effect WHERE id = ANY($1::text[])`, [ids]);
}

async function keep(effects: readonly DueEffect[], sql: Sql, schema: string): Promise<void> {
  if (effects.length === 0) return;
  await sql.query(
    `INSERT INTO ${schema}.effect (id, command, stream, due_at, position, place, note, body)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::bigint[], $6::int[], $7::text[], $8::jsonb[])`,
    [
      effects.map(({ id }) => id),
      effects.map(({ commandId }) => commandId),
      effects.map(({ cause }) => cause.stream),
      effects.map(({ dueAt }) => dueAt),
      effects.map(({ cause }) => String(cause.position)),
      effects.map((effect) => placeOf(effect)),
      effects.map((effect) => noteOf(effect)),
      effects.map((effect) => JSON.stringify({ ...effect, cause: { ...effect.cause, position: String(effect.cause.position) } })),
    ],
  );
}
