import { Type } from 'class-transformer';
import { IsEmail, IsObject, IsOptional, IsString, Matches, MaxLength, MinLength, ValidateNested } from 'class-validator';
import { type Message, Personal, type Sealable, type Sealed } from '#kernel';

const personId = /^person-[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export class PersonName {
  @IsString() @MinLength(1) @MaxLength(60) readonly zh!: string;
  @IsString() @MinLength(1) @MaxLength(120) readonly en!: string;
}

/** `person` says whose key seals the fields: the person of the stream, not the sender. The rule refuses any other. */
class AboutPerson {
  @Matches(personId) readonly person!: string;
}

export class RegisterPerson extends AboutPerson {
  @Personal('person') @IsObject() @ValidateNested() @Type(() => PersonName) readonly name!: Sealable<PersonName>;
  @Personal('person') @IsOptional() @IsEmail() @MaxLength(254) readonly email?: Sealable;
  /** `moe_code` of the employer. */
  @Personal('person') @IsOptional() @Matches(/^\d{5,10}$/) readonly institution?: Sealable;
}

export class CorrectPerson extends AboutPerson {
  @Personal('person') @IsOptional() @ValidateNested() @Type(() => PersonName) readonly name?: Sealable<PersonName>;
  @Personal('person') @IsOptional() @IsEmail() @MaxLength(254) readonly email?: Sealable;
  @Personal('person') @IsOptional() @Matches(/^\d{5,10}$/) readonly institution?: Sealable;
}

export class DisablePerson extends AboutPerson {
  @Personal('person') @IsString() @MinLength(1) @MaxLength(500) readonly reason!: Sealable;
}

export class EnablePerson extends AboutPerson {
  @Personal('person') @IsString() @MinLength(1) @MaxLength(500) readonly reason!: Sealable;
}

/** Lets a person set a password or link a school account. The token is made beside the log, by `Identity.invite`. */
export class InvitePerson {}

export class ErasePerson {}

/** The shape of each command's data, checked at the door. */
export const personShapes = { RegisterPerson, CorrectPerson, DisablePerson, EnablePerson, InvitePerson, ErasePerson } as const;

export type PersonCommand =
  | Message<'RegisterPerson', RegisterPerson>
  | Message<'CorrectPerson', CorrectPerson>
  | Message<'DisablePerson', DisablePerson>
  | Message<'EnablePerson', EnablePerson>
  | Message<'InvitePerson', InvitePerson>
  | Message<'ErasePerson', ErasePerson>;

export interface PersonDetails {
  readonly name?: Sealed;
  readonly email?: Sealed;
  readonly institution?: Sealed;
}

export type PersonEvent =
  | Message<'PersonRegistered', PersonDetails & { readonly alliance: string; readonly name: Sealed }>
  | Message<'PersonCorrected', PersonDetails>
  | Message<'PersonDisabled', { readonly reason: Sealed }>
  | Message<'PersonEnabled', { readonly reason: Sealed }>
  | Message<'PersonInvited', Readonly<Record<string, never>>>
  | Message<'PersonErased', Readonly<Record<string, never>>>;
