import type { Text } from '../api.js';

/** The parts of a charter, in the order of their articles. */
export const parts = ['functions', 'members', 'structure', 'operation', 'activities'] as const;

/** A charter as far as pages read it. */
export interface Document {
  readonly title: Text;
  readonly parts: Readonly<Record<(typeof parts)[number], { readonly en: readonly string[]; readonly zh: readonly string[] }>>;
  readonly organs: readonly { readonly organ: string; readonly name: Text }[];
  readonly powers: readonly { readonly power: string; readonly organ: string; readonly rule?: string }[];
  readonly rules: readonly Rule[];
}

export interface Rule {
  readonly rule: string;
  readonly quorum: { readonly atLeast: readonly [number, number]; readonly of: string };
  readonly majority: { readonly over: readonly [number, number]; readonly atLeast?: boolean; readonly of: string };
  readonly tie: string;
}

export interface InForce {
  readonly version: number;
  readonly hash: string;
  readonly adoptedAt: string;
  readonly document: Document;
}
