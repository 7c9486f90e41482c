import type { AskingContext, DecisionContext, Fact, Envelope, Text } from '#kernel';
import type { CaseEvent, Explanation, StageEntered } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import type { Case, Visit } from '../case.state.js';
import type { Definition, EndCommand, Owner, Stage } from '../definition.js';
import type { Effect } from '../effect.js';
import type { Obstacle } from '../migration/obstacle.js';
import { refused } from '../refusal.js';
import type { Barred } from '../subcases/subcase.messages.js';

/** A case at a stage: what a kind decides on. */
export interface At<D extends Stage = Stage, V extends Visit = Visit> {
  readonly definition: Definition;
  readonly stage: D;
  readonly visit: V;
  readonly case: Case;
}

/** What a command to a stage comes to: events, and the outcome that ends the visit if it is over with them. */
export interface StageDecision {
  readonly events: readonly CaseEvent[];
  readonly outcome?: string;
}

/** An effect of a stage: a command to its own case, or elsewhere. `of` names the part of the visit that it is for. */
export interface StageEffect {
  readonly name: string;
  readonly command: { readonly type: StageCommand['type']; readonly data: Readonly<Record<string, unknown>> } | Effect['command'];
  readonly dueAt?: string;
  readonly of?: string;
  readonly needs?: Effect['needs'];
}

/** What a drawing shows of a stage. */
export interface Drawing {
  readonly shape: 'task' | 'parallel-tasks' | 'vote' | 'wait';
  readonly label: Text;
  /** The power whose organ owns it. */
  readonly owner: string;
  /** What may happen at its edge: a timer or a message. */
  readonly edge: readonly { readonly kind: 'timer' | 'message'; readonly label: Text }[];
}

/** Whom a stage needs in numbers: reviewers, voters, those who rule. Nobody on it may work for the applicant. */
export interface Bench {
  readonly power: string;
  /** Where the number stands, under the stage. */
  readonly at: string;
  /** People that it is meant to have. */
  readonly wanted?: number;
  /** People without whom it comes to nothing. */
  readonly minimum?: number;
  readonly onePerInstitution?: boolean;
  /** Whether the charter's decision rule says how many. */
  readonly votes?: true;
}

/** What a proof needs to know of a stage before anything happens at it. Places (`at`) are JSON Pointers under the stage. */
export interface Outline {
  /** The outcomes that can come about: where nothing is returned for correction, nothing lapses. */
  readonly outcomes: readonly string[];
  /** Those of them that time alone brings about, if nobody ever acts. */
  readonly automatic: readonly string[];
  /** Every wait for people, and the working days after which something happens without them. */
  readonly waits: readonly { readonly at: string; readonly workingDays?: number }[];
  /** Every power that people use there. */
  readonly powers: readonly (Owner & {
    readonly at: string;
    readonly part:
      | 'checks'
      | 'reviews'
      | 'decides'
      | 'keeps'
      | 'objects'
      | 'rules'
      | 'orders'
      | 'states'
      | 'confirms'
      | 'inspects'
      | 'remedies'
      | 'registers';
  })[];
  readonly benches: readonly Bench[];
  /** Commands to contexts that the engine sends from here; without `data` where the kind itself makes it. */
  readonly sends?: readonly (Omit<EndCommand, 'data'> & Partial<EndCommand> & { readonly at: string })[];
}

/**
 * One kind of stage: all that the engine knows of it. Another kind is another file like this.
 *
 * Pure, and written as methods so that a registry may hold kinds of different stages.
 */
export interface StageKind<D extends Stage = Stage, V extends Visit = Visit> {
  readonly kind: D['kind'];
  /** JSON Schema of what its stages have beside id, kind, title, power, scope and on. */
  readonly schema: { readonly required: readonly string[]; readonly properties: Readonly<Record<string, unknown>> };
  /** Every outcome; a definition says where each leads. */
  readonly outcomes: readonly string[];
  /** Outcomes that only some of its stages have, by what they say; a definition leads on those that can come about. */
  readonly further?: readonly string[];
  readonly commands: readonly StageCommand['type'][];
  /** Whether the applicant can no longer go home from here: it has been granted. */
  readonly binds?: true;
  /** Whether others rely on what is done there, so that no case is sent back from it or past it. */
  readonly irrevocable?: true;
  /** Powers that the stage names. */
  powers(stage: D): readonly string[];
  /** Those whose holders judge the applicant: a conflict of interest keeps them from knowing of the case. */
  judges(stage: D): readonly string[];
  /** Who judged the case in a visit: an appeal goes to other people. */
  judged?(visit: V): readonly Barred[];
  /** Who may send a command. */
  owner(command: StageCommand, stage: D, actor: string): Owner;
  /** The powers whose seats a decision reads. */
  seats(command: StageCommand, stage: D): readonly string[];
  /** Other streams whose states a decision reads. */
  reads?(stage: D, state: Case, asking: AskingContext, command: StageCommand): readonly string[];
  /** What the kind adds to StageEntered; `before` are earlier visits of the same stage. */
  enter(stage: D, definition: Definition, now: number, before: readonly Visit[]): Pick<StageEntered, 'dueAt' | 'remindAt'>;
  /** The visit as it begins. */
  begin(entered: StageEntered, at: string): V;
  /** @throws DomainError when the command is not lawful now */
  decide(command: StageCommand, at: At<D, V>, context: DecisionContext): StageDecision;
  /** The visit after an event of its own; unchanged for any other. */
  evolve(visit: V, event: CaseEvent, fact: Fact): V;
  /** What the visit owes after an event. */
  effects(at: At<D, V>, event: CaseEvent, recorded: Envelope): readonly StageEffect[];
  /** Which part of the visit an event brings to its end, so that its timers are no longer owed. */
  settled(event: CaseEvent): string | undefined;
  /** What of an open visit cannot go on at a stage of another version; without it, only a stage of the same rules takes it over. */
  carry?(visit: V, from: D, to: D): readonly Obstacle[];
  /** Why the visit comes, or would now come, to an outcome. */
  explain(at: At<D, V>, outcome: string): Explanation;
  draw(stage: D): Drawing;
  outline(stage: D): Outline;
}

/** The state of a visit after further events of the same command. */
export const after = <V extends Visit>(
  kind: { evolve(visit: V, event: CaseEvent, fact: Fact): V },
  visit: V,
  events: readonly CaseEvent[],
  { now, actor }: Pick<DecisionContext, 'now' | 'actor'>,
): V =>
  events.reduce(
    (before, event) => kind.evolve(before, event, { id: '', revision: -1, recordedAt: new Date(now).toISOString(), actor }),
    visit,
  );

/** Where an event of a visit belongs. */
export const place = ({ visit }: At): { readonly stage: string; readonly visit: number } => ({
  stage: visit.stage,
  visit: visit.visit,
});

/** Who owns a stage at which only the engine acts: the organ that the definition names, or the engine itself. */
export const keptBy = (power: string, scope: Owner['scope']): Outline['powers'] =>
  power === engineOr({ power }, 'engine').power
    ? []
    : [{ power, ...(scope === undefined ? {} : { scope }), at: '/power', part: 'keeps' }];

/** The engine keeps workflows moving under a power of its own; people act under the power that the stage names. */
export const engineOr = (owner: Owner, actor: string): Owner => (actor === 'engine' ? { power: 'operate-workflow' } : owner);

/** @throws DomainError case.too-early before a deadline has passed */
export function tooEarly(now: number, dueAt: string): void {
  if (now >= Date.parse(dueAt)) return;
  throw refused('case.too-early', `This cannot happen before ${dueAt}.`, `${dueAt} 之前不能执行此操作。`, { dueAt });
}

/** For what the case decider never lets through: a command that its stage does not know. */
export const notThisAct = ({ stage }: At) =>
  refused(
    'case.not-this-act',
    `This cannot be done at the stage “${stage.title.en}”.`,
    `“${stage.title.zh}”环节不能执行此操作。`,
    {
      stage: stage.id,
    },
  );
