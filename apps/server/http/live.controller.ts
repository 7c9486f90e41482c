import { setMaxListeners } from 'node:events';
import { Controller, Get, Header, Inject, type OnModuleDestroy, Req, Res, type Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RecordedEvent } from '#kernel';
import { casesView, meetingsView } from '#workflow';
import type { Doors } from '../reads/doors.js';
import { standingOf } from '../reads/sight.js';
import { Callers } from './callers.js';
import { Answering, notReady } from './health.js';
import { Shares } from './live.shares.js';
import { type Listener, mayHear, mayHearOfStage, toldOf } from './live.wall.js';
import { DoorRefusal } from './problem.js';

const sliceLimit = 500;
const streamsPerPerson = 16;
const heartbeatMs = 15_000;
/** So long, at the most, somebody still hears after a session, a key or a person has ended. */
const askAgainMs = 3_000;
/** After so many events behind, a reader is told to read its pages again instead. */
const catchUpAtMost = 1_000n;

/** Health, the OpenAPI document, and live updates. */
export function liveController(doors: Doors, document: string): Type {
  const engines = new Answering(doors);
  const open = new OpenStreams();
  const shares = new Shares(doors);
  @Controller()
  class Live implements OnModuleDestroy {
    private readonly ending = new AbortController();

    constructor(@Inject(Callers) private readonly callers: Callers) {
      // One listener for each reader.
      setMaxListeners(0, this.ending.signal);
    }

    /** A server that stops waits for nobody who only listens. */
    onModuleDestroy(): void {
      this.ending.abort();
    }

    /** 503 while the log or the database does not answer: nothing can be done here then. */
    @Get('health')
    async health(): Promise<object> {
      const missing = await engines.missing();
      if (missing.length > 0) throw notReady(missing);
      const stuck = doors.runner.status().flatMap(({ name, state }) => (state === 'stuck' ? [name] : []));
      return { status: 'ok', ...(stuck.length === 0 ? { views: 'following' } : { views: 'stuck', stuck }) };
    }

    @Get('openapi.json')
    @Header('content-type', 'application/json; charset=utf-8')
    openapi(): string {
      return document;
    }

    /**
     * Server-sent events: `changed` with the id of a case, round, meeting, assignment or ranking, `id` the position. Last-Event-ID goes
     * on from there, or, where that is too long ago, says `reset`: read your pages again. `progress` says how much of an assignment is
     * computed.
     */
    @Get('v1/alliances/:alliance/live')
    async live(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
      const signedIn = await this.callers.person(request);
      const { alliance } = request.params as { alliance: string };
      await standingOf(doors, signedIn, alliance);
      const { after, reset } = await startOf(doors, request.headers['last-event-id']);
      const leave = open.enter(signedIn.person);
      try {
        const stream = new LiveStream(reply, this.ending.signal, () => doors.identity.isStill(signedIn));
        if (reset) stream.send('reset', {}, after);
        // Nothing follows the head of a stream.
        if (request.method === 'HEAD') stream.end();
        await tell(doors, { signedIn, alliance }, after, stream, shares);
      } finally {
        leave();
      }
    }
  }

  return Live;
}

/** Every stream costs a reader of the log: a person's open pages, and no more. */
class OpenStreams {
  private readonly perPerson = new Map<string, number>();

  /** Takes one of a person's places. Returns what gives it back. @throws DoorRefusal live.too-many */
  enter(person: string): () => void {
    const before = this.perPerson.get(person) ?? 0;
    if (before >= streamsPerPerson) throw tooMany();
    this.perPerson.set(person, before + 1);
    return () => {
      const left = (this.perPerson.get(person) ?? 1) - 1;
      if (left === 0) this.perPerson.delete(person);
      else this.perPerson.set(person, left);
    };
  }
}

const tooMany = (): DoorRefusal =>
  new DoorRefusal(
    429,
    'live.too-many',
    {
      en: `You follow live updates in ${streamsPerPerson} places already. Close one of those pages; lists can be read without.`,
      zh: `您已在 ${streamsPerPerson} 处接收实时更新，请先关闭其中一个页面；列表仍可照常读取。`,
    },
    { atMost: streamsPerPerson },
    { 'retry-after': '30' },
  );

async function startOf({ store }: Doors, last: unknown): Promise<{ readonly after: bigint; readonly reset: boolean }> {
  const head = await store.head();
  if (last === undefined) return { after: head, reset: false };
  if (typeof last !== 'string' || !/^\d{1,18}$/.test(last)) return { after: head, reset: true };
  const after = BigInt(last);
  return after > head || head - after > catchUpAtMost ? { after: head, reset: true } : { after, reset: false };
}

/** Tells somebody what changes, and how far steps are that take long, as far as they may know of it at that moment. */
async function tell(doors: Doors, listener: Listener, after: bigint, stream: LiveStream, shares: Shares): Promise<void> {
  const stop = shares.listen(({ stream: of, share }) => {
    if (of.startsWith(`assignment-${listener.alliance}.`)) void tellShare(doors, listener, { of, share }, stream);
  });
  try {
    for await (const event of eventsAfter(doors, after, stream.signal)) {
      if (!(await doors.identity.mayAct(listener.signedIn.person))) return;
      if (event.meta.alliance === listener.alliance && (await mayHear(doors, listener, event)))
        stream.send('changed', told(event.stream), event.position);
    }
  } finally {
    stop();
    stream.end();
  }
}

async function tellShare(
  doors: Doors,
  listener: Listener,
  { of, share }: { readonly of: string; readonly share: number },
  stream: LiveStream,
): Promise<void> {
  // Whoever cannot be told now is told the next time.
  if (await mayHearOfStage(doors, listener, of).catch(() => false)) stream.send('progress', { ...told(of), share });
}

const told = (stream: string): Readonly<Record<string, string>> => {
  const dash = stream.indexOf('-');
  return { [stream.slice(0, dash)]: stream.slice(dash + 1) };
};

/** Events that are told of, once the views that pages read have taken them in. */
async function* eventsAfter(doors: Doors, after: bigint, signal: AbortSignal): AsyncGenerator<RecordedEvent> {
  for await (const slice of doors.tail.subscribe(after, {
    limit: sliceLimit,
    categories: toldOf,
    signal,
  })) {
    for (const view of [casesView, meetingsView])
      await doors.runner.read(view, async () => undefined, slice.through).catch(() => undefined);
    // Of what is about all cases together, one line tells as much as a hundred.
    const last = new Map(slice.events.map((event) => [event.stream, event]));
    for (const event of slice.events) {
      if (signal.aborted) return;
      if (event.stream.startsWith('case-') || last.get(event.stream) === event) yield event;
    }
  }
}

/** Bytes that wait for a listener. */
const unreadAtMost = 1_000_000;

class LiveStream {
  private readonly closed = new AbortController();
  private readonly timers: readonly NodeJS.Timeout[];
  readonly signal = this.closed.signal;

  constructor(
    private readonly reply: FastifyReply,
    private readonly ending: AbortSignal,
    isStill: () => Promise<boolean>,
  ) {
    const { raw } = reply.hijack();
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    raw.write('retry: 2000\n\n');
    const ask = (): Promise<void> =>
      isStill().then(
        (still) => (still ? undefined : this.end()),
        () => undefined,
      );
    this.timers = [
      setInterval(() => raw.write(': still here\n\n'), heartbeatMs).unref(),
      setInterval(() => void ask(), askAgainMs).unref(),
    ];
    raw.on('close', this.end);
    // Whoever went away while it was looked up who they are has been heard to go already.
    if (ending.aborted || raw.destroyed) this.end();
    else ending.addEventListener('abort', this.end);
  }

  /** @param position - of the log, for whoever comes back; not of what is passing */
  send(event: string, data: object, position?: bigint): void {
    const id = position === undefined ? '' : `id: ${position}\n`;
    if (this.signal.aborted) return;
    this.reply.raw.write(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    // Whoever does not read comes back and asks for what came after the last that reached them.
    if (this.reply.raw.writableLength > unreadAtMost) this.end();
  }

  readonly end = (): void => {
    for (const timer of this.timers) clearInterval(timer);
    this.ending.removeEventListener('abort', this.end);
    this.closed.abort();
    this.reply.raw.end();
  };
}
