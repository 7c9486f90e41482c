import { type Static, Type } from '@sinclair/typebox';
import { peopleOf } from '#identity';
import { casesView, listTasks } from '#workflow';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import type { Doors } from './doors.js';
import { Nullable, TextSchema } from './schemas.js';
import { nothingHere, standingOf } from './sight.js';

const Role = Type.Object({
  person: Type.String(),
  name: Type.Optional(TextSchema),
  institution: Nullable(Type.String()),
  seats: Type.Array(Type.Object({ organ: Type.String(), scope: Nullable(Type.String()), role: Type.String() })),
  /** What they would find to do. */
  tasks: Type.Integer(),
});

/** Whom a visitor of the demonstration may be, and what waits for them; nothing anywhere else. */
export const demonstrationReads = (doors: Doors): readonly ReadRoute[] => [
  readRoute({
    path: '/v1/demonstration',
    operationId: 'listRoles',
    tag: 'demonstration',
    summary: {
      en: 'The people of the demonstration by their seats, and how much each has to do',
      zh: '演示联盟的人员、席位与待办数量',
    },
    open: true,
    answer: Type.Object({ alliance: Type.String(), items: Type.Array(Role) }),
    handle: async () => {
      const alliance = doors.demonstration;
      if (alliance === undefined) throw nothingHere();
      const people = await peopleOf(doors.runner, doors.vault, alliance, { limit: 200 });
      const active = people.filter(({ status }) => status === 'active');
      return { alliance, items: await Promise.all(active.map(({ person, name }) => roleOf(doors, alliance, person, name))) };
    },
  }),
];

async function roleOf(
  doors: Doors,
  alliance: string,
  person: string,
  name: Static<typeof TextSchema> | undefined,
): Promise<Static<typeof Role>> {
  const standing = await standingOf(doors, { person }, alliance);
  const tasks = await doors.runner.read(casesView, (sql, schema) => listTasks(sql, schema, standing, { limit: 100 }));
  return {
    person,
    ...(name === undefined ? {} : { name }),
    institution: standing.employers[0] ?? null,
    seats: standing.seats.map(({ organ, scope, role }) => ({ organ, scope, role })),
    tasks: tasks.length,
  };
}
