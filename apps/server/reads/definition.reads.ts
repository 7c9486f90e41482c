import { posix } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import {
  adoptionFindings,
  checkSource,
  type Definition,
  type DefinitionHistory,
  definitionStream,
  isRemark,
  type Located,
  sourceOf,
} from '#workflow';
import { charterInForce } from '../charter-in-force.js';
import { contextsKnown } from '../contexts.js';
import { DoorRefusal } from '../http/problem.js';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import type { Doors } from './doors.js';
import { TextSchema } from './schemas.js';
import { nothingHere, standingOf } from './sight.js';

const File = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  text: Type.String({ maxLength: 500_000 }),
});

const Asked = Type.Object(
  {
    /** YAML. */
    definition: File,
    /** Files that it takes in, found by the last part of the path under which it names them. */
    beside: Type.Array(File, { maxItems: 50 }),
  },
  { additionalProperties: false },
);

/** What nobody reads to its end: a text that is none has a finding at every turn. */
const mostFindings = 200;

const Checked = Type.Object({
  /** As it would be adopted: the `definition` of AdoptDefinition. Absent where the text is not shaped like one. */
  definition: Type.Optional(Type.Unknown()),
  /** The latest version of it that was adopted; 0 where there is none. */
  latest: Type.Integer(),
  /** The first of them, in the order of the lines. */
  findings: Type.Array(
    Type.Object({
      code: Type.String(),
      file: Type.String(),
      line: Type.Integer(),
      column: Type.Integer(),
      path: Type.String(),
      text: TextSchema,
      remedy: TextSchema,
      /** It keeps nothing from being adopted. */
      remark: Type.Boolean(),
    }),
  ),
});

/** What would be found if a workflow were adopted, as `workflow check` says it of a file; nothing is written. */
export const definitionReads = (doors: Doors): readonly ReadRoute[] => [
  readRoute({
    path: '/v1/alliances/{alliance}/definition-check',
    method: 'post',
    operationId: 'checkDefinition',
    tag: 'definition',
    summary: {
      en: 'Proves a workflow before it is adopted, under the charter in force: each finding with its line and its remedy; nothing is written',
      zh: '在通过之前按现行章程证明工作流：逐条列出问题所在行及改正办法，不作任何更改',
    },
    body: { mediaType: 'application/json', schema: Asked },
    answer: Checked,
    handle: async ({ params, request, signedIn }) => {
      if (signedIn === undefined) throw nothingHere();
      const sight = await standingOf(doors, signedIn, params['alliance'] as string);
      // It is work for the server, and of use to nobody else.
      if (!sight.powers.some(({ power }) => power === 'adopt-workflow')) throw nothingHere();
      return checked(doors, sight.alliance, askedOf(request.body));
    },
  }),
];

async function checked(doors: Doors, alliance: string, asked: Static<typeof Asked>): Promise<Static<typeof Checked>> {
  const { definition: main, beside } = asked;
  const texts = new Map(beside.map(({ name, text }) => [posix.basename(name), text]));
  const source = await sourceOf(main.name, main.text, async (path) => texts.get(posix.basename(path)));
  const history = await historyOf(doors, alliance, source.value);
  const charter = await charterInForce(doors.states, alliance, doors.clock.now());
  const { definition, findings } = checkSource(source, (given) => adoptionFindings(given, history, charter, contextsKnown));
  return {
    ...(definition === undefined ? {} : { definition }),
    latest: history.latest,
    findings: findings.slice(0, mostFindings).map(shown),
  };
}

const shown = (found: Located): Static<typeof Checked>['findings'][number] => ({ ...found, remark: isRemark(found) });

/** What was adopted of it before; nothing of what has no name that it could be adopted under. */
async function historyOf({ states }: Doors, alliance: string, value: unknown): Promise<DefinitionHistory> {
  const { id } = (value ?? {}) as Partial<Definition>;
  if (typeof id !== 'string' || !/^[a-z][a-z0-9-]{0,63}$/.test(id)) return { latest: 0, versions: {} };
  return (await states.fresh<DefinitionHistory>(definitionStream(alliance, id))).state;
}

function askedOf(body: unknown): Static<typeof Asked> {
  if (Value.Check(Asked, body)) return body;
  throw new DoorRefusal(422, 'shape.invalid', {
    en: 'Send {"definition": {"name": …, "text": YAML}, "beside": [{"name": …, "text": YAML}, …]}: at most 50 files beside it.',
    zh: '请发送 {"definition": {"name": …, "text": YAML}, "beside": [{"name": …, "text": YAML}, …]}：随附文件至多 50 个。',
  });
}
