import { IsInt, IsOptional, Matches, Min } from 'class-validator';

export const stageId = /^[a-z][a-z0-9-]{0,63}$/;
export const sha256Hex = /^[0-9a-f]{64}$/;

/** Every act of a stage names it, so that nobody acts on a stage that has just ended; `visit` is the one open now unless told. */
export class AtStage {
  @Matches(stageId) readonly stage!: string;
  @IsOptional() @IsInt() @Min(1) readonly visit?: number;
}

/** Every event of a stage says in which visit of it. Instants are ISO 8601 UTC; people are random ids. */
export interface InVisit {
  readonly stage: string;
  /** From 1; a stage that a case comes back to is visited again. */
  readonly visit: number;
}

/** An event of a stage that gives a deadline. */
export interface Timed extends InVisit {
  /** The year of that deadline, where its public holidays were not known: it was counted by weekdays alone. */
  readonly unannounced?: number;
}
