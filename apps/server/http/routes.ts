import type { FastifyInstance } from 'fastify';

export interface Route {
  readonly method: string;
  /** As it was registered: `/v1/cases/:case`. */
  readonly url: string;
}

/** What this server answers to, heard from Fastify itself. */
export class RouteTable {
  readonly routes: Route[] = [];
  private readonly patterns = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();

  /** Hears of every route that is registered from now on. */
  hear(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) this.add({ method: one, url });
    });
  }

  /** The methods that an address takes; none for one that is nowhere. */
  methodsAt(path: string): readonly string[] {
    return [...this.patterns.values()].flatMap(({ pattern, methods }) => (pattern.test(path) ? [...methods] : []));
  }

  private add(route: Route): void {
    if (route.url.includes('*')) return;
    this.routes.push(route);
    const known = this.patterns.get(route.url) ?? { pattern: patternOf(route.url), methods: new Set() };
    known.methods.add(route.method);
    this.patterns.set(route.url, known);
  }
}

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`);
