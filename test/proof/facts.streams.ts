import {
  type BulkState,
  type Definition,
  type MeetingState,
  openTie,
  openVisits,
  previewHash,
  type RankingState,
  type RoundState,
  type Visit,
} from '#workflow';
import type { CaseSeen, Doing } from '#workflow';
import type { Random } from '../faults/support/fuzz/random.js';
import { applicant, people } from '../support/any-room.js';
import { instantAfter } from './facts.js';
import type { Facts } from './maker.js';
import type { Around, Stream } from './streams.js';

const clause = { en: 'Open rounds move.', zh: '已启动的轮次适用新版本。' };

/** What commands to streams that are no case may name. */
export function factsOfStream(type: string, { state, category }: Stream, about: Around, random: Random): Facts {
  const { now, definition } = about;
  const subjects = about.cases.filter(({ state: one }) => one.origin === undefined).map(({ subject }) => subject);
  const panel = definition.stages.find(({ kind }) => kind === 'panel');
  const seated = panel === undefined ? ['someone'] : people.map((number) => `${panel.power}-${number}`);
  const tie = category === 'ranking' && (state as RankingState).status !== 'none' ? openTie(state as never) : undefined;
  return {
    institution: [applicant],
    until: type === 'DeclareRelation' ? ['2025-12-31'] : [instantAfter(now, 24 * 40), instantAfter(now, 24 * 90)],
    opensAt: [0, 10, 10, 12, 20].map((days) => instantAfter(now, 24 * days)),
    closesAt: [instantAfter(now, 24 * 30)],
    subject: subjects,
    subjects: [subjects.slice(0, 1), subjects],
    order: tie === undefined ? [] : [tie.subjects, tie.subjects.toReversed()],
    tie: [String(tie?.tie ?? 1)],
    person: seated,
    one: seated,
    other: seated.toReversed(),
    request: 'requests' in state ? state.requests.map(({ request }) => request) : [],
    session: about.cases
      .flatMap(({ state: one }) => one.visits.flatMap((visit) => (visit.kind === 'registration' ? visit.sessions : [])))
      .map(({ session }) => session),
    part: [0, 1],
    ...ownMeanings[type]?.(about, random, state as never),
  };
}

type Meaning = (about: Around, random: Random, state: never) => Facts;

/** Names that mean something else in one command than in the others; what goes by a command's own name is the whole of it. */
const ownMeanings: Readonly<Record<string, Meaning>> = {
  OpenRound: ({ definition: { id, version } }) => ({ definition: [{ id, version }] }),
  AnnounceHolidays: holidays,
  AdoptDefinition: ({ definition }, random) => ({ definition: [amended(definition, random)] }),
  MigrateCases: migration,
  ConveneMeeting: ({ cases }, _random, state: MeetingState) => {
    if (state.status === 'convened') return { agenda: [state.agenda] };
    const items = cases.flatMap(({ subject, state }) =>
      openVisits(state).flatMap(({ kind, stage }) => (kind === 'ballot' ? [{ case: `a.one.${subject}`, stage }] : [])),
    );
    return { agenda: items.length === 0 ? [] : [items, items.slice(0, 1)] };
  },
  AllowTogether: (_about, _random, state: { readonly apart?: readonly (readonly [string, string])[] }) => {
    const [one, other] = state.apart?.[0] ?? [];
    return one === undefined ? {} : { one: [one], other: [other] };
  },
  LodgeProxy: (_about, random, state: { readonly power?: string }) => ({
    holder: [`${state.power}-${random.oneOf(people)}`],
    cases: [],
  }),
  OrderBulk: order,
  NoteOvertaken: (_about, _random, state: BulkState) => ({
    part: state.status === 'none' ? [] : state.parts.map((_, index) => index),
  }),
};

/** The public holidays of a year that is about to come, or of the one after it. */
function holidays({ now }: Around, random: Random): Facts {
  const year = new Date(now + 40 * 24 * 3_600_000).getUTCFullYear() + random.below(2);
  const day = (month: number): string => `${year}-${String(month).padStart(2, '0')}-0${1 + random.below(9)}`;
  const [first, last] = [day(1 + random.below(12)), day(12)];
  return {
    AnnounceHolidays: [{ year, holidays: [`${year}-01-01/${day(1)}`, `${first}/${last}`], makeUpDays: [], notice: '放假安排' }],
  };
}

/** The next version: the same stages, with other times. */
function amended(definition: Definition, random: Random): Definition {
  const more = random.below(3);
  return {
    ...definition,
    version: definition.version + 1,
    stages: definition.stages.map((stage) =>
      stage.kind === 'check' ? { ...stage, workingDays: stage.workingDays + more } : stage,
    ),
  };
}

/** To the newest version, each stage as chance says, but mostly so that the work goes on. */
function migration({ definition, cases, streams }: Around, random: Random): Facts {
  const round = streams.find(({ category, id }) => category === 'round' && id === 'a.one')?.state as RoundState;
  const from = round.status === 'none' ? 1 : round.definition.version;
  const fate = (to: string) =>
    random.oneOf([
      { then: 'carried', to },
      { then: 'carried', to },
      { then: 'carried', to },
      { then: 'anew', to },
      { then: 'stays' },
    ]);
  const stages = Object.fromEntries(definition.stages.map(({ id }) => [id, fate(id)]));
  const ours = cases
    .filter(({ state }) => state.status === 'open' && state.origin === undefined && state.definition.version === from)
    .map(({ subject }) => subject);
  const transition = { appliesTo: 'open-rounds', from, text: clause, stages };
  return { MigrateCases: [{ to: definition.version, transition, cases: random.chance(0.7) ? ours : ours.slice(0, 1) }] };
}

const actsAt: Readonly<Partial<Record<Visit['kind'], readonly Doing['act'][]>>> = {
  check: ['pass-check', 'return-for-correction', 'extend-correction', 'fail-check'],
  panel: ['remind'],
  ballot: ['open-ballot', 'cast-vote'],
};

/** One act on all that stand at a stage now, as a preview would show it; where there was an order, the same again. */
function order({ cases, now }: Around, random: Random, given: BulkState): Facts {
  if (given.status === 'ordered') return wholeOrder(given, given.parts);
  const visits = cases.flatMap(({ state }) => openVisits(state)).filter(({ kind }) => actsAt[kind] !== undefined);
  if (visits.length === 0) return {};
  const { kind, stage } = random.oneOf(visits);
  const act = random.oneOf(actsAt[kind] ?? []);
  const doing: Doing = {
    act,
    stage,
    ...(act === 'cast-vote' ? { choice: 'for' as const } : {}),
    ...(act.includes('correction') || act === 'fail-check' ? { reason: '据实办理' } : {}),
    ...(act === 'extend-correction' ? { until: instantAfter(now, 24 * 90) } : {}),
  };
  const seen = cases
    .filter(({ state }) => openVisits(state).some((visit) => visit.stage === stage))
    .map(({ subject, length }) => ({ case: `a.one.${subject}`, revision: length - 1 }));
  return wholeOrder(doing, seen);
}

function wholeOrder({ act, stage, reason, choice, until }: Doing, seen: readonly CaseSeen[]): Facts {
  const told = Object.entries({ reason, choice, until }).filter(([, value]) => value !== undefined);
  const cases = seen.map(({ case: id, revision }) => ({ case: id, revision }));
  const doing = { act, stage, ...Object.fromEntries(told), cases };
  return { OrderBulk: [{ ...doing, preview: previewHash(doing) }] };
}
