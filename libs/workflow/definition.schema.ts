import { stageKinds } from './stages/index.js';
import type { StageKind } from './stages/stage.js';
import { subcaseKinds } from './subcases/subcase.js';

const object = (required: readonly string[], properties: Readonly<Record<string, unknown>>) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const ref = (name: string) => ({ $ref: `#/$defs/${name}` });
const list = (items: unknown, minItems: number, maxItems: number) => ({ type: 'array', minItems, maxItems, items });
const whole = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum });

const returning = object(['to', 'times'], { to: list(ref('name'), 1, 20), times: whole(1, 20) });

const stageSchema = ({ kind, outcomes, further = [], schema, irrevocable }: StageKind) =>
  object(['id', 'kind', 'title', 'power', 'on', ...schema.required], {
    id: ref('name'),
    kind: { const: kind },
    title: ref('text'),
    power: ref('power'),
    scope: ref('scope'),
    on: object(outcomes, Object.fromEntries([...outcomes, ...further].map((outcome) => [outcome, ref('onward')]))),
    waitsFor: list(ref('branch'), 2, 20),
    ...(irrevocable === true ? {} : { return: returning }),
    visits: object(['atMost', 'then'], { atMost: whole(1, 20), then: ref('name') }),
    ...schema.properties,
  });

const kinds = Object.values<StageKind>(stageKinds);
const fieldTypes = {
  text: { maxLength: whole(1, 20_000) },
  integer: { min: { type: 'integer' }, max: { type: 'integer' } },
  boolean: {},
  date: {},
  person: {},
  institution: {},
  choice: { choices: list(object(['value', 'label'], { value: ref('name'), label: ref('text') }), 1, 100) },
};

const fieldSchema = ([type, properties]: [string, Readonly<Record<string, unknown>>]) =>
  object(['id', 'type', 'label', ...Object.keys(properties)], {
    id: ref('field'),
    type: { const: type },
    label: ref('text'),
    required: { type: 'boolean' },
    identifying: { type: 'boolean' },
    when: ref('condition'),
    ...properties,
  });

const oneOfBy = (propertyName: string, variants: readonly unknown[]) => ({
  type: 'object',
  required: [propertyName],
  discriminator: { propertyName },
  oneOf: variants,
});

const factValue = { type: ['string', 'number', 'boolean'] };

const definitions = {
  name: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,63}$' },
  onward: { oneOf: [ref('name'), { ...list(ref('name'), 2, 20), uniqueItems: true }] },
  branch: { oneOf: [ref('name'), object(['anyOf'], { anyOf: { ...list(ref('name'), 2, 20), uniqueItems: true } })] },
  field: { type: 'string', pattern: '^[a-z][A-Za-z0-9]{0,63}$' },
  power: ref('name'),
  text: object(['en', 'zh'], { en: { type: 'string', minLength: 1 }, zh: { type: 'string', minLength: 1 } }),
  workingDays: whole(1, 400),
  extension: object(['times', 'workingDays'], { times: whole(0, 20), workingDays: ref('workingDays') }),
  scope: { type: 'string', pattern: '^(institution|province|form\\.[A-Za-z0-9]+)$' },
  /** Common Expression Language; what it may say is checked by its types. */
  condition: { type: 'string', minLength: 1, maxLength: 1000 },
  date: { type: 'string', pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' },
  rubric: object(['id', 'title', 'points', 'criteria', 'vetoes', 'passMark'], {
    id: ref('name'),
    title: ref('text'),
    points: whole(1, 1000),
    criteria: list(
      object(['id', 'title', 'weight'], {
        id: ref('name'),
        title: ref('text'),
        weight: whole(1, 1000),
        essential: object(['atLeast'], { atLeast: whole(0, 1000) }),
      }),
      1,
      50,
    ),
    vetoes: list(object(['id', 'title'], { id: ref('name'), title: ref('text') }), 0, 50),
    passMark: whole(0, 100),
  }),
  commands: list(
    object(['context', 'type', 'data'], {
      context: { type: 'string', pattern: '^[a-z]+$' },
      type: { type: 'string', pattern: '^[A-Z][A-Za-z]+$' },
      data: {
        type: 'object',
        additionalProperties: {
          oneOf: [
            factValue,
            object(['from'], {
              from: { type: 'string', pattern: '^(case|subject|institution|round|number|reason|form\\.[A-Za-z0-9]+)$' },
            }),
          ],
        },
      },
    }),
    0,
    10,
  ),
  transition: object(['appliesTo', 'from', 'text', 'stages'], {
    appliesTo: { const: 'open-rounds' },
    from: whole(1, 1_000_000),
    text: ref('text'),
    stages: {
      type: 'object',
      propertyNames: ref('name'),
      minProperties: 1,
      additionalProperties: oneOfBy('then', [
        object(['then', 'to'], { then: { enum: ['carried', 'anew'] }, to: ref('name') }),
        object(['then'], { then: { enum: ['stays', 'refused'] } }),
      ]),
    },
  }),
  end: object(['title', 'outcome'], {
    title: ref('text'),
    outcome: { enum: ['granted', 'refused', 'withdrawn'] },
    commands: ref('commands'),
  }),
};

const subcaseStages = kinds.filter(({ kind }) => subcaseKinds.some((allowed) => allowed === kind));

const subcaseSchema = (kind: 'appeal' | 'hearing', required: readonly string[], properties: object, ends: unknown) =>
  object(['kind', 'title', 'manage', 'stages', 'ends', ...required], {
    kind: { const: kind },
    title: ref('text'),
    manage: ref('power'),
    stages: list(oneOfBy('kind', subcaseStages.map(stageSchema)), 1, 20),
    ends: { type: 'object', propertyNames: ref('name'), minProperties: 1, additionalProperties: ends },
    ...properties,
  });

const resultSchema = (result: string, further: Readonly<Record<string, unknown>> = {}) =>
  object(['title', 'result', ...Object.keys(further)], { title: ref('text'), result: { const: result }, ...further });

const subcaseSchemas = [
  subcaseSchema(
    'appeal',
    ['from', 'workingDays', 'power', 'grounds'],
    {
      from: list(ref('name'), 1, 50),
      workingDays: ref('workingDays'),
      power: ref('power'),
      grounds: list(object(['id', 'title'], { id: ref('name'), title: ref('text') }), 1, 20),
    },
    oneOfBy('result', [resultSchema('upheld'), resultSchema('superseded', { by: ref('name') })]),
  ),
  subcaseSchema('hearing', [], {}, oneOfBy('result', [resultSchema('upheld'), resultSchema('dismissed')])),
];

/** The JSON Schema of a definition, composed from the stage kinds. `workflows/workflow.schema.json` is its copy for editors. */
export const definitionSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://entente.invalid/workflow.schema.json',
  title: 'Workflow definition',
  ...object(['id', 'version', 'title', 'round', 'subject', 'eligibility', 'stages', 'ends'], {
    id: ref('name'),
    version: whole(1, 1_000_000),
    title: ref('text'),
    round: object(['zone', 'utcOffsetMinutes', 'workingDays', 'submission'], {
      zone: { type: 'string', minLength: 1 },
      utcOffsetMinutes: whole(-720, 840),
      workingDays: { enum: ['china'] },
      submission: object(['workingDays'], { workingDays: ref('workingDays'), extension: ref('extension') }),
      dates: list(object(['id', 'title', 'date'], { id: ref('field'), title: ref('text'), date: ref('date') }), 1, 20),
    }),
    subject: object(['title', 'context', 'powers', 'fields', 'files'], {
      title: ref('text'),
      context: { type: 'string', pattern: '^[a-z]+$' },
      powers: object(['submit', 'withdraw'], { submit: ref('power'), withdraw: ref('power') }),
      fields: list(oneOfBy('type', Object.entries(fieldTypes).map(fieldSchema)), 1, 200),
      files: list(
        object(['id', 'label', 'maxBytes', 'mediaTypes'], {
          id: ref('name'),
          label: ref('text'),
          required: { type: 'boolean' },
          when: ref('condition'),
          maxBytes: whole(1, 2 ** 40),
          mediaTypes: list({ type: 'string', minLength: 3 }, 1, 50),
        }),
        0,
        50,
      ),
    }),
    eligibility: list(
      object(['id', 'clause', 'require', 'text'], {
        id: ref('name'),
        clause: ref('text'),
        when: ref('condition'),
        require: ref('condition'),
        text: ref('text'),
      }),
      0,
      100,
    ),
    stages: list(oneOfBy('kind', kinds.map(stageSchema)), 1, 50),
    ends: { type: 'object', propertyNames: ref('name'), minProperties: 1, additionalProperties: ref('end') },
    transition: ref('transition'),
    subcases: {
      type: 'object',
      propertyNames: ref('name'),
      minProperties: 1,
      maxProperties: 10,
      additionalProperties: oneOfBy('kind', subcaseSchemas),
    },
  }),
  $defs: definitions,
};
