import { type Migration, runtimeRole } from './database.postgres.js';

/**
 * The log: one table, insert-only for the runtime role.
 *
 * `body` is the envelope's RFC 8785 text as it was hashed and hashed again by auditors: `text` in a UTF-8 database gives back the very
 * bytes, where `jsonb` would reorder members and rewrite numbers. The other columns repeat what questions are asked by.
 * Names compare by bytes (collate "C"), whatever the language of the server.
 */
const eventTable = `
create table event (
  position bigint primary key check (position > 0),
  stream text collate "C" not null,
  revision int not null check (revision >= 0),
  id uuid not null,
  type text collate "C" not null,
  body text not null check (octet_length(body) <= 1048576),
  unique (stream, revision),
  unique (id, stream)
);
create index event_by_category on event (split_part(stream, '-', 1), position);
grant select, insert on event to ${runtimeRole};
`;

/**
 * Appends a batch: judges every append on the log as it is once the lock is held, writes those that pass, reports on each.
 *
 * One lock from before the look at the log until after the commit: so positions are dense, and their order is the order of commits.
 * The second statement of a volatile function sees what was committed while the first one waited for the lock.
 *
 * - checks: what streams are expected to be how long, each pair once
 * - duties: which append rests on which check (1-based); each append's own stream first
 * - one `first_id` per append; events name their append (1-based), in its order
 * Answers with one row per append: \`position\` of its last event, or null with the number of the check that failed and the length found.
 */
const appendBatch = `
create function append_batch(
  check_stream text[], check_length int[],
  duty_append int[], duty_check int[],
  stream text[], expected int[], size int[], first_id uuid[],
  event_append int[], event_revision int[], event_id uuid[], event_type text[], event_body text[]
) returns table (append bigint, "position" bigint, first_revision int, failed_check bigint, actual int)
language plpgsql as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock(4711000);
  return query
  with failed as materialized (
    select c.n, coalesce(own.length, 0) as actual
    from unnest(check_stream, check_length) with ordinality as c(stream, length, n)
    left join lateral (
      select e.revision + 1 as length from event e where e.stream = c.stream order by e.revision desc limit 1
    ) own on true
    where coalesce(own.length, 0) <> c.length
  ), known as materialized (
    select a.n, old.position + a.size - 1 as last, old.revision
    from unnest(stream, first_id, size) with ordinality as a(stream, id, size, n)
    cross join lateral (
      select e.position, e.revision from event e where e.id = a.id and e.stream = a.stream limit 1
    ) old
  ), refused as materialized (
    select distinct on (d.append) d.append::bigint as n, f.n as failed_check, f.actual
    from unnest(duty_append, duty_check) as d(append, n) join failed f on f.n = d.n
    where not exists (select from known where known.n = d.append)
    order by d.append, d.n
  ), accepted as materialized (
    select a.n, a.stream, a.expected + a.size - 1 as last_revision,
      (select coalesce(max(e.position), 0) from event e) + sum(a.size) over (order by a.n) as last
    from unnest(stream, expected, size) with ordinality as a(stream, expected, size, n)
    where not exists (select from known where known.n = a.n) and not exists (select from refused where refused.n = a.n)
  ), written as (
    insert into event (position, stream, revision, id, type, body)
    select a.last - a.last_revision + e.revision, a.stream, e.revision, e.id, e.type, e.body
    from unnest(event_append, event_revision, event_id, event_type, event_body) as e(append, revision, id, type, body)
    join accepted a on a.n = e.append
  )
  select n, last, null::int, null::bigint, null::int from accepted
  union all select n, last, revision, null, null from known
  union all select n, null, null, failed_check, actual from refused;
end $$;
grant execute on function append_batch to ${runtimeRole};
`;

/** Makes the log. To be applied before the migrations of what is built on it. */
export const logMigrations: readonly Migration[] = [{ id: 'log.1', sql: eventTable + appendBatch }];
