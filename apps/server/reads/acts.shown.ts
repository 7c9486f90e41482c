import { type Static, Type } from '@sinclair/typebox';
import { type CharterHistory, charterStream } from '#kernel';
import { seatsOn, seatsView } from '#organisation';
import {
  type Case,
  caseRow,
  countedReviews,
  type Definition,
  handedIn,
  hearsLate,
  hearsOthers,
  holderOf,
  isBound,
  mayStillSpeak,
  openAppeal,
  openCorrection,
  openFileCorrection,
  openSitting,
  openVisits,
  ownerOfPart,
  partTasks,
  powerKey,
  retractable,
  returnsOpen,
  scopeOf,
  reviewOf,
  type ShownCase,
  stageOf,
  type Task,
  type Visit,
} from '#workflow';
import type { Doors } from './doors.js';
import { Instant } from './schemas.js';
import type { Standing } from './sight.js';

/** Something that the caller may do to a case. */
export const Act = Type.Object({
  act: Type.String(),
  stage: Type.String(),
  dueAt: Type.Optional(Instant),
  /** The stages that the application may be sent back to. */
  to: Type.Optional(Type.Array(Type.String())),
  /** The task, the party or the request that it is about. */
  part: Type.Optional(Type.String()),
  /** To whom a task may be handed over; whose conflict may still be declared. */
  people: Type.Optional(Type.Array(Type.String())),
});

type ActShown = Static<typeof Act>;

interface Seen {
  readonly definition: Definition;
  readonly state: Case;
  readonly standing: Standing;
}

/** What the caller may do now: their tasks, and what is open to them beside. */
export async function actsOf(doors: Doors, seen: Seen, shown: ShownCase): Promise<readonly ActShown[]> {
  const { definition, state, standing } = seen;
  const tasks = caseRow(definition, state).tasks.filter(({ holder }) => standing.keys.includes(holder));
  const due = tasks.map(({ act, stage, part, dueAt }): ActShown => ({
    act,
    stage,
    ...(part === undefined ? {} : { part }),
    ...(dueAt === undefined ? {} : { dueAt }),
  }));
  const nowMs = doors.clock.now();
  if (state.status === 'ended') return [...due, ...appealActs(definition, state, standing, nowMs)];
  if (state.frozen !== undefined) return due;
  const beside = openVisits(state).flatMap((visit) => [
    ...ofReviewer(seen, visit, tasks, nowMs),
    ...(tasks.some(({ act, stage }) => stage === visit.stage && judging.has(act)) || isReviewer(visit, standing.person)
      ? [{ act: 'declare-conflict', stage: visit.stage }]
      : []),
    ...openToAll(visit, nowMs),
    ...ofOffices(seen, visit, nowMs),
  ]);
  const back = returnsOpen(definition, state)
    .filter(({ holder }) => standing.keys.includes(holder))
    .map(({ stage, to }): ActShown => ({ act: 'send-back', stage, to: [...to] }));
  return [
    ...due,
    ...beside,
    ...state.visits.flatMap((visit) => lateConflicts(seen, visit)),
    ...(await transfers(doors, seen)),
    ...back,
    ...(shown.as === 'applicant' ? ofApplicant(definition, state) : []),
  ];
}

const judging: ReadonlySet<string> = new Set<Task['act']>(['review', 'vote', 'give-ruling']);

/** Whether somebody's review counts in a panel. */
const isReviewer = (visit: Visit, person: string): boolean => visit.kind === 'panel' && reviewOf(visit, person) !== undefined;

/** At a panel that has closed: one's own conflict, or for who keeps it, that of anyone whose review counts. */
function lateConflicts(seen: Seen, visit: Visit): readonly ActShown[] {
  const { definition, state, standing } = seen;
  if (visit.kind !== 'panel' || !hearsLate(definition, state, visit)) return [];
  const { stage } = visit;
  const people = countedReviews(visit).map(({ reviewer }) => reviewer);
  return [
    ...(isReviewer(visit, standing.person) ? [{ act: 'declare-conflict', stage }] : []),
    ...(isHolderOf(seen, stage) ? [{ act: 'report-conflict', stage, people }] : []),
  ];
}

/** Whether the caller sits in the organ that holds a stage. */
function isHolderOf({ definition, state, standing }: Seen, stage: string): boolean {
  const holder = holderOf(stageOf(definition, stage));
  return standing.keys.includes(powerKey(holder.power, scopeOf(holder, state)));
}

/** Who has reviewed may think again and, where the panel discusses, say something, until it closes. */
function ofReviewer(
  { definition, standing: { person } }: Seen,
  visit: Visit,
  tasks: readonly Task[],
  nowMs: number,
): readonly ActShown[] {
  const stage = stageOf(definition, visit.stage);
  if (visit.kind !== 'panel' || stage.kind !== 'panel') return [];
  if (reviewOf(visit, person) === undefined || !mayStillSpeak({ stage, visit }, nowMs)) return [];
  const isTask = tasks.some((task) => task.act === 'discuss' && task.stage === visit.stage);
  const speaks = hearsOthers({ stage, visit }, person) && !isTask;
  return [...(speaks ? [{ act: 'discuss', stage: visit.stage }] : []), { act: 'revise', stage: visit.stage }];
}

function openToAll({ kind, stage, dueAt }: Visit, nowMs: number): readonly ActShown[] {
  // Whoever is registered signs in, or cancels, after registrations have closed too.
  if (kind === 'registration') return [{ act: 'register', stage, ...(dueAt === undefined ? {} : { dueAt }) }];
  return kind === 'publicity' && (dueAt === undefined || nowMs < Date.parse(dueAt)) ? [{ act: 'object', stage }] : [];
}

/** Acts that name for whom they were done: what is taken back is told by that. */
const isForAnother = (act: string): boolean => act === 'answer' || act === 'vote';

/** What whoever holds a stage, or has done something at it, may do beside their task. */
function ofOffices(seen: Seen, visit: Visit, nowMs: number): readonly ActShown[] {
  const { stage } = visit;
  const own = retractable(stageOf(seen.definition, stage), visit, seen.standing.person, nowMs);
  const isHolder = isHolderOf(seen, stage);
  const correction = visit.kind === 'check' && isHolder ? openCorrection(visit) : undefined;
  return [
    ...own.map(({ act, of }) => ({ act: 'retract', stage, ...(isForAnother(act) && of !== undefined ? { part: of } : {}) })),
    ...(correction === undefined || nowMs >= Date.parse(correction.dueAt)
      ? []
      : [{ act: 'extend-correction', stage, dueAt: correction.dueAt }]),
    ...(isHolder && visit.kind === 'panel' ? [{ act: 'change-panel', stage }] : []),
    ...(isHolder && (visit.kind === 'panel' || visit.kind === 'ballot') ? [{ act: 'report-conflict', stage }] : []),
    ...(isHolder ? reminders(visit) : []),
    ...(isHolder && visit.kind === 'registration' ? [{ act: 'open-session', stage }] : []),
    ...(isHolder ? [{ act: 'copy', stage }] : []),
  ];
}

/** Whoever keeps a ballot reminds its voters once, before the date or without one. */
function reminders(visit: Visit): readonly ActShown[] {
  const sitting = visit.kind === 'ballot' ? openSitting(visit) : undefined;
  const part = `sitting.${sitting?.sitting}`;
  const isDone = sitting === undefined || sitting.tie !== undefined || visit.reminders?.includes(part) === true;
  return isDone ? [] : [{ act: 'remind-voters', stage: visit.stage, part }];
}

function ofApplicant(definition: Definition, state: Case): readonly ActShown[] {
  const stage = openVisits(state)[0]?.stage ?? '';
  return [
    ...(definition.subject.files.length > 0 && openFileCorrection(state) === undefined ? [{ act: 'request-files', stage }] : []),
    ...(isBound(state) || definition.subcase?.kind === 'hearing' ? [] : [{ act: 'withdraw', stage }]),
  ];
}

/** Tasks of the caller's organs that may be handed over, with those who could take them, or taken back. */
async function transfers(doors: Doors, { definition, state, standing }: Seen): Promise<readonly ActShown[]> {
  const parts = openVisits(state).flatMap((visit) => {
    const stage = stageOf(definition, visit.stage);
    return partTasks(stage, visit).flatMap(({ part }) => {
      const owner = ownerOfPart(stage, part) ?? stage;
      const scope = scopeOf(owner, state);
      const isOurs = standing.keys.includes(powerKey(owner.power, scope));
      return isOurs ? [{ stage: stage.id, part, power: owner.power, scope, handed: handedIn(visit, part) }] : [];
    });
  });
  const acts = await Promise.all(
    parts.map(async ({ stage, part, power, scope, handed }): Promise<readonly ActShown[]> => {
      const back = handed === undefined ? [] : [{ act: 'take-back', stage, part }];
      if (handed !== undefined && handed.to !== standing.person) return back;
      const people = await colleagues(doors, standing, power, scope);
      return people.length === 0 ? back : [{ act: 'transfer', stage, part, people: [...people] }, ...back];
    }),
  );
  return acts.flat();
}

/** Who else holds a seat in the organ of a power. */
async function colleagues(
  doors: Doors,
  { alliance, person }: Standing,
  power: string,
  scope: string | undefined,
): Promise<readonly string[]> {
  const { state: charter } = await doors.states.fresh<CharterHistory>(charterStream(alliance));
  const organ = charter.powers[power]?.organ;
  if (organ === undefined) return [];
  const at = new Date(doors.clock.now()).toISOString();
  const isScoped = charter.organs[organ]?.scope !== 'alliance' && scope !== undefined;
  const asked = { alliance, at, organ, ...(isScoped ? { scope } : {}) };
  const seats = await doors.runner.read(seatsView, (sql, schema) => seatsOn(sql, schema, asked));
  return [...new Set(seats.map((seat) => seat.person))].filter((one) => one !== person);
}

/** The appeal that the caller's office may lodge now; `stage` names it. */
function appealActs(definition: Definition, state: Case, { keys }: Standing, nowMs: number): readonly ActShown[] {
  const appeal = openAppeal(definition, state, nowMs);
  if (appeal === undefined || !keys.includes(powerKey(appeal.power, state.applicant.institution))) return [];
  return [{ act: 'appeal', stage: appeal.subcase, dueAt: appeal.until }];
}
