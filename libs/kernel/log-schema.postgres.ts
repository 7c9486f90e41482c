import { type Migration, runtimeRole } from './database.postgres.js';

/**
 * The log: one table, insert-only for the runtime role.
 *
 * `{"data":` data `,` frame is the envelope's RFC 8785 text as it was hashed and hashed again by auditors: `text` in a UTF-8 database
 * gives back the very bytes, where `jsonb` would reorder members and rewrite numbers. In two parts, because a replay needs the data and
 * seldom the rest. The other columns repeat what questions are asked by.
 * Names compare by bytes (collate "C"), whatever the language of the server.
 */
const eventTable = `
create table event (
  position bigint primary key check (position > 0),
  stream text collate "C" not null,
  revision int not null check (revision >= 0),
  id uuid not null,
  type text collate "C" not null,
  data text not null,
  frame text not null,
  check (octet_length(data) + octet_length(frame) <= 1048567),
  unique (stream, revision),
  unique (id, stream)
);
grant select, insert on event to ${runtimeRole};
`;

/**
 * Appends a batch if nothing stands against any of it: the usual case, at the least cost.
 *
 * One lock from before the look at the log until after the commit: so positions are dense, and their order is the order of commits.
 * The second statement of a volatile function sees what was committed while the first one waited for the lock.
 *
 * - checks: what streams are expected to be how long, each pair once
 * - events: in the order in which they are to stand in the log
 *
 * Answers with the position before the first event, or with null where an expectation fails: nothing was written. An event that is there
 * already violates a unique index.
 */
const appendAll = `
create function append_all(
  check_stream text[], check_length int[],
  event_stream text[], event_revision int[], event_id uuid[], event_type text[], event_data text[], event_frame text[]
) returns bigint language plpgsql as $$
declare
  head bigint;
begin
  perform pg_advisory_xact_lock(4711000);
  select coalesce((select max(position) from event), 0) into head
  where not exists (
    select from unnest(check_stream, check_length) as c(stream, length)
    where c.length <> coalesce((select e.revision + 1 from event e where e.stream = c.stream order by e.revision desc limit 1), 0)
  );
  if head is not null then
    insert into event (position, stream, revision, id, type, data, frame)
    select head + e.n, e.stream, e.revision, e.id, e.type, e.data, e.frame
    from unnest(event_stream, event_revision, event_id, event_type, event_data, event_frame)
      with ordinality as e(stream, revision, id, type, data, frame, n);
  end if;
  return head;
end $$;
grant execute on function append_all to ${runtimeRole};
`;

/**
 * Appends what can be appended of a batch, and reports on each append.
 *
 * Beyond the arguments of append_all: of each append its stream, the id of its first event, its expected length and size, and its
 * duties: which append (1-based) rests on which check (1-based), its own stream first. No two appends of a batch write the same stream.
 *
 * Answers with one row per append: the position of its last event (and the revision of its first one where it was there before), or no
 * position, the number of the check that failed and the length that was found.
 */
const appendEach = `
create function append_each(
  check_stream text[], check_length int[],
  event_stream text[], event_revision int[], event_id uuid[], event_type text[], event_data text[], event_frame text[],
  append_stream text[], append_first_id uuid[], append_expected int[], append_size int[], duty_append int[], duty_check int[]
) returns table (append bigint, "position" bigint, known_revision int, failed_check bigint, actual int)
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
    where c.length <> coalesce(own.length, 0)
  ), known as materialized (
    select a.n, old.position + a.size - 1 as last, old.revision
    from unnest(append_stream, append_first_id, append_size) with ordinality as a(stream, id, size, n)
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
    from unnest(append_stream, append_expected, append_size) with ordinality as a(stream, expected, size, n)
    where not exists (select from known where known.n = a.n) and not exists (select from refused where refused.n = a.n)
  ), written as (
    insert into event (position, stream, revision, id, type, data, frame)
    select a.last - a.last_revision + e.revision, e.stream, e.revision, e.id, e.type, e.data, e.frame
    from unnest(event_stream, event_revision, event_id, event_type, event_data, event_frame) as e(stream, revision, id, type, data, frame)
    join accepted a on a.stream = e.stream
  )
  select n, last, null::int, null::bigint, null::int from accepted
  union all select n, last, revision, null, null from known
  union all select n, null, null, failed_check, actual from refused;
end $$;
grant execute on function append_each to ${runtimeRole};
`;

/** Makes the log. To be applied before the migrations of what is built on it. */
export const logMigrations: readonly Migration[] = [{ id: 'log.1', sql: eventTable + appendAll + appendEach }];
