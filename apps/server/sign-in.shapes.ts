import { ArrayMaxSize, ArrayUnique, IsArray, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { IsInstant } from '#kernel';

const token = /^[A-Za-z0-9_-]{43}$/;
const person = /^person-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const words = /^[a-z0-9]+(-[a-z0-9]+)*$/;

export class SignIn {
  @IsString() @MinLength(1) @MaxLength(64) readonly login!: string;
  @IsString() @MinLength(1) @MaxLength(256) readonly password!: string;
}

export class SetPassword {
  @Matches(token) readonly invitation!: string;
  @IsString() @MinLength(1) @MaxLength(64) readonly login!: string;
  @IsString() @MinLength(1) @MaxLength(256) readonly password!: string;
}

export class StartOidc {
  @Matches(words) @MaxLength(60) readonly provider!: string;
  /** Links the account that comes back to the person who was invited. */
  @IsOptional() @Matches(token) readonly invitation?: string;
}

export class SignInToDemonstration {
  @Matches(person) readonly person!: string;
}

export class RevokeSession {
  @Matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) readonly session!: string;
}

export class IssueKey {
  @Matches(words) @MaxLength(60) readonly alliance!: string;
  /** What its owner calls it. */
  @IsString() @MinLength(1) @MaxLength(80) readonly name!: string;
  /** Powers of the charter that it may use for its owner; none for a key that only reads. */
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(words, { each: true })
  @MaxLength(60, { each: true })
  readonly powers!: string[];
  /** The only network it may be used from, such as 10.0.0.0/8. */
  @IsOptional() @IsString() @MaxLength(49) readonly network?: string;
  /** Within a year. */
  @IsInstant() readonly expiresAt!: string;
}

export class RevokeKey {
  @Matches(/^[0-9a-f]{16}$/) readonly key!: string;
}

export class Nothing {}
