import { IsInt, Matches, Max, Min } from 'class-validator';
import { sha256Hex, stageId } from './in-visit.js';

/** A file by what it is, not by what someone called it: names of files hold names of people. */
export class FileReference {
  /** The slot of the form that it fills. */
  @Matches(stageId) readonly slot!: string;
  @Matches(sha256Hex) readonly sha256!: string;
  @IsInt() @Min(1) @Max(2 ** 40) readonly bytes!: number;
  @Matches(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/) readonly mediaType!: string;
}

/** A file as events keep it. */
export interface FileKept {
  readonly slot: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly mediaType: string;
}
