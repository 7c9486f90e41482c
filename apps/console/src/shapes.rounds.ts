import type { Text } from './api.js';
import type { People } from './shapes.js';

export interface Round {
  readonly id: string;
  readonly title: Text;
  readonly definition: { readonly id: string; readonly version: number };
  readonly opensAt: string;
  readonly closesAt: string;
  readonly zone: string;
  readonly status: 'open' | 'closed';
}

/** A version of a workflow that the alliance has adopted. */
export interface Adopted {
  readonly id: string;
  readonly version: number;
  readonly title: Text;
  readonly zone: string;
  readonly submissionWorkingDays: number;
  readonly dates: readonly NamedDate[];
  readonly rankings: readonly { readonly id: string; readonly title: Text; readonly quotas: readonly Quota[] }[];
}

/** A day that rules name. */
export interface NamedDate {
  readonly id: string;
  readonly title: Text;
  readonly date: string;
}

export interface Quota {
  readonly by?: string;
  readonly each?: number;
  readonly places?: Readonly<Record<string, number>>;
  readonly through?: string;
}

export interface Extension {
  readonly institution: string;
  readonly institutionName?: string;
  readonly until: string;
  readonly reason: string;
  readonly grantedAt: string;
  readonly grantedBy: string;
}

export interface RoundAnswer {
  readonly round: Round;
  readonly people: People;
  readonly extensions: readonly Extension[];
  readonly cases: number;
  readonly counts: readonly Counted[];
}

export interface Counted {
  readonly stage: string;
  readonly status: 'open' | 'ended';
  readonly cases: number;
  readonly overdue: number;
}
