import type { TSchema } from '@sinclair/typebox';
import { type Context, decidesOnWhatWasRead, type Shape } from '#kernel';
import { definitionSchema } from '#workflow';
import {
  dashed,
  etag,
  json,
  ref,
  refusals,
  securitySchemes,
  sharedParameters,
  sharedResponses,
  sharedSchemas,
} from './openapi.parts.js';
import type { ReadRoute } from './read-route.js';
import { type Schema, ShapeSchemas } from './shape.schemas.js';
import { type DescribedRoute, describedRoutes } from './sign-in.openapi.js';

/** By stage of the older version, what becomes of the cases that stand there. */
const mappingSchema: Schema = ref('WorkflowDefinition/$defs/transition/properties/stages');

/** The OpenAPI 3.1 document, made from the messages of every context and the read routes: there is no other source. */
export function openApiOf(contexts: readonly Context[], reads: readonly ReadRoute[], version: string): Schema {
  const shapes = new ShapeSchemas(rootsOf(contexts), { isDefinition: ref('WorkflowDefinition'), isMapping: mappingSchema });
  const paths: Record<string, Schema> = {};
  const add = (path: string, method: string, operation: Schema): void => {
    paths[path] = { ...paths[path], [method]: operation };
  };
  for (const context of contexts) {
    for (const [type, shape] of Object.entries(context.shapes))
      add(`/v1/${context.name}/{id}/${dashed(type)}`, 'post', commandOperation(context, type, shape, shapes));
  }
  for (const read of reads) add(read.path, read.method ?? 'get', readOperation(read));
  for (const route of describedRoutes) add(route.path, route.method, describedOperation(route, shapes));
  return {
    openapi: '3.1.1',
    info: {
      title: 'Entente',
      version,
      summary: 'Governance and workflows of alliances of universities',
      description:
        'Commands are POSTs that answer with a receipt; views are GETs. Refusals are problem+json with a stable code and a sentence in the language of Accept-Language (zh or en).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This installation' }],
    security: [{ session: [] }, { machineKey: [] }],
    tags: tagsOf(contexts, reads),
    paths,
    components: {
      schemas: togetherWith(shapes.all(), { ...sharedSchemas, WorkflowDefinition: workflowDefinition() }),
      parameters: sharedParameters,
      responses: sharedResponses,
      securitySchemes,
    },
  };
}

const rootsOf = (contexts: readonly Context[]): readonly { readonly context: string; readonly shape: Shape }[] => [
  ...contexts.flatMap(({ name, shapes }) => Object.values(shapes).map((shape) => ({ context: name, shape }))),
  ...describedRoutes.flatMap(({ tag, shape }) => (shape === undefined ? [] : [{ context: tag, shape }])),
];

function togetherWith(shapes: Readonly<Record<string, Schema>>, shared: Readonly<Record<string, Schema>>): Schema {
  const twice = Object.keys(shared).find((name) => name in shapes);
  if (twice !== undefined) throw new Error(`a shape is called ${twice}, which is the name of something shared`);
  return { ...shapes, ...shared };
}

/** The schema of a definition as a component: its references lead to where it stands now. */
function workflowDefinition(): Schema {
  const { $schema: _dialect, $id: _id, ...schema } = definitionSchema;
  const moved = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/WorkflowDefinition/$defs/');
  return withoutDiscriminators(JSON.parse(moved)) as Schema;
}

/** OpenAPI's discriminator names components, and the variants of a stage are none; `kind` is a constant in each anyway. */
function withoutDiscriminators(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDiscriminators);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => name !== 'discriminator');
  return Object.fromEntries(members.map(([name, member]) => [name, withoutDiscriminators(member)]));
}

/** `SubmitApplication` → `Submit application` */
const spoken = (name: string): string => {
  const words = dashed(name).replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function tagsOf(contexts: readonly Context[], reads: readonly ReadRoute[]): readonly Schema[] {
  const names = new Set([...contexts.map(({ name }) => name), ...[...reads, ...describedRoutes].map(({ tag }) => tag)]);
  return [...names].sort().map((name) => ({ name, description: `Everything about ${name}` }));
}

const parameter = (name: string): Schema => ({ $ref: `#/components/parameters/${name}` });

function commandOperation({ name, decider }: Context, type: string, shape: Shape, shapes: ShapeSchemas): Schema {
  const revision = decidesOnWhatWasRead(shape);
  const permit = decider.permits[type];
  return {
    operationId: `${name}${type}`,
    summary: spoken(type),
    description:
      typeof permit === 'string' ? `Needs the power ${permit}.` : 'The power that it needs follows from what it is sent to.',
    tags: [name],
    parameters: [
      parameter('StreamId'),
      parameter('IdempotencyKey'),
      parameter(revision ? 'IfMatchRequired' : 'IfMatch'),
      parameter('OnBehalfOf'),
      ...(decider.shared === true ? [parameter('Alliance')] : []),
      parameter('AcceptLanguage'),
    ],
    requestBody: { required: true, content: json(shapes.refTo(shape)) },
    responses: {
      200: {
        description:
          'Accepted and durable. The same Idempotency-Key again gets the same receipt; where `events` is empty nothing changed, and it is decided anew.',
        headers: {
          ...etag,
          'Entente-Position': {
            description: 'Send it as Entente-After to read views that include this.',
            schema: { type: 'string' },
          },
        },
        content: json(ref('Receipt')),
      },
      ...refusals('Malformed', 'SignInRequired', 'NotForCaller', 'NothingHere', 'RuleSaysNo', 'ChangedSince', 'TooLarge'),
      ...refusals('WrongMediaType', 'WrongShape', 'TooMany', ...(revision ? (['RevisionRequired'] as const) : []), 'NotInTime'),
    },
  };
}

const pathParameters = (path: string): readonly Schema[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', maxLength: 300 },
  }));

function readOperation(read: ReadRoute): Schema {
  const { query, body } = read;
  const queries = Object.entries(query?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: query?.required?.includes(name) === true,
    schema,
  }));
  const isWrite = read.method !== undefined && read.method !== 'get';
  return {
    operationId: read.operationId,
    summary: read.summary.en,
    description: read.summary.zh,
    tags: [read.tag],
    ...(read.open === true ? { security: [] } : {}),
    parameters: [...pathParameters(read.path), ...queries, parameter('After'), parameter('AcceptLanguage')],
    ...(body === undefined ? {} : { requestBody: { required: true, content: { [body.mediaType]: { schema: body.schema } } } }),
    responses: {
      200: { description: read.summary.en, ...(read.etag === true ? { headers: etag } : {}), content: contentOf(read) },
      ...refusals('Malformed', 'SignInRequired', 'NotForCaller', 'NothingHere', 'TooMany'),
      ...(isWrite ? refusals('RuleSaysNo', 'TooLarge', 'WrongMediaType', 'WrongShape') : {}),
      ...refusals('NotInTime'),
    },
  };
}

const contentOf = ({ mediaType, answer }: { readonly mediaType?: string; readonly answer: TSchema }): Schema => ({
  [mediaType ?? 'application/json']: { schema: answer },
});

function describedOperation(route: DescribedRoute, shapes: ShapeSchemas): Schema {
  const { answer, shape, open, status } = route;
  const content = answer === undefined ? {} : { content: contentOf({ ...route, answer }) };
  return {
    operationId: route.operationId,
    summary: route.summary.en,
    description: route.summary.zh,
    tags: [route.tag],
    ...(open === true ? { security: [] } : {}),
    parameters: [...pathParameters(route.path), ...(route.headers ?? []).map(parameter), parameter('AcceptLanguage')],
    ...(shape === undefined ? {} : { requestBody: { required: true, content: json(shapes.refTo(shape)) } }),
    responses: {
      [status]: {
        description: route.summary.en,
        ...content,
        ...(status === 303
          ? { headers: { Location: { description: 'A page of the console.', schema: { type: 'string' } } } }
          : {}),
      },
      ...refusals('Malformed', 'SignInRequired', 'NotForCaller', 'NothingHere', 'TooMany'),
      ...(shape === undefined ? {} : refusals('RuleSaysNo', 'TooLarge', 'WrongMediaType', 'WrongShape')),
      ...refusals('NotInTime'),
    },
  };
}
