import { factsIn } from './condition.js';
import { type Definition, type Stage, withdrawnEnd } from './definition.js';

/** What is wrong with a definition, and where: a JSON Pointer. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

const fault = (path: string, message: string): readonly Fault[] => [{ path, message }];

/** What a schema cannot see: names that point nowhere, numbers that contradict each other. Of a value that the schema accepts. */
export const contradictions = (definition: Definition): readonly Fault[] => [
  ...repeated('/stages', definition.stages),
  ...repeated('/subject/fields', definition.subject.fields),
  ...repeated('/subject/files', definition.subject.files),
  ...repeated('/eligibility', definition.eligibility),
  ...definition.stages.flatMap((stage, index) => stageFaults(definition, stage, `/stages/${index}`)),
  ...unreached(definition),
  ...unknownFacts(definition),
  ...endFaults(definition),
];

function repeated(path: string, items: readonly { readonly id: string }[]): readonly Fault[] {
  return items.flatMap(({ id }, index) =>
    items.findIndex((item) => item.id === id) === index ? [] : fault(`${path}/${index}/id`, `"${id}" is used twice`),
  );
}

function stageFaults({ stages, ends }: Definition, stage: Stage, path: string): readonly Fault[] {
  const nowhere = Object.entries(stage.on).flatMap(([outcome, to]) =>
    stages.some(({ id }) => id === to) !== Object.hasOwn(ends, to)
      ? []
      : fault(`${path}/on/${outcome}`, `"${to}" is not exactly one stage or end`),
  );
  return [...nowhere, ...(stage.kind === 'panel' ? panelFaults(stage, path) : [])];
}

function panelFaults({ size, minimum, late, rubric }: Extract<Stage, { kind: 'panel' }>, path: string): readonly Fault[] {
  return [
    ...(minimum > size ? fault(`${path}/minimum`, `at least ${minimum} of ${size} reviews can never be complete`) : []),
    ...(late.remind < late.escalate && late.escalate < late.replace
      ? []
      : fault(`${path}/late`, 'remind comes before escalate, escalate before replace')),
    ...repeated(`${path}/rubric/criteria`, rubric.criteria),
    ...repeated(`${path}/rubric/vetoes`, rubric.vetoes),
    ...rubric.criteria.flatMap(({ essential }, index) =>
      essential !== undefined && essential.atLeast > rubric.points
        ? fault(`${path}/rubric/criteria/${index}/essential/atLeast`, `nobody can give more than ${rubric.points} points`)
        : [],
    ),
  ];
}

function unreached({ stages, ends }: Definition): readonly Fault[] {
  const reached = new Set<string>([stages[0]?.id ?? '', withdrawnEnd]);
  // A set that grows while it is walked: each stage is visited once.
  for (const id of reached) for (const to of Object.values(stages.find((stage) => stage.id === id)?.on ?? {})) reached.add(to);
  return [
    ...stages.flatMap(({ id }, index) =>
      reached.has(id) ? [] : fault(`/stages/${index}`, `nothing leads to the stage "${id}"`),
    ),
    ...Object.keys(ends).flatMap((id) => (reached.has(id) ? [] : fault(`/ends/${id}`, `nothing leads to the end "${id}"`))),
  ];
}

function unknownFacts({ eligibility, subject: { fields } }: Definition): readonly Fault[] {
  const institution = ['code', 'level', 'province'];
  return eligibility.flatMap(({ require }, index) =>
    factsIn(require).flatMap((fact) => {
      const [group, name = ''] = fact.split('.');
      // What a register says of a subject is its own affair.
      const known = group === 'subject' || (group === 'form' ? fields.some(({ id }) => id === name) : institution.includes(name));
      return known ? [] : fault(`/eligibility/${index}/require`, `there is no fact "${fact}"`);
    }),
  );
}

function endFaults({ ends, subject: { fields } }: Definition): readonly Fault[] {
  const missing =
    ends[withdrawnEnd]?.outcome === 'withdrawn'
      ? []
      : fault('/ends', `the end "${withdrawnEnd}" with outcome "withdrawn" is missing`);
  const unknown = Object.entries(ends).flatMap(([id, { commands = [] }]) =>
    commands.flatMap(({ data }, index) =>
      Object.entries(data).flatMap(([name, value]) => {
        if (typeof value !== 'object' || !value.from.startsWith('form.')) return [];
        const field = value.from.slice('form.'.length);
        return fields.some((known) => known.id === field)
          ? []
          : fault(`/ends/${id}/commands/${index}/data/${name}`, `the form has no field "${field}"`);
      }),
    ),
  );
  return [...missing, ...unknown];
}
