import { Type } from '@sinclair/typebox';
import { listRegistrations, registrationsView } from '#workflow';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import type { Doors } from './doors.js';
import { allianceOf, nothingHere, standingOf } from './sight.js';

/** Where someone stands in an event that people register for: their own place, nobody else's. */
export const registrationReads = (doors: Doors): readonly ReadRoute[] => [
  readRoute({
    path: '/v1/cases/{case}/registration',
    operationId: 'readRegistration',
    tag: 'case',
    summary: {
      en: "The caller's registration for an event: a place, or the rank on the waiting list",
      zh: '本人的报名：名额或候补位次',
    },
    answer: Type.Object({
      /** From 1, first come first served, of all registrations that stand. */
      rank: Type.Integer(),
      places: Type.Integer(),
      hasPlace: Type.Boolean(),
      /** Whether the place has been confirmed on record: signing in asks for that. */
      confirmed: Type.Boolean(),
      sessions: Type.Integer(),
    }),
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
  }),
];
