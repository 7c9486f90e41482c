import type { People } from './shapes.js';

export interface MeetingListed {
  readonly id: string;
  readonly power: string;
  readonly opensAt: string;
  readonly closesAt: string;
  readonly place: string | null;
}

export interface Meeting extends MeetingListed {
  readonly agenda: readonly { readonly case: string; readonly stage: string; readonly number: string; readonly title: string }[];
  readonly members: readonly string[];
  readonly proxiesPerHolder: number | null;
  readonly proxies: readonly { readonly giver: string; readonly holder: string; readonly cases?: readonly string[] }[];
  readonly people: People;
}
