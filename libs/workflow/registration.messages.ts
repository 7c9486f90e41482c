import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import type { Message } from '#kernel';
import type { Pinned } from './definition.js';
import { AtStage, type InVisit, stageId, type Timed } from './in-visit.js';

/** Opens a session for signing in, from now on for so many minutes. */
export class OpenSession extends AtStage {
  @Matches(stageId) readonly session!: string;
  @IsInt() @Min(1) @Max(1440) readonly minutes!: number;
}

export class CloseRegistration extends AtStage {}
export class EndRegistration extends AtStage {}

/** Commands to the case that takes registrations. */
export const registrationStageShapes = { OpenSession, CloseRegistration, EndRegistration } as const;

export type RegistrationStageEvent =
  | Message<'SessionOpened', InVisit & { readonly session: string; readonly until: string }>
  | Message<'RegistrationClosed', Timed & { readonly endsAt: string }>;

/** For oneself: the stream says who and for what. */
export class Register {}
export class CancelRegistration {}

export class SignIn {
  @Matches(stageId) readonly session!: string;
}

/** Commands to one person's registration: `registration-<alliance>.<round>.<entry>.<person>`. */
export const registrationShapes = { Register, CancelRegistration, SignIn } as const;

export interface Registered {
  /** Id of the case, without its category. */
  readonly case: string;
  readonly person: string;
  /** The workflow in whose name places are given. */
  readonly definition: Pinned;
  readonly places: number;
}

export type RegistrationCommand =
  Message<'Register', Register> | Message<'CancelRegistration', CancelRegistration> | Message<'SignIn', SignIn>;

export type RegistrationEvent =
  | Message<'Registered', Registered>
  /** `registration` is the id of the event that is taken back. */
  | Message<'RegistrationCancelled', { readonly registration: string }>
  | Message<'SignedIn', { readonly registration: string; readonly session: string }>;

export class Entitled {
  @IsString() @Length(1, 100) readonly person!: string;
  /** Id of the event `Registered`. */
  @IsString() @Length(1, 100) readonly registration!: string;
}

/** Confirms places to those whom the log entitles. The engine adds what it has counted. */
export class SettlePlaces {
  /** Position of the log up to which it was counted. */
  @IsOptional() @Matches(/^\d{1,20}$/) readonly through?: string;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(5000)
  @ValidateNested({ each: true })
  @Type(() => Entitled)
  readonly entitled?: readonly Entitled[];
}

/** Commands to the places of one case: `places-<alliance>.<round>.<entry>`. */
export const placesShapes = { SettlePlaces } as const;

export type PlacesCommand = Message<'SettlePlaces', SettlePlaces>;

export type PlacesEvent = Message<
  'PlacesGiven',
  {
    /** With the log up to here anyone can count it again. */
    readonly through: string;
    /** In the order of the log. */
    readonly places: readonly { readonly person: string; readonly registration: string }[];
  }
>;
