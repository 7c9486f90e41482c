import { type Static, Type } from '@sinclair/typebox';
import {
  adopted,
  applicationsIn,
  casesView,
  type ChangedRule,
  type Decided,
  decidedAgain,
  type Definition,
  type Stage,
} from '#workflow';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import type { Doors } from './doors.js';
import { Page, pageAsked, pageOf, paging, TextSchema } from './schemas.js';
import { allianceOf, nothingHere } from './sight.js';
import { atStage, holdsPower, readsAcross, stagePath } from './stage.doors.js';

const share = '\\d{1,4}/[1-9]\\d{0,3}';
const oneOf = <T extends string>(...values: readonly T[]) => Type.Union(values.map((value) => Type.Literal(value)));

const Asked = Type.Object({
  quorum: Type.Optional(Type.String({ pattern: `^${share}$`, description: 'Such as 2/3.' })),
  quorumOf: Type.Optional(oneOf('all-seats', 'eligible-seats')),
  majority: Type.Optional(Type.String({ pattern: `^>=?${share}$`, description: 'Such as >1/2, or >=2/3.' })),
  majorityOf: Type.Optional(oneOf('votes-cast', 'present', 'all-seats')),
  tie: Type.Optional(oneOf('chair-decides', 'not-carried')),
  ...paging,
});

const Outcome = Type.Object({
  /** carried, not-carried, inquorate; `reconvened`: to be voted on again; `tied`: for a casting vote that nobody was asked for. */
  outcome: Type.String(),
  /** The stages or the end that it leads to; none where it is not decided. */
  to: Type.Array(Type.Object({ id: Type.String(), title: TextSchema })),
  text: TextSchema,
  arithmetic: Type.Array(Type.Unknown()),
});

const Changed = Type.Object({
  id: Type.String(),
  number: Type.String(),
  title: Type.String(),
  institutionName: Type.String(),
  was: Outcome,
  wouldBe: Outcome,
});

/** What votes of a round would have come to under another rule: for who keeps the ballot, and may know of every case in it. */
export const whatIfReads = (doors: Doors): readonly ReadRoute[] => [
  readRoute({
    path: `${stagePath}/what-if`,
    operationId: 'readWhatIf',
    tag: 'round',
    summary: {
      en: 'The votes of a round counted again under another decision rule: which outcomes would change; nothing is written',
      zh: '按另一议决规则重新计票：列出某一轮次中结果将改变的案件，不作任何更改',
    },
    query: Asked,
    answer: Type.Composite([
      Page(Changed),
      /** Applications that were voted on, and how many of them would have ended otherwise. */
      Type.Object({ decided: Type.Integer(), changed: Type.Integer() }),
    ]),
    handle: async ({ params, query, signedIn, atLeast }) => {
      const at = await atStage(doors, params, signedIn, atLeast);
      const round = params['round'] as string;
      if (at.stage.kind !== 'ballot' || !holdsPower(at.standing, at.stage.manage)) throw nothingHere();
      if (!(await readsAcross(doors, round, at))) throw nothingHere();
      const { decided, changed } = await decidedAnew(doors, { round, stage: at.stage.id }, ruleOf(query), atLeast);
      const { after = '', limit } = pageAsked(query);
      const items = changed.filter(({ id }) => id > after).slice(0, limit);
      return { decided, changed: changed.length, ...pageOf(items, query, ({ id }) => id) };
    },
  }),
];

function ruleOf({ quorum, quorumOf, majority, majorityOf, tie }: Static<typeof Asked>): ChangedRule {
  const over = majority?.replace(/^>=?/, '');
  return {
    quorum: {
      ...(quorum === undefined ? {} : { atLeast: fractionOf(quorum) }),
      ...(quorumOf === undefined ? {} : { of: quorumOf }),
    },
    majority: {
      ...(over === undefined ? {} : { over: fractionOf(over), atLeast: majority?.startsWith('>=') === true }),
      ...(majorityOf === undefined ? {} : { of: majorityOf }),
    },
    ...(tie === undefined ? {} : { tie }),
  };
}

const fractionOf = (text: string): readonly [number, number] => {
  const [numerator, denominator] = text.split('/').map(Number);
  return [numerator as number, denominator as number];
};

interface Anew {
  readonly decided: number;
  readonly changed: readonly Static<typeof Changed>[];
}

const atOnce = 500;

/** In slices: a round may hold thousands of cases, each with all that happened to it. */
async function decidedAnew(
  doors: Doors,
  { round, stage: id }: { readonly round: string; readonly stage: string },
  rule: ChangedRule,
  atLeast: bigint | undefined,
): Promise<Anew> {
  let decided = 0;
  const changed: Static<typeof Changed>[] = [];
  for (let after = ''; ;) {
    const asked = { after, limit: atOnce };
    const cases = await doors.runner.read(casesView, (sql, schema) => applicationsIn(sql, schema, round, asked), atLeast);
    for (const { state, ...named } of cases) {
      const definition = await adopted(doors.states, allianceOf(round), state.definition);
      const stage = definition.stages.find((one) => one.id === id);
      const visit = state.visits.findLast((one) => one.stage === id);
      if (stage?.kind !== 'ballot' || visit?.kind !== 'ballot') continue;
      const found = decidedAgain(stage, visit, rule);
      if (found === undefined) continue;
      decided += 1;
      const { was, wouldBe } = found;
      if (was.outcome !== wouldBe.outcome)
        changed.push({ ...named, was: shown(definition, stage, was), wouldBe: shown(definition, stage, wouldBe) });
    }
    const last = cases.at(-1);
    if (last === undefined || cases.length < atOnce) return { decided, changed };
    after = last.id;
  }
}

function shown({ stages, ends }: Definition, stage: Stage, { outcome, text, arithmetic }: Decided): Static<typeof Outcome> {
  const onward = stage.on[outcome] ?? [];
  const to = (typeof onward === 'string' ? [onward] : onward).map((id) => {
    const title = stages.find((one) => one.id === id)?.title ?? ends[id]?.title ?? { en: id, zh: id };
    return { id, title };
  });
  return { outcome, to, text, arithmetic: [...arithmetic] };
}
