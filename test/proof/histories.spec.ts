import { isDeepStrictEqual } from 'node:util';
import { expect, jest, test } from '@jest/globals';
import { categoryOf, type RecordedEvent } from '#kernel';
import { markingOf, netOf, play } from '#workflow';
import { withdrawnEnd } from '../../libs/workflow/definition.js';
import { people } from '../support/any-room.js';
import type { IncidentRaised } from '../../libs/workflow/incident.messages.js';
import type { IncidentState } from '../../libs/workflow/incidents/incident.decider.js';
import { incidentOf } from '../../libs/workflow/runtime/owed.js';
import { casesIn } from './cases.js';
import { Coverage, everWritten, everyCommand, everyKind } from './coverage.js';
import { proof } from './extent.js';
import type { Player } from './player.js';
import { ReadLog, replayedFrom } from './replay.js';
import { outOfOrder } from './unreliable-engine.js';
import { begun, played } from './played.js';

/** Whoever knows nothing but the log knows the same, on whatever day: every state, and everything that is owed. */
async function replayed({ room, engine }: Player, log: ReadLog): Promise<void> {
  await log.follow();
  const owing = await engine.owing;
  jest.useFakeTimers({ now: 0, doNotFake: otherThanDate });
  const { states, owed } = await replayedFrom(log);
  const anew = new Map<string, unknown>();
  for (const stream of log.streams) anew.set(stream, (await states.fresh(stream)).state);
  jest.useRealTimers();
  for (const [stream, state] of anew) same((await room.states.load(stream)).state, state);
  same(owing, owed);
}

/** As `toEqual`, which takes its time. */
const same = (live: unknown, replay: unknown): void => {
  if (!isDeepStrictEqual(live, replay)) expect(live).toEqual(replay);
};

type Faked = NonNullable<Extract<Parameters<typeof jest.useFakeTimers>[0], { doNotFake?: unknown }>['doNotFake']>;

const otherThanDate: Faked = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
];

/** What one command brought about stands together, in one stream, once. */
function onceEach(log: readonly RecordedEvent[]): void {
  const seen = new Map<string, RecordedEvent>();
  for (const event of log) {
    const before = seen.get(event.meta.command);
    seen.set(event.meta.command, event);
    if (before === undefined) continue;
    expect([event.stream, event.revision]).toEqual([before.stream, before.revision + 1]);
  }
}

/** What may still come of a case that has ended: its end may be appealed against, once. */
const afterTheEnd = [
  'AppealLodged',
  'AppealWindowClosed',
  'DecisionUpheld',
  'DecisionSuperseded',
  'FileCorrectionLapsed',
  'DeadlinesRecounted',
];

const timers = ['StageOverdue', 'ReviewerReminded', 'ReviewEscalated', 'PartiesReminded', 'InspectionOpened'];

function soundlyEnded(log: readonly RecordedEvent[]): void {
  const cases = new Map<string, RecordedEvent[]>();
  for (const event of log.filter(({ stream }) => categoryOf(stream) === 'case'))
    cases.set(event.stream, [...(cases.get(event.stream) ?? []), event]);
  for (const history of cases.values()) {
    const types = history.map(({ type }) => type);
    const lives = types.join(' ').split(' CaseReopened ');
    for (const [, later = ''] of lives.map((life) => life.split(/ CaseEnded ?/)))
      expect(later.split(' ').filter((type) => type !== '' && !afterTheEnd.includes(type))).toEqual([]);
    expect(types.filter((type) => type === 'SubcaseOpened' || type === 'CaseOpened')).toHaveLength(1);
    const rung = history.filter(({ type }) => timers.includes(type)).map(({ type, data }) => JSON.stringify([type, data]));
    expect(new Set(rung).size).toBe(rung.length);
  }
}

/** Every case stands where the proof of its definition has seen one, or has gone home. */
async function standsWhereProved({ room }: Player): Promise<void> {
  for (const { state, definition } of await casesIn(room)) {
    const end = state.end?.supersedes ?? state.end;
    if (end?.id === withdrawnEnd) continue;
    const marking = markingOf(definition, { visits: state.visits, ...(end === undefined ? {} : { end }) });
    expect([marking, play(netOf(definition)).reaches(marking)]).toEqual([marking, true]);
  }
}

const incidentsIn = async ({ streams }: Player, ...wanted: readonly string[]): Promise<readonly string[]> =>
  (await streams.around()).streams.flatMap((stream) =>
    stream.category === 'incident' && wanted.includes((stream.state as IncidentState).status) ? [stream.id] : [],
  );

/** Whatever was broken works again, and somebody sees to every step that waits for it: what is too late for a retry is skipped. */
async function putRight(player: Player): Promise<void> {
  const { room, engine } = player;
  engine.mend();
  // Whatever has failed is tried again within half a minute.
  room.clock.advanceTo(room.clock.now() + 60_000);
  await room.seat('secretariat', people);
  await engine.settle();
  for (const [type, data] of [
    ['RetryEffect', {}],
    ['SkipEffect', { reason: '逾期，另行办理' }],
  ] as const) {
    for (const id of await incidentsIn(player, 'open')) await room.send('secretariat-1', 'incident', id, type, data);
    await engine.settle();
  }
  expect(await engine.due()).toEqual([]);
  const waiting = await incidentsIn(player, 'open', 'retried', 'skipped');
  expect((await engine.owing).filter((effect) => waiting.includes(incidentOf(effect)))).toEqual([]);
}

/** Nothing fails of itself: every incident begins with a hindrance, or with what somebody has granted or withdrawn by hand. */
function failsOnlyHindered(log: readonly RecordedEvent[]): void {
  const first = new Map<string, IncidentRaised>();
  for (const { type, stream, data } of log)
    if (type === 'IncidentRaised' && !first.has(stream)) first.set(stream, data as IncidentRaised);
  const isHindered = (code: string): boolean =>
    code === 'effect.failed' || code === outOfOrder || code.startsWith('recognition.');
  expect([...first.values()].filter(({ code }) => !isHindered(code))).toEqual([]);
}

test('whatever people do and whatever is lost, what is replayed is what is live, and every step happened once', async () => {
  const reached = new Coverage();
  const all = { 'kinds of stages': everyKind, 'types of events': everWritten, commands: everyCommand };
  const missing = (): readonly string[] => reached.missing(Object.values(all).flat());
  await played({ runs: proof.runs, isEnough: () => missing().length === 0 }, async (world, seed) => {
    const player = await begun(world, seed, reached);
    const read = new ReadLog(player.room.store);
    for (let step = 0; step < proof.steps; step += 1) {
      await player.step();
      await replayed(player, read);
    }
    await putRight(player);
    await replayed(player, read);
    const log = read.all;
    onceEach(log);
    soundlyEnded(log);
    await standsWhereProved(player);
    failsOnlyHindered(log);
    for (const { type, data } of log) {
      reached.note(type);
      if (type === 'StageEntered') reached.note((data as { readonly kind: string }).kind);
    }
  });
  const { runs, steps, seed } = proof;
  process.stdout.write(`histories: PROOF_SEED=${seed} PROOF_RUNS=${runs} PROOF_STEPS=${steps}\n`);
  for (const [what, each] of Object.entries(all)) process.stdout.write(`${what}: ${reached.said(each)}\n`);
  expect(missing()).toEqual([]);
}, 7_200_000);
