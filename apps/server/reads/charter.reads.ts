import { type Static, Type } from '@sinclair/typebox';
import { type AdoptCharter, charterContext, type CharterDocument, lintCharter } from '#charter';
import { type CharterInForce, charterStream, type Shape } from '#kernel';
import {
  casesView,
  type CharterGiven,
  charterGiven,
  checkUnderCharter,
  type Definition,
  type DefinitionHistory,
  definitionStream,
  type Finding,
  isRemark,
  listDefinitions,
} from '#workflow';
import { ofDocument } from '../charter-in-force.js';
import { contextsKnown } from '../contexts.js';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import { ShapePipe } from '../http/shape.pipe.js';
import type { Doors } from './doors.js';
import { TextSchema } from './schemas.js';
import { nothingHere, standingOf } from './sight.js';

const shape = new ShapePipe(charterContext.shapes['AdoptCharter'] as Shape);

/** A workflow that the charter in force allows, in its latest version, and the amended one would not: no round would open under it. */
const Unlawful = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  title: TextSchema,
  findings: Type.Array(Type.Object({ code: Type.String(), path: Type.String(), text: TextSchema, remedy: TextSchema })),
});

/** What would be found if a charter were amended; nothing is written. */
export const charterReads = (doors: Doors): readonly ReadRoute[] => [
  readRoute({
    path: '/v1/alliances/{alliance}/charter-check',
    method: 'post',
    operationId: 'checkCharter',
    tag: 'charter',
    summary: {
      en: 'What keeps an amended charter from being adopted, and the adopted workflows that it would no longer allow; nothing is written',
      zh: '章程修订案不能通过的原因，以及修订后不再允许的工作流；不作任何更改',
    },
    body: { mediaType: 'application/json', schema: Type.Unsafe<AdoptCharter>({ $ref: '#/components/schemas/AdoptCharter' }) },
    answer: Type.Object({
      findings: Type.Array(Type.Object({ code: Type.String(), where: Type.String(), text: TextSchema })),
      /** None is looked for while there are findings. */
      unlawful: Type.Array(Unlawful),
    }),
    handle: async ({ params, request, signedIn, atLeast }) => {
      if (signedIn === undefined) throw nothingHere();
      const { alliance, powers } = await standingOf(doors, signedIn, params['alliance'] as string);
      if (!powers.some(({ power }) => power === 'amend-charter')) throw nothingHere();
      const { document } = shape.transform(request.body) as AdoptCharter;
      const findings = [...lintCharter(document)];
      return { findings, unlawful: findings.length > 0 ? [] : await madeUnlawful(doors, alliance, document, atLeast) };
    },
  }),
];

async function madeUnlawful(
  doors: Doors,
  alliance: string,
  document: CharterDocument,
  atLeast: bigint | undefined,
): Promise<Static<typeof Unlawful>[]> {
  const { state: inForce } = await doors.states.fresh<CharterInForce>(charterStream(alliance));
  const [now, amended] = [charterGiven(inForce), ofDocument(document)];
  const adopted = await doors.runner.read(casesView, (sql, schema) => listDefinitions(sql, schema, alliance), atLeast);
  const found = [...new Set(adopted.map(({ id }) => id))].map(async (id) => {
    const { state } = await doors.states.fresh<DefinitionHistory>(definitionStream(alliance, id));
    const definition = state.versions[state.latest]?.definition;
    if (definition === undefined || faultsUnder(now, definition).length > 0) return [];
    const findings = [...faultsUnder(amended, definition)];
    return findings.length === 0 ? [] : [{ id, version: definition.version, title: definition.title, findings }];
  });
  return (await Promise.all(found)).flat();
}

const faultsUnder = (charter: CharterGiven, definition: Definition): readonly Finding[] =>
  checkUnderCharter(definition, charter, contextsKnown).filter((found) => !isRemark(found));
