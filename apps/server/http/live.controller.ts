import { Controller, Get, Header, Inject, Req, Res, type Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RecordedEvent } from '#kernel';
import { adopted, type CaseState, casesView, mayKnow } from '#workflow';
import type { Doors } from '../reads/doors.js';
import { standingOf, viewerOf } from '../reads/sight.js';
import { Callers } from './callers.js';

const sliceLimit = 500;
const heartbeatMs = 15_000;
/** After so many events behind, a reader is told to read its pages again instead. */
const catchUpAtMost = 1_000n;

/** Health, the OpenAPI document, and live updates. */
export function liveController(doors: Doors, document: string): Type {
  @Controller()
  class Live {
    constructor(@Inject(Callers) private readonly callers: Callers) {}

    @Get('health')
    health(): object {
      const stuck = doors.runner.status().filter(({ state }) => state === 'stuck');
      return { status: 'ok', views: stuck.length === 0 ? 'following' : 'stuck' };
    }

    @Get('openapi.json')
    @Header('content-type', 'application/json; charset=utf-8')
    openapi(): string {
      return document;
    }

    /** Server-sent events: `changed` with the id of a case or round, `id` the position. Last-Event-ID goes on from there. */
    @Get('v1/alliances/:alliance/live')
    async live(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
      const signedIn = await this.callers.person(request);
      const alliance = (request.params as { alliance: string }).alliance;
      await standingOf(doors, signedIn, alliance);
      const stream = new LiveStream(reply);
      for await (const event of eventsAfter(doors, await startOf(request), stream.signal)) {
        // Asked anew each time: a seat or a session that has ended hears nothing more.
        if ((await this.callers.signedIn(request))?.person !== signedIn.person) break;
        if (event.meta.alliance === alliance && (await visibleTo(event))) stream.send(event);
      }
      stream.end();

      async function visibleTo(event: RecordedEvent): Promise<boolean> {
        if (!event.stream.startsWith('case-')) return true;
        const { state } = await doors.states.fresh<CaseState>(event.stream);
        if (state.status === 'none') return false;
        const definition = await adopted(doors.states, alliance, state.definition);
        return mayKnow(definition, state, viewerOf(await standingOf(doors, signedIn, alliance)));
      }
    }
  }

  async function startOf(request: FastifyRequest): Promise<bigint> {
    const head = await doors.store.head();
    const last = request.headers['last-event-id'];
    if (typeof last !== 'string' || !/^\d{1,18}$/.test(last)) return head;
    return head - BigInt(last) > catchUpAtMost ? head : BigInt(last);
  }

  return Live;
}

/** Events of cases and rounds, once the views that pages read have taken them in. */
async function* eventsAfter(doors: Doors, after: bigint, signal: AbortSignal): AsyncGenerator<RecordedEvent> {
  for await (const slice of doors.store.subscribe(after, { limit: sliceLimit, categories: ['case', 'round'], signal })) {
    await doors.runner.read(casesView, async () => undefined, slice.through).catch(() => undefined);
    yield* slice.events;
  }
}

class LiveStream {
  private readonly closed = new AbortController();
  private readonly heartbeat: NodeJS.Timeout;
  readonly signal = this.closed.signal;

  constructor(private readonly reply: FastifyReply) {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    reply.raw.write('retry: 2000\n\n');
    this.heartbeat = setInterval(() => reply.raw.write(': still here\n\n'), heartbeatMs).unref();
    reply.raw.on('close', () => this.end());
  }

  send({ position, stream }: RecordedEvent): void {
    const [category] = stream.split('-', 1) as [string];
    this.reply.raw.write(
      `id: ${position}\nevent: changed\ndata: ${JSON.stringify({ [category]: stream.slice(category.length + 1) })}\n\n`,
    );
  }

  end(): void {
    clearInterval(this.heartbeat);
    this.closed.abort();
    this.reply.raw.end();
  }
}
