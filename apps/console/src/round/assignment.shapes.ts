import type { Text } from '../api.js';

export interface Proven {
  readonly value: number;
  readonly bound: number;
  readonly gap: number;
}

/** One time that an assignment was asked for. */
export interface Asked {
  readonly request: number;
  readonly status: 'computing' | 'proposed' | 'blocked' | 'adopted' | 'discarded';
  readonly least: number;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly share?: number;
  readonly cases: number;
  readonly seed?: string;
  readonly inputs?: string;
  readonly solver?: string;
  readonly fit?: Proven;
  readonly unevenness?: Proven;
  readonly blocking?: { readonly smallest: 'fewest' | 'proven' | 'not-tried' };
  readonly text?: Text;
  readonly decided?: { readonly by: string; readonly at: string; readonly reason?: string };
}

export interface ReviewerShare {
  readonly person: string;
  readonly load: number;
  readonly most: number;
  readonly given: number;
}

export interface AssignmentAnswer {
  readonly requests: readonly Asked[];
  readonly reviewers: readonly ReviewerShare[];
  readonly apart: readonly { readonly one: string; readonly other: string }[];
  readonly relations: number;
  readonly described: number;
  readonly people: Readonly<Record<string, Text>>;
}

export interface ProposedPanel {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly institutionName: string;
  readonly wanted: number;
  readonly reviewers: readonly string[];
}
