import { IsOptional, IsString, Length, Matches } from 'class-validator';
import { DecidesOnWhatWasRead, type Message } from '#kernel';
import { AtStage, type InVisit, stageId, type Timed } from './in-visit.js';

/** Sent by the engine when the stage begins: puts on record who is asked. */
export class AskParties extends AtStage {}

class OfParty extends AtStage {
  /** Which party the sender answers for. */
  @Matches(stageId) readonly party!: string;
}

@DecidesOnWhatWasRead()
export class ConfirmAsParty extends OfParty {
  @IsOptional() @IsString() @Length(1, 2000) readonly note?: string;
}

@DecidesOnWhatWasRead()
export class RefuseAsParty extends OfParty {
  /** An official reason, on record for ever: about the application, not about a person. */
  @IsString() @Length(1, 2000) readonly reason!: string;
}

export class RemindParties extends AtStage {}
export class LapseConfirmation extends AtStage {}

export const confirmationShapes = { AskParties, ConfirmAsParty, RefuseAsParty, RemindParties, LapseConfirmation } as const;

/** A party as it was asked: the organ that answers for it, by its power and, where there are several, its scope. */
export interface PartyAsked {
  readonly party: string;
  readonly power: string;
  readonly scope?: string;
}

export interface PartiesAsked extends Timed {
  readonly parties: readonly PartyAsked[];
  /** So many must confirm. */
  readonly needed: number;
  readonly remindAt: string;
  readonly dueAt: string;
}

export interface PartyConfirmed extends InVisit {
  readonly party: string;
  /** What was signed: the version of the application, and the SHA-256 (hex) of its canonical form and files. */
  readonly version: number;
  readonly sha256: string;
  readonly note?: string;
}

export type ConfirmationEvent =
  | Message<'PartiesAsked', PartiesAsked>
  | Message<'PartyConfirmed', PartyConfirmed>
  | Message<'PartyRefused', InVisit & { readonly party: string; readonly reason: string }>
  | Message<'PartiesReminded', InVisit & { readonly parties: readonly string[] }>
  | Message<'ConfirmationLapsed', InVisit & { readonly parties: readonly string[] }>;
