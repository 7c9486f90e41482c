import { Type } from '@sinclair/typebox';
import type { Text } from '#kernel';
import { countRegistrations, listRegistrations, organised, registrationsView } from '#workflow';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import { seenCase } from './case.reads.js';
import { type Doors, namesOf } from './doors.js';
import { pageAsked, pageOf, paging, TextSchema } from './schemas.js';
import { allianceOf, nothingHere, standingOf } from './sight.js';

const Place = {
  /** From 1, first come first served, of all registrations that stand. */
  rank: Type.Integer(),
  hasPlace: Type.Boolean(),
  /** Whether the place has been confirmed on record: signing in asks for that. */
  confirmed: Type.Boolean(),
  /** Sessions signed in to. */
  sessions: Type.Integer(),
};

/** Events that people register for: one's own place, and everybody's for who organises it. */
export const registrationReads = (doors: Doors): readonly ReadRoute[] => [ownRoute(doors), organisersRoute(doors)];

const ownRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/cases/{case}/registration',
    operationId: 'readRegistration',
    tag: 'case',
    summary: {
      en: "The caller's registration for an event: a place, or the rank on the waiting list",
      zh: '本人的报名：名额或候补位次',
    },
    answer: Type.Object({ ...Place, places: Type.Integer() }),
    handle: async ({ params, signedIn, atLeast }) => {
      const id = params['case'] as string;
      if (signedIn === undefined) throw nothingHere();
      const { person } = await standingOf(doors, signedIn, allianceOf(id));
      const asked = { case: id, person, limit: 1 };
      const [own] = await doors.runner.read(registrationsView, (sql, schema) => listRegistrations(sql, schema, asked), atLeast);
      if (own === undefined) throw nothingHere();
      const { rank, places, given, sessions } = own;
      return { rank, places, hasPlace: rank <= places, confirmed: given, sessions };
    },
  });

const organisersRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/cases/{case}/registrations',
    operationId: 'listRegistrations',
    tag: 'case',
    summary: {
      en: 'Who has a place at an event, who waits, and how many places are left: for its organiser and who runs the procedure',
      zh: '活动报名名单：已获名额者、候补者与剩余名额（主办单位与流程管理者可见）',
    },
    query: Type.Object(paging),
    answer: Type.Object({
      stage: Type.String(),
      places: Type.Integer(),
      /** Registrations that stand, with a place or without. */
      registered: Type.Integer(),
      left: Type.Integer(),
      waiting: Type.Integer(),
      items: Type.Array(Type.Object({ ...Place, person: Type.String(), name: Type.Optional(TextSchema) })),
      next: Type.Optional(Type.String()),
    }),
    handle: async ({ params, query, signedIn, atLeast }) => {
      const id = params['case'] as string;
      const { definition, state, viewer } = await seenCase(doors, id, signedIn, undefined);
      const event = organised(definition, state, viewer);
      if (event === undefined) throw nothingHere();
      const { after = '0', limit } = pageAsked(query, /^\d{1,18}$/);
      const asked = { case: id, after, limit };
      const { found, registered } = await doors.runner.read(
        registrationsView,
        async (sql, schema) => ({
          found: await listRegistrations(sql, schema, asked),
          registered: await countRegistrations(sql, schema, id),
        }),
        atLeast,
      );
      const { items, ...next } = pageOf(found, query, ({ position }) => position);
      const { stage, places } = event;
      const names = await namesOf(
        doors,
        items.map(({ person }) => person),
      );
      return {
        stage,
        places,
        registered,
        left: Math.max(0, places - registered),
        waiting: Math.max(0, registered - places),
        items: items.map(({ person, rank, given, sessions }) => ({
          person,
          ...named(names.get(person)),
          rank,
          hasPlace: rank <= places,
          confirmed: given,
          sessions,
        })),
        ...next,
      };
    },
  });

/** Who was erased has no name. */
const named = (name: Text | undefined): { name?: Text } => (name === undefined ? {} : { name });
