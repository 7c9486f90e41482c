import type { Text } from './api.js';
import type { Act } from './shapes.acts.js';
import type { DiscussionRules, DiscussionShown } from './shapes.discussion.js';
import type { FileCorrection, Signing } from './shapes.offices.js';
import type { NamedDate } from './shapes.rounds.js';
import type { Origin, SubcaseShown } from './shapes.subcases.js';

export type * from './shapes.acts.js';
export type * from './shapes.discussion.js';
export type * from './shapes.registers.js';
export type * from './shapes.rounds.js';
export type * from './shapes.subcases.js';

/** What the server answers, as far as pages read it. Instants are ISO 8601 UTC. */

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export interface Session {
  readonly person: string;
  readonly csrfToken: string;
  readonly endsAt: string;
}

export interface WaysIn {
  readonly password: boolean;
  readonly oidc: readonly { readonly provider: string; readonly title: Text }[];
  readonly demonstration: boolean;
}

export interface Seat {
  readonly organ: string;
  readonly scope: string | null;
  readonly role: string;
}

export interface Role {
  readonly person: string;
  readonly name?: Text;
  readonly institution: string | null;
  readonly seats: readonly Seat[];
  readonly tasks: number;
}

export interface Standing {
  readonly person: string;
  readonly name?: Text;
  readonly seats: readonly Seat[];
  readonly powers: readonly { readonly power: string; readonly scope: string | null }[];
}

export interface Listed {
  readonly id: string;
  readonly round: string;
  readonly number: string;
  readonly title: string;
  readonly kind: string | null;
  readonly institution: string;
  readonly institutionName: string;
  readonly province: string;
  readonly stage: string;
  readonly stages: readonly string[];
  readonly status: 'open' | 'ended';
  readonly outcome: 'granted' | 'refused' | 'withdrawn' | null;
  readonly submittedAt?: string;
  readonly dueAt: string | null;
  /** Of a sub-case: its name in the definition, and the case that gave rise to it. */
  readonly subcase: string | null;
  readonly parent: string | null;
  readonly parentNumber: string | null;
}

export interface Task extends Listed {
  readonly act: string;
  readonly taskDueAt: string | null;
}

export type FieldValue = string | number | boolean;

export interface Field {
  readonly id: string;
  readonly label: Text;
  readonly required?: boolean;
  /** Asked only where this holds (CEL). */
  readonly when?: string;
  readonly type: 'text' | 'integer' | 'boolean' | 'date' | 'person' | 'institution' | 'choice';
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly { readonly value: string; readonly label: Text }[];
}

export interface FileSlot {
  readonly id: string;
  readonly label: Text;
  readonly required?: boolean;
  readonly when?: string;
  readonly maxBytes: number;
  readonly mediaTypes: readonly string[];
}

export interface Rubric {
  readonly id: string;
  readonly title: Text;
  readonly points: number;
  readonly criteria: readonly Criterion[];
  readonly vetoes: readonly { readonly id: string; readonly title: Text }[];
  readonly passMark: number;
}

export interface Criterion {
  readonly id: string;
  readonly title: Text;
  readonly weight: number;
  readonly essential?: { readonly atLeast: number };
}

export interface Stage {
  readonly id: string;
  readonly kind:
    | 'check'
    | 'panel'
    | 'ballot'
    | 'publicity'
    | 'ranking'
    | 'confirmation'
    | 'duty'
    | 'registration'
    | 'notice'
    | 'choice'
    | 'statement'
    | 'ruling';
  readonly title: Text;
  /** Of whoever judges there. */
  readonly power?: string;
  /** Of whoever keeps the procedure there, where those are others. */
  readonly manage?: string;
  readonly rubric?: Rubric;
  readonly rubrics?: { readonly by: string; readonly of: Readonly<Record<string, Rubric>> };
  readonly blind?: 'none' | 'single' | 'double';
  readonly discussion?: DiscussionRules;
  readonly correction?: { readonly workingDays: number; readonly times: number };
  readonly return?: { readonly to: readonly string[]; readonly times: number };
}

export interface Definition {
  readonly id: string;
  readonly version: number;
  readonly hash: string;
  readonly title: Text;
  readonly zone: string;
  readonly stages: readonly Stage[];
  readonly fields: readonly Field[];
  readonly files: readonly FileSlot[];
  readonly eligibility: readonly { readonly id: string; readonly clause: Text; readonly text: Text; readonly when?: string }[];
  readonly dates: readonly NamedDate[];
  readonly ends: Readonly<Record<string, Text>>;
  readonly subcases: Readonly<Record<string, SubcaseShown>>;
}

/** Of a round: several may be conducted by one definition. */
export interface DefinitionOfRound extends Definition {
  readonly round: { readonly title: Text };
}

export interface FileKept {
  readonly slot: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly mediaType: string;
}

export interface Comparison {
  readonly what: string;
  readonly actual: readonly [number, number];
  readonly relation: '>' | '>=';
  readonly required: readonly [number, number];
  readonly holds: boolean;
}

export interface Explanation {
  readonly clause: Text;
  readonly text: Text;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly excluded: readonly { readonly what: string; readonly because: string }[];
  readonly arithmetic: readonly Comparison[];
}

export interface Score {
  readonly criterion: string;
  readonly points: number;
}

export interface Assignment {
  readonly id: string;
  readonly reviewer: string;
  readonly status: 'open' | 'submitted' | 'conflicted' | 'replaced' | 'removed' | 'transferred';
  /** Whose it was before it was handed over, or in whose place somebody reviewed. */
  readonly principal?: string;
  readonly substitute?: { readonly person: string; readonly active: boolean };
  readonly replaceAt: string;
  readonly review?: {
    readonly scores: readonly Score[];
    readonly vetoes: readonly string[];
    readonly comment: string | null;
    readonly total: readonly [number, number];
  };
  /** What it was before it was revised. */
  readonly earlier?: readonly object[];
}

export interface Objection {
  readonly id: string;
  readonly name: string | null;
  readonly contact: string | null;
  readonly statement: string | null;
  readonly evidence: readonly Omit<FileKept, 'slot'>[];
  readonly raisedAt: string;
  readonly rulingDueAt: string;
  readonly hearing?: { readonly subcase: string; readonly number: number };
  readonly ruling?: { readonly ruling: 'upheld' | 'dismissed'; readonly reason: string };
}

export interface Sitting {
  readonly sitting: number;
  readonly closesAt: string;
  readonly rule: { readonly secret?: boolean };
  readonly seats: readonly { readonly person: string }[];
  readonly recused: readonly { readonly person: string }[];
  readonly votes: readonly { readonly person: string; readonly choice: string }[];
  readonly proxies?: readonly { readonly giver: string; readonly holder: string }[];
  readonly tie?: { readonly castingVote: string; readonly dueAt: string };
  readonly calledOff?: { readonly reason: string };
}

export interface Visit {
  readonly stage: string;
  readonly visit: number;
  readonly kind: Stage['kind'];
  readonly enteredAt: string;
  readonly dueAt?: string;
  readonly left?: {
    readonly outcome: string;
    readonly to: string;
    readonly at: string;
    readonly waitsAt?: readonly string[];
    readonly explanation: Explanation;
  };
  readonly corrections?: readonly { readonly reason: string; readonly dueAt: string; readonly ended?: string }[];
  readonly assignments?: readonly Assignment[];
  readonly discussion?: DiscussionShown;
  readonly sittings?: readonly Sitting[];
  readonly objections?: readonly Objection[];
  readonly inspections?: readonly { readonly inspection: number; readonly result?: { readonly passed: boolean } }[];
  readonly warnings?: readonly Warning[];
  readonly given?: { readonly statement: string | null; readonly evidence: readonly Omit<FileKept, 'slot'>[] };
  readonly ruled?: {
    readonly ruling: 'sustained' | 'dismissed';
    readonly reason: string;
    readonly minutes?: Omit<FileKept, 'slot'>;
  };
  readonly handed?: readonly { readonly part: string; readonly to: string }[];
  readonly signing?: Signing;
  readonly sessions?: readonly { readonly session: string; readonly until: string }[];
}

export interface Warning {
  readonly warning: number;
  readonly reason: string;
  readonly remedyDueAt: string;
  readonly remedy?: { readonly statement: string; readonly evidence: readonly Omit<FileKept, 'slot'>[] };
  readonly ended?: { readonly how: string };
}

/** An application that was sent back to an earlier stage. */
export interface Return {
  readonly stage: string;
  readonly to: string;
  readonly reason: string;
  readonly at: string;
}

export interface Case {
  readonly status: 'open' | 'ended';
  readonly number: string;
  readonly round: string;
  readonly submittedAt: string;
  readonly applicant?: { readonly institution: string; readonly province: string; readonly name: string };
  readonly frozen?: { readonly at: string };
  readonly version: number;
  readonly charter: number;
  readonly form: Readonly<Record<string, FieldValue>>;
  readonly files: readonly FileKept[];
  readonly fileCorrections?: readonly FileCorrection[];
  readonly visits: readonly Visit[];
  readonly returns: readonly Return[];
  readonly end?: {
    readonly id: string;
    readonly outcome: 'granted' | 'refused' | 'withdrawn';
    readonly at: string;
    readonly supersedes?: { readonly id: string };
  };
  /** The end that an appeal has done away with. */
  readonly superseded?: { readonly id: string };
  readonly origin?: Origin;
  readonly appeals?: readonly { readonly subcase: string; readonly number: number; readonly result?: 'upheld' | 'superseded' }[];
}

export type People = Readonly<Record<string, Text>>;

export interface CaseAnswer {
  readonly id: string;
  readonly revision: number;
  readonly as: string;
  readonly definition: Definition;
  readonly case: Case;
  readonly people: People;
  readonly acts: readonly Act[];
  /** Other applications with nearly the same title, for those who keep the procedure. */
  readonly similar: readonly {
    readonly id: string;
    readonly number: string;
    readonly title: string;
    readonly likeness: number;
  }[];
}

export interface TimelineEntry {
  readonly at: string;
  readonly event: string;
  readonly type: string;
  readonly text: Text;
  readonly position: string;
  readonly revision: number;
  readonly actor?: string;
  readonly machine?: string;
  readonly onBehalfOf?: string;
  readonly power: string;
  readonly charter: number;
  readonly proof: readonly string[];
  readonly explanation?: Explanation;
}

export interface Timeline {
  readonly items: readonly TimelineEntry[];
  readonly people: People;
}
