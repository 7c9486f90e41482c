import {
  derivedUuid,
  type Envelope,
  InMemoryEventStore,
  InMemoryVault,
  PostgresEventStore,
  type RecordedEvent,
  migrate,
  logMigrations,
  VirtualClock,
  envelopeOf,
} from '#kernel';
import { adopted, type Case, type CaseState, isWalled, mayKnow, openVisits, type Viewer } from '#workflow';
import { layOutDemonstration } from '../../apps/server/demonstration.js';
import { Rehearsal } from '../../apps/server/rehearsal.js';
import type { Random } from '../faults/support/fuzz/random.js';
import { alliance } from './house.js';

/** The log of the demonstration, with conflicts of interest declared by some who have a part in open cases. */
export class World {
  private constructor(
    readonly events: readonly RecordedEvent[],
    private readonly rehearsal: Rehearsal,
  ) {}

  static async with(random: Random, at: string): Promise<World> {
    const store = new InMemoryEventStore();
    const vault = new InMemoryVault();
    await layOutDemonstration({ store, vault, clock: new VirtualClock(Date.parse(at)) });
    const rehearsal = new Rehearsal({ store, vault, alliance, startMs: Date.parse(at), root: 'conflicts' });
    for (const id of await casesIn(store)) {
      const { state } = await rehearsal.states.fresh<CaseState>(`case-${id}`);
      if (state.status !== 'open' || random.chance(0.3)) continue;
      const declared = declaration(state, random);
      if (declared !== undefined) await rehearsal.as(declared.person, 'case', id.slice(alliance.length + 1), declared.command);
    }
    await rehearsal.until(Date.parse(at) + 60_000);
    const { events } = await store.readAll(0n, { limit: 100_000 });
    return new World(events, rehearsal);
  }

  /** The cases that a conflict keeps from somebody, and those that they may know of. */
  async casesFor(viewer: Viewer): Promise<{ readonly walled: readonly string[]; readonly known: readonly string[] }> {
    const [walled, known]: [string[], string[]] = [[], []];
    for (const id of idsIn(this.events)) {
      const { state } = await this.rehearsal.states.fresh<Case>(`case-${id}`);
      const definition = await adopted(this.rehearsal.states, alliance, state.definition);
      if (isWalled(definition, state, viewer)) walled.push(id);
      if (mayKnow(definition, state, viewer)) known.push(id);
    }
    return { walled, known };
  }

  /** Writes the log to a database; in the place of every event of the cases that never were stands one that nobody reads. */
  async writeTo(databaseUrl: string, without: readonly string[] = []): Promise<void> {
    await migrate(databaseUrl, logMigrations);
    const store = new PostgresEventStore(databaseUrl);
    const absent = new Set(without.map((id) => `case-${id}`));
    let voids = 0;
    const kept = this.events.map((event): Envelope => {
      const envelope = envelopeOf(event);
      if (!absent.has(envelope.stream)) return envelope;
      voids += 1;
      const id = derivedUuid(envelope.id, 'void');
      return { ...envelope, id, stream: `void-${voids}`, revision: 0, type: 'Nothing', version: 1, data: {} };
    });
    for (const group of byAppend(kept)) {
      const [{ stream, revision }] = group as [Envelope];
      await store.append({ stream, expectedLength: revision, events: group });
    }
    await store.close();
  }
}

const idsIn = (events: readonly RecordedEvent[]): readonly string[] =>
  [...new Set(events.map(({ stream }) => stream))]
    .filter((stream) => stream.startsWith('case-'))
    .map((stream) => stream.slice('case-'.length));

const casesIn = async (store: InMemoryEventStore): Promise<readonly string[]> =>
  idsIn((await store.readAll(0n, { limit: 100_000 })).events);

/** Neighbours of one stream are appended together: positions stay what they were. */
function byAppend(events: readonly Envelope[]): readonly (readonly Envelope[])[] {
  const groups: Envelope[][] = [];
  for (const event of events) {
    const last = groups.at(-1);
    if (last !== undefined && last[0]?.stream === event.stream && last.length < 50) last.push(event);
    else groups.push([event]);
  }
  return groups;
}

function declaration(state: Case, random: Random) {
  for (const visit of openVisits(state)) {
    const people =
      visit.kind === 'panel'
        ? visit.assignments.filter(({ status }) => status === 'open').map(({ reviewer }) => reviewer)
        : visit.kind === 'ballot'
          ? (visit.sittings.at(-1)?.seats ?? [])
              .map(({ person }) => person)
              .filter((person) => !recused(visit.sittings.at(-1), person))
          : [];
    if (people.length === 0) continue;
    const data = { stage: visit.stage, ground: '与课程负责人合著。' };
    return { person: random.oneOf(people), command: { type: 'DeclareConflict', data } };
  }
  return undefined;
}

const recused = (sitting: { readonly recused: readonly { readonly person: string }[] } | undefined, person: string): boolean =>
  sitting?.recused.some((one) => one.person === person) === true;
