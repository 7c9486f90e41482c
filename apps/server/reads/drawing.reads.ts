import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { chartersView, charterOn } from '#charter';
import type { Language } from '#kernel';
import {
  type ActorOf,
  adopted,
  casesView,
  type LaidOut,
  layOut,
  procedureOf,
  listDefinitions,
  findRound,
  type RoundListed,
} from '#workflow';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import type { Doors } from './doors.js';
import { TextSchema } from './schemas.js';
import { allianceOf, nothingHere } from './sight.js';

const point = { x: Type.Number(), y: Type.Number() };
const box = { ...point, width: Type.Number(), height: Type.Number() };
const Box = Type.Object(box);
/** A list of what nobody changes: drawings are kept and shown again. */
const list = <T extends TSchema>(item: T) => Type.Unsafe<readonly Static<T>[]>(Type.Array(item));
const Lines = list(Type.String());

/** Pixels from the upper left corner. */
const Drawing = Type.Object({
  width: Type.Number(),
  height: Type.Number(),
  lanes: list(Type.Object({ ...box, actor: Type.String(), name: Type.String() })),
  nodes: list(
    Type.Object({
      ...box,
      id: Type.String(),
      kind: Type.Union((['start', 'task', 'choice', 'fork', 'join', 'merge', 'end'] as const).map((kind) => Type.Literal(kind))),
      /** Whether an end closes what still runs beside it. */
      closes: Type.Optional(Type.Literal(true)),
      label: Type.String(),
      /** The stage or end that it stands for. */
      of: Type.Optional(Type.String()),
      outcome: Type.Optional(Type.String()),
      text: Box,
      lines: Lines,
      events: list(Type.Object({ ...box, id: Type.String(), kind: Type.String(), text: Box, lines: Lines })),
    }),
  ),
  edges: list(
    Type.Object({
      id: Type.String(),
      from: Type.String(),
      to: Type.String(),
      points: list(Type.Object(point)),
      text: Type.Optional(Box),
      lines: Lines,
    }),
  ),
});

const QuotaShown = Type.Object({
  by: Type.Optional(Type.String()),
  each: Type.Optional(Type.Integer()),
  places: Type.Optional(Type.Record(Type.String(), Type.Integer())),
  through: Type.Optional(Type.String()),
});

const Adopted = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  title: TextSchema,
  zone: Type.String(),
  utcOffsetMinutes: Type.Integer(),
  submissionWorkingDays: Type.Integer(),
  /** Days that a round may set for itself, with the usual ones. */
  dates: list(Type.Object({ id: Type.String(), title: TextSchema, date: Type.String() })),
  /** Stages that rank, with the usual quotas, which a round may replace. */
  rankings: list(Type.Object({ id: Type.String(), title: TextSchema, quotas: Type.Array(QuotaShown) })),
});

/** The workflows of an alliance: which there are, and what they look like. */
export const drawingReads = (doors: Doors): readonly ReadRoute[] => [listDefinitionsRoute(doors), readDrawingRoute(doors)];

const listDefinitionsRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/alliances/{alliance}/definitions',
    operationId: 'listDefinitions',
    tag: 'round',
    summary: {
      en: 'Every version of a workflow that the alliance has adopted, the latest of each first',
      zh: '联盟通过的各工作流及其版本（每项最新版在前）',
    },
    open: true,
    answer: Type.Object({ items: Type.Array(Adopted) }),
    handle: async ({ params, atLeast }) => {
      const alliance = params['alliance'] as string;
      const found = await doors.runner.read(casesView, (sql, schema) => listDefinitions(sql, schema, alliance), atLeast);
      return {
        items: found.map(({ rankings, ...one }) => ({
          ...one,
          rankings: rankings.map(({ id, title, quotas }) => ({ id, title, quotas: [...quotas] })),
        })),
      };
    },
  });

const readDrawingRoute = (doors: Doors): ReadRoute => {
  const drawings = new Map<string, Promise<LaidOut>>();
  return readRoute({
    path: '/v1/rounds/{round}/drawing',
    operationId: 'readDrawing',
    tag: 'round',
    summary: {
      en: 'The workflow of a round as a drawing, with a lane for each organ: every place in pixels',
      zh: '某一轮次工作流的图示数据，每个机构一条泳道，坐标单位为像素',
    },
    open: true,
    query: Type.Object({
      /** The procedure of an appeal or a hearing, by its name in the definition. */
      subcase: Type.Optional(Type.String({ maxLength: 64 })),
      lang: Type.Optional(Type.Union([Type.Literal('zh'), Type.Literal('en')])),
    }),
    answer: Drawing,
    handle: async ({ params, query, language, atLeast }) => {
      const id = params['round'] as string;
      const round = await doors.runner.read(casesView, (sql, schema) => findRound(sql, schema, allianceOf(id), id), atLeast);
      if (round === undefined) throw nothingHere();
      const { subcase } = query;
      return drawn(doors, drawings, { round, subcase }, query.lang ?? language);
    },
  });
};

/** So many drawings are kept: laying one out takes a good part of a second. */
const mostKept = 64;

async function drawn(
  doors: Doors,
  kept: Map<string, Promise<LaidOut>>,
  { round: { id, definition: pinned }, subcase }: { readonly round: RoundListed; readonly subcase: string | undefined },
  language: Language,
): Promise<LaidOut> {
  const alliance = allianceOf(id);
  const charter = await doors.runner.read(chartersView, (sql, schema) => charterOn(sql, schema, alliance));
  if (charter === undefined) throw nothingHere();
  const key = [alliance, pinned.hash, subcase ?? '', charter.version, language].join(' ');
  const known = kept.get(key);
  if (known !== undefined) return known;
  const { organs, powers } = charter.document;
  const actorOf: ActorOf = (power) => {
    const organ = powers.find((clause) => clause.power === power)?.organ ?? power;
    return { id: organ, name: organs.find((candidate) => candidate.organ === organ)?.name[language] ?? organ };
  };
  const whole = await adopted(doors.states, alliance, pinned);
  if (subcase !== undefined && !Object.hasOwn(whole.subcases ?? {}, subcase)) throw nothingHere();
  const drawing = layOut(subcase === undefined ? whole : procedureOf(whole, subcase), { language, actorOf });
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value as string);
  kept.set(key, drawing);
  drawing.catch(() => kept.delete(key));
  return drawing;
}
