import type { Text } from './api.js';

/** A text that was typed, or read from a file. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** What is found of a workflow: where, what, and what to do. */
export interface Found {
  readonly code: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly text: Text;
  readonly remedy: Text;
  /** It keeps nothing from being adopted. */
  readonly remark: boolean;
}

/** A workflow as it would be adopted, and what is found of it. */
export interface Checked {
  readonly definition?: {
    readonly id: string;
    readonly version: number;
    readonly title: Text;
    readonly stages: readonly { readonly id: string; readonly title: Text }[];
  };
  /** Of the versions that were adopted; 0 where there is none. */
  readonly latest: number;
  readonly findings: readonly Found[];
}
