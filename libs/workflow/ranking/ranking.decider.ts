import { type AskingContext, charterStream, type DecisionContext, type Decider, notFound } from '#kernel';
import { announcedIn, calendarStream } from '../calendar/calendar.decider.js';
import { type CaseState, openVisits } from '../case.state.js';
import { counting } from '../deadline.js';
import { type DefinitionHistory, definitionStream, type RankingStage } from '../definition.js';
import { pinnedDefinition } from '../pinned.js';
import { heldSeats, organStreamOf } from '../organs.js';
import { refused } from '../refusal.js';
import { judgingPowers } from '../wall.js';
import { type Round, roundStream, type RoundState } from '../round.state.js';
import { tooEarly } from '../stages/stage.js';
import { presence } from './presence.js';
import { after, byLot, type Ground, inParts, isComplete, rank } from './rank.js';
import { evolveRanking } from './ranking.evolve.js';
import type { CountEntrants, DecideTie, LapseTie, RankingCommand, RankingEvent, RankWithout } from './ranking.messages.js';
import { openTie, type Ranking, type RankingState } from './ranking.state.js';
import { released, settle } from './settle.js';
import { passOver } from './passing-over.js';
import { standingOf } from './standing.js';

/** A ranking of more than these would not fit one append. */
const mostEntrants = 6_000;

/**
 * A barrier over a round: waits until every case of the round that can come to a stage has come or ended, then orders all of them at once.
 *
 * Cases report; what is true of them, the ranking reads in their own streams. Whoever completes it, in whatever order, brings the same result.
 */
export const rankingDecider: Decider<RankingCommand, RankingEvent, RankingState> = {
  category: 'ranking',
  parts: 3,
  permits: {
    CountEntrants: 'operate-workflow',
    ReportStanding: 'operate-workflow',
    LapseTie: 'operate-workflow',
    ReleaseReserve: 'operate-workflow',
    RankWithout: (_command, _ranking, asking) => ({ power: groundOf(asking).stage.power }),
    // By the rules of the stage, whether or not a case has come to it: that would tell of one.
    DecideTie: (_command, _ranking, asking) => {
      const { ties } = groundOf(asking).stage;
      if (ties.rule !== 'organ') throw noTie();
      return { power: ties.power };
    },
  },
  initialState: { status: 'none' },

  consults(command, ranking, asking) {
    const { alliance, loaded, consulted } = asking;
    const { round: slug } = address(asking);
    const round = roundStream(alliance, slug);
    const own = [round, calendarStream(alliance), ...subjectsOf(command).map((subject) => caseStream(asking, subject))];
    if (!loaded(round)) return own;
    const known = consulted<RoundState>(round);
    if (known.status === 'none') return own;
    const basics = [...own, definitionStream(alliance, known.definition.id)];
    if (command.type !== 'DecideTie' && command.type !== 'RankWithout') return basics;
    const authority = [...basics, charterStream(alliance)];
    if (!authority.every(loaded)) return authority;
    const organs = judges(command, ranking, asking).flatMap((power) => organStreamOf(asking, power) ?? []);
    return [...authority, ...new Set(organs)];
  },

  decide(command, ranking, context) {
    switch (command.type) {
      case 'CountEntrants':
        return count(command.data, ranking, context);
      case 'ReportStanding':
        return report(command.data.subject, ranking, context);
      case 'RankWithout':
        return rankWithout(command.data, ranking, context);
      case 'DecideTie':
        return decideTie(command.data, ranking, context);
      case 'LapseTie':
        return lapseTie(command.data, ranking, context);
      case 'ReleaseReserve':
        return release(ranking, context);
    }
  },

  foldsFacts: true,
  evolve: evolveRanking,
};

const address = ({
  alliance,
  id,
}: Pick<AskingContext, 'alliance' | 'id'>): { readonly round: string; readonly stage: string } => {
  const [round = '', stage = ''] = id.slice(alliance.length + 1).split('.');
  return { round, stage };
};

const caseStream = (asking: Pick<AskingContext, 'alliance' | 'id'>, subject: string): string =>
  `case-${asking.alliance}.${address(asking).round}.${subject}`;

/** The cases that a command reads. */
function subjectsOf({ type, data }: RankingCommand): readonly string[] {
  if (type === 'ReportStanding') return [data.subject];
  return type === 'RankWithout' ? data.subjects : [];
}

/** The powers whose holders have a part in what is decided, or may not have one. */
function judges({ type }: RankingCommand, ranking: RankingState, asking: AskingContext): readonly string[] {
  if (type === 'RankWithout') {
    const { definition, stage } = groundOf(asking);
    return [stage.power, ...judgingPowers(definition)];
  }
  return ranking.status !== 'none' && ranking.ties.rule === 'organ' ? [ranking.ties.power] : [];
}

function groundOf(
  context: Pick<AskingContext, 'alliance' | 'id' | 'consulted'>,
): Omit<Ground, 'now'> & { readonly round: Round } {
  const { alliance, consulted } = context;
  const { round: slug, stage: id } = address(context);
  const round = consulted<RoundState>(roundStream(alliance, slug));
  if (round.status === 'none') throw notFound('ranking');
  const history = consulted<DefinitionHistory>(definitionStream(alliance, round.definition.id));
  const definition = counting(pinnedDefinition(history, round.definition), announcedIn(context).years);
  const stage = definition.stages.find((one) => one.id === id);
  if (stage?.kind !== 'ranking') throw notFound('ranking');
  return { round, definition, stage };
}

/** The rules as the round's notice has them. */
export const quotasOf = ({ quotas = {} }: Pick<Round, 'quotas'>, stage: RankingStage) => quotas[stage.id] ?? stage.quotas;

function opening(ranking: RankingState, context: DecisionContext): readonly RankingEvent[] {
  if (ranking.status !== 'none') return [];
  const { round, stage } = groundOf(context);
  const { by, ties, atLeast, normalisation } = stage;
  return [
    {
      type: 'RankingOpened',
      data: {
        round: address(context).round,
        stage: stage.id,
        definition: round.definition,
        seed: round.seed,
        by,
        quotas: quotasOf(round, stage),
        ties,
        outlier: normalisation.outlier,
        ...(atLeast === undefined ? {} : { atLeast }),
      },
    },
  ];
}

const opened = (ranking: RankingState, events: readonly RankingEvent[]): Ranking =>
  events.reduce<RankingState>((before, event) => evolveRanking(before, event), ranking) as Ranking;

function count({ entrants = [] }: CountEntrants, ranking: RankingState, context: DecisionContext): readonly RankingEvent[] {
  if (ranking.status !== 'none' && ranking.entrants !== undefined) return [];
  const { round } = groundOf(context);
  if (round.status !== 'closed')
    throw refused('ranking.round-open', 'The round still takes applications.', '该轮次仍在受理申报。');
  if (entrants.length > mostEntrants) throw tooMany(entrants.length);
  const subjects = [...new Set(entrants)].toSorted();
  const counted = inParts(subjects).map(({ part, of, items }): RankingEvent => ({
    type: 'EntrantsCounted',
    data: { part, of, subjects: items },
  }));
  return goOn(ranking, [...opening(ranking, context), ...counted], context);
}

const tooMany = (entrants: number) =>
  refused(
    'ranking.too-many',
    `A ranking holds at most ${mostEntrants} cases, and this round has ${entrants}. Divide the round.`,
    `一次排序至多 ${mostEntrants} 项，本轮共有 ${entrants} 项，请分轮次办理。`,
    { entrants, most: mostEntrants },
  );

function report(subject: string, before: RankingState, context: DecisionContext): readonly RankingEvent[] {
  const begins = opening(before, context);
  const ranking = opened(before, begins);
  const ground = groundOf(context);
  const state = context.consulted<CaseState>(caseStream(context, subject));
  if (state.status === 'none') return [];
  const known = ranking.standings.findLast((standing) => standing.subject === subject);
  switch (presence(ground.definition, state, ground.stage.id)) {
    case 'coming':
      // It had come, and one of its reviews no longer counts: it is waited for again.
      return known === undefined || ranking.status !== 'collecting' ? [] : [{ type: 'StandingTakenBack', data: { subject } }];
    case 'here': {
      const visit = openVisits(state).find((open) => open.stage === ground.stage.id)?.visit ?? 1;
      if (known?.visit === visit) return [];
      const standing = standingOf({ ...ground, quotas: ranking.quotas }, state, subject, visit);
      return goOn(before, [...begins, { type: 'StandingTaken', data: standing }], context);
    }
    case 'out': {
      const because = state.end?.outcome ?? 'elsewhere';
      const keepsPlace =
        (because === 'granted' || because === 'elsewhere') && ranking.places.some((place) => place.subject === subject);
      if (keepsPlace || ranking.left.includes(subject)) return [];
      return goOn(before, [...begins, { type: 'EntrantLeft', data: { subject, because } }], context);
    }
  }
}

/** The events, and what they lead to: the order of all once nobody is waited for, or the next in reserve. */
function goOn(before: RankingState, events: readonly RankingEvent[], context: DecisionContext): readonly RankingEvent[] {
  const ranking = opened(before, events);
  const ground = { ...groundOf(context), now: context.now };
  const order = ranking.status === 'collecting' && isComplete(ranking) ? rank(ranking, ground) : [];
  return [...events, ...order, ...settle(after(ranking, order), ground)];
}

function rankWithout(command: RankWithout, ranking: RankingState, context: DecisionContext): readonly RankingEvent[] {
  const { definition, stage } = groundOf(context);
  if (ranking.status === 'none') throw refused('ranking.not-found', 'There is no such ranking.', '没有该排序。');
  const stateOf = (subject: string): CaseState => context.consulted<CaseState>(caseStream(context, subject));
  return goOn(ranking, passOver(command, ranking, { definition, stage, stateOf }, context), context);
}

function decideTie({ order, resolution }: DecideTie, ranking: RankingState, context: DecisionContext): readonly RankingEvent[] {
  const tie = ranking.status === 'none' ? undefined : openTie(ranking);
  if (ranking.status === 'none' || tie === undefined) throw noTie();
  if (!isImpartial(ranking, tie.subjects, context)) throw noTie();
  const wanted = new Set(tie.subjects);
  if (order.length !== wanted.size || !order.every((subject) => wanted.has(subject))) throw otherTie(tie.subjects);
  return ordered(ranking, { tie: tie.tie, by: 'organ', order, resolution }, context);
}

/** Nobody orders a case of their own institution, or one that they declared a conflict with, nor learns that it waits for an order. */
function isImpartial(ranking: Ranking, subjects: readonly string[], context: DecisionContext): boolean {
  const { actor } = context;
  const own =
    ranking.ties.rule === 'organ' ? heldSeats(context, ranking.ties.power).filter(({ person }) => person === actor) : [];
  const equals = ranking.standings.filter(({ subject }) => subjects.includes(subject));
  return equals.every(
    ({ institution, conflicts }) => !conflicts.includes(actor) && !own.some((seat) => seat.institution === institution),
  );
}

function lapseTie({ tie: number }: LapseTie, ranking: RankingState, context: DecisionContext): readonly RankingEvent[] {
  const tie = ranking.status === 'none' ? undefined : openTie(ranking);
  if (ranking.status === 'none' || tie === undefined || tie.tie !== Number(number)) return [];
  tooEarly(context.now, tie.dueAt);
  return ordered(ranking, { tie: tie.tie, by: 'lot', order: byLot(ranking, tie.subjects) }, context);
}

function ordered(
  ranking: Ranking,
  data: Extract<RankingEvent, { type: 'TieDecided' }>['data'],
  context: DecisionContext,
): readonly RankingEvent[] {
  const decision: RankingEvent = { type: 'TieDecided', data };
  const ground = { ...groundOf(context), now: context.now };
  const order = [decision, ...rank(after(ranking, [decision]), ground)];
  return [...order, ...settle(after(ranking, order), ground)];
}

function release(ranking: RankingState, { now }: DecisionContext): readonly RankingEvent[] {
  if (ranking.status !== 'ranked' || ranking.released || ranking.reserveUntil === undefined) return [];
  tooEarly(now, ranking.reserveUntil);
  return released(ranking, now);
}

const noTie = () => refused('ranking.no-tie', 'No equals wait to be put in order here.', '目前没有待确定先后的同分项目。');

const otherTie = (subjects: readonly string[]) =>
  refused(
    'ranking.other-tie',
    'Put exactly those applications in order that are equal at the cut now. Read them again.',
    '请对当前同分的全部项目排定先后，不得增减。请重新读取。',
    { subjects },
  );
