import type { Pool } from 'pg';
import { type Migration, runtimeRole, type Text, type View, type Views } from '#kernel';
import {
  type ComingUp,
  type Incident,
  type Outcome,
  OwedEffects,
  stillTrying,
  type Take,
  type Taken,
  worrying,
} from './owed-effects.js';
import type { Stretch } from '../place.js';
import { type DueEffect, noteOf } from './owed.js';
import { effectOf, type KeptEffect } from './owed.view.js';

/**
 * Notes on attempts: who is at it, how often it failed, how it ended where no event tells.
 *
 * They are not part of the view, which follows from the log alone. If they are lost, commands are sent again, under the same ids.
 */
export const workflowMigrations: readonly Migration[] = [
  {
    id: 'workflow.1',
    sql: `create schema workflow;
      create table workflow.note (
        effect text primary key, held_until timestamptz not null, attempts int not null default 0,
        outcome text, text jsonb, error text, since timestamptz not null default now());
      create index on workflow.note (since) where outcome is distinct from 'nothing-to-do';
      grant usage on schema workflow to ${runtimeRole};
      grant select, insert, update, delete on workflow.note to ${runtimeRole};`,
  },
  { id: 'workflow.2', sql: 'alter table workflow.note add column command text, add column share real;' },
  { id: 'workflow.3', sql: 'create index on workflow.note (effect) where share is not null;' },
];

/** How long an effect stays with whoever took it. Longer than a command takes; whoever dies holds nothing up for longer. */
const holdMs = 1_000;
/** A note whose effect is gone, and that nobody can be at any more, is swept away. */
const sweptAfterMs = 60_000;

/** How much of a step that is under way is done, 0 to 1, by the id of its command; undefined where nobody has said. */
export async function shareDone(pool: Pool, command: string): Promise<number | undefined> {
  const { rows } = await pool.query<{ share: number | null }>('SELECT share FROM workflow.note WHERE command = $1', [command]);
  return rows[0]?.share ?? undefined;
}

/** How much is done, 0 to 1, of a step that takes long, and the stream that asked for it. */
export interface ShareDone {
  readonly stream: string;
  readonly share: number;
}

/** The assignments that are being computed. */
export const sharesDone = (view: View, views: Views): Promise<readonly ShareDone[]> =>
  views.read(view, (sql, schema) =>
    sql.query<ShareDone>(
      `SELECT e.stream, n.share FROM workflow.note n JOIN ${schema}.effect e ON e.note = n.effect
       WHERE n.share IS NOT NULL AND n.outcome IS NULL AND starts_with(e.stream, 'assignment-')`,
    ),
  );

/** Which incidents: of every alliance, and a thousand at most, unless told. The place of one is since when, and the id of its command. */
export interface IncidentsAsked extends Partial<Stretch> {
  readonly alliance?: string;
}

interface Row {
  readonly body: KeptEffect;
  readonly attempts: number;
}

/** What is owed, from the view `owed`, with the notes of the table `workflow.note`. */
export class PostgresOwedEffects extends OwedEffects {
  constructor(
    private readonly view: View,
    private readonly views: Views,
    private readonly pool: Pool,
  ) {
    super();
  }

  override async take(
    nowMs: number,
    { limit, ids, except = [], atLeast }: Take,
  ): Promise<{ taken: readonly Taken[]; more: boolean }> {
    const now = new Date(nowMs);
    const due = await this.views.read(
      this.view,
      (sql, schema) =>
        sql.query<Row>(
          `SELECT e.body, coalesce(n.attempts, 0) AS attempts
           FROM ${schema}.effect e LEFT JOIN workflow.note n ON n.effect = e.note
           WHERE e.due_at <= $1 AND n.outcome IS NULL AND (n.held_until IS NULL OR n.held_until <= $1)
             AND ($3::text[] IS NULL OR e.id = ANY($3)) AND e.id <> ALL ($4::text[])
           ORDER BY e.due_at, e.position, e.place LIMIT $2`,
          [now, limit, ids ?? null, except],
        ),
      atLeast,
    );
    if (due.length === 0) return { taken: [], more: false };
    const held = await this.hold(
      due.map(({ body }) => noteOf(effectOf(body))),
      now,
    );
    const taken = due
      .filter(({ body }) => held.has(noteOf(effectOf(body))))
      .map(({ body, attempts }) => ({ effect: effectOf(body), attempts }));
    return { taken, more: due.length === limit || taken.length < due.length };
  }

  /** Keeps effects for whoever took them for a while longer. */
  async renew(effects: Iterable<DueEffect>, nowMs: number): Promise<void> {
    const notes = Array.from(effects, noteOf);
    if (notes.length === 0) return;
    await this.pool.query(
      'UPDATE workflow.note SET held_until = greatest(held_until, $2) WHERE effect = ANY($1::text[]) AND outcome IS NULL',
      [notes, new Date(nowMs + holdMs)],
    );
  }

  /** When the earliest of the effects that are due, and held by whoever took them, is free again; undefined where none is held. */
  async nextReleaseAt(nowMs: number): Promise<number | undefined> {
    const now = new Date(nowMs);
    const rows = await this.views.read(this.view, (sql, schema) =>
      sql.query<{ next: Date | null }>(
        `SELECT min(n.held_until) AS next FROM ${schema}.effect e JOIN workflow.note n ON n.effect = e.note
         WHERE e.due_at <= $1 AND n.outcome IS NULL AND n.held_until > $1`,
        [now],
      ),
    );
    return rows[0]?.next?.getTime();
  }

  /** When the earliest effect falls due, or is tried again after a failure, in milliseconds since 1970 UTC; none where nothing is owed. */
  async nextDueAt(atLeast: bigint): Promise<number | undefined> {
    const rows = await this.views.read(
      this.view,
      (sql, schema) =>
        sql.query<{ next: Date | null }>(
          `SELECT min(CASE WHEN n.attempts > 0 THEN greatest(e.due_at, n.held_until) ELSE e.due_at END) AS next
           FROM ${schema}.effect e LEFT JOIN workflow.note n ON n.effect = e.note WHERE n.outcome IS NULL`,
        ),
      atLeast,
    );
    return rows[0]?.next?.getTime();
  }

  private async hold(notes: readonly string[], now: Date): Promise<ReadonlySet<string>> {
    const { rows } = await this.pool.query<{ effect: string }>(
      `INSERT INTO workflow.note AS n (effect, held_until) SELECT id, $3 FROM unnest($1::text[]) AS id ORDER BY id
       ON CONFLICT (effect) DO UPDATE SET held_until = excluded.held_until WHERE n.outcome IS NULL AND n.held_until <= $2
       RETURNING effect`,
      [notes, now, new Date(now.getTime() + holdMs)],
    );
    return new Set(rows.map(({ effect }) => effect));
  }

  override async comingUp(afterMs: number, untilMs: number, causedAfter: bigint): Promise<readonly ComingUp[]> {
    const rows = await this.views.read(this.view, (sql, schema) =>
      sql.query<{ id: string; due_at: Date; position: string }>(
        `SELECT id, due_at, position::text FROM ${schema}.effect
         WHERE due_at > $1 AND due_at <= $2 AND effect.position > $3 ORDER BY due_at, effect.position, place`,
        [new Date(afterMs), new Date(untilMs), String(causedAfter)],
      ),
    );
    return rows.map(({ id, due_at: dueAt, position }) => ({ id, atMs: dueAt.getTime(), position: BigInt(position) }));
  }

  override async keep(effect: DueEffect, nowMs: number, share: number): Promise<void> {
    await this.pool.query(
      'UPDATE workflow.note SET held_until = $2, command = $3, share = $4 WHERE effect = $1 AND outcome IS NULL',
      [noteOf(effect), new Date(nowMs + holdMs), effect.commandId, share],
    );
  }

  override async note(effect: DueEffect, outcome: Outcome): Promise<void> {
    if (outcome.kind === 'failed') {
      await this.pool.query(
        'UPDATE workflow.note SET attempts = attempts + 1, error = $2, held_until = $3 WHERE effect = $1 AND outcome IS NULL',
        [noteOf(effect), outcome.error, new Date(outcome.againAtMs)],
      );
      return;
    }
    const refused = outcome.kind === 'refused' ? outcome : undefined;
    await this.pool.query('UPDATE workflow.note SET outcome = $2, text = $3, since = now() WHERE effect = $1', [
      noteOf(effect),
      refused?.code ?? outcome.kind,
      refused === undefined ? null : JSON.stringify(refused.text),
    ]);
  }

  override async isOwed({ id }: DueEffect, atLeast: bigint): Promise<boolean> {
    const rows = await this.views.read(
      this.view,
      (sql, schema) => sql.query(`SELECT FROM ${schema}.effect WHERE id = $1`, [id]),
      atLeast,
    );
    return rows.length > 0;
  }

  override async incidents(
    { alliance, after, limit = 1_000 }: IncidentsAsked = {},
    atLeast?: bigint,
  ): Promise<readonly Incident[]> {
    interface Note extends Row {
      readonly outcome: string | null;
      readonly text: Text | null;
      readonly error: string | null;
      readonly since: Date;
    }
    const rows = await this.views.read(
      this.view,
      (sql, schema) =>
        sql.query<Note>(
          `SELECT e.body, n.attempts, n.outcome, n.text, n.error, n.since
         FROM workflow.note n JOIN ${schema}.effect e ON e.note = n.effect
         WHERE n.outcome IS DISTINCT FROM 'nothing-to-do' AND (n.outcome IS NOT NULL OR n.attempts >= ${worrying})
           AND ($1::text IS NULL OR e.body->>'alliance' = $1)
           AND ($2::timestamptz IS NULL OR (date_trunc('milliseconds', n.since), e.command) > ($2, $3::text))
         ORDER BY date_trunc('milliseconds', n.since), e.command LIMIT $4`,
          [alliance ?? null, after?.at ?? null, after?.id ?? null, limit],
        ),
      atLeast,
    );
    return rows.map(({ body, attempts, outcome, text, error, since }) => ({
      effect: effectOf(body),
      attempts: attempts + (outcome === null ? 0 : 1),
      ...(outcome === null ? {} : { refusal: outcome }),
      text: text ?? stillTrying,
      ...(error === null ? {} : { error }),
      since: since.toISOString(),
    }));
  }

  /** Removes notes whose effects are no longer owed. @returns how many */
  async sweep(nowMs: number): Promise<number> {
    const rows = await this.views.read(this.view, (sql, schema) =>
      sql.query<{ effect: string }>(
        `SELECT n.effect FROM workflow.note n WHERE n.held_until < $1
           AND NOT EXISTS (SELECT FROM ${schema}.effect e WHERE e.note = n.effect) LIMIT 10000`,
        [new Date(nowMs - sweptAfterMs)],
      ),
    );
    if (rows.length > 0)
      await this.pool.query('DELETE FROM workflow.note WHERE effect = ANY($1::text[])', [rows.map(({ effect }) => effect)]);
    return rows.length;
  }
}

/** Effects that were refused, or fail again and again, oldest first. */
export const incidentsIn = (
  view: View,
  views: Views,
  pool: Pool,
  asked: IncidentsAsked,
  atLeast?: bigint,
): Promise<readonly Incident[]> => new PostgresOwedEffects(view, views, pool).incidents(asked, atLeast);
