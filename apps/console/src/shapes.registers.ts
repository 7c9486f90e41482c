import type { Text } from './api.js';
/** What registers and the public pages answer. Instants are ISO 8601 UTC. */

export interface Course {
  readonly course: string;
  readonly titleZh: string;
  readonly titleEn: string | null;
  readonly kind: string;
  readonly credits: number;
  readonly hours: number;
  readonly runs: number;
  readonly leader: string;
  readonly leaderName: string | null;
  /** Its application in the round that was asked for. */
  readonly case: string | null;
}

export interface Recognition {
  readonly course: string;
  readonly number: string;
  readonly title: string | null;
  readonly institutionName: string | null;
  readonly from: string;
  readonly until: string;
  readonly withdrawnAt: string | null;
}

export interface Alliance {
  readonly id: string;
  readonly title: Text;
  readonly charter: number;
}
