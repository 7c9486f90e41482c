import type { Text } from './api.js';
import type { Explanation, FileKept } from './shapes.js';

export interface SubcaseShown {
  readonly kind: 'appeal' | 'hearing';
  readonly title: Text;
  readonly grounds: readonly { readonly id: string; readonly title: Text }[];
  readonly titles: Readonly<Record<string, Text>>;
}

/** What a sub-case is about. */
export interface Origin {
  readonly parent: { readonly case: string; readonly number: string };
  readonly against?: { readonly end: string };
  readonly objection?: { readonly objection: string };
  readonly plea: {
    readonly at: string;
    readonly grounds: readonly string[];
    readonly statement: string | null;
    readonly evidence: readonly Omit<FileKept, 'slot'>[];
  };
  readonly reasons: readonly { readonly stage: string; readonly visit: number; readonly explanation: Explanation }[];
}
