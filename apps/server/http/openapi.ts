import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { type ContextModule, decidesOnWhatWasRead, type Shape, type Text } from '#kernel';
import { dashed } from './commands.controller.js';
import type { ReadRoute } from './read-route.js';
import { type DescribedRoute, describedRoutes } from './sign-in.openapi.js';

type Schema = Readonly<Record<string, unknown>>;

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Schema): Schema => ({ 'application/json': { schema } });
const problem = (description: string): Schema => ({
  description,
  content: { 'application/problem+json': { schema: ref('Problem') } },
});

/** `SubmitApplication` → `Submit application` */
const spoken = (name: string): string => {
  const words = dashed(name).replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** The OpenAPI 3.1 document, made from the messages of every context and the read routes: there is no other source. */
export function openApiOf(contexts: readonly ContextModule[], reads: readonly ReadRoute[], version: string): Schema {
  const shapes = new ShapeSchemas();
  const commands = contexts.flatMap(({ context }) =>
    Object.entries(context.shapes).map(([type, shape]) => [
      `/v1/${context.name}/{id}/${dashed(type)}`,
      { post: commandOperation(context.name, type, shape, shapes) },
    ]),
  );
  const paths: Record<string, unknown> = Object.fromEntries(commands);
  for (const read of reads) {
    paths[read.path] = { ...(paths[read.path] as object | undefined), [read.method ?? 'get']: readOperation(read) };
  }
  for (const route of describedRoutes) {
    paths[route.path] = { ...(paths[route.path] as object | undefined), [route.method]: describedOperation(route, shapes) };
  }
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
    components: { schemas: { ...shapes.schemas, ...sharedSchemas }, parameters: sharedParameters, securitySchemes },
  };
}

function tagsOf(contexts: readonly ContextModule[], reads: readonly ReadRoute[]): readonly Schema[] {
  const names = new Set([
    ...contexts.map(({ context }) => context.name),
    ...[...reads, ...describedRoutes].map(({ tag }) => tag),
  ]);
  return [...names].sort().map((name) => ({ name, description: `Everything about a ${name}` }));
}

function commandOperation(context: string, type: string, shape: Shape, shapes: ShapeSchemas): Schema {
  const revision = decidesOnWhatWasRead(shape);
  return {
    operationId: `${context}${type}`,
    summary: spoken(type),
    tags: [context],
    parameters: [
      { $ref: '#/components/parameters/StreamId' },
      { $ref: '#/components/parameters/IdempotencyKey' },
      { $ref: revision ? '#/components/parameters/IfMatchRequired' : '#/components/parameters/IfMatch' },
      { $ref: '#/components/parameters/OnBehalfOf' },
      { $ref: '#/components/parameters/Alliance' },
      { $ref: '#/components/parameters/AcceptLanguage' },
    ],
    requestBody: { required: true, content: json(shapes.refTo(shape)) },
    responses: {
      200: {
        description: 'Accepted and durable. The same Idempotency-Key again gets the same receipt.',
        headers: {
          ETag: { description: 'Revision of the stream.', schema: { type: 'string' } },
          'Entente-Position': {
            description: 'Send it as Entente-After to read views that include this.',
            schema: { type: 'string' },
          },
        },
        content: json(ref('Receipt')),
      },
      400: problem('The request cannot be read.'),
      401: problem('Nobody is signed in.'),
      403: problem('The charter does not give the caller this power.'),
      404: problem('There is nothing here.'),
      409: problem('A rule says no.'),
      412: problem('It has changed since it was read.'),
      422: problem('A field is not as it must be.'),
      ...(revision ? { 428: problem('If-Match is missing.') } : {}),
      503: problem('No answer in time; send it again.'),
    },
  };
}

const pathParameters = (path: string): readonly Schema[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

function readOperation(read: ReadRoute): Schema {
  const queries = Object.entries(read.query?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema,
  }));
  return {
    operationId: read.operationId,
    summary: read.summary.en,
    description: read.summary.zh,
    tags: [read.tag],
    ...(read.open === true ? { security: [] } : {}),
    parameters: [
      ...pathParameters(read.path),
      ...queries,
      { $ref: '#/components/parameters/After' },
      { $ref: '#/components/parameters/AcceptLanguage' },
    ],
    ...(read.body === undefined
      ? {}
      : { requestBody: { required: true, content: { [read.body.mediaType]: { schema: read.body.schema } } } }),
    responses: {
      200: { description: read.summary.en, content: { [read.mediaType ?? 'application/json']: { schema: read.answer } } },
      ...refusals(read),
      503: problem('The view has not caught up in time; ask again.'),
    },
  };
}

function describedOperation(route: DescribedRoute, shapes: ShapeSchemas): Schema {
  const content =
    route.answer === undefined ? {} : { content: { [route.mediaType ?? 'application/json']: { schema: route.answer } } };
  return {
    operationId: route.operationId,
    summary: route.summary.en,
    description: route.summary.zh,
    tags: [route.tag],
    ...(route.open === true ? { security: [] } : {}),
    parameters: [...pathParameters(route.path), { $ref: '#/components/parameters/AcceptLanguage' }],
    ...(route.shape === undefined ? {} : { requestBody: { required: true, content: json(shapes.refTo(route.shape)) } }),
    responses: { [route.status]: { description: route.summary.en, ...content }, ...refusals(route) },
  };
}

const refusals = ({ open }: { readonly open?: true }): Schema => ({
  400: problem('The request cannot be read.'),
  ...(open === true ? {} : { 401: problem('Nobody is signed in.') }),
  403: problem('Not for this caller.'),
  404: problem('There is nothing here, or nothing for this caller.'),
  422: problem('A field is not as it must be.'),
});

/** Schemas of class-validator shapes, nested ones included, each under its class's name. */
class ShapeSchemas {
  readonly schemas: Record<string, unknown> = {};

  refTo(shape: Shape): Schema {
    if (!(shape.name in this.schemas)) {
      this.schemas[shape.name] = {};
      this.schemas[shape.name] = { ...this.resolved(targetConstructorToSchema(shape)), additionalProperties: false };
    }
    return ref(shape.name);
  }

  private resolved(schema: object): object {
    return JSON.parse(JSON.stringify(schema)) as object;
  }

  add(shape: Shape): void {
    this.refTo(shape);
  }
}

const text: Text = { en: 'in English', zh: '中文' };

const sharedSchemas: Schema = {
  Receipt: {
    type: 'object',
    required: ['stream', 'revision', 'position', 'events'],
    properties: {
      stream: { type: 'string', description: 'The stream that the command was decided on.' },
      revision: { type: 'integer', description: 'Revision of its last event.' },
      position: { type: 'string', description: 'Place of that event in the log.' },
      events: { type: 'array', items: { type: 'string', format: 'uuid' } },
    },
  },
  Problem: {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'detail', 'text'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { type: 'string', description: 'Stable: codes are added, never changed.', examples: ['authority.no-seat'] },
      detail: { type: 'string', description: 'What to do, in the language asked for.' },
      text: { type: 'object', properties: { en: { type: 'string' }, zh: { type: 'string' } }, examples: [text] },
      details: { type: 'object' },
      faults: { type: 'array', items: { type: 'object' } },
    },
  },
};

const header = (name: string, description: string, required = false): Schema => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
});

const sharedParameters: Schema = {
  StreamId: {
    name: 'id',
    in: 'path',
    required: true,
    description: 'What follows the category in the name of the stream.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$' },
  },
  IdempotencyKey: header('Idempotency-Key', 'The same key again is the same command again, and gets the first receipt.'),
  IfMatch: header('If-Match', 'The ETag that was read; 412 if it has changed since.'),
  IfMatchRequired: header('If-Match', 'The ETag that was read; 428 if missing, 412 if it has changed since.', true),
  OnBehalfOf: header('Entente-On-Behalf-Of', 'The office for which the secretariat acts; both are put on record.'),
  Alliance: header('Entente-Alliance', 'The alliance under whose charter the caller acts, where the address does not say.'),
  After: header('Entente-After', 'The position of a receipt that the answer must include.'),
  AcceptLanguage: header('Accept-Language', 'zh or en.'),
};

const securitySchemes: Schema = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-entente',
    description: 'A session, together with its X-CSRF-Token on writes.',
  },
  machineKey: { type: 'http', scheme: 'bearer', description: 'A machine key: Authorization: Bearer uak_…' },
};
