import type { People } from './shapes.js';

interface Convened {
  readonly id: string;
  readonly power: string;
  readonly opensAt: string;
  readonly closesAt: string;
  readonly place: string | null;
}

export interface MeetingListed extends Convened {
  /** Why it was called off; null where it stands. */
  readonly calledOff: string | null;
}

export interface Meeting extends Convened {
  readonly calledOff: { readonly at: string; readonly reason: string } | null;
  readonly mayCallOff: boolean;
  readonly agenda: readonly { readonly case: string; readonly stage: string; readonly number: string; readonly title: string }[];
  readonly members: readonly string[];
  readonly proxiesPerHolder: number | null;
  readonly proxies: readonly { readonly giver: string; readonly holder: string; readonly cases?: readonly string[] }[];
  readonly people: People;
}
