import { type AskingContext, charterStream, type DecisionContext, type Decider } from '#kernel';
import { type CaseState, openVisits } from '../case.state.js';
import { type DefinitionHistory, definitionStream, type RankingStage, stageOf } from '../definition.js';
import { pinnedDefinition } from '../pinned.js';
import { heldSeats, organStreamOf } from '../organs.js';
import { refused } from '../refusal.js';
import { type Round, roundStream, type RoundState } from '../round.state.js';
import { tooEarly } from '../stages/stage.js';
import { presence } from './presence.js';
import { after, byLot, type Ground, inParts, isComplete, rank, settle } from './rank.js';
import { evolveRanking } from './ranking.evolve.js';
import type { CountEntrants, DecideTie, LapseTie, RankingCommand, RankingEvent } from './ranking.messages.js';
import { openTie, type Ranking, type RankingState } from './ranking.state.js';
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
  permits: {
    CountEntrants: 'operate-workflow',
    ReportStanding: 'operate-workflow',
    LapseTie: 'operate-workflow',
    ReleaseReserve: 'operate-workflow',
    DecideTie: (_command, ranking) => {
      if (ranking.status === 'none' || ranking.ties.rule !== 'organ') throw noTie();
      return { power: ranking.ties.power };
    },
  },
  initialState: { status: 'none' },

  consults(command, ranking, asking) {
    const { alliance, loaded, consulted } = asking;
    const { round: slug } = address(asking);
    const round = roundStream(alliance, slug);
    const own = command.type === 'ReportStanding' ? [round, caseStream(asking, command.data.subject)] : [round];
    if (!loaded(round)) return own;
    const known = consulted<RoundState>(round);
    if (known.status === 'none') return own;
    const basics = [...own, definitionStream(alliance, known.definition.id)];
    if (command.type !== 'DecideTie') return basics;
    if (!loaded(charterStream(alliance))) return [...basics, charterStream(alliance)];
    const organ = ranking.status === 'none' ? undefined : tieOrgan(ranking, asking);
    return organ === undefined ? basics : [...basics, organ];
  },

  decide(command, ranking, context) {
    switch (command.type) {
      case 'CountEntrants':
        return count(command.data, ranking, context);
      case 'ReportStanding':
        return report(command.data.subject, ranking, context);
      case 'DecideTie':
        return decideTie(command.data, ranking, context);
      case 'LapseTie':
        return lapseTie(command.data, ranking, context);
      case 'ReleaseReserve':
        return release(ranking, context);
    }
  },

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

const tieOrgan = ({ ties }: Ranking, asking: AskingContext): string | undefined =>
  ties.rule === 'organ' ? organStreamOf(asking, ties.power) : undefined;

function groundOf(context: DecisionContext): Ground & { readonly round: Round } {
  const { alliance, consulted, now } = context;
  const { round: slug, stage: id } = address(context);
  const round = consulted<RoundState>(roundStream(alliance, slug));
  if (round.status === 'none') throw refused('ranking.not-found', 'There is no such ranking.', '没有该排序。');
  const definition = pinnedDefinition(
    consulted<DefinitionHistory>(definitionStream(alliance, round.definition.id)),
    round.definition,
  );
  const stage = stageOf(definition, id);
  if (stage.kind !== 'ranking') throw refused('ranking.not-found', 'There is no such ranking.', '没有该排序。');
  return { round, definition, stage, now };
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
  events.reduce(evolveRanking, ranking) as Ranking;

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
      return [];
    case 'here': {
      const visit = openVisits(state).find((open) => open.stage === ground.stage.id)?.visit ?? 1;
      if (known?.visit === visit) return [];
      const standing = standingOf(ground.stage, ranking.quotas, state, subject, visit);
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
  const ground = groundOf(context);
  if (ranking.status === 'ranked') return [...events, ...settle(ranking, ground)];
  if (ranking.status === 'collecting' && isComplete(ranking)) return [...events, ...rank(ranking, ground)];
  return events;
}

function decideTie({ order, resolution }: DecideTie, ranking: RankingState, context: DecisionContext): readonly RankingEvent[] {
  const tie = ranking.status === 'none' ? undefined : openTie(ranking);
  if (ranking.status === 'none' || tie === undefined) throw noTie();
  impartial(ranking, tie.subjects, context);
  const wanted = new Set(tie.subjects);
  if (order.length !== wanted.size || !order.every((subject) => wanted.has(subject))) throw otherTie(tie.subjects);
  return ordered(ranking, { tie: tie.tie, by: 'organ', order, resolution }, context);
}

/** Nobody orders a case of their own institution, or one that they declared a conflict with. */
function impartial(ranking: Ranking, subjects: readonly string[], context: DecisionContext): void {
  const { actor } = context;
  const own =
    ranking.ties.rule === 'organ' ? heldSeats(context, ranking.ties.power).filter(({ person }) => person === actor) : [];
  const equals = ranking.standings.filter(({ subject }) => subjects.includes(subject));
  const partial = equals.some(
    ({ institution, conflicts }) => conflicts.includes(actor) || own.some((seat) => seat.institution === institution),
  );
  if (!partial) return;
  throw refused(
    'ranking.conflict',
    'One of these applications is of your own institution, or you have declared a conflict. Another member of the organ puts them in order.',
    '其中有本单位申报项目或您已声明回避的项目，请由其他成员提交排序。',
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
  return [decision, ...rank(after(ranking, [decision]), groundOf(context))];
}

function release(ranking: RankingState, { now }: DecisionContext): readonly RankingEvent[] {
  if (ranking.status !== 'ranked' || ranking.released || ranking.reserveUntil === undefined) return [];
  tooEarly(now, ranking.reserveUntil);
  const gone = new Set(ranking.left);
  const subjects = ranking.places.flatMap(({ subject, now: has }) => (has === 'reserve' && !gone.has(subject) ? [subject] : []));
  return [{ type: 'ReserveReleased', data: { subjects } }];
}

const noTie = () => refused('ranking.no-tie', 'No equals wait to be put in order here.', '目前没有待确定先后的同分项目。');

const otherTie = (subjects: readonly string[]) =>
  refused(
    'ranking.other-tie',
    'Put exactly those applications in order that are equal at the cut now. Read them again.',
    '请对当前同分的全部项目排定先后，不得增减。请重新读取。',
    { subjects },
  );
