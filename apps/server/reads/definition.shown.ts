import { type Static, Type } from '@sinclair/typebox';
import type { Definition, Pinned, Subcase } from '#workflow';
import { TextSchema } from './schemas.js';

/** A definition as forms, progress and reasons need it: what an alliance has adopted is no secret. */
export const DefinitionShown = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  hash: Type.String(),
  title: TextSchema,
  zone: Type.String(),
  stages: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.String(),
      title: TextSchema,
      /** Of whoever judges there; and `manage` of whoever keeps the procedure, where those are others. */
      power: Type.String(),
      manage: Type.Optional(Type.String()),
      rubric: Type.Optional(Type.Unknown()),
      /** Other rubrics by the value of a fact: `{ by: 'form.kind', of: { online: … } }`. */
      rubrics: Type.Optional(Type.Unknown()),
      /** Of a panel: none, single (the applicant does not learn who reviews) or double (nor the reviewers whose it is). */
      blind: Type.Optional(Type.String()),
      /** Of a panel: when its reviewers read each other, as whom, for how long, from how far apart on, and who reads it afterwards. */
      discussion: Type.Optional(Type.Unknown()),
      /** How often a check may send the application back, and for how long. */
      correction: Type.Optional(Type.Object({ workingDays: Type.Integer(), times: Type.Integer() })),
      /** The earlier stages that an application may be sent back to from here, and how often. */
      return: Type.Optional(Type.Object({ to: Type.Array(Type.String()), times: Type.Integer() })),
    }),
  ),
  fields: Type.Array(Type.Unknown()),
  files: Type.Array(Type.Unknown()),
  /** With the condition (CEL) under which a rule concerns an application at all. */
  eligibility: Type.Array(
    Type.Object({ id: Type.String(), clause: TextSchema, text: TextSchema, when: Type.Optional(Type.String()) }),
  ),
  /** Days that conditions name as `round.<id>`. */
  dates: Type.Array(Type.Object({ id: Type.String(), title: TextSchema, date: Type.String() })),
  ends: Type.Record(Type.String(), TextSchema),
  /** What a case may give rise to, by name; the grounds are those on which an appeal may rest. */
  subcases: Type.Record(
    Type.String(),
    Type.Object({
      kind: Type.String(),
      title: TextSchema,
      grounds: Type.Array(Type.Object({ id: Type.String(), title: TextSchema })),
      /** Of its stages and ends. */
      titles: Type.Record(Type.String(), TextSchema),
    }),
  ),
});

/** Of a sub-case, the whole workflow says what ends it may be about. */
export const definitionShown = (
  definition: Definition,
  { id, version, hash }: Pinned,
  whole: Definition = definition,
): Static<typeof DefinitionShown> => ({
  id,
  version,
  hash,
  title: definition.title,
  zone: definition.round.zone,
  stages: definition.stages.map((stage) => ({
    id: stage.id,
    kind: stage.kind,
    title: stage.title,
    power: stage.power,
    ...('manage' in stage ? { manage: stage.manage } : {}),
    ...(stage.kind === 'panel'
      ? {
          rubric: stage.rubric,
          blind: stage.blind,
          ...(stage.rubrics === undefined ? {} : { rubrics: stage.rubrics }),
          ...(stage.discussion === undefined ? {} : { discussion: stage.discussion }),
        }
      : {}),
    ...(stage.kind === 'check' && stage.correction !== undefined ? { correction: stage.correction } : {}),
    ...(stage.return === undefined ? {} : { return: { to: [...stage.return.to], times: stage.return.times } }),
  })),
  fields: [...definition.subject.fields],
  files: [...definition.subject.files],
  eligibility: definition.eligibility.map(({ id: rule, clause, text, when }) => ({
    id: rule,
    clause,
    text,
    ...(when === undefined ? {} : { when }),
  })),
  dates: [...(definition.round.dates ?? [])],
  subcases: Object.fromEntries(
    [...Object.entries(definition.subcases ?? {}), ...ownSubcase(definition)].map(([name, subcase]) => [
      name,
      subcaseShown(subcase),
    ]),
  ),
  ends: Object.fromEntries(Object.entries({ ...whole.ends, ...definition.ends }).map(([end, { title }]) => [end, title])),
});

/** Of a sub-case's procedure: itself, so that its page can name its grounds. */
const ownSubcase = ({ subcase }: Definition): readonly (readonly [string, Subcase])[] =>
  subcase === undefined ? [] : [[subcase.name, subcase]];

const subcaseShown = (subcase: Subcase) => ({
  titles: Object.fromEntries([
    ...subcase.stages.map(({ id, title }) => [id, title] as const),
    ...Object.entries(subcase.ends).map(([id, { title }]) => [id, title] as const),
  ]),
  kind: subcase.kind,
  title: subcase.title,
  grounds: subcase.kind === 'appeal' ? subcase.grounds.map(({ id, title }) => ({ id, title })) : [],
});
