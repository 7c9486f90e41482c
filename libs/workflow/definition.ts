import type { Text } from '#kernel';
import type { WorkingDays } from './calendar/working-days.js';
import type { Condition } from './condition.js';
import type { Transition } from './migration/transition.js';
import type { RankingRules } from './ranking/ranking.stage.js';
import type { Rubric } from './rubric.js';
import type { AppealOf, HearingOf, SubcaseOf } from './subcases/subcase.definition.js';

export type { AppealEnd, Ground } from './subcases/subcase.definition.js';
export type Subcase = SubcaseOf<Stage>;
export type Appeal = AppealOf<Stage>;
export type Hearing = HearingOf<Stage>;

/** A workflow as an alliance adopts it: data, pinned by version and hash in every round and case that it opens. */
export interface Definition {
  readonly id: string;
  /** Grows with every change that is adopted. */
  readonly version: number;
  readonly title: Text;
  readonly round: RoundCalendar;
  readonly subject: Subject;
  readonly eligibility: readonly EligibilityRule[];
  /** A case begins at the first. */
  readonly stages: readonly Stage[];
  readonly ends: Readonly<Record<string, End>>;
  /** What adopting it does to open rounds. */
  readonly transition?: Transition;
  /** Never adopted: stages of older versions that a migrated case has behind it and that this one no longer has. */
  readonly former?: readonly Stage[];
  /** What a case may give rise to: by name. */
  readonly subcases?: Readonly<Record<string, Subcase>>;
  /** Which of them this is the procedure of (`procedureOf`); never in a definition that is adopted. */
  readonly subcase?: Subcase & { readonly name: string };
}

/** A definition's identity, as rounds and cases keep it. */
export interface Pinned {
  readonly id: string;
  readonly version: number;
  /** Of a sub-case: which of the definition's it runs under. */
  readonly subcase?: string;
  /** SHA-256 (base64url) of the canonical JSON. */
  readonly hash: string;
  /** Versions that it was migrated from, the oldest first. */
  readonly before?: readonly number[];
}

export interface RoundCalendar {
  /** Shown beside every deadline. */
  readonly zone: string;
  /** The zone's fixed distance from UTC: rules read no time zone database. */
  readonly utcOffsetMinutes: number;
  /** Which calendar of working days counts. */
  readonly workingDays: 'china';
  /** Never adopted: the calendar as the alliance keeps it now, with the years that it has announced. */
  readonly calendar?: WorkingDays;
  /** How long applications are taken where the notice of a round does not say. */
  readonly submission: { readonly workingDays: number; readonly extension?: ExtensionLimit };
  /** Days that conditions name as `round.<id>`, cut-off dates for instance; the notice of a round may set others. */
  readonly dates?: readonly NamedDate[];
}

/** How far a deadline may be put off for one applicant: how often, and each time at most so many working days after the present one. */
export interface ExtensionLimit {
  readonly times: number;
  readonly workingDays: number;
}

/** A day, an ISO date, that rules refer to, inclusive or not as they say. */
export interface NamedDate {
  readonly id: string;
  readonly title: Text;
  readonly date: string;
}

export interface Subject {
  readonly title: Text;
  /** Category of the streams that hold the subjects: `course`. Its `facts` are pinned when a case opens. */
  readonly context: string;
  readonly powers: { readonly submit: string; readonly withdraw: string };
  readonly fields: readonly Field[];
  readonly files: readonly FileSlot[];
}

interface FieldBase {
  readonly id: string;
  readonly label: Text;
  readonly required?: boolean;
  /** Asked only where this is true of the rest of the application. */
  readonly when?: Condition;
  /** Hidden from reviewers where the panel is double blind. */
  readonly identifying?: boolean;
}

export type Field = FieldBase &
  (
    | { readonly type: 'text'; readonly maxLength: number }
    | { readonly type: 'integer'; readonly min: number; readonly max: number }
    | { readonly type: 'boolean' | 'date' }
    /** A person by random id, never by name. */
    | { readonly type: 'person' }
    /** An institution by `moe_code`. */
    | { readonly type: 'institution' }
    | { readonly type: 'choice'; readonly choices: readonly { readonly value: string; readonly label: Text }[] }
  );

export interface FileSlot {
  readonly id: string;
  readonly label: Text;
  readonly required?: boolean;
  /** Asked only where this is true of the form. */
  readonly when?: Condition;
  readonly maxBytes: number;
  readonly mediaTypes: readonly string[];
}

export interface EligibilityRule {
  readonly id: string;
  /** The clause of the notice or charter that it rests on. */
  readonly clause: Text;
  /** Whom it concerns; everybody unless told. */
  readonly when?: Condition;
  readonly require: Condition;
  /** What the rule asks for, and so what would satisfy it. */
  readonly text: Text;
}

/** Which organ acts, by the power that the charter gives it, and which one where there are several. */
export interface Owner {
  readonly power: string;
  /** The applicant's own institution or province, or the institution that a field of the form names; the alliance's one organ unless told. */
  readonly scope?: 'institution' | 'province' | `form.${string}`;
}

/** A stage or an end, or the stages that begin side by side. */
export type Onward = string | readonly string[];

/** The last stage of a branch, or the stages of which any may be its last. */
export type Branch = string | { readonly anyOf: readonly string[] };

interface StageBase extends Owner {
  readonly id: string;
  readonly title: Text;
  /** What each outcome of the kind leads to: a stage or an end, or several stages that begin side by side. */
  readonly on: Readonly<Record<string, Onward>>;
  /** The stages that must all have led here before this one begins; where there are several ways to the end of a branch, any of them. */
  readonly waitsFor?: readonly Branch[];
  /** The earlier stages that a case may be sent back to from here, and how often that may happen to it. */
  readonly return?: { readonly to: readonly string[]; readonly times: number };
  /** How often a case may come here, and the end that it goes to instead of once more: what bounds a loop. */
  readonly visits?: { readonly atMost: number; readonly then: string };
}

export interface CheckStage extends StageBase {
  readonly kind: 'check';
  /** How long the owner has. */
  readonly workingDays: number;
  /** Working days after which whoever has not acted is reminded; nobody is unless told. */
  readonly remind?: number;
  readonly correction?: { readonly workingDays: number; readonly times: number; readonly extension?: ExtensionLimit };
  /** How long after it was reported late it is over without its owner (`expired`); without it, a case waits until somebody acts. */
  readonly expires?: { readonly workingDays: number };
  /** How many of those who hold a seat in its organ must sign; one of them unless told. */
  readonly signatures?: 'all' | 'any' | number;
  /** Four eyes: whoever has handed in any version (`submit`), or acted at an earlier check, named here, does not act at this one. */
  readonly separation?: readonly string[];
}

export interface PanelStage extends StageBase {
  readonly kind: 'panel';
  /** Power to assign, replace and close. */
  readonly manage: string;
  /** Drawn as each case comes; chosen case by case; or for all that wait at once, and then drawn where somebody is replaced. */
  readonly assignedBy: 'engine' | 'secretary' | 'assignment';
  /** Working days after which reviewers are drawn where nobody has assigned any. */
  readonly assignWithin?: number;
  /** What an assignment matches: the fact that is the case's discipline, and those that are its expertise. */
  readonly fit?: { readonly discipline?: string; readonly expertise?: readonly string[] };
  readonly size: number;
  /** Complete reviews without which there is no result. */
  readonly minimum: number;
  readonly maxLoad: number;
  readonly onePerInstitution?: boolean;
  /** How often reviewers may be drawn, the first time included. */
  readonly draws: number;
  readonly blind: 'double' | 'single' | 'none';
  /** Working days after the assignment on which a late reviewer is reminded, reported, replaced. */
  readonly late: { readonly remind: number; readonly escalate: number; readonly replace: number };
  readonly rubric: Rubric;
  /** Other rubrics by the value of a fact that they depend on. */
  readonly rubrics?: { readonly by: string; readonly of: Readonly<Record<string, Rubric>> };
  readonly discussion?: PanelDiscussion;
}

/** The reviewers hear each other before the panel comes to its result. */
export interface PanelDiscussion {
  /** When a reviewer reads what the others think: once their own review is in, or once every review is. */
  readonly from: 'own-review' | 'every-review';
  /** As whom reviewers know each other. */
  readonly as: 'pseudonym' | 'name';
  /** How long, from the last review on. */
  readonly workingDays: number;
  /** Working days after which those who have said nothing are reminded. */
  readonly remind: number;
  /** Reviews whose totals, of 100, are so far apart or further are discussed; all of them unless told. */
  readonly spread?: number;
  /** Who reads it beside the panel and its keeper: those who decide, once the panel has closed; the applicant, once the case has ended. */
  readonly afterwards?: readonly ('judge' | 'applicant')[];
}

export interface BallotStage extends StageBase {
  readonly kind: 'ballot';
  /** Power to open and close. */
  readonly manage: string;
  readonly workingDays: number;
  /** Working days after which those who have not voted are reminded, by correspondence; nobody is unless told. */
  readonly remind?: number;
  /** How often it may be convened before it is given up as inquorate. */
  readonly sittings: number;
  /** How long the chair has to break a tie. */
  readonly castingVote: { readonly workingDays: number };
}

export interface PublicityStage extends StageBase {
  readonly kind: 'publicity';
  readonly workingDays: number;
  readonly objection: { readonly power: string };
  /** `hearing` names the sub-case that hears each objection and gives the ruling; without it, whoever holds `power` rules. */
  readonly ruling: { readonly power: string; readonly workingDays: number; readonly hearing?: string };
}

/** Named parties confirm or sign, each by its organ. */
export interface ConfirmationStage extends StageBase {
  readonly kind: 'confirmation';
  readonly parties: readonly Party[];
  /** How many of those who are asked must confirm. */
  readonly needed: 'all' | 'any' | number;
  readonly workingDays: number;
  /** Working days after which those who have not answered are reminded. */
  readonly remind: number;
}

/** Not asked where its scope is a field of the form that was left empty. */
export interface Party extends Owner {
  readonly id: string;
  readonly title: Text;
}

/** A long obligation; `power` inspects, warns and rules on remedies. */
export interface DutyStage extends StageBase {
  readonly kind: 'duty';
  /** Sent when it begins for the first time: what the obligation comes with. */
  readonly grants?: readonly EndCommand[];
  readonly years: number;
  readonly inspection: { readonly everyMonths: number; readonly workingDays: number };
  /** Who must remedy, and how long they have. */
  readonly remedy: Owner & { readonly workingDays: number };
}

/** Places for which people register (`power`), with a waiting list; sessions that they sign in to. */
export interface RegistrationStage extends StageBase {
  readonly kind: 'registration';
  readonly places: number | { readonly from: `form.${string}` };
  /** Power to open sessions. */
  readonly manage: string;
  /** How long registrations are taken. */
  readonly workingDays: number;
  /** How long after that sessions may be held. */
  readonly held: { readonly workingDays: number };
}

/** An official document is numbered, hashed and published, by the engine. */
export interface NoticeStage extends StageBase {
  readonly kind: 'notice';
  /** What kind of document: each is numbered for itself. */
  readonly document: string;
  /** What stands before the number. */
  readonly mark: Text;
  /** Both may hold `{title}`, `{institution}`, `{number}`, `{round}`, `{date}` and `{form.<field>}`. */
  readonly heading: Text;
  readonly body: Text;
}

/** A fork: on `holds` where the condition is true of the case, on `otherwise` where it is not. */
export interface ChoiceStage extends StageBase {
  readonly kind: 'choice';
  /** The clause that it rests on. */
  readonly clause: Text;
  readonly condition: Condition;
}

/** A party, by its organ, says what it has to say; silence ends it too. */
export interface StatementStage extends StageBase {
  readonly kind: 'statement';
  readonly workingDays: number;
}

/** An organ hears and rules, by one of its people. */
export interface RulingStage extends StageBase {
  readonly kind: 'ruling';
  readonly workingDays: number;
  /** Whether the ruling needs the minutes of a hearing. */
  readonly minutes?: 'required';
}

/** A barrier over the round: `power` keeps it. */
export interface RankingStage extends StageBase, RankingRules {
  readonly kind: 'ranking';
}

export type Stage =
  | RankingStage
  | CheckStage
  | PanelStage
  | BallotStage
  | PublicityStage
  | ConfirmationStage
  | DutyStage
  | RegistrationStage
  | NoticeStage
  | ChoiceStage
  | StatementStage
  | RulingStage;

export interface End {
  readonly title: Text;
  readonly outcome: 'granted' | 'refused' | 'withdrawn';
  readonly commands?: readonly EndCommand[];
}

/** A command to a context, for the subject of the case. */
export interface EndCommand {
  readonly context: string;
  readonly type: string;
  /** `{ from }` takes a value of the case: `subject`, `institution`, `case`, `round`, `number`, `reason` (why the last stage was left), `form.<field>`. */
  readonly data: Readonly<Record<string, string | number | boolean | { readonly from: string }>>;
}

/** Whether no application comes without an answer. */
export const isAlwaysAnswered = ({ required, when }: Pick<Field, 'required' | 'when'>): boolean =>
  required === true && when === undefined;

/** The end that every definition has: the applicant may always go home. */
export const withdrawnEnd = 'withdrawn';

export const definitionStream = (alliance: string, id: string): string => `definition-${alliance}.${id}`;

/** What was adopted under one id: the state of `definition-<alliance>.<id>`. */
export interface DefinitionHistory {
  /** 0 before the first. */
  readonly latest: number;
  readonly versions: Readonly<Record<number, { readonly hash: string; readonly definition: Definition }>>;
}

/** The stages of a definition, and those that a migrated case has behind it. */
export const everyStage = ({ stages, former = [] }: Definition): readonly Stage[] => [...stages, ...former];

/** The stage with that id. @throws Error where the definition has none */
export function stageOf(definition: Definition, id: string): Stage {
  const stage = everyStage(definition).find((candidate) => candidate.id === id);
  if (stage === undefined) throw new Error(`${definition.id} has no stage ${id}`);
  return stage;
}

/** The stages or the end that an outcome leads to; undefined where the definition forgot it. */
export const onwardFrom = ({ on }: Pick<Stage, 'on'>, outcome: string): readonly string[] | undefined => {
  const onward = on[outcome];
  return typeof onward === 'string' ? [onward] : onward;
};

/** Everywhere that a stage leads to. */
export const leadsOn = (stage: Pick<Stage, 'on'>): readonly string[] => Object.values(stage.on).flat();

/** The branches that a stage waits for, each as the stages that may be its last. None where it begins as soon as one leads to it. */
export const branchesOf = ({ waitsFor = [] }: Pick<Stage, 'waitsFor'>): readonly (readonly string[])[] =>
  waitsFor.map((branch) => (typeof branch === 'string' ? [branch] : branch.anyOf));

/** Who may send a case back from a stage: whoever keeps it, where others judge there. */
export const returner = (stage: Stage): Owner =>
  'manage' in stage
    ? { power: stage.manage }
    : { power: stage.power, ...(stage.scope === undefined ? {} : { scope: stage.scope }) };
