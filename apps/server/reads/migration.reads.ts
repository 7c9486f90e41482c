import { type Static, Type } from '@sinclair/typebox';
import { type CharterInForce, charterStream } from '#kernel';
import {
  adopted,
  casesView,
  type DefinitionHistory,
  definitionStream,
  foreseen,
  type Foreseen,
  type MigrationAsked,
  openCases,
  PlanMigration,
  resolved,
  type RoundState,
} from '#workflow';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import { ShapePipe } from '../http/shape.pipe.js';
import type { Doors } from './doors.js';
import { Instant, TextSchema } from './schemas.js';
import { allianceOf, nothingHere, standingOf } from './sight.js';

const Visit = Type.Object({
  stage: Type.String(),
  title: TextSchema,
  visit: Type.Integer(),
  dueAt: Type.Optional(Instant),
  power: Type.String(),
  scope: Type.Optional(Type.String()),
  organ: Type.Optional(Type.String()),
});

const Fate = Type.Union([
  Type.Object({ then: Type.Union([Type.Literal('carried'), Type.Literal('anew')]), to: Type.String() }),
  Type.Object({ then: Type.Union([Type.Literal('stays'), Type.Literal('refused')]) }),
]);

const Asked = Type.Object({
  to: Type.Integer({ minimum: 1 }),
  transition: Type.Optional(
    Type.Object({
      appliesTo: Type.Literal('open-rounds'),
      from: Type.Integer({ minimum: 1 }),
      text: TextSchema,
      stages: Type.Record(Type.String(), Fate),
    }),
  ),
});

const Answer = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  clause: TextSchema,
  counts: Type.Object({ moves: Type.Integer(), stays: Type.Integer(), elsewhere: Type.Integer(), hindered: Type.Integer() }),
  items: Type.Array(
    Type.Object({
      case: Type.String(),
      number: Type.String(),
      version: Type.Integer(),
      fate: Type.String(),
      moves: Type.Array(Type.Object({ then: Type.String(), from: Visit, to: Visit })),
      obstacles: Type.Array(Type.Object({ code: Type.String(), text: TextSchema })),
    }),
  ),
});

type VisitShown = Static<typeof Visit>;

/** What a migration of a round's open cases would do, without doing it. */
export const migrationReads = (doors: Doors): readonly ReadRoute[] => [
  readRoute({
    path: '/v1/rounds/{round}/migration',
    method: 'post',
    operationId: 'planMigration',
    tag: 'round',
    summary: {
      en: 'A dry run: every open case of a round, and what would change for it under another version; nothing is written',
      zh: '预演：列出某一轮次全部办理中的案件及其转为另一版本后的变化，不作任何更改',
    },
    body: { mediaType: 'application/json', schema: Asked },
    answer: Answer,
    handle: async ({ params, request, signedIn, atLeast }) => {
      if (signedIn === undefined) throw nothingHere();
      const round = params['round'] as string;
      const sight = await standingOf(doors, signedIn, allianceOf(round));
      // Who may not migrate needs no list of what could be.
      if (!sight.powers.some(({ power }) => power === 'migrate-cases')) throw nothingHere();
      const asked = shape.transform(request.body) as MigrationAsked;
      const { state } = await doors.states.fresh<RoundState>(`round-${round}`);
      if (state.status === 'none') throw nothingHere();
      const { id } = state.definition;
      const history = await doors.states.fresh<DefinitionHistory>(definitionStream(sight.alliance, id));
      const mapped = resolved(history.state, id, asked);
      const cases = await doors.runner.read(casesView, (sql, schema) => openCases(sql, schema, round, sight), atLeast);
      const found = foreseen(cases, mapped, doors.clock.now());
      return {
        from: mapped.pinned.from.version,
        to: mapped.pinned.to.version,
        clause: mapped.clause,
        counts: countsOf(found),
        items: await shownItems(doors, sight.alliance, found, mapped.pinned),
      };
    },
  }),
];

const shape = new ShapePipe(PlanMigration);

const countsOf = (found: readonly Foreseen[]): Static<typeof Answer>['counts'] => {
  const of = (fate: Foreseen['fate']): number => found.filter((one) => one.fate === fate).length;
  return { moves: of('moves'), stays: of('stays'), elsewhere: of('elsewhere'), hindered: of('hindered') };
};

async function shownItems(
  doors: Doors,
  alliance: string,
  found: readonly Foreseen[],
  { from, to }: ReturnType<typeof resolved>['pinned'],
): Promise<Static<typeof Answer>['items']> {
  const { state: charter } = await doors.states.fresh<CharterInForce>(charterStream(alliance));
  const versions = await Promise.all([from, to].map((pinned) => adopted(doors.states, alliance, pinned)));
  const [before, after] = versions.map(({ stages }) => new Map(stages.map(({ id, title }) => [id, title])));
  const shown = (visit: Foreseen['moves'][number]['from'], titles = before): VisitShown => {
    const { owner, ...rest } = visit;
    const organ = charter.powers[owner.power]?.organ;
    const title = titles?.get(rest.stage) ?? { en: rest.stage, zh: rest.stage };
    return { ...rest, ...owner, title, ...(organ === undefined ? {} : { organ }) };
  };
  return found.map(({ moves, obstacles, ...rest }) => ({
    ...rest,
    moves: moves.map((move) => ({ then: move.then, from: shown(move.from), to: shown(move.to, after) })),
    obstacles: obstacles.map(({ code, text }) => ({ code, text })),
  }));
}
