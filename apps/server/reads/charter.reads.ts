import { Type } from '@sinclair/typebox';
import { type AdoptCharter, charterContext, lintCharter } from '#charter';
import type { Shape } from '#kernel';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import { ShapePipe } from '../http/shape.pipe.js';
import type { Doors } from './doors.js';
import { TextSchema } from './schemas.js';
import { nothingHere, standingOf } from './sight.js';

const shape = new ShapePipe(charterContext.shapes['AdoptCharter'] as Shape);

/** What would be found if a charter were amended; nothing is written. */
export const charterReads = (doors: Doors): readonly ReadRoute[] => [
  readRoute({
    path: '/v1/alliances/{alliance}/charter-check',
    method: 'post',
    operationId: 'checkCharter',
    tag: 'charter',
    summary: {
      en: 'What keeps an amended charter from being adopted; nothing is written',
      zh: '章程修订案不能通过的原因；不作任何更改',
    },
    body: { mediaType: 'application/json', schema: Type.Unsafe<AdoptCharter>({ $ref: '#/components/schemas/AdoptCharter' }) },
    answer: Type.Object({
      findings: Type.Array(Type.Object({ code: Type.String(), where: Type.String(), text: TextSchema })),
    }),
    handle: async ({ params, request, signedIn }) => {
      if (signedIn === undefined) throw nothingHere();
      const { powers } = await standingOf(doors, signedIn, params['alliance'] as string);
      if (!powers.some(({ power }) => power === 'amend-charter')) throw nothingHere();
      const { document } = shape.transform(request.body) as AdoptCharter;
      return { findings: [...lintCharter(document)] };
    },
  }),
];
