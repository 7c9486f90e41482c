import type { MeetingConvened, ProxyLodged } from './meeting.messages.js';

/** The state of `meeting-<alliance>.<slug>`. */
export type MeetingState = { readonly status: 'none' } | Meeting;

export interface Meeting extends MeetingConvened {
  readonly status: 'convened';
  readonly convenedAt: string;
  /** Those that were not revoked; none once it has been called off. */
  readonly proxies: readonly Proxy[];
  readonly calledOff?: { readonly at: string; readonly reason: string };
}

export interface Proxy extends ProxyLodged {
  /** Id of the event that lodged it. */
  readonly lodged: string;
}

/** @param id - `<alliance>.<slug>` */
export const meetingStream = (id: string): string => `meeting-${id}`;
