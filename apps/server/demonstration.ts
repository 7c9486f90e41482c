import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Clock,
  derivedUuid,
  type EventStore,
  type Files,
  InMemoryEventStore,
  type RecordedEvent,
  type Vault,
  envelopeOf,
} from '#kernel';
import { type Definition, loadDefinition } from '#workflow';
import { Chance } from './chance.js';
import { modelCharter } from './demonstration.charter.js';
import { applications, type DemonstratedApplication } from './demonstration.applications.js';
import { institutions, parts } from './demonstration.people.js';
import { Hindrance } from './lifetime.js';
import { Rehearsal } from './rehearsal.js';
import { registerCourse, submitCourse } from './rehearsal.applications.js';
import { found } from './rehearsal.founding.js';
import { dayMs, hourMs, Players, type Temper } from './rehearsal.players.js';
import type { Settings } from './settings.js';

export const demonstrationAlliance = 'gdmooc';
export const demonstrationRound = 'demonstration';
const root = 'the demonstration alliance';
const storyDays = 40;
const stepMs = 2 * hourMs;

interface Installation {
  readonly store: EventStore;
  readonly vault: Vault;
  readonly files?: Files;
  readonly clock: Clock;
}

/**
 * Lays out the demonstration alliance: its charter, people and seats, and a round that has been under way for weeks.
 *
 * The weeks are acted out in memory first, by the same commands, rules and engine as ever, and then written down in their order. Start
 * and ids do not change once the first event is written: after an interruption the rest is added, and a second time nothing is.
 * Call it before anything follows the log: what is only half told looks overdue.
 */
export async function layOutDemonstration({ store, vault, files, clock }: Installation): Promise<void> {
  const [founding] = await store.read(`charter-${demonstrationAlliance}`, { limit: 1 });
  const hour = Math.floor(clock.now() / hourMs) * hourMs;
  const startMs = founding === undefined ? hour - storyDays * dayMs : Date.parse(founding.meta.recordedAt);
  if (founding !== undefined && (await isComplete(store))) return;
  const rehearsed = new InMemoryEventStore();
  const { definition } = await loadDefinition(workflowFile('alliance-recognition'));
  const kept = files === undefined ? {} : { files };
  const scene = { store: rehearsed, vault, ...kept, alliance: demonstrationAlliance, startMs, root };
  await actOut(new Rehearsal(scene), definition, startMs);
  for (let after = 0n; ;) {
    const { events, through } = await rehearsed.readAll(after, { limit: 1_000 });
    if (through === after) return;
    after = through;
    for (const commanded of byCommand(events)) await write(store, commanded);
  }
}

/**
 * The demonstration alliance, where this is the demonstration: laid out on an empty log, finished where that was interrupted.
 *
 * @throws Hindrance where it was asked for on a log that holds another alliance
 */
export async function demonstrated(wanted: Settings['demonstration'], installation: Installation): Promise<string | undefined> {
  if (wanted === 'off') return undefined;
  if (!(await holdsAnother(installation.store))) {
    await layOutDemonstration(installation);
    return demonstrationAlliance;
  }
  if (wanted === 'offered') return undefined;
  throw new Hindrance({
    en: 'DEMO=true needs a log of its own, and this one holds an alliance that is not the demonstration: unset DEMO, or choose another DATA_DIR.',
    zh: 'DEMO=true 只能用于单独的日志，而此日志中已有非演示联盟：请取消 DEMO，或另选 DATA_DIR。',
  });
}

/** Whether an alliance has been founded beside the demonstration, however long ago. */
async function holdsAnother(store: EventStore): Promise<boolean> {
  for (let after = 0n; ;) {
    const { events, through } = await store.readAll(after, { limit: 1_000, categories: ['charter'] });
    if (events.some(({ meta }) => meta.alliance !== demonstrationAlliance)) return true;
    if (through === after) return false;
    after = through;
  }
}

/** The last command of the story. */
const lastCommand = derivedUuid(root, 'the end');
const isComplete = async (store: EventStore): Promise<boolean> => {
  const critic = `person-${derivedUuid(root, 'person.critic')}`;
  return (await store.find(critic, derivedUuid(lastCommand, '0'))) !== undefined;
};

/** The events of one command are one append, as they were. */
function byCommand(events: readonly RecordedEvent[]): readonly (readonly RecordedEvent[])[] {
  const groups: RecordedEvent[][] = [];
  for (const event of events) {
    const last = groups.at(-1);
    if (last?.[0]?.meta.command === event.meta.command) last.push(event);
    else groups.push([event]);
  }
  return groups;
}

async function write(store: EventStore, events: readonly RecordedEvent[]): Promise<void> {
  const [first] = events as [RecordedEvent];
  await store.append({
    stream: first.stream,
    expectedLength: first.revision,
    events: events.map(envelopeOf),
  });
}

async function actOut(rehearsal: Rehearsal, definition: Definition, startMs: number): Promise<void> {
  const endMs = startMs + storyDays * dayMs;
  const named = (key: string): string => rehearsal.person(key);
  const people = parts.map(({ key, ...someone }) => ({ person: named(key), email: `${key}@entente.example`, ...someone }));
  const charter = modelCharter({
    zh: '粤港澳大湾区慕课联盟（演示）',
    en: 'Greater Bay Area MOOC Alliance (demonstration)',
  });
  const year = new Date(startMs).getUTCFullYear();
  const term = { from: `${year - 1}-01-01T00:00:00.000Z`, until: `${year + 3}-01-01T00:00:00.000Z` };
  const visitor = people.filter(({ seats }) => seats.length === 0);
  await found(rehearsal, { charter, institutions, people: people.filter(({ seats }) => seats.length > 0), term });
  for (const { person, name, email, institution } of visitor) {
    const data = { person, name, email, ...(institution === undefined ? {} : { institution }) };
    await rehearsal.operator('person', person.slice('person-'.length), { type: 'RegisterPerson', data });
  }
  await openRound(rehearsal, definition, { startMs, endMs });
  const players = new Players(rehearsal, definition, castOf(named), temper(rehearsal));
  for (const application of applications) plan(rehearsal, players, definition, application, endMs);
  for (let now = startMs; now < endMs; now = Math.min(endMs, now + stepMs)) await players.until(Math.min(endMs, now + stepMs));
  const critic = named('critic');
  const moved = { type: 'CorrectPerson', data: { person: critic, email: 'critic@entente.example' } };
  await rehearsal.operator('person', critic.slice('person-'.length), moved, lastCommand);
}

async function openRound(
  rehearsal: Rehearsal,
  definition: Definition,
  { startMs, endMs }: { startMs: number; endMs: number },
): Promise<void> {
  const { id, version } = definition;
  await rehearsal.operator('definition', id, { type: 'AdoptDefinition', data: { definition } });
  const title = {
    zh: '粤港澳大湾区一流课程认定（演示轮次）',
    en: 'Accreditation of first-class courses, Greater Bay Area (demonstration round)',
  };
  const [opensAt, closesAt] = [startMs, endMs + 30 * dayMs].map((at) => new Date(at).toISOString());
  const data = { definition: { id, version }, title, opensAt, closesAt, seed: 'drawn in public on the day of the notice' };
  await rehearsal.as(rehearsal.person('secretary'), 'round', demonstrationRound, { type: 'OpenRound', data });
}

const seatedIn = (organ: string): readonly string[] =>
  parts.filter(({ seats }) => seats.some((seat) => seat.organ === organ)).map(({ key }) => key);

const castOf = (named: (key: string) => string) => ({
  secretary: named('secretary'),
  critic: named('critic'),
  committee: seatedIn('committee').map(named),
  council: seatedIn('council').map(named),
  deanOf: (code: string) => named(`dean-${code}`),
  departmentOf: () => named('department'),
});

function temper(rehearsal: Rehearsal): Temper {
  const chance = new Chance('demonstration');
  const bySubject = new Map(applications.map((application) => [rehearsal.id(`course.${application.key}`), application]));
  const of = (subject: string): DemonstratedApplication => bySubject.get(subject) as DemonstratedApplication;
  return {
    chance,
    quality: (subject) => of(subject).quality,
    pace: () => 0.15,
    odds: (subject) => ({ ...calm, ...of(subject).odds }),
    acts: (subject, stage, act, name) => {
      const { rests } = of(subject);
      if (rests?.stage !== stage || !rests.acts.includes(act)) return true;
      return (act === 'review' || act === 'vote') && chance.of(`${subject}.${name}`) < 0.4;
    },
  };
}

const calm = {
  fails: 0,
  returns: 0,
  neverCorrects: 0,
  withdraws: 0,
  conflicted: 0,
  late: 0,
  silent: 0,
  absent: 0,
  objects: 0,
  overdue: 0,
};

function plan(
  rehearsal: Rehearsal,
  players: Players,
  definition: Definition,
  application: DemonstratedApplication,
  endMs: number,
): void {
  const { key, institution, daysAgo, runs, title, kind, discipline, credits, leaderName } = application;
  const id = rehearsal.id(`course.${key}`);
  const course = {
    id,
    institution,
    title,
    kind,
    discipline,
    credits,
    runs,
    leader: rehearsal.person(`leader.${key}`),
    leaderName,
  };
  const dean = rehearsal.person(`dean-${institution}`);
  players.plan(endMs - daysAgo * dayMs, async () => {
    await registerCourse(rehearsal, dean, course);
    if (!application.unsubmitted) await submitCourse(rehearsal, dean, demonstrationRound, definition, course);
  });
}

/** The file of a workflow that the project brings along. @throws Error where the installation is not complete */
export function workflowFile(id: string): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, 'workflows', `${id}.yaml`);
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) throw new Error(`there is no workflows/${id}.yaml above ${start}`);
  }
}
