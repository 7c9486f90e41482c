import type { AskingContext, DecisionContext } from '#kernel';
import { announcedIn } from '../calendar/calendar.decider.js';
import type { CaseEvent } from '../case.events.js';
import { definitionOf, knownCase } from '../case.knowing.js';
import type { Case, CaseState, Visit } from '../case.state.js';
import { counting } from '../deadline.js';
import { type Definition, type DefinitionHistory, definitionStream, type Pinned, stageOf } from '../definition.js';
import { pinnedDefinition } from '../pinned.js';
import type { CaseMigrated, MigrateCase } from '../migration.messages.js';
import { begun } from '../passage.js';
import { refused } from '../refusal.js';
import { type Move, type Plan, planOf } from './plan.js';

/** One case of a migration that was resolved. Nothing, where it has ended meanwhile, is under another version already, or is a sub-case. */
export function migrateCase(data: MigrateCase, state: CaseState, context: DecisionContext): readonly CaseEvent[] {
  const { open } = knownCase(state, context);
  if (open.status !== 'open' || open.definition.version !== data.from || open.origin !== undefined) return [];
  const from = definitionOf(open, context);
  const to = targetOf(open, data.to, context);
  const plan = planOf(open, { from, to: to.definition, stages: data.stages }, context.now);
  if (plan.obstacles.length > 0) throw cannot(open, plan);
  return plan.stays ? [] : eventsOf(plan, { data, open, from, to, now: context.now });
}

interface Target {
  readonly definition: Definition;
  readonly pinned: Pinned;
}

function targetOf({ definition: { id } }: Case, version: number, context: Pick<AskingContext, 'alliance' | 'consulted'>): Target {
  const history = context.consulted<DefinitionHistory>(definitionStream(context.alliance, id));
  if (history.versions[version] === undefined) throw noSuchVersion(id, version);
  const definition = counting(pinnedDefinition(history, { id, version }), announcedIn(context).years);
  return { definition, pinned: { id, version, hash: history.versions[version]?.hash as string } };
}

interface Act {
  readonly data: MigrateCase;
  readonly open: Case;
  readonly from: Definition;
  readonly to: Target;
  readonly now: number;
}

function eventsOf({ moves }: Plan, { data, open, from, to, now }: Act): readonly CaseEvent[] {
  const anew = moves.filter(({ then }) => then === 'anew');
  const { before: _before, ...pinned } = open.definition;
  const record: CaseMigrated = {
    from: pinned,
    to: to.pinned,
    act: data.act,
    mapping: data.mapping,
    clause: data.clause,
    carried: moves.filter(({ then }) => then === 'carried').map((move) => ({ from: placeOf(move.from), to: placeOf(move.to) })),
    ...(data.charter === undefined || data.charter === open.charter ? {} : { charter: data.charter }),
  };
  return [
    ...anew.map((move) => leftFor(move, from, data)),
    { type: 'CaseMigrated', data: record },
    ...anew.flatMap((move) => begun(to.definition, open, move.to.stage, now)),
  ];
}

const placeOf = ({ stage, visit }: Move['from']) => ({ stage, visit });

const leftFor = (
  { from: { stage, visit }, to }: Move,
  definition: Definition,
  { clause, from, to: version }: MigrateCase,
): CaseEvent => {
  const { kind, title } = stageOf(definition, stage);
  const explanation = { clause, text: begunAnew(title), inputs: { from, to: version }, excluded: [], arithmetic: [] };
  return { type: 'StageLeft', data: { stage, visit, kind, outcome: 'migrated', to: to.stage, explanation } };
};

const begunAnew = ({ en, zh }: { readonly en: string; readonly zh: string }) => ({
  en: `“${en}” ends here and begins anew under the new version; what was done stays on record.`,
  zh: `“${zh}”环节至此终止，按新版本重新开始；已完成的工作记录在案。`,
});

const noSuchVersion = (id: string, version: number) =>
  refused(
    'case.no-such-version',
    `Version ${version} of “${id}” has not been adopted.`,
    `工作流“${id}”第 ${version} 版尚未通过。`,
    { id, version },
  );

const cannot = ({ number }: Case, { obstacles }: Plan) =>
  refused(
    'case.cannot-migrate',
    `Application ${number} cannot be carried over any more. ${obstacles.map(({ text }) => text.en).join(' ')}`,
    `申报 ${number} 已不能迁移。${obstacles.map(({ text }) => text.zh).join('')}`,
    { number, obstacles },
  );

/** The case under its new version: what is open goes on where the mapping says. */
export function migratedState(state: Case, { to, carried, charter }: CaseMigrated): Case {
  const { definition } = state;
  const moved = (visit: Visit): Visit => {
    const move = carried.find(({ from }) => from.stage === visit.stage && from.visit === visit.visit);
    return move === undefined ? visit : { ...visit, ...move.to };
  };
  return {
    ...state,
    definition:
      to.version === definition.version ? definition : { ...to, before: [...(definition.before ?? []), definition.version] },
    ...(charter === undefined ? {} : { charter }),
    visits: state.visits.map(moved),
  };
}
