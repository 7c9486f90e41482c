import { Type } from 'class-transformer';
import { IsInt, IsNotEmpty, IsOptional, IsString, Length, Matches, Min, ValidateNested } from 'class-validator';
import { IsInstant, type Message, type Text } from '#kernel';
import type { Pinned } from './definition.js';

/** A text that people see: both languages, always. */
export class BothLanguages {
  @IsString() @IsNotEmpty() @Length(1, 400) readonly en!: string;
  @IsString() @IsNotEmpty() @Length(1, 400) readonly zh!: string;
}

export class DefinitionChoice {
  @Matches(/^[a-z][a-z0-9-]{0,63}$/) readonly id!: string;
  @IsInt() @Min(1) readonly version!: number;
}

export class OpenRound {
  @ValidateNested() @Type(() => DefinitionChoice) readonly definition!: DefinitionChoice;
  @ValidateNested() @Type(() => BothLanguages) readonly title!: BothLanguages;
  /** From this instant on. */
  @IsInstant() readonly opensAt!: string;
  /** Before this instant; as many working days as the definition says where it is absent. */
  @IsOptional() @IsInstant() readonly closesAt?: string;
  /** Every draw of the round follows from it. Publish it before anyone could profit from choosing it. */
  @IsString() @Length(1, 100) readonly seed!: string;
}

export class GrantExtension {
  @Matches(/^[A-Za-z0-9]{1,32}$/) readonly institution!: string;
  /** Before this instant. */
  @IsInstant() readonly until!: string;
  /** On record and disclosed: no personal data. */
  @IsString() @Length(1, 2000) readonly reason!: string;
}

export class CloseRound {}

export const roundShapes = { OpenRound, GrantExtension, CloseRound } as const;

export type RoundCommand =
  Message<'OpenRound', OpenRound> | Message<'GrantExtension', GrantExtension> | Message<'CloseRound', CloseRound>;

export interface RoundOpened {
  readonly definition: Pinned;
  /** Version of the charter whose decision rules bind every case of the round. */
  readonly charter: number;
  readonly title: Text;
  readonly opensAt: string;
  readonly closesAt: string;
  readonly zone: string;
  readonly seed: string;
}

export interface ExtensionGranted {
  readonly institution: string;
  readonly until: string;
  readonly reason: string;
}

export type RoundEvent =
  | Message<'RoundOpened', RoundOpened>
  | Message<'ExtensionGranted', ExtensionGranted>
  | Message<'RoundClosed', { readonly closedAt: string }>;
