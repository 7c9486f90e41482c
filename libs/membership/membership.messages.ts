import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { type Message, Personal, type Sealable, type Sealed } from '#kernel';

export class ApplyToJoin {
  /** Class of member, as the charter names it: `initiating`, `ordinary`. */
  @IsString() @IsNotEmpty() @MaxLength(60) readonly memberClass!: string;
  @IsOptional() @IsString() @MaxLength(2000) @Personal() readonly intent?: Sealable;
}

export class AdmitMember {}

export class SuspendMember {
  /** The article of the charter that was breached. */
  @IsString() @IsNotEmpty() @MaxLength(100) readonly clause!: string;
  @IsString() @IsNotEmpty() @MaxLength(2000) @Personal() readonly reason!: Sealable;
}

export class ReinstateMember {}

export class LeaveAlliance {}

export const membershipShapes = { ApplyToJoin, AdmitMember, SuspendMember, ReinstateMember, LeaveAlliance } as const;

export type MembershipCommand =
  | Message<'ApplyToJoin', ApplyToJoin>
  | Message<'AdmitMember', AdmitMember>
  | Message<'SuspendMember', SuspendMember>
  | Message<'ReinstateMember', ReinstateMember>
  | Message<'LeaveAlliance', LeaveAlliance>;

type Nothing = Readonly<Record<string, never>>;

export type MembershipEvent =
  | Message<'AppliedToJoin', { readonly memberClass: string; readonly intent?: Sealed }>
  | Message<'MemberAdmitted', { readonly memberClass: string }>
  | Message<'MemberSuspended', { readonly clause: string; readonly reason: Sealed }>
  | Message<'MemberReinstated', Nothing>
  | Message<'MemberLeft', Nothing>;
