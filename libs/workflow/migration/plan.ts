import { type Case, openVisits, type Visit } from '../case.state.js';
import { type Definition, type Owner, stageOf } from '../definition.js';
import { markingOf, netOf } from '../check/flow.js';
import { play, type Played } from '../check/net.js';
import { scopeOf } from '../filled.js';
import { applicationFaults } from '../form.js';
import { kindOf } from '../stages/index.js';
import { carried } from './carry.js';
import { type Obstacle, obstacle } from './obstacle.js';
import type { StageMapping } from './transition.js';

/** What becomes of one open visit of a case. Deadlines are ISO 8601 UTC. */
export interface Move {
  readonly then: 'carried' | 'anew';
  readonly from: { readonly stage: string; readonly visit: number; readonly dueAt?: string; readonly owner: Owner };
  readonly to: { readonly stage: string; readonly visit: number; readonly dueAt?: string; readonly owner: Owner };
}

/** What a migration would do to one case: all of it, or nothing where it stays or something stands in the way. */
export interface Plan {
  readonly stays: boolean;
  readonly moves: readonly Move[];
  readonly obstacles: readonly Obstacle[];
}

/** The two versions, and what becomes of stages between them. */
export interface Mapped {
  readonly from: Definition;
  readonly to: Definition;
  readonly stages: StageMapping;
}

/** What a mapping does to a case at an instant. Pure: the dry run and the act are this. */
export function planOf(state: Case, mapped: Mapped, now: number): Plan {
  const open = openVisits(state);
  const fates = open.map(({ stage }) => mapped.stages[stage]);
  if (fates.some((fate) => fate?.then === 'stays')) return { stays: true, moves: [], obstacles: [] };
  const moves: Move[] = [];
  const obstacles: Obstacle[] = [...faulty(state, mapped.to)];
  for (const visit of open) {
    const fate = mapped.stages[visit.stage];
    if (fate === undefined || !('to' in fate)) obstacles.push(mayNotMove(mapped.from, visit));
    else {
      if (fate.then === 'carried')
        obstacles.push(...carried(visit, stageOf(mapped.from, visit.stage), stageOf(mapped.to, fate.to)));
      moves.push(moveOf(visit, fate, { state, ...mapped }, now));
    }
  }
  return { stays: false, moves, obstacles: [...obstacles, ...stranded(state, moves, mapped.to)] };
}

/** What the new version can come to, played once. */
const plays = new WeakMap<Definition, Played>();

function playOf(definition: Definition): Played {
  const played = plays.get(definition) ?? play(netOf(definition));
  plays.set(definition, played);
  return played;
}

/** Branches that would wait for one which the new version does not begin, or that it does not join. */
function stranded(state: Case, moves: readonly Move[], to: Definition): readonly Obstacle[] {
  const waits = state.visits.flatMap(({ left }) => left?.waitsAt ?? []);
  const isParallel = moves.length + waits.length > 1 || to.stages.some(({ waitsFor }) => waitsFor !== undefined);
  if (!isParallel) return [];
  const waiting = markingOf(to, { visits: state.visits.filter(({ left }) => left !== undefined) });
  const marking = [...moves.map((move) => move.to.stage), ...waiting];
  if (waiting.length === waits.length && playOf(to).reaches(marking)) return [];
  return [
    obstacle(
      'branches-differ',
      'Under the new version a case cannot stand at all these stages at once, so its branches would never be joined; let it stay until they are.',
      '新版本下案件不会同时处于这些环节，其分支将无法汇合；请待汇合后再迁移，或让其保留原版本。',
    ),
  ];
}

function moveOf(
  { stage, visit, dueAt }: Visit,
  { then, to: target }: { readonly then: Move['then']; readonly to: string },
  { state, from, to }: { readonly state: Case } & Mapped,
  now: number,
): Move {
  const before = state.visits.filter((one) => one.stage === target);
  const next = stageOf(to, target);
  // Whatever begins anew is given the time that the new version gives; a deadline that was given stands.
  const due = then === 'anew' ? kindOf(next.kind).enter(next, to, now, before).dueAt : dueAt;
  return {
    then,
    from: { stage, visit, ...dated(dueAt), owner: ownerOf(stageOf(from, stage), state) },
    to: {
      stage: target,
      visit: then === 'carried' && target === stage ? visit : before.length + 1,
      ...dated(due),
      owner: ownerOf(next, state),
    },
  };
}

const dated = (dueAt: string | undefined): { dueAt?: string } => (dueAt === undefined ? {} : { dueAt });

const ownerOf = (owner: Owner, state: Case): Owner => {
  const scope = scopeOf(owner, state);
  return { power: owner.power, ...(scope === undefined ? {} : { scope: scope as NonNullable<Owner['scope']> }) };
};

/** What the new version finds wrong with the application. What it does not ask for stays on record, and stands in nobody's way. */
function faulty(state: Case, to: Definition): readonly Obstacle[] {
  const faults = applicationFaults(to, state, state).filter(({ fault }) => fault !== 'unknown' && fault !== 'not-asked');
  const { fields, files } = to.subject;
  return faults.map(({ field }) => {
    const { en, zh } = [...fields, ...files].find(({ id }) => id === field)?.label ?? { en: field, zh: field };
    return obstacle(
      'application-incomplete',
      `The new version asks for “${en}” otherwise than this application gives it; let it stay, or have it corrected first.`,
      `新版本对“${zh}”的要求与该申报不符；请让其保留原版本，或先行补正。`,
    );
  });
}

const mayNotMove = (from: Definition, { stage: id }: Visit): Obstacle => {
  const { title } = stageOf(from, id);
  return obstacle(
    'stage-refused',
    `The mapping lets no case be migrated from “${title.en}”; wait until it has left that stage.`,
    `对应关系规定处于“${title.zh}”环节的案件不得迁移，请待其离开该环节。`,
  );
};
