import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsInstant, type Message, type Text } from '#kernel';
import type { Pinned } from './definition.js';
import { MigrateCases, type RoundMigrated } from './migration.messages.js';
import type { Quota } from './ranking/ranking.stage.js';

/** A text that people see: both languages, always. */
export class BothLanguages {
  @IsString() @IsNotEmpty() @Length(1, 400) readonly en!: string;
  @IsString() @IsNotEmpty() @Length(1, 400) readonly zh!: string;
}

export class DefinitionChoice {
  @Matches(/^[a-z][a-z0-9-]{0,63}$/) readonly id!: string;
  @IsInt() @Min(1) readonly version!: number;
}

const mostPlaces = 1_000_000;

export class QuotaGiven {
  /** The fact whose every value has places of its own; all cases together unless told. */
  @IsOptional() @Matches(/^(form|subject|institution)\.[A-Za-z0-9]+$/) readonly by?: string;
  /** Places of every value that `places` does not name; without limit unless told. */
  @IsOptional() @IsInt() @Min(0) @Max(mostPlaces) readonly each?: number;
  /** Whole numbers by value. */
  @IsOptional() @IsObject() readonly places?: Readonly<Record<string, number>>;
  /** A stage: only cases that come by way of it are counted. */
  @IsOptional() @Matches(/^[a-z][a-z0-9-]{0,63}$/) readonly through?: string;
}

export class QuotasGiven {
  /** A stage of kind `ranking`. */
  @Matches(/^[a-z][a-z0-9-]{0,63}$/) readonly stage!: string;
  @IsArray() @ArrayMaxSize(20) @ValidateNested({ each: true }) @Type(() => QuotaGiven) readonly quotas!: readonly QuotaGiven[];
}

export class OpenRound {
  @IsObject() @ValidateNested() @Type(() => DefinitionChoice) readonly definition!: DefinitionChoice;
  @IsObject() @ValidateNested() @Type(() => BothLanguages) readonly title!: BothLanguages;
  /** From this instant on. */
  @IsInstant() readonly opensAt!: string;
  /** Before this instant; as many working days as the definition says where it is absent. */
  @IsOptional() @IsInstant() readonly closesAt?: string;
  /** Every draw of the round follows from it. Publish it before anyone could profit from choosing it. */
  @IsString() @Length(1, 100) readonly seed!: string;
  /** Quotas of this round, in place of those of the definition. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => QuotasGiven)
  readonly quotas?: readonly QuotasGiven[];
  /** Days of this round (ISO dates) in place of those of the definition, by their ids. */
  @IsOptional() @IsObject() readonly dates?: Readonly<Record<string, string>>;
}

export class GrantExtension {
  @Matches(/^[A-Za-z0-9]{1,32}$/) readonly institution!: string;
  /** Before this instant. */
  @IsInstant() readonly until!: string;
  /** On record and disclosed: no personal data. */
  @IsString() @Length(1, 2000) readonly reason!: string;
}

export class CloseRound {}

export const roundShapes = { OpenRound, GrantExtension, CloseRound, MigrateCases } as const;

export type RoundCommand =
  | Message<'OpenRound', OpenRound>
  | Message<'GrantExtension', GrantExtension>
  | Message<'CloseRound', CloseRound>
  | Message<'MigrateCases', MigrateCases>;

export interface RoundOpened {
  readonly definition: Pinned;
  /** Version of the charter whose decision rules bind every case of the round. */
  readonly charter: number;
  readonly title: Text;
  readonly opensAt: string;
  readonly closesAt: string;
  readonly zone: string;
  readonly seed: string;
  /**
   * What the addresses of its cases are derived from, where reviewers may not learn whose they are. No answer shows it: the seed, which is
   * public, would not do.
   */
  readonly addressKey?: string;
  /** By stage, where the notice of the round sets others than the definition. */
  readonly quotas?: Readonly<Record<string, readonly Quota[]>>;
  /** Days that conditions name, where the notice of the round sets others than the definition. */
  readonly dates?: Readonly<Record<string, string>>;
}

export interface ExtensionGranted {
  readonly institution: string;
  readonly until: string;
  readonly reason: string;
}

export type RoundEvent =
  | Message<'RoundOpened', RoundOpened>
  | Message<'ExtensionGranted', ExtensionGranted>
  | Message<'RoundMigrated', RoundMigrated>
  | Message<'RoundClosed', { readonly closedAt: string }>;
