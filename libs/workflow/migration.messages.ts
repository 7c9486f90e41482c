import { Type } from 'class-transformer';
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
  Min,
  registerDecorator,
  ValidateNested,
} from 'class-validator';
import type { Message, Text } from '#kernel';
import type { Pinned } from './definition.js';
import { sha256Hex, stageId } from './in-visit.js';
import type { StageMapping, Transition } from './migration/transition.js';

/** A text that people see: both languages, always. */
class ClauseText {
  @IsString() @Length(1, 400) readonly en!: string;
  @IsString() @Length(1, 400) readonly zh!: string;
}

const fates: ReadonlySet<unknown> = new Set(['stays', 'refused']);

/** Whether a value says of each stage what becomes of the cases that stand there. */
const isMapping = (value: unknown): value is StageMapping =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).length <= 100 &&
  Object.entries(value as Record<string, { then?: unknown; to?: unknown } | null>).every(
    ([stage, fate]) =>
      stageId.test(stage) &&
      (fates.has(fate?.then)
        ? Object.keys(fate ?? {}).length === 1
        : (fate?.then === 'carried' || fate?.then === 'anew') && isStage(fate.to)),
  );

const isStage = (value: unknown): boolean => typeof value === 'string' && stageId.test(value);

const IsMapping = (): PropertyDecorator => (target, propertyName) => {
  registerDecorator({
    name: 'isMapping',
    target: target.constructor,
    propertyName: String(propertyName),
    validator: { validate: isMapping },
  });
};

/** A transition clause that the organ resolves on itself, where the version brings none. */
export class TransitionResolved implements Transition {
  @IsIn(['open-rounds']) readonly appliesTo!: 'open-rounds';
  /** The version that cases are taken from. */
  @IsInt() @Min(1) readonly from!: number;
  @IsObject() @ValidateNested() @Type(() => ClauseText) readonly text!: ClauseText;
  /** By stage of that version. */
  @IsObject() @IsMapping() readonly stages!: StageMapping;
}

/** What a dry run looks through. */
export class PlanMigration {
  /** The version to move to. */
  @IsInt() @Min(1) readonly to!: number;
  /** In place of the clause that the version brings. */
  @IsOptional() @ValidateNested() @Type(() => TransitionResolved) readonly transition?: TransitionResolved;
}

/** Cases that one resolution may name: it reads and guards every one of them, and is one event. */
export const mostMigrated = 5_000;

/** Moves open cases of a round, and the round itself, to another version of its workflow: all of them, or nothing. */
export class MigrateCases extends PlanMigration {
  /** The subjects of the cases, as the dry run lists them: what follows the round in their addresses. */
  @IsArray()
  @ArrayMaxSize(mostMigrated)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 200, { each: true })
  readonly cases!: readonly string[];
  /** The charter's version whose rules bind from then on; the one that the round was opened under unless told. */
  @IsOptional() @IsInt() @Min(1) readonly charter?: number;
}

/** Sent by the engine for each case of a migration that was resolved. */
export class MigrateCase {
  /** Id of the event by which the migration was resolved. */
  @IsString() @Length(1, 100) readonly act!: string;
  @IsInt() @Min(1) readonly from!: number;
  @IsInt() @Min(1) readonly to!: number;
  @IsObject() @IsMapping() readonly stages!: StageMapping;
  /** SHA-256 (hex) of the mapping's canonical JSON. */
  @Matches(sha256Hex) readonly mapping!: string;
  @IsObject() @ValidateNested() @Type(() => ClauseText) readonly clause!: ClauseText;
  @IsOptional() @IsInt() @Min(1) readonly charter?: number;
}

export const migrationShapes = { MigrateCase } as const;

export interface RoundMigrated {
  readonly from: Pinned;
  readonly to: Pinned;
  readonly stages: StageMapping;
  /** SHA-256 (hex) of the canonical JSON of `stages`. */
  readonly mapping: string;
  /** The clause that it rests on. */
  readonly clause: Text;
  /** Subjects of the cases that move. */
  readonly cases: readonly string[];
  /** Subjects of those that were looked at and stay. */
  readonly staying: readonly string[];
  readonly charter?: number;
}

export interface CaseMigrated {
  readonly from: Pinned;
  readonly to: Pinned;
  /** Id of the event of the round by which it was resolved. */
  readonly act: string;
  readonly mapping: string;
  readonly clause: Text;
  /** Open visits that go on elsewhere, or under the same name; a stage that begins anew has events of its own. */
  readonly carried: readonly { readonly from: VisitAddress; readonly to: VisitAddress }[];
  /** The charter's version whose rules bind from here on, where it changes. */
  readonly charter?: number;
}

export interface VisitAddress {
  readonly stage: string;
  readonly visit: number;
}

export type MigrationEvent = Message<'CaseMigrated', CaseMigrated>;
