import type { Text } from '#kernel';

/** A case of its own that a case may give rise to: an appeal against its end, or the hearing of an objection to it. */
export type SubcaseOf<Stage> = AppealOf<Stage> | HearingOf<Stage>;

interface SubcaseBase<Stage> {
  readonly title: Text;
  /** Power of whoever keeps it, as `manage` does at a stage. */
  readonly manage: string;
  /** Of the kinds in `subcaseKinds`; it begins at the first. */
  readonly stages: readonly Stage[];
}

/** Against the end of a case, by the applicant's office, before other people, on grounds from a closed list. */
export interface AppealOf<Stage> extends SubcaseBase<Stage> {
  readonly kind: 'appeal';
  /** Ends of the case from which it may be lodged. */
  readonly from: readonly string[];
  /** How long after the end. */
  readonly workingDays: number;
  /** Power of the applicant's office to lodge it. */
  readonly power: string;
  readonly grounds: readonly Ground[];
  readonly ends: Readonly<Record<string, AppealEnd>>;
}

export interface Ground {
  readonly id: string;
  readonly title: Text;
}

/** What it comes to for the first decision: it stands, or another end of the case takes its place, or the case goes on at a stage (`by`). */
export type AppealEnd =
  | { readonly title: Text; readonly result: 'upheld' }
  | { readonly title: Text; readonly result: 'superseded'; readonly by: string };

/** Of an objection, named by the publicity stage that it is raised at; its end is the ruling. */
export interface HearingOf<Stage> extends SubcaseBase<Stage> {
  readonly kind: 'hearing';
  readonly ends: Readonly<Record<string, { readonly title: Text; readonly result: 'upheld' | 'dismissed' }>>;
}
