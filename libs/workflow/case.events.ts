import type { DecisionRule, Message, Sealed } from '#kernel';
import type { FileCorrectionEvent, StageActEvent } from './acts/acts.messages.js';
import type { Applicant } from './applicant.js';
import type { RecountEvent } from './calendar/calendar.messages.js';
import type { FactValue } from './condition.js';
import type { ConfirmationEvent } from './confirmation.messages.js';
import type { Pinned, Stage } from './definition.js';
import type { DutyEvent } from './duty.messages.js';
import type { Explanation } from './explanation.js';
import type { FileKept } from './file.messages.js';
import type { FreezeEvent } from './freeze/freeze.messages.js';
import type { InVisit as At, Timed } from './in-visit.js';
import type { MigrationEvent } from './migration.messages.js';
import type { NoticeStageEvent } from './notice.messages.js';
import type { PanelChangeEvent } from './panel.messages.js';
import type { ReviewEvent } from './review.messages.js';
import type { RankingStageEvent } from './ranking/stage.messages.js';
import type { RegistrationStageEvent } from './registration.messages.js';
import type { AppealWindow, PleadingEvent, SubcaseEvent } from './subcases/subcase.messages.js';

export type { Applicant } from './applicant.js';
export type { Comparison, Explanation } from './explanation.js';
export type { FileKept } from './file.messages.js';

/** What disputes turn on: the receipt of an application. */
export interface CaseOpened {
  readonly number: string;
  readonly round: string;
  readonly subject: string;
  readonly definition: Pinned;
  readonly charter: number;
  readonly seed: string;
  readonly submittedAt: string;
  readonly submittedBy: string;
  /** Before this instant it had to be there; with the applicant's extension. */
  readonly deadline: string;
  readonly extended: boolean;
  readonly applicant: Applicant;
  /** What the subject's own register said of it then: a later correction there does not change what was judged. */
  readonly about: Readonly<Record<string, FactValue>>;
  /** Days of the round that conditions name, ISO dates. */
  readonly dates?: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, FactValue>>;
  readonly files: readonly FileKept[];
  /** The rules that were found to hold, with what they were decided on. */
  readonly eligibility: readonly { readonly rule: string; readonly facts: Readonly<Record<string, FactValue>> }[];
}

export interface StageEntered extends Timed {
  readonly kind: Stage['kind'];
  readonly dueAt?: string;
  /** When its owner is reminded. */
  readonly remindAt?: string;
  /** The visits of the branches that are joined here. */
  readonly joins?: readonly At[];
  /** The visit of this stage whose work is begun again: the case was sent back. */
  readonly again?: number;
}

export interface StageLeft extends At {
  readonly kind: Stage['kind'];
  readonly outcome: string;
  /** The stage or end that it led to. */
  readonly to: string;
  /** The other stages that it led to: they begin side by side. */
  readonly besides?: readonly string[];
  /** Those of them that do not begin yet, each with the branches that it still waits for, by their last stages. */
  readonly waits?: readonly { readonly at: string; readonly for: readonly (readonly string[])[] }[];
  readonly explanation: Explanation;
}

/** A branch that is left behind: a visit that was still open, or one that waited for others to be joined. Nothing is owed for it any more. */
export interface StageClosed extends At {
  readonly kind: Stage['kind'];
  /** The end that the case came to, or the stage that it was sent back to. */
  readonly to: string;
  readonly explanation: Explanation;
}

/** What was decided before, and beside, the stage that the case goes back to stands. */
export interface SentBack extends At {
  readonly to: string;
  /** An official reason, on record for ever: about the application, not about a person. */
  readonly reason: string;
  /** Visits of other branches that had been joined: they wait again, each at the stage that will join them. */
  readonly stands?: readonly (At & { readonly at: string })[];
}

/** A panel that had closed goes on without one of its reviews; what came of it is left behind. `stands` as of `SentBack`. */
export type PanelReopened = At & Pick<SentBack, 'stands'>;

export interface Assignment {
  readonly id: string;
  readonly reviewer: string;
  /** Whose it was before it was handed over. */
  readonly principal?: string;
  readonly remindAt: string;
  readonly escalateAt: string;
  readonly replaceAt: string;
}

export interface Exclusion {
  readonly person: string;
  readonly because:
    | 'same-institution'
    | 'declared'
    /** The application names them: it is their own. */
    | 'named'
    /** Of a sub-case, which goes to other people than those who judged what it is about. */
    | 'judged-before'
    | 'served'
    | 'load'
    | 'institution-taken'
    | 'suspended'
    /** Works there no longer, or knows the people of the application too well; never sits with somebody who is on the panel. */
    | 'formerly-there'
    | 'co-author'
    | 'supervised'
    | 'never-together';
}

export interface ReviewersAssigned extends Timed {
  readonly assignments: readonly Assignment[];
  /** From 1. */
  readonly draw: number;
  readonly by: 'draw' | 'secretary' | 'assignment';
  /** Number of the assignment of the round that was adopted. */
  readonly request?: number;
  /** What the draw can be repeated with. */
  readonly solver: string;
  readonly seed: string;
  /** Open reviews of those in the pool who had any: with the pool's seats and this case's history, all that the draw read. */
  readonly loads: Readonly<Record<string, number>>;
  /** SHA-256 (base64url) of the canonical inputs. */
  readonly inputs: string;
  readonly eligible: number;
  readonly excluded: readonly Exclusion[];
  /** When places that are still empty are due. */
  readonly dueAt?: string;
}

export interface ConflictDeclared extends Timed {
  readonly person: string;
  readonly ground: Sealed;
  /** The assignment that it ends, if one. */
  readonly assignment?: string;
  /** A review or vote that was given before: kept on record, no longer counted. */
  readonly excludes?: 'review' | 'vote';
  /** When the place that falls empty is due, where nobody is drawn at once. */
  readonly dueAt?: string;
}

export interface ReviewerReplaced extends Timed {
  readonly assignment: string;
  readonly reviewer: string;
  readonly because: 'late' | 'left';
  /** When the place that falls empty is due, where nobody is drawn at once. */
  readonly dueAt?: string;
}

export interface PanelUnfilled extends Timed {
  readonly wanted: number;
  readonly eligible: number;
  /** A smallest set of constraints that would have to be lifted. */
  readonly blocking: readonly Blocking[];
  /** When the empty places are overdue, where the panel cannot go on without them. */
  readonly dueAt?: string;
}

export interface Blocking {
  readonly constraint: Exclusion['because'] | 'pool' | 'draws';
  /** Seats of the pool that it keeps out. */
  readonly count: number;
}

export interface Elector {
  readonly person: string;
  /** Id of the event that gave the seat. */
  readonly granted: string;
  readonly role: 'member' | 'chair' | 'deputy';
}

export interface BallotOpened extends Timed {
  /** From 1; an inquorate ballot is convened again. */
  readonly sitting: number;
  readonly organ: string;
  /** The charter whose rule binds: the one that the round was opened under. */
  readonly charter: number;
  readonly rule: DecisionRule;
  /** Every seat held when it was opened: the base that "all seats" means. */
  readonly seats: readonly Elector[];
  readonly recused: readonly Exclusion[];
  readonly closesAt: string;
  /** When those who have not voted are reminded. */
  readonly remindAt?: string;
  /** Id of the meeting in which it is voted; by correspondence where absent. */
  readonly meeting?: string;
  /** Those lodged for it, by members who sit then. */
  readonly proxies?: readonly ProxyHeld[];
}

export interface ProxyHeld {
  readonly giver: string;
  readonly holder: string;
  /** Id of the event that lodged it. */
  readonly lodged: string;
}

/** What somebody judged: the version of the application, and the SHA-256 (hex) of its canonical form and files. */
export interface Judged {
  readonly version: number;
  readonly sha256: string;
}

export interface VoteCast extends At, Partial<Judged> {
  readonly sitting: number;
  /** Whose vote it is. */
  readonly person: string;
  /** Who cast it for them, under a proxy. */
  readonly proxy?: string;
  readonly choice: 'for' | 'against' | 'abstain';
}

export interface ObjectionRaised extends Timed {
  readonly objection: string;
  readonly objector: string;
  readonly name: Sealed;
  readonly contact: Sealed;
  readonly statement: Sealed;
  readonly evidence: readonly { readonly sha256: string; readonly bytes: number; readonly mediaType: string }[];
  readonly rulingDueAt: string;
  /** The sub-case that hears it. */
  readonly hearing?: { readonly subcase: string; readonly number: number };
}

export interface CaseEnded {
  readonly end: string;
  readonly outcome: 'granted' | 'refused' | 'withdrawn';
  /** Where an appeal may be lodged against this end. */
  readonly appeal?: AppealWindow;
  /** The year until when, where its public holidays were not known: it was counted by weekdays alone. */
  readonly unannounced?: number;
}

/** Sent once for each part of a stage that is waited for. */
export interface ReminderSent extends At {
  readonly of: string;
  /** Who had not acted yet, where single people are waited for and not an office. */
  readonly people?: readonly string[];
}

export interface StageOverdue extends At {
  /** The part that is late. */
  readonly of: string;
  /** From when on the stage is over without whoever is late. */
  readonly expiresAt?: string;
  /** The year of that date, where its public holidays are not announced yet. */
  readonly unannounced?: number;
}

export type CaseEvent =
  | Message<'CaseOpened', CaseOpened>
  | FreezeEvent
  | RecountEvent
  | Message<'ApplicationWithdrawn', { readonly reason: string }>
  | Message<'CaseEnded', CaseEnded>
  | MigrationEvent
  | FileCorrectionEvent
  | SubcaseEvent
  | StageEvent;

export type StageEvent =
  | Message<'StageEntered', StageEntered>
  | Message<'StageLeft', StageLeft>
  | Message<'StageClosed', StageClosed>
  | Message<'SentBack', SentBack>
  | Message<'PanelReopened', PanelReopened>
  | Message<'StageOverdue', StageOverdue>
  | Message<'ReminderSent', ReminderSent>
  | CheckEvent
  | PanelEvent
  | BallotEvent
  | PublicityEvent
  | RankingStageEvent
  | ConfirmationEvent
  | DutyEvent
  | RegistrationStageEvent
  | NoticeStageEvent
  | StageActEvent
  | PleadingEvent;

export type CheckEvent =
  | Message<'CheckPassed', At & { readonly note?: string }>
  | Message<'CorrectionRequested', Timed & { readonly correction: number; readonly reason: string; readonly dueAt: string }>
  | Message<'CorrectionExtended', At & { readonly correction: number; readonly reason: string; readonly dueAt: string }>
  | Message<
      'ApplicationResubmitted',
      Timed & {
        readonly correction: number;
        /** Of the application; the first is 1. */
        readonly version: number;
        readonly form: Readonly<Record<string, FactValue>>;
        readonly files: readonly FileKept[];
        /** The owner's new deadline. */
        readonly dueAt: string;
        readonly remindAt?: string;
      }
    >
  | Message<'CorrectionLapsed', At & { readonly correction: number }>
  | Message<'CheckFailed', At & { readonly reason: string }>
  | Message<'SignersCalled', SignersCalled>
  | Message<'SignersReleased', At & { readonly people: readonly string[] }>
  | Message<'CheckSigned', At & Judged & { readonly person: string; readonly note?: string }>
  | Message<'SignatureRefused', At & Judged & { readonly person: string; readonly reason: string }>;

/** Whose signatures a check needs: everyone who holds a seat of its organ then. */
export interface SignersCalled extends At {
  readonly signers: readonly Pick<Elector, 'person' | 'granted'>[];
  readonly needed: 'all' | number;
}

export type PanelEvent =
  | Message<'ReviewersAssigned', ReviewersAssigned>
  | Message<'PanelUnfilled', PanelUnfilled>
  | Message<'ConflictDeclared', ConflictDeclared>
  | Message<'ReviewerReminded', At & { readonly assignment: string; readonly reviewer: string }>
  | Message<'ReviewEscalated', At & { readonly assignment: string; readonly reviewer: string }>
  | Message<'ReviewerReplaced', ReviewerReplaced>
  | ReviewEvent
  | PanelChangeEvent;

/** The charter wants the organ to meet: the item waits for the notice of a meeting. */
export interface MeetingAwaited extends Timed {
  readonly sitting: number;
  /** Working days of notice that the charter asks for. */
  readonly notice: number;
  /** When it is overdue that it has been put to no meeting. */
  readonly dueAt: string;
}

/** The meeting that was to vote, or was voting, is not held: the item waits for another. */
export interface BallotCalledOff extends At {
  readonly meeting: string;
  readonly reason: string;
  /** The sitting whose votes lapse; absent where the meeting had not begun. */
  readonly sitting?: number;
}

export type BallotEvent =
  | Message<'BallotCalledOff', BallotCalledOff>
  | Message<'MeetingAwaited', MeetingAwaited>
  | Message<'BallotOpened', BallotOpened>
  | Message<'VoteCast', VoteCast>
  | Message<'ConflictDeclared', ConflictDeclared>
  | Message<'BallotInquorate', At & { readonly sitting: number; readonly explanation: Explanation }>
  | Message<'VotesTied', Timed & { readonly sitting: number; readonly castingVote: string; readonly dueAt: string }>
  | Message<'TieBroken', At & { readonly sitting: number; readonly person: string; readonly choice: 'for' | 'against' }>;

export type PublicityEvent =
  | Message<'ObjectionRaised', ObjectionRaised>
  | Message<
      'ObjectionRuledOn',
      At & { readonly objection: string; readonly ruling: 'upheld' | 'dismissed'; readonly reason: string }
    >
  | Message<'PublicityHeld', At & { readonly objections: readonly string[] }>;
