import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { uuidv7 } from '#kernel';
import {
  bulkActs,
  bulkContext,
  type BulkState,
  caseContext,
  casesView,
  type CaseListed,
  type Doing,
  listCases,
  longestSearch,
  mostCases,
  previewBulk,
  type Sight,
} from '#workflow';
import { personCaller } from '../http/callers.js';
import { DoorRefusal } from '../http/problem.js';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import { requireReadable } from '../http/shape.pipe.js';
import type { Doors } from './doors.js';
import { Listed, shownCase } from './listed.js';
import { Instant, TextSchema } from './schemas.js';
import { allianceOf, noSuchAlliance, nothingHere, standingOf } from './sight.js';

const Act = Type.Object({
  act: Type.Union(bulkActs.map((act) => Type.Literal(act))),
  stage: Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }),
  reason: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
  choice: Type.Optional(Type.Union([Type.Literal('for'), Type.Literal('against'), Type.Literal('abstain')])),
  until: Type.Optional(Instant),
});

const Asked = Type.Composite(
  [
    Act,
    Type.Object({
      round: Type.Optional(Type.String({ maxLength: 200 })),
      q: Type.Optional(Type.String({ maxLength: longestSearch, description: 'See docs/generated/search.md.' })),
      cases: Type.Optional(
        Type.Array(Type.String({ maxLength: 200 }), { maxItems: mostCases, description: 'Only these of what is found.' }),
      ),
    }),
  ],
  // A search under a name that is not known would be no search at all, and find everything.
  { additionalProperties: false },
);

const Seen = Type.Object({ case: Type.String(), revision: Type.Integer() });

const Preview = Type.Object({
  /** What the order names as `preview`, with `cases` as they stand here. */
  hash: Type.String(),
  cases: Type.Array(Seen),
  steps: Type.Integer(),
  excluded: Type.Array(Type.Object({ case: Type.String(), number: Type.String(), code: Type.String(), text: TextSchema })),
  reasons: Type.Array(Type.Object({ code: Type.String(), cases: Type.Integer() })),
  sample: Type.Array(TextSchema),
  items: Type.Array(Listed),
});

const Progress = Type.Composite([
  Act,
  Type.Object({
    orderedAt: Instant,
    cases: Type.Integer(),
    steps: Type.Integer(),
    done: Type.Integer(),
    waiting: Type.Array(Type.String()),
    overtaken: Type.Array(Type.Object({ case: Type.String(), code: Type.String(), text: TextSchema })),
  }),
]);

/** Acts on many cases at once: what one would come to, and how far one has come. */
export const bulkReads = (doors: Doors): readonly ReadRoute[] => [previewRoute(doors), progressRoute(doors)];

const previewRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/alliances/{alliance}/bulk-preview',
    method: 'post',
    operationId: 'previewBulk',
    tag: 'bulk',
    summary: {
      en: 'What an act would come to on every case that a search finds: which, which not and why, and what they would read',
      zh: '批量操作预览：适用哪些案件、排除哪些及理由，以及记录文字样例',
    },
    body: { mediaType: 'application/json', schema: Asked },
    answer: Preview,
    handle: async ({ params, request, signedIn, atLeast }) => {
      if (signedIn === undefined) throw noSuchAlliance();
      const { round, q, cases, ...doing } = askedOf(request.body);
      const sight = await standingOf(doors, signedIn, params['alliance'] as string);
      const found = await foundBy(doors, sight, { round, q, cases }, atLeast);
      const caller = { ...personCaller(request, signedIn, sight.alliance), commandId: uuidv7(doors.clock.now()) };
      const parts = { handling: doors.handling, states: doors.states, bulk: bulkContext, case: caseContext };
      const preview = await previewBulk(
        parts,
        doing as Doing,
        found.map(({ id }) => id),
        caller,
      );
      return { ...preview, cases: [...preview.cases], sample: [...preview.sample], ...shownPreview(found, preview) };
    },
  });

const shownPreview = (found: readonly CaseListed[], { excluded }: Pick<Awaited<ReturnType<typeof previewBulk>>, 'excluded'>) => {
  const out = new Set(excluded.map(({ case: id }) => id));
  const numbers = new Map(found.map(({ id, number }) => [id, number]));
  const counts = new Map<string, number>();
  for (const { code } of excluded) counts.set(code, (counts.get(code) ?? 0) + 1);
  return {
    excluded: excluded.map((one) => ({ ...one, number: numbers.get(one.case) ?? '' })),
    reasons: [...counts].map(([code, cases]) => ({ code, cases })),
    items: found.filter(({ id }) => !out.has(id)).map(shownCase),
  };
};

function askedOf(body: unknown): Static<typeof Asked> {
  requireReadable(body, 0, '');
  const wrong = Value.Errors(Asked, body).First();
  if (wrong === undefined) return body as Static<typeof Asked>;
  throw new DoorRefusal(422, 'shape.invalid', {
    en: `Mend this and send it again: ${wrong.path || '/'} is not as /openapi.json describes it: ${wrong.message}.`,
    zh: `请更正后重新发送：${wrong.path || '/'} 与 /openapi.json 的说明不符。`,
  });
}

interface Asking {
  readonly round: string | undefined;
  readonly q: string | undefined;
  readonly cases: readonly string[] | undefined;
}

async function foundBy(
  doors: Doors,
  sight: Sight,
  { round, q, cases }: Asking,
  atLeast: bigint | undefined,
): Promise<readonly CaseListed[]> {
  const asked = {
    ...(round === undefined ? {} : { round }),
    ...(q === undefined ? {} : { search: q }),
    ...(cases === undefined ? {} : { ids: cases }),
    limit: mostCases + 1,
    now: new Date(doors.clock.now()),
  };
  const found = await doors.runner.read(casesView, (sql, schema) => listCases(sql, schema, sight, asked), atLeast);
  if (found.length > mostCases) throw tooMany();
  return found;
}

const progressRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/bulk/{bulk}',
    operationId: 'readBulk',
    tag: 'bulk',
    summary: { en: 'How far an order of the caller has been carried out', zh: '当前用户所下批量指令的执行情况' },
    answer: Progress,
    handle: async ({ params, signedIn }) => {
      const id = params['bulk'] as string;
      if (signedIn === undefined || !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/.test(id)) throw nothingHere();
      await standingOf(doors, signedIn, allianceOf(id));
      // First what waits, then what was overtaken meanwhile: so nothing counts as done that is not.
      const head = await doors.store.head();
      const waiting = await doors.runner.read(
        doors.owed,
        (sql, schema) =>
          sql.query<{ id: string }>(`select body->'command'->>'id' as id from ${schema}.effect where stream = $1`, [
            `bulk-${id}`,
          ]),
        head,
      );
      const { state } = await doors.states.fresh<BulkState>(`bulk-${id}`);
      // It names cases: only who has seen them in its preview reads it.
      if (state.status === 'none' || state.by !== signedIn.person) throw nothingHere();
      const { act, stage, reason, choice, until, orderedAt, parts, overtaken } = state;
      return {
        act,
        stage,
        ...(reason === undefined ? {} : { reason }),
        ...(choice === undefined ? {} : { choice }),
        ...(until === undefined ? {} : { until }),
        orderedAt,
        cases: new Set(parts.map((part) => part.case)).size,
        steps: parts.length,
        done: Math.max(0, parts.length - waiting.length - overtaken.length),
        waiting: [...new Set(waiting.map((one) => one.id))],
        overtaken: overtaken.map(({ part, code, text }) => ({ case: parts[part]?.case ?? '', code, text })),
      };
    },
  });

const tooMany = (): DoorRefusal =>
  new DoorRefusal(409, 'bulk.too-many', {
    en: `More than ${mostCases} applications are found. Narrow the search; what is left over can be ordered next.`,
    zh: `检索结果超过 ${mostCases} 项，请缩小范围，其余可随后另行办理。`,
  });
