import { type EventMeta, officeOf, personOf, type RecordedEvent } from '#kernel';
import type { ActRetracted } from './acts/acts.messages.js';
import { countedIn } from './calendar/recount.js';
import type { CaseEvent, ReviewersAssigned, StageLeft } from './case.events.js';
import type { Case } from './case.state.js';
import { type Definition, stageOf } from './definition.js';
import type { InVisit } from './in-visit.js';
import { explain, type Explained } from './explain.js';
import { hearsPanel, isDoubleBlind, publicKinds, ranked, readsPlaces, standing, type Viewer } from './wall.js';

/** One line of a timeline as someone may read it. */
export interface TimelineEntry extends Explained {
  readonly position: bigint;
  readonly revision: number;
  /** Whose act it is; absent where blinding or secrecy keeps it. */
  readonly actor?: string;
  /** The machine key that they sent it with, if they did. */
  readonly machine?: string;
  /** The office of a member that they acted for. */
  readonly onBehalfOf?: string;
  readonly power: string;
  readonly charter: number;
  /** Ids of the events that gave the actor the power; none where blinding or secrecy keeps who acted. */
  readonly proof: readonly string[];
}

/** What happens to an application in the open: its steps and its results, not who judged it. */
const openToAll: ReadonlySet<CaseEvent['type']> = new Set([
  'CaseOpened',
  'CaseMigrated',
  'ApplicationWithdrawn',
  'CaseEnded',
  'StageEntered',
  'StageLeft',
  'StageClosed',
  'PanelReopened',
  'DeadlinesRecounted',
  'PublicityHeld',
  'NoticePublished',
  'SessionOpened',
  'RegistrationClosed',
  'DecisionSuperseded',
  'CaseReopened',
  'SubcaseOpened',
  'SubcaseDropped',
]);

const openToParties: ReadonlySet<CaseEvent['type']> = new Set([
  'CaseFrozen',
  'CaseResumed',
  'CheckPassed',
  'CheckFailed',
  'SentBack',
  'CorrectionRequested',
  'CorrectionExtended',
  'ApplicationResubmitted',
  'CorrectionLapsed',
  'StageOverdue',
  'MeetingAwaited',
  'BallotOpened',
  'BallotCalledOff',
  'BallotInquorate',
  'CasePlaced',
  'PartiesAsked',
  'PartyConfirmed',
  'PartyRefused',
  'PartiesReminded',
  'ConfirmationLapsed',
  'InspectionOpened',
  'InspectionPassed',
  'WarningGiven',
  'RemedyReported',
  'RemedyAccepted',
  'RemedyRejected',
  'RemedyLapsed',
  'DutyHeld',
  'FileCorrectionRequested',
  'FileCorrectionGranted',
  'FileCorrectionDenied',
  'FileCorrectionLapsed',
  'FilesReplaced',
  'AppealWindowClosed',
  'DecisionUpheld',
  'StatementGiven',
  'RulingGiven',
]);

/** How offices do their work among themselves. */
const openToOffices: ReadonlySet<CaseEvent['type']> = new Set([
  'ReminderSent',
  'SignersCalled',
  'SignersReleased',
  'CheckSigned',
  'SignatureRefused',
  'TaskTransferred',
  'TaskTakenBack',
  'CaseCopied',
]);

/** A review or a vote that was taken back would tell whose it was. */
const isOfficesRetraction = ({ type, data }: Pick<RecordedEvent, 'type' | 'data'>): boolean =>
  type === 'ActRetracted' && ['signature', 'answer'].includes((data as ActRetracted).act);

/** Whoever judged first is not told that their decision is appealed against while it is. */
const openToApplicant: ReadonlySet<CaseEvent['type']> = new Set(['AppealLodged']);

const openToJudges: ReadonlySet<CaseEvent['type']> = new Set(['ObjectionRaised', 'ObjectionRuledOn', 'VotesTied', 'TieBroken']);

const isOfRanking = (definition: Definition, { type, data }: Pick<RecordedEvent, 'type' | 'data'>): boolean =>
  type === 'CasePlaced' || (type === 'StageLeft' && stageOf(definition, (data as StageLeft).stage).kind === 'ranking');

const withoutPlace = ({ explanation: _explanation, ...line }: Explained): Explained => ({ ...line, text: ranked });

/** Through which checks and conditions an application came may tell whose it is, as a province or a ministry would. */
const tellsOfApplicant = ({ stages }: Definition, { data }: Pick<RecordedEvent, 'data'>): boolean => {
  const { stage } = data as Partial<InVisit>;
  const kind = stages.find(({ id }) => id === stage)?.kind;
  return stage !== undefined && kind !== 'panel' && !(kind !== undefined && publicKinds.has(kind));
};

/** Applicants give their reasons in their own words. */
const withdrawn: Explained['text'] = { en: 'Application withdrawn.', zh: '申报撤回。' };

/** When somebody's own review is due. */
const ownDates = ({ type, data }: RecordedEvent, { person }: Viewer): readonly string[] =>
  type === 'ReviewersAssigned'
    ? (data as ReviewersAssigned).assignments
        .filter(({ reviewer }) => reviewer === person)
        .flatMap(({ remindAt, escalateAt, replaceAt }) => [remindAt, escalateAt, replaceAt])
    : [];

/** That a deadline moved is news for whoever was told of it: when reviewers are to be done is not the applicant's. */
function asFarAsTold(event: RecordedEvent, told: Set<string>): RecordedEvent | undefined {
  const known = { type: event.type, data: event.data } as CaseEvent;
  if (known.type !== 'CaseResumed' && known.type !== 'DeadlinesRecounted') {
    for (const is of countedIn(known)) told.add(is);
    return event;
  }
  const deadlines = known.data.deadlines.filter(({ was }) => told.has(was));
  for (const { is } of deadlines) told.add(is);
  if (known.type === 'CaseResumed') return event;
  return deadlines.length === 0 ? undefined : { ...event, data: { ...known.data, deadlines } };
}

function actorsOf(meta: EventMeta): Pick<TimelineEntry, 'actor' | 'machine' | 'onBehalfOf'> {
  const actor = personOf(meta);
  const onBehalfOf = officeOf(meta);
  return {
    actor,
    ...(meta.actor === actor ? {} : { machine: meta.actor }),
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
  };
}

/** The history of a case in sentences, as far as someone may read it. Empty for who may not know of the case. */
export function timelineFor(
  definition: Definition,
  state: Case,
  history: readonly RecordedEvent[],
  viewer: Viewer,
): readonly TimelineEntry[] {
  const as = standing(definition, state, viewer);
  if (as === undefined) return [];
  const told = new Set<string>();
  const isBlind = as === 'reviewer' && isDoubleBlind(definition, state, viewer);
  return history.flatMap((event) => {
    const type = event.type as CaseEvent['type'];
    const own = personOf(event.meta) === viewer.person;
    const isParty = as === 'applicant' || as === 'checker' || as === 'judge' || as === 'copied';
    const isOffices = as === 'checker' && (openToOffices.has(type) || isOfficesRetraction(event));
    for (const is of ownDates(event, viewer)) told.add(is);
    const open =
      as === 'keeper' ||
      own ||
      openToAll.has(type) ||
      isOffices ||
      (isParty && openToParties.has(type)) ||
      (as === 'applicant' && openToApplicant.has(type)) ||
      (as === 'judge' && openToJudges.has(type)) ||
      (type === 'DiscussionOpened' && hearsPanel(definition, state, event, viewer));
    const hidesPlace = isOfRanking(definition, event) && !readsPlaces(definition, as, viewer);
    if (!open || (hidesPlace && type === 'CasePlaced') || (isBlind && !own && tellsOfApplicant(definition, event))) return [];
    const news = as === 'keeper' ? event : asFarAsTold(event, told);
    if (news === undefined) return [];
    const [said] = explain([news]) as [Explained];
    const { explanation, ...line } = hidesPlace ? withoutPlace(said) : said;
    const named = as === 'keeper' || own || isOffices || openToParties.has(type);
    return [
      {
        ...line,
        ...(isBlind && type === 'ApplicationWithdrawn' ? { text: withdrawn } : {}),
        position: event.position,
        revision: event.revision,
        power: event.meta.power,
        charter: event.meta.charter,
        // The seat that gave somebody the power is as good as their name.
        proof: named || event.meta.actor === 'engine' ? event.meta.proof : [],
        ...(named ? actorsOf(event.meta) : {}),
        ...(explanation === undefined ? {} : { explanation: as === 'keeper' ? explanation : { ...explanation, excluded: [] } }),
      },
    ];
  });
}
