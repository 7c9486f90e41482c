import { type Case, openVisits, type Visit } from '../case.state.js';
import { type Definition, type Owner, stageOf } from '../definition.js';
import { scopeOf } from '../filled.js';
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
  const obstacles: Obstacle[] = [...missing(state, mapped.to)];
  for (const visit of open) {
    const fate = mapped.stages[visit.stage];
    if (fate === undefined || !('to' in fate)) obstacles.push(mayNotMove(mapped.from, visit));
    else {
      if (fate.then === 'carried')
        obstacles.push(...carried(visit, stageOf(mapped.from, visit.stage), stageOf(mapped.to, fate.to)));
      moves.push(moveOf(visit, fate, { state, ...mapped }, now));
    }
  }
  return { stays: false, moves, obstacles };
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

/** What the new version requires of every application, and this one does not have. */
function missing({ form, files }: Case, { subject }: Definition): readonly Obstacle[] {
  const fields = subject.fields.filter(({ id, required }) => required === true && form[id] === undefined);
  const slots = subject.files.filter(({ id, required }) => required === true && !files.some(({ slot }) => slot === id));
  return [...fields, ...slots].map(({ label }) =>
    obstacle(
      'application-incomplete',
      `The new version requires “${label.en}”, which this application does not have; let it stay, or have it corrected first.`,
      `新版本要求“${label.zh}”，而该申报没有；请让其保留原版本，或先行补正。`,
    ),
  );
}

const mayNotMove = (from: Definition, { stage: id }: Visit): Obstacle => {
  const { title } = stageOf(from, id);
  return obstacle(
    'stage-refused',
    `The mapping lets no case be migrated from “${title.en}”; wait until it has left that stage.`,
    `对应关系规定处于“${title.zh}”环节的案件不得迁移，请待其离开该环节。`,
  );
};
