import { type TProperties, type TSchema, Type } from '@sinclair/typebox';
import type { ShownCase } from '#workflow';
import { Instant, TextSchema } from './schemas.js';

/** What is always there is typed; what a kind of stage adds, or another reader sees, is let through as it is. */
const open = (properties: TProperties) => Type.Object(properties, { additionalProperties: Type.Unknown() });
const optional = <T extends TSchema>(schema: T) => Type.Optional(schema);

const Fact = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
const Facts = Type.Record(Type.String(), Fact);
const File = open({ slot: Type.String(), sha256: Type.String(), bytes: Type.Integer(), mediaType: Type.String() });
const Fraction = Type.Array(Type.Integer(), { minItems: 2, maxItems: 2 });

/** Why a stage came to its outcome: the clause, what was read, what was excluded, the arithmetic in exact fractions. */
const Explanation = open({
  clause: TextSchema,
  text: TextSchema,
  inputs: Type.Record(Type.String(), Type.Unknown()),
  excluded: Type.Array(open({ what: Type.String(), because: Type.String() })),
  arithmetic: Type.Array(
    open({ what: Type.String(), actual: Fraction, relation: Type.String(), required: Fraction, holds: Type.Boolean() }),
  ),
});

const Assignment = open({ id: Type.String(), reviewer: Type.String(), status: Type.String(), assignedAt: Instant });

/** By a number that tells nothing (Reviewer A is 1), and by id where the reader may know who it is. */
const panelist = {
  reviewer: Type.Integer(),
  person: optional(Type.String()),
  own: optional(Type.Literal(true)),
  excluded: optional(Type.Literal(true)),
};
const Revealed = Type.Union([Type.String(), Type.Null()]);
const said = {
  scores: Type.Array(open({ criterion: Type.String(), points: Type.Integer() })),
  vetoes: Type.Array(Type.String()),
  comment: Revealed,
  total: Fraction,
  reason: optional(Revealed),
};

/** The reviews of a panel side by side, each with what it was before, and what was said about them; `until` once it has been opened. */
const Discussion = open({
  until: optional(Instant),
  reviews: Type.Array(open({ ...panelist, ...said, earlier: Type.Array(open(said)) })),
  comments: Type.Array(open({ ...panelist, text: Revealed, at: Instant })),
});

const Sitting = open({
  sitting: Type.Integer(),
  organ: Type.String(),
  charter: Type.Integer(),
  rule: open({ secret: optional(Type.Boolean()) }),
  closesAt: Instant,
  meeting: optional(Type.String()),
  seats: Type.Array(open({ person: Type.String(), role: Type.String(), granted: Type.String() })),
  recused: Type.Array(open({ person: Type.String(), because: Type.String() })),
  proxies: optional(Type.Array(open({ giver: Type.String(), holder: Type.String(), lodged: Type.String() }))),
  votes: Type.Array(open({ person: Type.String(), choice: Type.String(), proxy: optional(Type.String()) })),
  tie: optional(open({ castingVote: Type.String(), dueAt: Instant })),
  inquorate: optional(Explanation),
  calledOff: optional(open({ reason: Type.String() })),
});

const Objection = open({ id: Type.String(), objector: Type.String(), raisedAt: Instant, rulingDueAt: Instant });

const Correction = open({ correction: Type.Integer(), reason: Type.String(), by: Type.String(), dueAt: Instant });

/** One visit of a stage; `assignments` and, for who may read it, `discussion` at a panel, `sittings` at a ballot, `objections` at publicity, `corrections` at a check. */
const Visit = open({
  stage: Type.String(),
  visit: Type.Integer(),
  kind: Type.String(),
  enteredAt: Instant,
  dueAt: optional(Instant),
  left: optional(open({ outcome: Type.String(), at: Instant, explanation: Explanation })),
  corrections: optional(Type.Array(Correction)),
  assignments: optional(Type.Array(Assignment)),
  discussion: optional(Discussion),
  sittings: optional(Type.Array(Sitting)),
  objections: optional(Type.Array(Objection)),
});

/** A case as somebody may see it: what may not be shown is not there. */
export const ShownCaseSchema = Type.Unsafe<ShownCase>(
  open({
    as: Type.String(),
    status: Type.Union([Type.Literal('open'), Type.Literal('ended')]),
    number: Type.String(),
    round: Type.String(),
    subject: optional(Type.String()),
    definition: open({ id: Type.String(), version: Type.Integer(), hash: Type.String() }),
    charter: Type.Integer(),
    submittedAt: Instant,
    submittedBy: optional(Type.String()),
    applicant: optional(open({ institution: Type.String(), province: Type.String(), name: Type.String(), level: Type.String() })),
    about: Facts,
    version: Type.Integer(),
    form: Facts,
    files: Type.Array(File),
    visits: Type.Array(Visit),
    conflicts: Type.Array(Type.String()),
    frozen: optional(open({ at: Instant })),
    end: optional(open({ id: Type.String(), outcome: Type.String(), at: Instant })),
  }),
);
