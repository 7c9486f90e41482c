import type { SignedIn } from '#identity';
import {
  adopted,
  type Case,
  casesView,
  type Definition,
  isJudge,
  isWalled,
  type Round,
  type RoundState,
  type Stage,
} from '#workflow';
import type { Doors } from './doors.js';
import { allianceOf, nothingHere, type Standing, standingOf, viewerOf } from './sight.js';

/** A stage of a round, and as whom somebody stands before it. */
export interface AtStage {
  readonly round: Round;
  readonly definition: Definition;
  readonly stage: Stage;
  readonly standing: Standing;
}

export const stagePath = '/v1/rounds/{round}/stages/{stage}';

/** The stage that an address names. @throws DoorRefusal 404 where there is none */
export async function atStage(
  doors: Doors,
  params: Readonly<Record<string, string>>,
  signedIn: SignedIn | undefined,
  atLeast?: bigint,
): Promise<AtStage> {
  if (signedIn === undefined) throw nothingHere();
  const id = params['round'] as string;
  const standing = await standingOf(doors, signedIn, allianceOf(id), atLeast);
  const { state } = await doors.states.fresh<RoundState>(`round-${id}`);
  if (state.status === 'none') throw nothingHere();
  const definition = await adopted(doors.states, standing.alliance, state.definition);
  const stage = definition.stages.find((one) => one.id === params['stage']);
  if (stage === undefined) throw nothingHere();
  return { round: state, definition, stage, standing };
}

export const holdsPower = ({ powers }: Standing, power: string | undefined): boolean =>
  powers.some((held) => held.power === power);

/**
 * Whether somebody may read what is about all cases of a round together: not even how many they are is for who is kept from one of them.
 * Who judges and works for an institution never may: that it depended on the applications would tell who has applied.
 */
export async function readsAcross(doors: Doors, round: string, { definition, standing }: AtStage): Promise<boolean> {
  const viewer = viewerOf(standing);
  if (!isJudge(definition, viewer)) return true;
  if (viewer.institutions.length > 0) return false;
  const rows = await doors.runner.read(casesView, (sql, schema) =>
    sql.query<{ state: Case }>(`select state from ${schema}."case" where round = $1 and $2 = any(barred)`, [
      round,
      standing.person,
    ]),
  );
  return !rows.some(({ state }) => isWalled(definition, state, viewer));
}

/** Whether somebody runs the assignments of a panel. */
export const runsAssignments = async (doors: Doors, round: string, at: AtStage): Promise<boolean> =>
  at.stage.kind === 'panel' && holdsPower(at.standing, at.stage.manage) && (await readsAcross(doors, round, at));

export interface Titled {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly institutionName: string;
  readonly published: boolean;
}

/** Number, title and applicant of cases, by id. Not filtered: for who may know of them all, or for what is published. */
export async function titlesOf(doors: Doors, ids: readonly string[]): Promise<ReadonlyMap<string, Titled>> {
  const rows = await doors.runner.read(casesView, (sql, schema) =>
    sql.query<Titled>(
      `select id, number, title, institution_name as "institutionName", published from ${schema}."case" where id = any($1::text[])`,
      [ids],
    ),
  );
  return new Map(rows.map((row) => [row.id, row]));
}
