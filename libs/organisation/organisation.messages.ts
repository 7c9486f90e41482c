import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { institutionCode, IsInstant, type Message, Personal, type Sealable, type Sealed } from '#kernel';

const personId = /^person-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/;

export type SeatRole = 'member' | 'chair' | 'deputy';

export class FillSeat {
  @Matches(personId) readonly person!: string;
  @IsIn(['member', 'chair', 'deputy']) readonly role!: SeatRole;
  @IsInstant() @Matches(instant) readonly from!: string;
  @IsInstant() @Matches(instant) readonly until!: string;
  /** The holder's employer, by its code. */
  @IsOptional() @Matches(institutionCode) readonly institution?: string;
}

export class EndSeat {
  @Matches(personId) readonly person!: string;
  @IsString() @IsNotEmpty() @MaxLength(500) @Personal('person') readonly reason!: Sealable;
}

export const organShapes = { FillSeat, EndSeat } as const;

export type OrganCommand = Message<'FillSeat', FillSeat> | Message<'EndSeat', EndSeat>;

export type SeatFilled = Pick<FillSeat, keyof FillSeat>;

export interface SeatEnded {
  readonly person: string;
  /** Id of the event that gave the seat. */
  readonly seat: string;
  readonly at: string;
  readonly reason: Sealed;
}

export type OrganEvent = Message<'SeatFilled', SeatFilled> | Message<'SeatEnded', SeatEnded>;

/** What the Ministry's list says of an institution, or the alliance of one in Hong Kong or Macao. Codes are text: they start with zeros and mean places only by custom. */
export class RegisterInstitution {
  @IsString() @IsNotEmpty() @MaxLength(100) readonly name!: string;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(200) readonly nameEn?: string;
  /** Of the Ministry's list; none outside the mainland. */
  @IsOptional() @Matches(/^\d{5}$/) readonly schoolCode?: string;
  /** Two-digit code (GB/T 2260) of the province it stands in, which is not always the one in its `moe_code`. */
  @Matches(/^\d{2}$/) readonly province!: string;
  @IsString() @IsNotEmpty() @MaxLength(100) readonly supervisor!: string;
  @IsString() @IsNotEmpty() @MaxLength(100) readonly city!: string;
  @IsIn(['undergraduate', 'vocational']) readonly level!: 'undergraduate' | 'vocational';
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(200) readonly remark?: string;
}

export const institutionShapes = { RegisterInstitution } as const;

export type InstitutionCommand = Message<'RegisterInstitution', RegisterInstitution>;
export type InstitutionFacts = Pick<RegisterInstitution, keyof RegisterInstitution>;

export interface InstitutionRenamed {
  readonly name: string;
  readonly before: string;
}

export type InstitutionEvent =
  | Message<'InstitutionRegistered', InstitutionFacts>
  | Message<'InstitutionRenamed', InstitutionRenamed>
  | Message<'InstitutionCorrected', Omit<InstitutionFacts, 'name'>>;
