import {
  charterStream,
  type EventStore,
  type Clock,
  DomainError,
  evolved,
  type OrganSeats,
  type States,
  type Views,
} from '#kernel';
import type { assign } from '../assignment/assign.js';
import type { Computed } from '../assignment/assigning.messages.js';
import type { Assigning, AssigningState } from '../assignment/assigning.state.js';
import { portionsOf } from '../assignment/portions.js';
import { type Grounds, pose, recordOf } from '../assignment/posing.js';
import { caseDecider } from '../case.decider.js';
import { type Case, type CaseState, entryOf, initialCase } from '../case.state.js';
import { casesView } from '../cases.view.js';
import { stageOf } from '../definition.js';
import { heldSeats, organStreamOf } from '../organs.js';
import type { Lookup, Work } from './dispatcher.js';
import { adopted } from './owing-rules.js';

/** Every open application of a round (`<alliance>.<slug>`), by entry. @param atLeast - position of the log that the answer must include */
export type CasesOfRound = (round: string, atLeast: bigint) => Promise<ReadonlyMap<string, Case>>;

export interface AssigningParts {
  readonly states: States;
  readonly cases: CasesOfRound;
  readonly clock: Clock;
  /** Where it is computed: in a thread of its own, so that everything else goes on. */
  readonly assign: typeof assign;
  /** When a computation is given up. It never changes a result. */
  readonly timeLimitMs?: number;
}

const usualLimitMs = 15 * 60_000;

/** Computes what `RecordAssignment` records: from the log as it stands. */
export function assignmentsFrom({ states, cases, clock, assign: computed, timeLimitMs = usualLimitMs }: AssigningParts): Lookup {
  return async ({ alliance, command: { id, data } }, atLeast, work) => {
    const { state, length } = await states.fresh<AssigningState>(`assignment-${id}`);
    const assigning = state as Assigning;
    const request = assigning.requests.find((one) => one.request === data['request']);
    if (request?.status !== 'computing') return {};
    const known = await cases(`${alliance}.${assigning.round}`, atLeast);
    const posed = pose({ ...(await groundsOf(states, alliance, assigning, clock.now())), request, cases: known });
    const watched = work === undefined ? {} : { onProgress: work.report, signal: work.signal };
    try {
      const found = await computed(posed.problem, { seed: assigning.seed, timeLimitMs, ...watched });
      return { computed: await recordedAhead(recordOf(posed, found), { request: request.request, length, work }) };
    } catch (failure) {
      if (!(failure instanceof DomainError)) throw failure;
      return { computed: { ...none, answer: { outcome: 'failed', text: failure.text } } satisfies Computed };
    }
  };
}

interface Recording {
  readonly request: number;
  /** Of the stream when it was computed: another computation records its portions under other names. */
  readonly length: number;
  readonly work: Work | undefined;
}

/** Records what is too much for one append; what is left then is the answer. */
async function recordedAhead(computed: Computed, { request, length, work }: Recording): Promise<Computed> {
  const portions = portionsOf(computed);
  if (work === undefined || portions.length === 0) return computed;
  for (const portion of portions) await work.send(`${length}.${portion.number}`, 'RecordPortion', { request, portion });
  return { ...computed, reviewers: [], panels: [], portions: portions.length };
}

const none = { reviewers: [], panels: [], neverTogether: [], perInstitution: 'any' } as const;

async function groundsOf(
  states: States,
  alliance: string,
  assigning: Assigning,
  now: number,
): Promise<Omit<Grounds, 'request' | 'cases'>> {
  const definition = await adopted(states, alliance, assigning.definition);
  const stage = stageOf(definition, assigning.stage);
  if (stage.kind !== 'panel') throw new Error(`${assigning.stage} is no panel`);
  const charter = charterStream(alliance);
  const loaded = new Map<string, unknown>([[charter, (await states.fresh(charter)).state]]);
  const consulted = <T>(stream: string): T => loaded.get(stream) as T;
  const organ = organStreamOf({ alliance, consulted }, stage.power);
  const none: OrganSeats = { seats: [] };
  const { seats: ever } = organ === undefined ? none : (await states.fresh<OrganSeats>(organ)).state;
  if (organ !== undefined) loaded.set(organ, { seats: ever });
  return { definition, stage, assigning, held: heldSeats({ alliance, consulted, now }, stage.power), ever, now };
}

/** From the view of cases, which keeps their states. */
export const casesOfRound =
  (views: Views): CasesOfRound =>
  async (round, atLeast) => {
    const rows = await views.read(
      casesView,
      (sql, schema) =>
        sql.query<{ id: string; state: Case }>(
          `select id, state from ${schema}."case" where round = $1 and status = 'open' and parent is null`,
          [round],
        ),
      atLeast,
    );
    return new Map(rows.map(({ id, state }) => [id.slice(round.length + 1), state]));
  };

/** As `casesOfRound`, from the log itself: for simulation and for proof. */
export const casesInLog =
  (store: EventStore): CasesOfRound =>
  async (round) => {
    const states = new Map<string, CaseState>();
    for (let after = 0n; ;) {
      const { events, through } = await store.readAll(after, { limit: 1_000, categories: ['case'] });
      for (const event of events)
        if (event.stream.startsWith(`case-${round}.`)) {
          const entry = entryOf(event);
          states.set(entry, evolved(caseDecider, states.get(entry) ?? initialCase, event) as CaseState);
        }
      if (through === after) break;
      after = through;
    }
    const isApplication = (one: [string, CaseState]): one is [string, Case] =>
      one[1].status === 'open' && one[1].origin === undefined;
    return new Map([...states].filter(isApplication));
  };
