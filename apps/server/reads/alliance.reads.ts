import { type Static, Type } from '@sinclair/typebox';
import { type CharterDocument, charterOn, chartersView } from '#charter';
import type { Text } from '#kernel';
import { membershipsOf, membershipsView } from '#membership';
import { findInstitutions, institutionsView, seatsOn, seatsView } from '#organisation';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import { type Doors, institutionNames, namesOf } from './doors.js';
import { AsOf, Instant, Nullable, Page, pageAsked, pageOf, paging, TextSchema } from './schemas.js';
import { noSuchAlliance, standingOf } from './sight.js';

const Seat = Type.Object({
  organ: Type.String(),
  scope: Nullable(Type.String()),
  person: Type.String(),
  name: Type.Optional(TextSchema),
  role: Type.String(),
  institution: Nullable(Type.String()),
  institutionName: Type.Optional(Type.String()),
  from: Instant,
  until: Instant,
});

const Standing = Type.Object({
  person: Type.String(),
  name: Type.Optional(TextSchema),
  alliance: Type.String(),
  seats: Type.Array(Seat),
  powers: Type.Array(Type.Object({ power: Type.String(), scope: Nullable(Type.String()) })),
});

const Charter = Type.Object({
  version: Type.Integer(),
  hash: Type.String(),
  adoptedAt: Instant,
  document: Type.Unsafe<CharterDocument>({ $ref: '#/components/schemas/CharterDocument' }),
});

const Institution = Type.Object({
  code: Type.String(),
  name: Type.String(),
  nameEn: Nullable(Type.String()),
  formerNames: Type.Array(Type.String()),
  province: Type.String(),
  city: Type.String(),
  level: Type.String(),
  supervisor: Type.String(),
});

const Membership = Type.Object({
  institution: Type.String(),
  status: Type.String(),
  since: Instant,
  memberClass: Nullable(Type.String()),
});

const named = (name: Text | undefined): { name?: Text } => (name === undefined ? {} : { name });

/** Alliance, charter, organs, members, institutions, and who the caller is among them. */
export const allianceReads = (doors: Doors): readonly ReadRoute[] => [
  listAlliancesRoute(doors),
  readCharterRoute(doors),
  readStandingRoute(doors),
  listSeatsRoute(doors),
  listInstitutionsRoute(doors),
  listMembershipsRoute(doors),
];

const listAlliancesRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/alliances',
    operationId: 'listAlliances',
    tag: 'alliance',
    summary: { en: 'The alliances of this installation', zh: '本系统中的联盟' },
    open: true,
    answer: Type.Object({ items: Type.Array(Type.Object({ id: Type.String(), title: TextSchema, charter: Type.Integer() })) }),
    handle: async () => ({ items: await alliances(doors) }),
  });

const readCharterRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/alliances/{alliance}/charter',
    operationId: 'readCharter',
    tag: 'charter',
    summary: { en: 'The charter in force, now or at an instant', zh: '现行章程，或某一时刻有效的章程' },
    open: true,
    query: Type.Object({ asOf: Type.Optional(AsOf) }),
    answer: Charter,
    handle: async ({ params, query, atLeast }) => {
      const alliance = params['alliance'] as string;
      const charter = await doors.runner.read(
        chartersView,
        (sql, schema) => charterOn(sql, schema, alliance, instantOf(query.asOf)),
        atLeast,
      );
      if (charter === undefined) throw noSuchAlliance();
      return { ...charter, adoptedAt: charter.adoptedAt.toISOString() };
    },
  });

const readStandingRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/alliances/{alliance}/me',
    operationId: 'readStanding',
    tag: 'alliance',
    summary: { en: 'Which seats and powers the caller holds now', zh: '当前用户现在持有的席位与职权' },
    answer: Standing,
    handle: async ({ params, signedIn, atLeast }): Promise<Static<typeof Standing>> => {
      if (signedIn === undefined) throw noSuchAlliance();
      const { person, alliance, seats, powers } = await standingOf(doors, signedIn, params['alliance'] as string, atLeast);
      const names = await namesOf(doors, [person]);
      return { person, alliance, powers: [...powers], seats: seats.map(shownSeat(names)), ...named(names.get(person)) };
    },
  });

const listSeatsRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/alliances/{alliance}/seats',
    operationId: 'listSeats',
    tag: 'organ',
    summary: { en: 'Who sits in the organs, now or at an instant', zh: '各机构席位的持有人（现在或某一时刻）' },
    query: Type.Object({
      organ: Type.Optional(Type.String({ maxLength: 100 })),
      asOf: Type.Optional(AsOf),
    }),
    answer: Type.Object({ items: Type.Array(Seat) }),
    handle: async ({ params, query, signedIn, atLeast }) => {
      const alliance = params['alliance'] as string;
      if (signedIn !== undefined) await standingOf(doors, signedIn, alliance);
      const at = instantOf(query.asOf) ?? new Date(doors.clock.now()).toISOString();
      const asked = { alliance, at, ...(query.organ === undefined ? {} : { organ: query.organ }) };
      const seats = await doors.runner.read(seatsView, (sql, schema) => seatsOn(sql, schema, asked), atLeast);
      const names = await namesOf(
        doors,
        seats.map(({ person }) => person),
      );
      const institutions = await institutionNames(
        doors,
        alliance,
        seats.map(({ institution }) => institution),
      );
      const employedAt = (institution: string | null): { institutionName?: string } => {
        const institutionName = institutions.get(institution ?? '');
        return institutionName === undefined ? {} : { institutionName };
      };
      return { items: seats.map((seat) => ({ ...shownSeat(names)(seat), ...employedAt(seat.institution) })) };
    },
  });

const listInstitutionsRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/alliances/{alliance}/institutions',
    operationId: 'listInstitutions',
    tag: 'institution',
    summary: { en: 'Institutions, by name, province and level', zh: '院校（可按名称、省份、层次查询）' },
    open: true,
    query: Type.Object({
      name: Type.Optional(Type.String({ maxLength: 100 })),
      province: Type.Optional(Type.String({ maxLength: 10 })),
      level: Type.Optional(Type.String({ maxLength: 20 })),
      ...paging,
    }),
    answer: Page(Institution),
    handle: async ({ params, query: { cursor: _cursor, limit: _limit, ...filters }, query, atLeast }) => {
      const asked = { alliance: params['alliance'] as string, ...filters, ...pageAsked(query) };
      const found = await doors.runner.read(institutionsView, (sql, schema) => findInstitutions(sql, schema, asked), atLeast);
      const { items, ...rest } = pageOf(found, query, ({ code }) => code);
      return { items: items.map((item) => ({ ...item, formerNames: [...item.formerNames] })), ...rest };
    },
  });

const listMembershipsRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/alliances/{alliance}/memberships',
    operationId: 'listMemberships',
    tag: 'membership',
    summary: { en: 'The members of the alliance', zh: '联盟成员单位' },
    open: true,
    query: Type.Object({ status: Type.Optional(Type.String({ maxLength: 20 })), ...paging }),
    answer: Page(Membership),
    handle: async ({ params, query, atLeast }) => {
      const asked = {
        alliance: params['alliance'] as string,
        ...(query.status === undefined ? {} : { status: query.status }),
        ...pageAsked(query),
      };
      const found = await doors.runner.read(membershipsView, (sql, schema) => membershipsOf(sql, schema, asked), atLeast);
      return pageOf(
        found.map((row) => ({ ...row, since: row.since.toISOString() })),
        query,
        ({ institution }) => institution,
      );
    },
  });

const shownSeat =
  (names: ReadonlyMap<string, Text>) =>
  (seat: {
    organ: string;
    scope: string | null;
    person: string;
    role: string;
    institution: string | null;
    from: Date;
    until: Date;
  }) => ({
    ...seat,
    ...named(names.get(seat.person)),
    from: seat.from.toISOString(),
    until: seat.until.toISOString(),
  });

/** A day counts to its last instant: what was known on that date. */
export function instantOf(asOf: string | undefined): string | undefined {
  if (asOf === undefined) return undefined;
  return new Date(asOf.length === 10 ? `${asOf}T23:59:59.999+08:00` : asOf).toISOString();
}

async function alliances(doors: Doors): Promise<{ id: string; title: Text; charter: number }[]> {
  const rows = await doors.runner.read(chartersView, (sql, schema) =>
    sql.query<{ id: string; title: Text; charter: number }>(
      `select distinct on (alliance) alliance as id, document->'title' as title, version as charter from ${schema}.charters order by alliance, version desc`,
    ),
  );
  return [...rows];
}
