import { Type } from '@sinclair/typebox';
import type { CaseListed } from '#workflow';
import { Instant, Nullable } from './schemas.js';

/** A case as every list shows it. */
export const Listed = Type.Object({
  id: Type.String(),
  round: Type.String(),
  number: Type.String(),
  title: Type.String(),
  kind: Nullable(Type.String()),
  institution: Type.String(),
  institutionName: Type.String(),
  province: Type.String(),
  /** The first of `stages`; for a task, the stage that it belongs to. */
  stage: Type.String(),
  /** Every open stage, or the end. */
  stages: Type.Array(Type.String()),
  status: Type.String(),
  outcome: Nullable(Type.String()),
  submittedAt: Instant,
  dueAt: Nullable(Instant),
  /** Of a sub-case: its name in the definition, and the case that gave rise to it. */
  subcase: Nullable(Type.String()),
  parent: Nullable(Type.String()),
  parentNumber: Nullable(Type.String()),
});

export const shownCase = <C extends CaseListed>(listed: C) => ({
  ...listed,
  stages: [...listed.stages],
  submittedAt: listed.submittedAt.toISOString(),
  dueAt: listed.dueAt?.toISOString() ?? null,
});
