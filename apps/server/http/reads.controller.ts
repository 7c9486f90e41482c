import { Controller, Delete, Get, HttpCode, Inject, Post, Put, Req, Res, type Type } from '@nestjs/common';
import { Type as Schema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Callers } from './callers.js';
import { DoorRefusal, languageOf } from './problem.js';
import type { Asking, ReadRoute } from './read-route.js';

const verbs = { get: Get, put: Put, delete: Delete, post: Post } as const;

/** One controller for all read routes. */
export function readsController(routes: readonly ReadRoute[]): Type {
  class Reads {
    constructor(@Inject(Callers) readonly callers: Callers) {}

    async answer(route: ReadRoute, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
      const signedIn = route.open === true ? await this.callers.signedIn(request) : await this.callers.person(request);
      const asking: Asking<unknown> = {
        params: request.params as Record<string, string>,
        query: queryOf(route, request.query),
        signedIn,
        language: languageOf(request.headers['accept-language']),
        atLeast: positionOf(request.headers['entente-after']),
        request,
        reply,
      };
      void reply.header('cache-control', 'no-store').header('vary', 'accept-language, cookie, authorization');
      const found = await route.handle(asking as Asking<never>);
      return route.mediaType === undefined ? Value.Clean(route.answer, found) : found;
    }
  }
  for (const route of routes) addRoute(Reads, route);
  Reflect.decorate([Controller()], Reads);
  Reflect.defineMetadata('design:paramtypes', [Callers], Reads);
  return Reads;
}

interface Answering {
  answer(route: ReadRoute, request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
}

function addRoute({ prototype }: { prototype: object }, route: ReadRoute): void {
  const name = route.operationId;
  const method = function (this: Answering, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    return this.answer(route, request, reply);
  };
  Object.defineProperty(prototype, name, { value: method, writable: true, configurable: true });
  Reflect.defineMetadata('design:paramtypes', [Object, Object], prototype, name);
  Req()(prototype, name, 0);
  Res({ passthrough: true })(prototype, name, 1);
  const path = route.path.replace(/^\//, '').replace(/\{(\w+)\}/g, ':$1');
  const described = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
  HttpCode(200)(prototype, name, described);
  verbs[route.method ?? 'get'](path)(prototype, name, described);
}

/** Query values arrive as text; they are turned into what the schema says, and refused where that cannot be. */
function queryOf({ query: schema = noQuery }: ReadRoute, given: unknown): unknown {
  const asked = { ...(given as Readonly<Record<string, unknown>>) };
  const known = Object.keys(schema.properties);
  const unknown = Object.keys(asked).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw unknownQuery(unknown, known);
  const notNumbers = known.filter((name) => schema.properties[name]?.['type'] === 'integer' && !isDecimal(asked[name]));
  const read = Value.Default(schema, Value.Convert(schema, asked));
  const [wrong] = [...notNumbers, ...[...Value.Errors(schema, read)].map(({ path }) => path.slice(1))];
  if (wrong === undefined) return read;
  throw new DoorRefusal(400, 'request.query', {
    en: `The query parameter ${wrong} is not as /openapi.json describes it.`,
    zh: `查询参数 ${wrong} 与 /openapi.json 的说明不符。`,
  });
}

const noQuery = Schema.Object({});

/** What is turned into a number is written as one: `1e9` would be read as 1. */
const isDecimal = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && /^(0|-?[1-9]\d{0,14})$/.test(value));

/** A filter with a typing error would otherwise be no filter at all. */
function unknownQuery(unknown: readonly string[], known: readonly string[]): DoorRefusal {
  const named = unknown.map((name) => name.slice(0, 60)).slice(0, 5);
  return new DoorRefusal(
    400,
    'request.query-unknown',
    {
      en: `There is no query parameter ${named.join(', ')} here. ${known.length === 0 ? 'This address takes none.' : `There are: ${known.join(', ')}.`}`,
      zh: `此处没有查询参数 ${named.join('、')}。${known.length === 0 ? '该地址不接受查询参数。' : `可用：${known.join('、')}。`}`,
    },
    { known },
  );
}

function positionOf(header: string | readonly string[] | undefined): bigint | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^\d{1,18}$/.test(header)) return BigInt(header);
  throw new DoorRefusal(400, 'request.malformed', {
    en: 'Entente-After must be the position of a receipt.',
    zh: 'Entente-After 须为回执中的位置。',
  });
}
