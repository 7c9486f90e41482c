import { IsInt, Matches, Max, Min } from 'class-validator';
import { sha256Hex } from './in-visit.js';

/** A file by what it is, not by what someone called it: names of files hold names of people. */
export class Evidence {
  @Matches(sha256Hex) readonly sha256!: string;
  @IsInt() @Min(1) @Max(2 ** 40) readonly bytes!: number;
  @Matches(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/) readonly mediaType!: string;
}

/** What an event keeps of it: nothing else that a sender may have put there. */
export const evidenceKept = ({ sha256, bytes, mediaType }: Evidence): Evidence => ({ sha256, bytes, mediaType });
