import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { institutionCode, type Message, Personal, type Sealable, type Sealed } from '#kernel';

/** The five kinds of first-class course: 线上、线下、线上线下混合式、虚拟仿真实验教学、社会实践. */
export const courseKinds = ['online', 'offline', 'blended', 'virtual-simulation', 'social-practice'] as const;
export type CourseKind = (typeof courseKinds)[number];

export class CourseTitle {
  @IsString() @IsNotEmpty() @MaxLength(100) readonly zh!: string;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(200) readonly en?: string;
}

/** What is in clear. A subclass states its personal fields itself: they are not inherited. */
class CourseDescription {
  @IsObject() @ValidateNested() @Type(() => CourseTitle) readonly title!: CourseTitle;
  @IsIn(courseKinds) readonly kind!: CourseKind;
  /** Category of disciplines, two digits: 08 is engineering. */
  @Matches(/^\d{2}$/) readonly discipline!: string;
  @IsNumber({ maxDecimalPlaces: 2 }) @Min(0.25) @Max(30) readonly credits!: number;
  @IsInt() @Min(1) @Max(600) readonly hours!: number;
  /** Hours that are taught online, and hours in practice, where the kind asks for them. */
  @IsOptional() @IsInt() @Min(0) @Max(600) readonly onlineHours?: number;
  @IsOptional() @IsInt() @Min(0) @Max(600) readonly practiceHours?: number;
  /** Completed runs or teaching cycles. */
  @IsInt() @Min(0) @Max(200) readonly runs!: number;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(100) readonly platform?: string;
}

export class RegisterCourse extends CourseDescription {
  /** `moe_code` of the institution that offers it. */
  @Matches(institutionCode) readonly institution!: string;
  /** The person who leads the course, and their name. */
  @Matches(/^person-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) readonly leader!: string;
  @IsString() @IsNotEmpty() @MaxLength(100) @Personal('leader') readonly leaderName!: Sealable;
}

export class CorrectCourse extends CourseDescription {
  /** The person who leads the course, and their name. */
  @Matches(/^person-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) readonly leader!: string;
  @IsString() @IsNotEmpty() @MaxLength(100) @Personal('leader') readonly leaderName!: Sealable;
}

export const courseShapes = { RegisterCourse, CorrectCourse } as const;

export type CourseCommand = Message<'RegisterCourse', RegisterCourse> | Message<'CorrectCourse', CorrectCourse>;

export interface CourseFacts extends CourseDescription {
  readonly leader: string;
  readonly leaderName: Sealed;
}

export type CourseEvent =
  Message<'CourseRegistered', CourseFacts & { readonly institution: string }> | Message<'CourseCorrected', CourseFacts>;
