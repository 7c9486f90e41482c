import fc from 'fast-check';
import type { Shape } from '#kernel';
import { type Case, caseContext, type Definition, type Stage, type Visit } from '#workflow';
import { type Schema, ShapeSchemas } from '../../apps/server/http/shape.schemas.js';
import { Random } from '../faults/support/fuzz/random.js';

/** Texts that fill patterns; a pattern that none of them fills is filled by chance. */
const patterned = ['a', 'one', 'e'.repeat(64), 'application/pdf', '4111010001', '2026-03-02T01:00:00.000Z'];

type Facts = Readonly<Record<string, readonly unknown[]>>;

/** What a command is made up for. */
interface About {
  readonly definition: Definition;
  readonly state: Case;
  readonly visit: Visit | undefined;
}

/**
 * Makes up data for any command of a case, from its shape and from what the case is.
 *
 * Every command that there is can be made up, or making it up fails: a new one is never left out in silence.
 */
export class Maker {
  readonly types = Object.keys(caseContext.shapes);
  private readonly schemas: Readonly<Record<string, Schema>>;

  constructor(private readonly random: Random) {
    const roots = Object.values(caseContext.shapes).map((shape) => ({ context: 'case', shape }));
    this.schemas = new ShapeSchemas(roots, { isMapping: { type: 'object' } }).all();
  }

  /** @throws Error for a shape that it does not understand */
  data(type: string, about: About): Record<string, unknown> {
    const shape = caseContext.shapes[type] as Shape;
    const named = this.schemas[shape.name];
    if (named === undefined) throw new Error(`no schema for ${type}`);
    return this.object(named, { ...factsOf(about), ...(ownMeanings[type]?.(about) ?? {}) });
  }

  private object({ properties = {}, required = [] }: Schema, facts: Facts): Record<string, unknown> {
    const names = Object.keys(properties as object).filter(
      (name) => (required as readonly string[]).includes(name) || (facts[name] !== undefined && this.random.chance(0.7)),
    );
    return Object.fromEntries(
      names.map((name) => [name, this.value((properties as Record<string, Schema>)[name] ?? {}, name, facts)]),
    );
  }

  private value(schema: Schema, name: string, facts: Facts): unknown {
    const known = facts[name];
    if (known !== undefined && known.length > 0) return this.random.oneOf(known);
    if (typeof schema['$ref'] === 'string') return this.object(this.schemas[schema['$ref'].split('/').at(-1) ?? ''] ?? {}, facts);
    if (Array.isArray(schema['enum'])) return this.random.oneOf(schema['enum']);
    switch (schema['type']) {
      case 'string':
        return this.text(schema, name);
      case 'integer':
        return Math.min(Number(schema['minimum'] ?? 0) + this.random.below(3), Number(schema['maximum'] ?? Infinity));
      case 'boolean':
        return this.random.chance(0.5);
      case 'array':
        return Array.from({ length: Math.max(1, Number(schema['minItems'] ?? 0)) }, () =>
          this.value((schema['items'] ?? {}) as Schema, name, facts),
        );
      case 'object':
        return this.object(schema, facts);
      default:
        throw new Error(`cannot make up "${name}" of ${JSON.stringify(schema)}: teach the maker`);
    }
  }

  private text({ pattern, format, minLength = 0, maxLength = 100 }: Schema, name: string): string {
    if (format === 'date-time') return '2026-06-01T00:00:00.000Z';
    if (typeof pattern !== 'string') return `${name} 据实记录`.padEnd(Number(minLength), '。').slice(0, Number(maxLength));
    const known = patterned.find((text) => new RegExp(pattern).test(text));
    return known ?? (fc.sample(fc.stringMatching(new RegExp(pattern)), { seed: 7, numRuns: 1 })[0] as string);
  }
}

/** What stands in a case under the names that commands use for it: everything inside the visit that calls itself something. */
function factsOf({ definition, state, visit }: About): Facts {
  const stage = stageAt({ definition, state, visit });
  const parts = visit === undefined ? {} : (visit as unknown as Record<string, unknown>);
  const listed = (name: string): readonly Record<string, unknown>[] => (Array.isArray(parts[name]) ? (parts[name] as []) : []);
  const of = (list: string, name: string): readonly unknown[] => listed(list).map((part) => part[name]);
  const parties = stage?.kind === 'confirmation' ? stage.parties.map(({ id }) => id) : [];
  const people = peopleAt(stage);
  const appeals = Object.entries(definition.subcases ?? {}).flatMap(([name, one]) =>
    one.kind === 'appeal' ? [{ name, ...one }] : [],
  );
  return {
    stage: [visit?.stage ?? definition.stages[0]?.id],
    institution: [state.applicant.institution],
    form: [state.form],
    files: [state.files],
    assignment: of('assignments', 'id'),
    objection: of('objections', 'id'),
    inspection: of('inspections', 'inspection'),
    warning: of('warnings', 'warning'),
    session: of('sessions', 'session'),
    party: parties,
    part: ['check', ...parties.map((id) => `party.${id}`), 'inspection.1', 'remedy.1', 'ruling.1'],
    ...(stage?.kind === 'panel' ? judgementsOf(stage) : {}),
    ...{ to: people, reviewer: people, substitute: people, reviewers: [people.slice(0, 1), people.slice(0, 3), people] },
    slots: definition.subject.files.length === 0 ? [] : [definition.subject.files.slice(0, 1).map(({ id }) => id)],
    request: state.fileCorrections.map(({ request }) => request),
    people: [['someone']],
    from: ['2026-03-02T00:00:00.000Z'],
    until: ['2026-05-01T00:00:00.000Z', '2027-06-01T00:00:00.000Z'],
    appeal: appeals.map(({ name }) => name),
    grounds: appeals.map(({ grounds }) => grounds.map(({ id }) => id)),
  };
}

const stageAt = ({ definition, visit }: About): Stage | undefined => definition.stages.find(({ id }) => id === visit?.stage);

/** Whoever sits in the organ of a stage, as a room calls them. */
const peopleAt = (stage: Stage | undefined): readonly string[] =>
  stage === undefined ? [] : [1, 2, 3, 4, 5, 6].map((number) => `${stage.power}-${number}`);

function judgementsOf({ rubric }: Extract<Stage, { kind: 'panel' }>): Facts {
  const scores = (share: number) =>
    rubric.criteria.map(({ id }) => ({ criterion: id, points: Math.floor(rubric.points * share) }));
  return { scores: [scores(1), scores(0.5), scores(0)], vetoes: [[], [], rubric.vetoes.slice(0, 1).map(({ id }) => id)] };
}

/** Names that mean something else in one command than in the others. */
const ownMeanings: Readonly<Record<string, (about: About) => Facts>> = {
  SendBack: (about) => ({ to: stageAt(about)?.return?.to ?? [] }),
  AssignReviewers: () => ({ assignment: [] }),
  MigrateCase: () => ({ from: [], to: [] }),
};
