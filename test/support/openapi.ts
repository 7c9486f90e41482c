import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Answer } from './caller.js';

export type Schema = Readonly<Record<string, unknown>>;

interface Content {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content | { readonly $ref: string }>>;
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, Content>>;
  };
}

/** What a client goes by beside the body. */
const toldByField = ['etag', 'entente-position', 'location', 'retry-after', 'www-authenticate'];

/** An OpenAPI document by which answers are judged. */
export class OpenApi {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });

  constructor(readonly document: OpenApiDocument) {
    this.ajv.addSchema(document as unknown as Schema, 'openapi');
  }

  /** In what an answer differs from what the document says of it; nothing where it does not. */
  faultsOf(method: string, path: string, { status, headers, text, body }: Answer): readonly string[] {
    const operation = this.document.paths[path]?.[method];
    const response = operation?.responses[status];
    if (response === undefined) return [`${method} ${path} does not say that it answers ${status}`];
    const mediaType = headers.get('content-type')?.split(';', 1)[0] ?? '';
    const { content, headers: fields = {} } = this.resolved<Content>(response, 'responses');
    const named = new Set(Object.keys(fields).map((name) => name.toLowerCase()));
    const silent = toldByField.filter((name) => headers.get(name) !== null && !named.has(name));
    if (silent.length > 0) return silent.map((name) => `${method} ${path} does not say that ${status} bears ${name}`);
    if (content === undefined) return text === '' ? [] : [`${method} ${path} does not say what ${status} holds`];
    if (!(mediaType in content) && !('*/*' in content))
      return [`${method} ${path} ${status} does not say that it is ${mediaType}`];
    if (!mediaType.endsWith('json')) return [];
    const shared = '$ref' in response ? (response['$ref'] as string) : undefined;
    const pointer = shared ?? `#/paths/${escaped(path)}/${method}/responses/${status}`;
    const validate = this.ajv.getSchema(`openapi${pointer}/content/${escaped(mediaType)}/schema`);
    if (validate === undefined) return [`there is no schema at ${pointer}`];
    return validate(body) === true
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
  }

  /** Compiles every schema of requests, and says how many. @throws Error for one that leads nowhere */
  compileAll(): number {
    const names = Object.keys(this.document.components.schemas);
    for (const name of names) {
      if (this.ajv.getSchema(`openapi#/components/schemas/${escaped(name)}`) === undefined) throw new Error(name);
    }
    return names.length;
  }

  resolved<T>(value: T | { readonly $ref: string }, kind: 'parameters' | 'responses'): T {
    if (typeof value !== 'object' || value === null || !('$ref' in value)) return value as T;
    return this.document.components[kind][value.$ref.split('/').at(-1) ?? ''] as T;
  }
}

const escaped = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
