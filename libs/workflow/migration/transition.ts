import type { Text } from '#kernel';

/**
 * What becomes of a case that stands at a stage of the older version.
 *
 * `carried`: it goes on at a stage of the same kind, with all that was done and every deadline that was given. `anew`: that stage begins
 * again, with deadlines of its own; what was done stays on record. `stays`: it keeps the version it was opened under. `refused`: nothing
 * is migrated while a case stands there.
 */
export type Fate =
  { readonly then: 'carried' | 'anew'; readonly to: string } | { readonly then: 'stays' } | { readonly then: 'refused' };

/** By stage of the older version. */
export type StageMapping = Readonly<Record<string, Fate>>;

/** What a change does to rounds that are open: without it they keep the version they were opened under. */
export interface Transition {
  readonly appliesTo: 'open-rounds';
  /** The version that it leads away from. */
  readonly from: number;
  /** The clause, as applicants read it. */
  readonly text: Text;
  readonly stages: StageMapping;
}
