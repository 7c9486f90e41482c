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
import { Instant, knownPage, Page, paging, TextSchema } from './schemas.js';
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

const Skipped = Type.Object({
  /** What was its id while it was open. */
  id: Type.String(),
  ...step,
  skippedBy: Type.String(),
  skippedAt: Instant,
  reason: Type.String(),
});

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
    query: Type.Object(paging),
    answer: Page(Item),
    handle: async ({ params, query, signedIn, atLeast }) => {
      if (signedIn === undefined) throw noSuchAlliance();
      const sight = resolving(await standingOf(doors, signedIn, params['alliance'] as string, atLeast));
      const { alliance } = sight;
      return knownPage<Static<typeof Item>>(
        { limit: 1_000, ...query },
        {
          place: ({ since, id }) => ({ at: since, id: id.slice(alliance.length + 1) }),
          read: async (asked) => (await doors.incidents({ alliance, ...asked }, atLeast)).map(open),
          known: (found) => known(doors, sight, found),
        },
      );
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
    query: Type.Object(paging),
    answer: Type.Composite([Page(Skipped), Type.Object({ people: Type.Record(Type.String(), TextSchema) })]),
    handle: async ({ params, query, signedIn, atLeast }) => {
      if (signedIn === undefined) throw noSuchAlliance();
      const sight = resolving(await standingOf(doors, signedIn, params['alliance'] as string, atLeast));
      const page = await knownPage<Static<typeof Skipped>>(
        { limit: 200, ...query },
        {
          place: ({ skippedAt, id }) => ({ at: skippedAt, id }),
          read: (asked) =>
            doors.runner.read(
              skipsView,
              async (sql, schema) => (await listSkips(sql, schema, sight.alliance, asked)).map(skipped),
              atLeast,
            ),
          known: (found) => known(doors, sight, found),
        },
      );
      return { ...page, people: await peopleIn(doors, page.items) };
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

function skipped({ id, raised, skippedBy, skippedAt, reason }: SkipListed): Static<typeof Skipped> {
  const { effect, command, stream, code, attempts } = raised;
  return { id, effect, command, stream, code, attempts, skippedBy, skippedAt: skippedAt.toISOString(), reason };
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
