import { type Static, Type } from '@sinclair/typebox';
import {
  adopted,
  caseConcerned,
  type CaseState,
  type Incident,
  isWalled,
  listSkips,
  type SkipListed,
  skipsView,
} from '#workflow';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import type { Doors } from './doors.js';
import { peopleIn } from './revealing.js';
import { Instant, TextSchema } from './schemas.js';
import { noSuchAlliance, nothingHere, type Standing, standingOf, viewerOf } from './sight.js';

/** What an effect is, and the case that it belongs to: none for a round, a ranking, a registration. */
const step = {
  effect: Type.String(),
  command: Type.Object({ context: Type.String(), id: Type.String(), type: Type.String() }),
  case: Type.Optional(Type.String()),
  number: Type.Optional(Type.String()),
  stream: Type.String(),
  /** Of the refusal; `effect.failed` for what is still being tried. */
  code: Type.String(),
  attempts: Type.Integer(),
};

const Item = Type.Object({
  /** Where it is tried again or skipped: `/v1/incident/<id>/retry-effect`. */
  id: Type.String(),
  ...step,
  text: TextSchema,
  error: Type.Optional(Type.String()),
  since: Instant,
  dueAt: Instant,
});

const Skipped = Type.Object({ ...step, skippedBy: Type.String(), skippedAt: Instant, reason: Type.String() });

/** Steps of the engine that need somebody, and those that somebody skipped. */
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
      const sight = resolving(await standingOf(doors, signedIn, params['alliance'] as string, atLeast));
      const found = (await doors.incidents(atLeast)).filter(({ effect }) => effect.alliance === sight.alliance);
      return { items: await known(doors, sight, found.map(open)) };
    },
  }),
  readRoute({
    path: '/v1/alliances/{alliance}/skipped-effects',
    operationId: 'listSkippedEffects',
    tag: 'incident',
    summary: {
      en: 'Steps of the engine that were skipped, with who skipped them, when and why, the latest first',
      zh: '已跳过的系统步骤，含跳过人、时间与理由（最近的在前）',
    },
    answer: Type.Object({ items: Type.Array(Skipped), people: Type.Record(Type.String(), TextSchema) }),
    handle: async ({ params, signedIn, atLeast }) => {
      if (signedIn === undefined) throw noSuchAlliance();
      const sight = resolving(await standingOf(doors, signedIn, params['alliance'] as string, atLeast));
      const found = await doors.runner.read(skipsView, (sql, schema) => listSkips(sql, schema, sight.alliance), atLeast);
      const items = await known(doors, sight, found.map(skipped));
      return { items, people: await peopleIn(doors, items) };
    },
  }),
];

function resolving(sight: Standing): Standing {
  if (!sight.powers.some(({ power }) => power === 'resolve-incidents')) throw nothingHere();
  return sight;
}

function open({ effect, attempts, refusal = 'effect.failed', text, error, since }: Incident): Static<typeof Item> {
  const { alliance, commandId, name, command, cause, dueAt } = effect;
  return {
    id: `${alliance}.${commandId}`,
    effect: name,
    command: { context: command.context, id: command.id, type: command.type },
    stream: cause.stream,
    code: refusal,
    text,
    ...(error === undefined ? {} : { error }),
    attempts,
    since,
    dueAt,
  };
}

function skipped({ raised, skippedBy, skippedAt, reason }: SkipListed): Static<typeof Skipped> {
  const { effect, command, stream, code, attempts } = raised;
  return { effect, command, stream, code, attempts, skippedBy, skippedAt: skippedAt.toISOString(), reason };
}

/** Those of a case with its number; none of a case that the reader must not know of. */
async function known<T extends Parameters<typeof caseConcerned>[0]>(
  doors: Doors,
  sight: Standing,
  steps: readonly T[],
): Promise<T[]> {
  const shown = steps.map(async (one) => {
    const stream = caseConcerned(one);
    if (stream === undefined) return [one];
    const number = await numberFor(doors, sight, stream);
    return number === undefined ? [] : [{ ...one, case: stream.slice('case-'.length), number }];
  });
  return (await Promise.all(shown)).flat();
}

async function numberFor(doors: Doors, sight: Standing, stream: string): Promise<string | undefined> {
  const { state } = await doors.states.load<CaseState>(stream);
  if (state.status === 'none') return undefined;
  const definition = await adopted(doors.states, sight.alliance, state.definition);
  return isWalled(definition, state, viewerOf(sight)) ? undefined : state.number;
}
