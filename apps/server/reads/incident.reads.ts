import { type Static, Type } from '@sinclair/typebox';
import { adopted, type CaseState, type Incident, isWalled } from '#workflow';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import type { Doors } from './doors.js';
import { Instant, TextSchema } from './schemas.js';
import { noSuchAlliance, nothingHere, type Standing, standingOf, viewerOf } from './sight.js';

const Item = Type.Object({
  /** Where it is tried again or skipped: `/v1/incident/<id>/retry-effect`. */
  id: Type.String(),
  effect: Type.String(),
  command: Type.Object({ context: Type.String(), id: Type.String(), type: Type.String() }),
  /** The case that it belongs to; absent for a round, a ranking, a registration. */
  case: Type.Optional(Type.String()),
  number: Type.Optional(Type.String()),
  stream: Type.String(),
  /** Of the refusal; `effect.failed` for what is still being tried. */
  code: Type.String(),
  text: TextSchema,
  error: Type.Optional(Type.String()),
  attempts: Type.Integer(),
  since: Instant,
  dueAt: Instant,
});

/** Steps of the engine that need somebody. */
export const incidentReads = (doors: Doors): readonly ReadRoute[] => [
  readRoute({
    path: '/v1/alliances/{alliance}/incidents',
    operationId: 'listIncidents',
    tag: 'incident',
    summary: {
      en: 'Steps of the engine that were refused or keep failing, with their cause, the oldest first',
      zh: '系统未能完成的步骤及其原因（最早的在前）',
    },
    answer: Type.Object({ items: Type.Array(Item) }),
    handle: async ({ params, signedIn, atLeast }) => {
      if (signedIn === undefined) throw noSuchAlliance();
      const sight = await standingOf(doors, signedIn, params['alliance'] as string, atLeast);
      if (!sight.powers.some(({ power }) => power === 'resolve-incidents')) throw nothingHere();
      const found = (await doors.incidents()).filter(({ effect }) => effect.alliance === sight.alliance);
      const items = await Promise.all(found.map((incident) => shownTo(doors, sight, incident)));
      return { items: items.filter((item) => item !== undefined) };
    },
  }),
];

/** Undefined where the incident is about a case that the reader must not know of. */
async function shownTo(doors: Doors, sight: Standing, incident: Incident): Promise<Static<typeof Item> | undefined> {
  const { effect, attempts, refusal = 'effect.failed', text, error, since } = incident;
  const { context, id, type } = effect.command;
  const { stream } = effect.cause;
  const isOfCase = stream.startsWith('case-');
  const number = isOfCase ? await numberFor(doors, sight, stream) : undefined;
  if (isOfCase && number === undefined) return undefined;
  return {
    id: `${effect.alliance}.${effect.commandId}`,
    effect: effect.name,
    command: { context, id, type },
    ...(number === undefined ? {} : { case: stream.slice('case-'.length), number }),
    stream,
    code: refusal,
    text,
    ...(error === undefined ? {} : { error }),
    attempts,
    since,
    dueAt: effect.dueAt,
  };
}

async function numberFor(doors: Doors, sight: Standing, stream: string): Promise<string | undefined> {
  const { state } = await doors.states.load<CaseState>(stream);
  if (state.status === 'none') return undefined;
  const definition = await adopted(doors.states, sight.alliance, state.definition);
  return isWalled(definition, state, viewerOf(sight)) ? undefined : state.number;
}
