import { Controller, Delete, Get, HttpCode, Inject, Post, Put, Req, Res, type Type } from '@nestjs/common';
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
function queryOf(route: ReadRoute, query: unknown): unknown {
  if (route.query === undefined) return {};
  const known = Value.Default(route.query, Value.Convert(route.query, Value.Clean(route.query, { ...(query as object) })));
  const wrong = Value.Errors(route.query, known).First();
  if (wrong === undefined) return known;
  throw new DoorRefusal(400, 'request.query', {
    en: `The query parameter ${wrong.path.slice(1)} is not as /openapi.json describes it: ${wrong.message}.`,
    zh: `查询参数 ${wrong.path.slice(1)} 与 /openapi.json 的说明不符。`,
  });
}

function positionOf(header: string | readonly string[] | undefined): bigint | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^\d{1,18}$/.test(header)) return BigInt(header);
  throw new DoorRefusal(400, 'request.malformed', {
    en: 'Entente-After must be the position of a receipt.',
    zh: 'Entente-After 须为回执中的位置。',
  });
}
