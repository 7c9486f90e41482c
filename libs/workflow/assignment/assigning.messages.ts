import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { IsDay, type Message, type Text } from '#kernel';
import type { Pinned } from '../definition.js';
import type { AssignmentReviewer, AssignmentResult, Infeasible, KnownConflict } from './problem.js';

const person = /^[A-Za-z0-9-]{1,100}$/;
const words = 50;

/** What someone of the pool knows: what an assignment matches with applications. For oneself, or by who keeps the panel. */
export class DescribeReviewer {
  @IsOptional() @Matches(person) readonly person?: string;
  /** Values of the fact that the panel calls its discipline. */
  @IsArray() @ArrayMaxSize(words) @ArrayUnique() @Length(1, 100, { each: true }) readonly disciplines!: readonly string[];
  /** Values of the facts that the panel calls expertise. */
  @IsArray() @ArrayMaxSize(words) @ArrayUnique() @Length(1, 100, { each: true }) readonly expertise!: readonly string[];
  /** Fewer open reviews than the panel's greatest load. */
  @IsOptional() @IsInt() @Min(0) @Max(1000) readonly most?: number;
}

/** Why someone of the pool may not review certain applications, nor someone who judges in the round decide on them: for oneself, or by who keeps the panel. */
export class DeclareRelation {
  @IsOptional() @Matches(person) readonly person?: string;
  @IsIn(['formerly-at', 'co-author', 'supervised']) readonly relation!: 'formerly-at' | 'co-author' | 'supervised';
  /** Of `formerly-at`: `moe_code`, and the last day there. It counts for three years. */
  @IsOptional() @Matches(/^[A-Za-z0-9-]{1,32}$/) readonly institution?: string;
  @IsOptional() @IsDay() readonly until?: string;
  /** Otherwise: the person, as the forms of applications name them. */
  @IsOptional() @Matches(person) readonly with?: string;
}

class Pair {
  @Matches(person) readonly one!: string;
  @Matches(person) readonly other!: string;
}

/** Two people never sit on one panel of the round. */
export class KeepApart extends Pair {}
export class AllowTogether extends Pair {}

/** Asks for panels for every application that waits for reviewers, all at once. */
export class RequestAssignment {
  /** Reviews that everyone of the pool gets at least; none unless told. */
  @IsOptional() @IsInt() @Min(0) @Max(1000) readonly least?: number;
}

export class RecordAssignment {
  @IsInt() @Min(1) readonly request!: number;
  /** What was computed, and from what: added by the engine. */
  @IsOptional() @IsObject() readonly computed?: Computed;
}

/** A portion of what was computed, ahead of the rest: a large round is more than one append may hold. */
export class RecordPortion {
  @IsInt() @Min(1) readonly request!: number;
  @IsObject() readonly portion!: Portion;
}

class OfRequest {
  @IsInt() @Min(1) readonly request!: number;
}

export class AdoptAssignment extends OfRequest {}

export class DiscardAssignment extends OfRequest {
  /** On record for ever: no names. */
  @IsString() @Length(1, 2000) readonly reason!: string;
}

/** Commands to `assignment-<alliance>.<round>.<stage>`. */
export const assignmentShapes = {
  DescribeReviewer,
  DeclareRelation,
  KeepApart,
  AllowTogether,
  RequestAssignment,
  RecordPortion,
  RecordAssignment,
  AdoptAssignment,
  DiscardAssignment,
} as const;

type Commands = { readonly [K in keyof typeof assignmentShapes]: Message<K, InstanceType<(typeof assignmentShapes)[K]>> };
export type AssignmentCommand = Commands[keyof Commands];

/** What the thread brings back: the problem in canonical order, with the visit of each case, and the answer or why there is none. */
export interface Computed {
  readonly reviewers: readonly AssignmentReviewer[];
  readonly panels: readonly Panel[];
  readonly neverTogether: readonly (readonly [string, string])[];
  readonly perInstitution: 'one' | 'any';
  readonly answer: Answer;
  /** How many portions of it have been recorded before: pool and panels are empty then. */
  readonly portions?: number;
}

/** Lists of pool and panels, in their order. `number` is from 1; the first portion begins anew. */
export interface Portion {
  readonly number: number;
  /** Of the problem that was solved. */
  readonly inputs: string;
  readonly lists: readonly (
    | { readonly of: 'pool'; readonly part: number; readonly parts: number; readonly items: readonly AssignmentReviewer[] }
    | { readonly of: 'panels'; readonly part: number; readonly parts: number; readonly items: readonly Panel[] }
  )[];
}

/** As the solver gives it, without the panels; or why it gave none. */
export type Answer = Omit<AssignmentResult, 'assignments'> | Infeasible | { readonly outcome: 'failed'; readonly text: Text };

/** A case that waits for reviewers, and those proposed for it. Reviewers are places in the list of the pool, from 0. */
export interface Panel {
  readonly subject: string;
  readonly visit: number;
  /** The applicant's. */
  readonly institution: string;
  readonly discipline?: string;
  readonly expertise?: readonly string[];
  readonly wanted: number;
  readonly conflicts?: readonly (readonly [number, KnownConflict['because']])[];
  /** None where there is no solution. */
  readonly reviewers: readonly number[];
}

/** Lists are recorded in parts of less than 60 kB; `part` is from 1. */
interface Part {
  readonly request: number;
  readonly part: number;
  readonly of: number;
  /** Where it was recorded in portions. */
  readonly portion?: Pick<Portion, 'number' | 'inputs'>;
}

export interface AssignmentOpened {
  readonly round: string;
  readonly stage: string;
  readonly definition: Pinned;
  /** The same for every request: nobody asks again until they like the lot. */
  readonly seed: string;
}

export interface ReviewerDescribed {
  readonly person: string;
  readonly disciplines: readonly string[];
  readonly expertise: readonly string[];
  readonly most?: number;
}

export interface RelationDeclared {
  readonly person: string;
  readonly relation: DeclareRelation['relation'];
  readonly institution?: string;
  readonly until?: string;
  readonly with?: string;
}

type Told<T extends string, A> = Message<T, { readonly request: number } & A>;

/** After the pool and the panels, in the same append: with them, all that an auditor needs to repeat it. */
export type AssignmentEvent =
  | Message<'AssignmentOpened', AssignmentOpened>
  | Message<'ReviewerDescribed', ReviewerDescribed>
  | Message<'RelationDeclared', RelationDeclared>
  | Message<'ReviewersKeptApart', { readonly one: string; readonly other: string }>
  | Message<'ReviewersAllowedTogether', { readonly one: string; readonly other: string }>
  | Message<'AssignmentRequested', { readonly request: number; readonly least: number }>
  | Message<'PoolCounted', Part & { readonly reviewers: readonly AssignmentReviewer[] }>
  | Message<'PanelsProposed', Part & { readonly panels: readonly Panel[] }>
  | Told<'AssignmentProposed', Terms & Omit<AssignmentResult, 'assignments' | 'outcome'>>
  | Told<'AssignmentBlocked', Terms & Omit<Infeasible, 'outcome'>>
  | Told<'AssignmentAdopted', object>
  | Told<'AssignmentDiscarded', { readonly reason: string }>;

/** What of the problem is neither in the pool nor in the panels. */
export type Terms = Pick<Computed, 'neverTogether' | 'perInstitution'>;
