import type {
  Applicant,
  Assignment,
  BallotOpened,
  Exclusion,
  Explanation,
  FileKept,
  MeetingAwaited,
  PanelUnfilled,
  SignersCalled,
  VoteCast,
} from './case.events.js';
import type { FileCorrectionGranted, OrganNamed } from './acts/acts.messages.js';
import type { FactValue } from './condition.js';
import type { PartyAsked } from './confirmation.messages.js';
import type { Pinned } from './definition.js';
import type { CasePlaced } from './ranking/stage.messages.js';
import type { RemedyReported, WarningGiven } from './duty.messages.js';
import type { NoticePublished } from './notice.messages.js';
import type { Fraction } from './fraction.js';
import type { InVisit } from './in-visit.js';
import type { DiscussionOpened } from './review.messages.js';
import type { Score } from './rubric.js';
import type { AppealLodged, AppealWindow, Origin, PleadingEvent } from './subcases/subcase.messages.js';
import type { Envelope, Sealed } from '#kernel';

/** The state of `case-<alliance>.<round>.<entry>`. */
export type CaseState = { readonly status: 'none' } | Case;

export interface Case {
  readonly status: 'open' | 'ended';
  readonly number: string;
  readonly round: string;
  readonly subject: string;
  readonly definition: Pinned;
  /** Version of the charter that the round was opened under. */
  readonly charter: number;
  readonly seed: string;
  /** Id of the event that opened it. */
  readonly opening: string;
  readonly submittedAt: string;
  readonly submittedBy: string;
  readonly applicant: Applicant;
  readonly about: Readonly<Record<string, FactValue>>;
  readonly dates?: Readonly<Record<string, string>>;
  /** Of form and files; a correction makes the next. */
  readonly version: number;
  readonly form: Readonly<Record<string, FactValue>>;
  readonly files: readonly FileKept[];
  /** Versions before this one: who judges one goes on with it. */
  readonly earlier: readonly HandedInVersion[];
  readonly fileCorrections: readonly FileCorrection[];
  /** People and organs that may read it beside those whose part it is. */
  readonly copied: readonly Copied[];
  /** Every visit of a stage, in order. Those without `left` are open: several while stages run side by side. */
  readonly visits: readonly Visit[];
  /** The visit that was left last: whatever is entered next came of it. */
  readonly lastLeft?: InVisit;
  /** How often, whereto and why it was sent back. */
  readonly returns: readonly Return[];
  /** Nothing is done on it, and no deadline runs, while its applicant's membership is suspended. */
  readonly frozen?: { readonly at: string };
  /** Deadlines that were counted over a year whose public holidays were not announced, until they are counted again. */
  readonly provisional?: readonly Provisional[];
  /** People who declared a conflict with this case. */
  readonly conflicts: readonly string[];
  /** The end in force. */
  readonly end?: CaseEnd;
  /** The end that an appeal has done away with: it stays on record, and the case went on. */
  readonly superseded?: EndReached;
  /** Of a sub-case: what it is about. */
  readonly origin?: Origin;
  /** Appeals against its end, in order. */
  readonly appeals?: readonly AppealKnown[];
}

/** A deadline that was counted over a year whose public holidays were not announced, and the instant that it was counted from. */
export interface Provisional {
  readonly since: string;
  readonly is: string;
}

export interface EndReached {
  readonly id: string;
  readonly outcome: 'granted' | 'refused' | 'withdrawn';
  readonly at: string;
}

export interface CaseEnd extends EndReached {
  /** Until when which appeal may be lodged; `closed` once that has passed without one. */
  readonly appeal?: AppealWindow & { readonly closed?: true };
  /** The first end, which stays on record. */
  readonly supersedes?: EndReached;
}

export interface AppealKnown extends AppealLodged {
  readonly by: string;
  readonly at: string;
  readonly result?: 'upheld' | 'superseded';
}

export interface HandedInVersion {
  readonly version: number;
  readonly form: Readonly<Record<string, FactValue>>;
  readonly files: readonly FileKept[];
}

export type Copied = { readonly person: string } | OrganNamed;

/** What someone who was copied in is known by; equal for the same person or organ, whatever it is called. */
export const copiedId = (one: Copied): string =>
  'person' in one ? one.person : `organ:${one.organ}${one.scope === undefined ? '' : `:${one.scope}`}`;

/** An applicant's wish to replace files after the deadline, and what came of it. */
export interface FileCorrection {
  /** From 1. */
  readonly request: number;
  readonly slots: readonly string[];
  readonly reason: string;
  readonly by: string;
  readonly at: string;
  readonly granted?: Omit<FileCorrectionGranted, 'request'> & { readonly by: string; readonly at: string };
  readonly ended?: { readonly how: 'denied' | 'replaced' | 'lapsed'; readonly by: string; readonly reason?: string };
}

/** A task that is one person's until it is taken back. */
export interface Handed {
  readonly part: string;
  readonly to: string;
  /** Who handed it over. */
  readonly by: string;
  readonly at: string;
  readonly reason?: Sealed;
}

/** An application that was sent back to an earlier stage. */
export interface Return extends InVisit {
  readonly to: string;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

interface VisitBase extends InVisit {
  /** The visits that this one came of: several where it joins branches, none where the case began. */
  readonly after?: readonly InVisit[];
  /** Of the application, as the stage began: what a panel or a ballot judges. */
  readonly version?: number;
  readonly handed?: readonly Handed[];
  readonly enteredAt: string;
  readonly dueAt?: string;
  /** Parts that were reported late. */
  readonly overdue: readonly string[];
  /** Parts whose reminder was sent. */
  readonly reminders?: readonly string[];
  readonly left?: Left;
}

export interface Left {
  /** One of the kind's; `sent-back`, or `closed` where a branch was left behind. */
  readonly outcome: string;
  readonly to: string;
  readonly besides?: readonly string[];
  readonly at: string;
  readonly explanation: Explanation;
  /** The stages at which it waits for other branches. */
  readonly waitsAt?: readonly string[];
}

export type Visit =
  | RankingVisit
  | CheckVisit
  | PanelVisit
  | BallotVisit
  | PublicityVisit
  | ConfirmationVisit
  | DutyVisit
  | RegistrationVisit
  | NoticeVisit
  | ChoiceVisit
  | StatementVisit
  | RulingVisit;

export interface CheckVisit extends VisitBase {
  readonly kind: 'check';
  /** From when on it is over without its owner; known once it was reported late. */
  readonly expiresAt?: string;
  readonly remindAt?: string;
  readonly corrections: readonly Correction[];
  /** Undefined until the engine has called those whose signatures are needed; anew after a correction. */
  readonly signing?: Signing;
  /** People who signed a version that has been resubmitted since. */
  readonly signedBefore?: readonly string[];
  readonly verdict?: { readonly passed: boolean; readonly by: string; readonly reason?: string };
}

export interface Signing extends Pick<SignersCalled, 'signers' | 'needed'> {
  readonly signatures: readonly Signature[];
}

export interface Signature {
  readonly person: string;
  readonly signed: boolean;
  readonly version: number;
  readonly at: string;
  readonly reason?: string;
}

export interface Correction {
  readonly correction: number;
  readonly reason: string;
  readonly by: string;
  readonly dueAt: string;
  /** Why it is longer than it was at first, and who said so. */
  readonly extended?: { readonly reason: string; readonly by: string };
  readonly extensions?: number;
  readonly ended?: 'resubmitted' | 'lapsed';
  readonly resubmittedBy?: string;
}

export interface PanelVisit extends VisitBase {
  readonly kind: 'panel';
  readonly assignments: readonly AssignmentState[];
  /** Number of the last assignment of reviewers. */
  readonly draws: number;
  /** How often reviewers were drawn by lot. */
  readonly drawn: number;
  /** Places that were added, less those that were taken away. */
  readonly added?: number;
  /** Whether the last draw found too few. */
  readonly unfilled: boolean;
  /** What stood in the way then. */
  readonly lacking?: Pick<PanelUnfilled, 'wanted' | 'eligible' | 'blocking'>;
  /** The last that was opened: of those reviews, and of no other that comes later. */
  readonly discussion?: Pick<DiscussionOpened, 'discussion' | 'reviews' | 'remindAt' | 'until'> & { readonly reminded: boolean };
  readonly comments?: readonly PanelComment[];
}

export interface AssignmentState extends Assignment {
  readonly status: 'open' | 'submitted' | 'conflicted' | 'replaced' | 'removed' | 'transferred';
  /** Who may do it for a while, once that has begun. */
  readonly substitute?: { readonly person: string; readonly from: string; readonly until: string; readonly active: boolean };
  /** Whose it was before it was handed to the principal, once a substitute has reviewed in the principal's place. */
  readonly handedBy?: string;
  readonly assignedAt: string;
  readonly reminded: boolean;
  readonly escalated: boolean;
  /** The one that counts. */
  readonly review?: Review;
  /** What it was before it was revised, the first first. */
  readonly earlier?: readonly Review[];
}

export interface Review {
  readonly scores: readonly Score[];
  readonly vetoes: readonly string[];
  readonly comment: Sealed;
  readonly total: Fraction;
  readonly submittedAt: string;
  /** Why it took the place of the one before. */
  readonly reason?: Sealed;
}

/** What a reviewer said to the others. */
export interface PanelComment {
  readonly id: string;
  readonly assignment: string;
  readonly text: Sealed;
  readonly at: string;
}

export interface BallotVisit extends VisitBase {
  readonly kind: 'ballot';
  readonly sittings: readonly Sitting[];
  /** Waits for a meeting to be convened, since the last sitting if there was one. */
  readonly awaited?: Pick<MeetingAwaited, 'sitting' | 'notice' | 'dueAt'>;
}

export interface Sitting extends Pick<
  BallotOpened,
  'sitting' | 'organ' | 'rule' | 'seats' | 'closesAt' | 'remindAt' | 'charter' | 'meeting' | 'proxies'
> {
  readonly recused: readonly Exclusion[];
  readonly votes: readonly Pick<VoteCast, 'person' | 'choice' | 'proxy'>[];
  readonly tie?: { readonly castingVote: string; readonly dueAt: string; readonly broken?: 'for' | 'against' };
  readonly inquorate?: Explanation;
  /** The meeting was called off while it voted: these votes count for nothing. */
  readonly calledOff?: { readonly reason: string };
}

export interface PublicityVisit extends VisitBase {
  readonly kind: 'publicity';
  readonly objections: readonly Objection[];
  /** Whether the period has run out while an objection was open. */
  readonly held: boolean;
}

export interface Objection {
  readonly id: string;
  readonly objector: string;
  readonly name: Sealed;
  readonly contact: Sealed;
  readonly statement: Sealed;
  readonly evidence: readonly { readonly sha256: string; readonly bytes: number; readonly mediaType: string }[];
  readonly raisedAt: string;
  readonly rulingDueAt: string;
  readonly hearing?: { readonly subcase: string; readonly number: number };
  readonly ruling?: { readonly ruling: 'upheld' | 'dismissed'; readonly reason: string; readonly by: string };
}

export interface ConfirmationVisit extends VisitBase {
  readonly kind: 'confirmation';
  /** Undefined until the engine has asked. */
  readonly asked?: { readonly parties: readonly PartyState[]; readonly needed: number; readonly remindAt: string };
  readonly reminded: boolean;
}

export interface PartyState extends PartyAsked {
  readonly answer?: { readonly confirmed: boolean; readonly by: string; readonly at: string; readonly reason?: string };
}

export interface DutyVisit extends VisitBase {
  readonly kind: 'duty';
  readonly inspections: readonly Inspection[];
  readonly warnings: readonly Warning[];
  /** Whether the term has run out while a warning was open. */
  readonly held: boolean;
}

export interface Inspection {
  readonly inspection: number;
  readonly dueAt: string;
  readonly result?: { readonly passed: boolean; readonly by: string; readonly at: string };
}

export interface Warning extends Pick<WarningGiven, 'warning' | 'inspection' | 'reason' | 'remedyDueAt'> {
  readonly givenAt: string;
  readonly remedy?: Pick<RemedyReported, 'statement' | 'evidence' | 'rulingDueAt'> & { readonly by: string; readonly at: string };
  readonly ended?: { readonly how: 'accepted' | 'rejected' | 'lapsed'; readonly by: string; readonly reason?: string };
}

export interface RegistrationVisit extends VisitBase {
  readonly kind: 'registration';
  readonly sessions: readonly { readonly session: string; readonly until: string }[];
  /** Registrations are no longer taken; sessions may be held until then. */
  readonly closed?: { readonly endsAt: string };
}

export interface NoticeVisit extends VisitBase {
  readonly kind: 'notice';
  readonly notice?: Pick<NoticePublished, 'document' | 'year' | 'number' | 'sha256'>;
}

export interface ChoiceVisit extends VisitBase {
  readonly kind: 'choice';
}

type Pleaded<T extends PleadingEvent['type']> = Omit<Extract<PleadingEvent, { type: T }>['data'], 'stage' | 'visit'>;

export interface StatementVisit extends VisitBase {
  readonly kind: 'statement';
  readonly given?: Pleaded<'StatementGiven'>;
}

export interface RulingVisit extends VisitBase {
  readonly kind: 'ruling';
  readonly ruled?: Pleaded<'RulingGiven'> & { readonly by: string };
}

export interface RankingVisit extends VisitBase {
  readonly kind: 'ranking';
  /** Undefined until every case of the round has come. */
  readonly placed?: Omit<CasePlaced, 'stage' | 'visit'>;
}

export const initialCase: CaseState = { status: 'none' };

/** The visits that are open now; none once the case has ended. */
export const openVisits = (state: CaseState): readonly Visit[] =>
  state.status === 'open' ? state.visits.filter(({ left }) => left === undefined) : [];

/** The sitting that has not come to nothing; undefined between two of them. */
export const openSitting = ({ sittings }: BallotVisit): Sitting | undefined => {
  const last = sittings.at(-1);
  return last?.inquorate === undefined && last?.calledOff === undefined ? last : undefined;
};

/** `<alliance>.<round>.<entry>` in its parts; what the entry is, `entryFor` says. */
export function caseAddress(alliance: string, id: string): { readonly round: string; readonly entry: string } {
  const rest = id.slice(alliance.length + 1);
  const dot = rest.indexOf('.');
  return { round: rest.slice(0, dot), entry: rest.slice(dot + 1) };
}

/** The entry of the case that an event is of. */
export const entryOf = ({ meta, stream }: Pick<Envelope, 'meta' | 'stream'>): string =>
  caseAddress(meta.alliance, stream.slice('case-'.length)).entry;
