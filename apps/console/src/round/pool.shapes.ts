import type { Text } from '../api.js';

export interface Relation {
  readonly relation: 'formerly-at' | 'co-author' | 'supervised';
  readonly institution?: string;
  readonly institutionName?: string;
  readonly until?: string;
  readonly with?: string;
  /** Of the person named, where the register of courses has it. */
  readonly withName?: string;
}

/** Somebody who may review, and what is known of them in the round. */
export interface PoolMember {
  readonly person: string;
  readonly name?: Text;
  readonly institutionName: string | null;
  readonly disciplines: readonly string[];
  readonly expertise: readonly string[];
  readonly most?: number;
  readonly relations: readonly Relation[];
}

interface Choice {
  readonly value: string;
  readonly label: Text;
}

export interface PoolAnswer {
  readonly as: 'keeper' | 'reviewer';
  readonly maxLoad: number;
  readonly choices: { readonly disciplines: readonly Choice[]; readonly expertise: readonly Choice[] };
  readonly items: readonly PoolMember[];
  readonly apart: readonly { readonly one: string; readonly other: string }[];
}
