import { Type } from 'class-transformer';
import { IsInt, IsObject, IsString, Length, Matches, Min, ValidateNested } from 'class-validator';
import type { Message } from '#kernel';

/** The command that an effect would send. */
export class CommandOwed {
  @IsString() @Length(1, 60) readonly context!: string;
  @IsString() @Length(1, 400) readonly id!: string;
  @IsString() @Length(1, 100) readonly type!: string;
}

/** Sent by the engine when a rule says no to an effect, or it fails again and again. */
export class RaiseIncident {
  /** What the effect is called: `remind`, `close`. */
  @IsString() @Length(1, 100) readonly effect!: string;
  @IsObject() @ValidateNested() @Type(() => CommandOwed) readonly command!: CommandOwed;
  /** Stream of the event that the effect follows from. */
  @IsString() @Length(1, 400) readonly stream!: string;
  @IsString() @Length(1, 100) readonly workflow!: string;
  /** Code of the refusal; `effect.failed` for any other failure. */
  @Matches(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/) readonly code!: string;
  @IsInt() @Min(1) readonly attempts!: number;
}

/** The cause has been put right: the effect is to be tried again. */
export class RetryEffect {}

/** The effect is not to be carried out, ever. */
export class SkipEffect {
  /** An official reason, on record for ever: no personal data. */
  @IsString() @Length(1, 2000) readonly reason!: string;
}

/** Sent by the engine when an effect has been carried out after all. */
export class SettleIncident {}

export const incidentShapes = { RaiseIncident, RetryEffect, SkipEffect, SettleIncident } as const;

export type IncidentCommand = {
  readonly [K in keyof typeof incidentShapes]: Message<K, InstanceType<(typeof incidentShapes)[K]>>;
}[keyof typeof incidentShapes];

export interface IncidentRaised {
  readonly effect: string;
  readonly command: { readonly context: string; readonly id: string; readonly type: string };
  readonly stream: string;
  readonly workflow: string;
  readonly code: string;
  readonly attempts: number;
}

export type IncidentEvent =
  | Message<'IncidentRaised', IncidentRaised>
  | Message<'EffectRetried', Record<string, never>>
  | Message<'EffectSkipped', { readonly reason: string }>
  | Message<'IncidentSettled', Record<string, never>>;
