import {
  derivedUuid,
  type Envelope,
  InMemoryEventStore,
  InMemoryVault,
  PostgresEventStore,
  type RecordedEvent,
  migrate,
  logMigrations,
  type Seat,
  VirtualClock,
  envelopeOf,
} from '#kernel';
import type { CaseOpened } from '../../libs/workflow/case.events.js';
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
      await copied(rehearsal, id, state);
    }
    await rehearsal.until(Date.parse(at) + 60_000);
    const { events } = await store.readAll(0n, { limit: 100_000 });
    return new World(events, rehearsal);
  }

  /** The cases that a conflict keeps from somebody, those that they may know of, and those that they may not. */
  async casesFor(viewer: Viewer): Promise<Readonly<Record<'walled' | 'known' | 'unknown', readonly string[]>>> {
    const [walled, known, unknown]: [string[], string[], string[]] = [[], [], []];
    for (const id of idsIn(this.events)) {
      const { state } = await this.rehearsal.states.fresh<Case>(`case-${id}`);
      const definition = await adopted(this.rehearsal.states, alliance, state.definition);
      if (isWalled(definition, state, viewer)) walled.push(id);
      (mayKnow(definition, state, viewer) ? known : unknown).push(id);
    }
    return { walled, known, unknown };
  }

  /** Stages at which cases have been. */
  get stages(): readonly string[] {
    const entered = this.events.filter(({ type }) => type === 'StageEntered');
    return [...new Set(entered.map(({ data }) => (data as { readonly stage: string }).stage))];
  }

  filesOf(cases: readonly string[]): readonly string[] {
    return this.openings(cases).flatMap(({ files }) => files.map(({ sha256 }) => sha256));
  }

  institutionsOf(cases: readonly string[]): readonly string[] {
    return [...new Set(this.openings(cases).map(({ applicant }) => applicant.institution))];
  }

  private openings(cases: readonly string[]): readonly CaseOpened[] {
    const streams = new Set(cases.map((id) => `case-${id}`));
    return this.events
      .filter(({ type, stream }) => type === 'CaseOpened' && streams.has(stream))
      .map(({ data }) => data as CaseOpened);
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

/** Copied to the committee, some of whom may not know of it; and its office asks to replace a file. */
async function copied(rehearsal: Rehearsal, id: string, { visits, submittedBy, files }: Case): Promise<void> {
  const name = id.slice(alliance.length + 1);
  const kept = visits.findLast(({ left, kind }) => left === undefined && (kind === 'panel' || kind === 'ballot'));
  const { seats } = (await rehearsal.states.fresh<{ readonly seats: readonly Seat[] }>(`organ-${alliance}.secretariat`)).state;
  const secretary = seats[0]?.person;
  if (kept === undefined || secretary === undefined) return;
  const copy = { stage: kept.stage, organs: [{ organ: 'committee' }, { organ: 'expert-panel' }] };
  await rehearsal.as(secretary, 'case', name, { type: 'CopyCase', data: copy });
  const slots = files.slice(0, 1).map(({ slot }) => slot);
  if (slots.length > 0)
    await rehearsal.as(submittedBy, 'case', name, { type: 'RequestFileCorrection', data: { slots, reason: '扫描件缺页' } });
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
