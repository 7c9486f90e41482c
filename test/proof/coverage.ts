import { readFileSync, readdirSync } from 'node:fs';
import { categoryOf, type Envelope } from '#kernel';
import { stageKinds } from '../../libs/workflow/stages/index.js';
import { isLong, isWhole } from './extent.js';
import { lawful } from './lawful.js';
import { kindsOf, lawfulOf } from './lawful.streams.js';

const golden = new URL('../golden/', import.meta.url);

/** Every type of event that contexts of workflows have ever written: each has an example in the golden log. */
export const everWritten: readonly string[] = [
  ...new Set(
    readdirSync(golden)
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(new URL(name, golden), 'utf8')) as Envelope)
      .filter(({ stream }) => categoryOf(stream) === 'case' || Object.hasOwn(kindsOf, categoryOf(stream)))
      .map(({ type }) => type),
  ),
].toSorted();

/** Every command to streams of workflows. */
export const everyCommand: readonly string[] = Object.entries({ ...lawfulOf, case: lawful })
  .flatMap(([category, rules]) => Object.keys(rules).map((type) => `${category} ${type}`))
  .toSorted();

/** Every kind of stage that there is. */
export const everyKind: readonly string[] = Object.keys(stageKinds);

/** What histories have come to, of all that there is. */
export class Coverage {
  private readonly seen = new Map<string, number>();

  note(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  get size(): number {
    return this.seen.size;
  }

  count(what: string): number {
    return this.seen.get(what) ?? 0;
  }

  said(all: readonly string[]): string {
    const missing = all.filter((one) => !this.seen.has(one));
    return `${all.length - missing.length} of ${all.length}${missing.length === 0 ? '' : `, not ${missing.join(', ')}`}`;
  }

  /** What should have been reached, and was not, by as many histories as were played. */
  missing(all: readonly string[]): readonly string[] {
    const isDue = (one: string): boolean => isWhole && !Object.hasOwn(never, one) && (isLong || !seldom.includes(one));
    return all.filter((one) => !this.seen.has(one) && isDue(one));
  }
}

/** What takes more luck than a few histories have: the long form comes to it. */
const seldom: readonly string[] = [
  'CorrectionExtended',
  'case ExtendCorrection',
  'ActRetracted',
  'ApplicationResubmitted',
  'ApplicationWithdrawn',
  'AssignmentAdopted',
  'AssignmentBlocked',
  'BallotCalledOff',
  'BallotInquorate',
  'BulkOrdered',
  'CaseReopened',
  'ConfirmationLapsed',
  'CorrectionLapsed',
  'DeadlinesRecounted',
  'DecisionSuperseded',
  'DecisionUpheld',
  'DiscussionReminded',
  'EntrantPassedOver',
  'FileCorrectionLapsed',
  'FilesReplaced',
  'InspectionPassed',
  'MeetingCalledOff',
  'ObjectionRuledOn',
  'PartOvertaken',
  'PartiesReminded',
  'PartyRefused',
  'ProxyLodged',
  'ProxyRevoked',
  'PublicityHeld',
  'RegistrationCancelled',
  'RelationDeclared',
  'RemedyAccepted',
  'RemedyLapsed',
  'RemedyRejected',
  'RemedyReported',
  'ReserveRaised',
  'ReviewTransferred',
  'ReviewerAdded',
  'ReviewerRemoved',
  'ReviewersAllowedTogether',
  'ReviewersSought',
  'ReviewsDiscussed',
  'SentBack',
  'SignatureRefused',
  'SignedIn',
  'StatementGiven',
  'SubcaseDropped',
  'SubstituteAppointed',
  'SubstitutionBegan',
  'SubstitutionEnded',
  'TaskTakenBack',
  'TaskTransferred',
  'TieBroken',
  'VotesTied',
  'assignment AdoptAssignment',
  'assignment AllowTogether',
  'assignment DeclareRelation',
  'assignment blocked',
  'bulk NoteOvertaken',
  'bulk OrderBulk',
  'bulk ordered',
  'case AcceptRemedy',
  'case AddReviewer',
  'case AppointSubstitute',
  'case BeginSubstitution',
  'case BreakTie',
  'case CallOffBallot',
  'case CloseDiscussion',
  'case CloseSubcase',
  'case CountSignatures',
  'case DiscussReviews',
  'case EndDuty',
  'case EndPublicity',
  'case EndRegistration',
  'case EndSubstitution',
  'case ExpireCheck',
  'case GiveStatement',
  'case LapseConfirmation',
  'case LapseCorrection',
  'case LapseFileCorrection',
  'case LapseRemedy',
  'case LapseStatement',
  'case PassInspection',
  'case RecountDeadlines',
  'case RefuseAsParty',
  'case RejectRemedy',
  'case RemindDiscussion',
  'case RemindParties',
  'case RemoveReviewer',
  'case ReplaceFiles',
  'case ReportRemedy',
  'case ResubmitApplication',
  'case RetractAct',
  'case RuleOnObjection',
  'case SendBack',
  'case TakeBackTask',
  'case TransferReview',
  'case TransferTask',
  'case WithdrawApplication',
  'definition AdoptDefinition',
  'incident RetryEffect',
  'incident SkipEffect',
  'meeting CallOffMeeting',
  'meeting LodgeProxy',
  'meeting RevokeProxy',
  'meeting over',
  'meeting sitting',
  'places given',
  'ranking DecideTie',
  'ranking LapseTie',
  'ranking RankWithout',
  'registration CancelRegistration',
  'registration SignIn',
  'registration cancelled',
  'registration registered',
  'registration signed in',
  'round OpenRound',
];

/** What no history has come to, and why. */
const never: Readonly<Record<string, string>> = {
  'case SubmitApplication': 'every history begins with it',
  'assignment RecordPortion': 'two applications are assigned in one portion',
  'case CompletePanel': 'a panel would have to be late and have just enough reviews',
  DutyHeld: 'a warning would have to be open on the day, years later, on which a duty ends',
  PanelReopened: 'a conflict would have to be declared between the end of a panel and the ranking',
  StandingTakenBack: 'as PanelReopened',
  SignersReleased: 'a signer would have to lose the seat while others have not signed',
};
