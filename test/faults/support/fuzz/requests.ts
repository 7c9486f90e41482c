import { OpenApi, type OpenApiDocument, type Operation, type Parameter } from '../../../support/openapi.js';
import type { Random } from './random.js';
import type { Values } from './values.js';
import { Wire } from './wire.js';

export interface FuzzRequest {
  readonly method: string;
  /** As the document has it; absent for an address that is nowhere in it. */
  readonly template?: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Who sends it: one of those who are given, or nobody. */
  readonly sender: number;
}

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'] as const;
/** Would never end, or would end the session of another sender who is at it. */
const leftOut = new Set(['followLive', 'signOut', 'revokeSession']);

/** Requests from an OpenAPI document: right ones, nearly right ones, and wrong ones. */
export class Requests {
  private readonly operations: readonly { readonly template: string; readonly method: string; readonly operation: Operation }[];
  private readonly api: OpenApi;
  private readonly wire: Wire;

  constructor(
    document: OpenApiDocument,
    private readonly random: Random,
    private readonly values: Values,
    private readonly senders: number,
  ) {
    this.api = new OpenApi(document);
    this.wire = new Wire(random);
    this.operations = Object.entries(document.paths).flatMap(([template, operations]) =>
      Object.entries(operations)
        .filter(([, { operationId }]) => !leftOut.has(operationId))
        .map(([method, operation]) => ({ template, method, operation })),
    );
  }

  next(): FuzzRequest {
    const { random, values } = this;
    const sender = random.below(this.senders);
    if (random.chance(0.03))
      return { method: random.oneOf(methods), path: `/${encoded(values.hostileText())}`, headers: {}, sender };
    const { template, method, operation } = random.oneOf(this.operations);
    const parameters = (operation.parameters ?? []).map((one) => this.api.resolved<Parameter>(one, 'parameters'));
    const path = this.pathOf(template, parameters);
    const headers = this.headersOf(parameters);
    const { body, mediaType } = this.bodyOf(operation);
    const request = {
      template,
      path,
      sender,
      headers: { ...(mediaType === undefined ? {} : { 'content-type': mediaType }), ...headers },
    };
    if (random.chance(0.04)) return { ...request, method: random.oneOf(methods) };
    return { ...request, method: method.toUpperCase(), ...(body === undefined ? {} : { body }) };
  }

  private pathOf(template: string, parameters: readonly Parameter[]): string {
    const context = template.split('/')[2] ?? '';
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
      const known = template.startsWith('/v1/') && name === 'id' ? `id of ${context}` : name;
      const parameter = parameters.find((one) => one.in === 'path' && one.name === name);
      // What fetch would resolve away is another address.
      return encoded(String(this.value(parameter, known, 0.08))).replace(/^\.{1,2}$/, '...');
    });
    const query = parameters
      .filter((one) => one.in === 'query' && this.random.chance(one.required === true ? 0.95 : 0.35))
      .map((one) => `${one.name}=${encoded(String(this.value(one, one.name, 0.3)))}`);
    return query.length === 0 ? path : `${path}?${query.join('&')}`;
  }

  private headersOf(parameters: readonly Parameter[]): Record<string, string> {
    const chosen = parameters.filter((one) => one.in === 'header' && this.random.chance(one.required === true ? 0.95 : 0.2));
    const fields = chosen.map((one) => [one.name.toLowerCase(), asField(String(this.value(one, one.name, 0.2)))] as const);
    const extra = this.random.chance(0.05) ? [['authorization', `Bearer ${asField(this.values.hostileText())}`] as const] : [];
    return { ...Object.fromEntries([...fields, ...extra]), ...(this.random.chance(0.1) ? this.wire.proxied() : {}) };
  }

  private value(parameter: Parameter | undefined, name: string, hostile: number): unknown {
    return this.random.chance(hostile) ? this.values.hostileText() : this.values.of(parameter?.schema ?? {}, name);
  }

  private bodyOf({ requestBody }: Operation): Pick<FuzzRequest, 'body'> & { readonly mediaType?: string } {
    const { random, values, wire } = this;
    const [declared, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
    if (declared === undefined || content === undefined) return {};
    const mediaType = random.chance(0.03) ? wire.wrongMediaType() : declared;
    if (declared !== 'application/json') return { mediaType, body: values.hostileText() };
    let value = values.of(content.schema);
    for (let wrongs = random.chance(0.45) ? 0 : 1 + random.below(2); wrongs > 0; wrongs -= 1) value = values.mutated(value);
    const text = JSON.stringify(value) ?? 'null';
    return { mediaType, body: random.chance(0.06) ? wire.spoiled(text) : text };
  }
}

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());
/** What fetch lets through as the value of a header field. */
const asField = (text: string): string => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').trim();
