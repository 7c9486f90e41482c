import { marked } from './calendar/recount.js';
import type { CaseEvent, Explanation, StageLeft } from './case.events.js';
import type { Case, Visit } from './case.state.js';
import { branchesOf, type Definition, onwardFrom, stageOf } from './definition.js';
import type { InVisit } from './in-visit.js';
import { isUnderWay } from './lineage.js';
import { kindOf } from './stages/index.js';
import { type At, place } from './stages/stage.js';
import { windowFor } from './subcases/appeal.js';

/** What becomes of one stage that an outcome leads to. */
type Arrival =
  | { readonly end: string }
  | { readonly begins: string; readonly joins?: readonly InVisit[] }
  | { readonly waits: string; readonly for: readonly (readonly string[])[] };

/**
 * A visit that comes to an outcome is left; what that leads to begins, waits for other branches, or is the end.
 *
 * @throws Error for an outcome that the definition forgot
 */
export function passOn(at: At, outcome: string, explanation: Explanation, now: number): readonly CaseEvent[] {
  const meant = onwardFrom(at.stage, outcome);
  if (meant === undefined) throw new Error(`${at.stage.id} leads nowhere on ${outcome}`);
  const arrivals = meant.map((to) => arrival(at, to));
  const end = arrivals.find((one) => 'end' in one);
  const left = { ...place(at), kind: at.stage.kind, outcome };
  if (end !== undefined) {
    return [
      { type: 'StageLeft', data: { ...left, to: end.end, explanation } },
      ...closed(at, openBeside(at), end.end),
      ...ended(at, end.end, now),
    ];
  }
  return [
    { type: 'StageLeft', data: { ...left, ...whither(meant, arrivals), explanation } },
    ...arrivals.flatMap((one) => ('begins' in one ? begun(at.definition, at.case, one.begins, now, joining(one)) : [])),
  ];
}

const joining = ({ joins }: { readonly joins?: readonly InVisit[] }) => (joins === undefined ? {} : { joins });

function whither(meant: readonly string[], arrivals: readonly Arrival[]): Pick<StageLeft, 'to' | 'besides' | 'waits'> {
  const [to = '', ...besides] = meant;
  const waits = arrivals.flatMap((one) => ('waits' in one ? [{ at: one.waits, for: one.for }] : []));
  return { to, ...(besides.length === 0 ? {} : { besides }), ...(waits.length === 0 ? {} : { waits }) };
}

function arrival(at: At, to: string): Arrival {
  const { definition, case: state, visit: own } = at;
  if (definition.ends[to] !== undefined) return { end: to };
  const branches = branchesOf(stageOf(definition, to));
  const arrived = branches.map((branch) =>
    branch.includes(own.stage)
      ? own
      : state.visits.find(({ stage, left }) => branch.includes(stage) && left?.waitsAt?.includes(to)),
  );
  const missing = branches.filter((_, index) => arrived[index] === undefined);
  if (missing.length > 0) return { waits: to, for: missing };
  const beyond = exhausted(definition, state, to);
  if (beyond !== undefined) return { end: beyond };
  const joins = arrived.flatMap((visit) => (visit === undefined ? [] : [{ stage: visit.stage, visit: visit.visit }]));
  return { begins: to, ...(joins.length === 0 ? {} : { joins }) };
}

/** The end that a stage names for a case that has come there as often as it may; undefined where it may come. */
export function exhausted({ stages }: Definition, { visits }: Pick<Case, 'visits'>, to: string): string | undefined {
  const bound = stages.find(({ id }) => id === to)?.visits;
  return bound !== undefined && visits.filter(({ stage }) => stage === to).length >= bound.atMost ? bound.then : undefined;
}

const openBeside = ({ case: { visits }, visit: own }: At): readonly Visit[] =>
  visits.filter((visit) => visit.left === undefined && !(visit.stage === own.stage && visit.visit === own.visit));

/** Branches that are left behind, each on record: what was under way in them takes no further part. */
export const closed = ({ definition, stage: by }: At, visits: readonly Visit[], to: string): readonly CaseEvent[] =>
  visits.filter(isUnderWay).map((visit) => {
    const stage = stageOf(definition, visit.stage);
    const goal = definition.ends[to]?.title ?? stageOf(definition, to).title;
    return {
      type: 'StageClosed',
      data: {
        stage: visit.stage,
        visit: visit.visit,
        kind: visit.kind,
        to,
        explanation: {
          clause: by.title,
          text: {
            en: `“${stage.title.en}” goes no further: at “${by.title.en}” the application went to “${goal.en}”.`,
            zh: `“${stage.title.zh}”不再继续：因“${by.title.zh}”，申报转至“${goal.zh}”。`,
          },
          inputs: { by: by.id, to },
          excluded: [],
          arithmetic: [],
        },
      },
    };
  });

function ended({ definition, case: state }: At, to: string, now: number): readonly CaseEvent[] {
  const end = definition.ends[to];
  if (end === undefined) return [];
  const data = { end: to, outcome: end.outcome, ...windowFor(definition, state, to, now) };
  return [marked(definition, { type: 'CaseEnded', data })];
}

/** The beginning of a stage. */
export function begun(
  definition: Definition,
  state: Pick<Case, 'visits'>,
  to: string,
  now: number,
  origin: { readonly joins?: readonly InVisit[]; readonly again?: number } = {},
): readonly CaseEvent[] {
  const stage = stageOf(definition, to);
  const before = state.visits.filter((visit) => visit.stage === to);
  const entered = kindOf(stage.kind).enter(stage, definition, now, before);
  const data = { stage: to, visit: before.length + 1, kind: stage.kind, ...entered, ...origin };
  return [marked(definition, { type: 'StageEntered', data })];
}
