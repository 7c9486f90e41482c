import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerReadableStream,
  type ServerWritableStream,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { DoubleLog, type Expected, type Kept, type Proposed } from './log.js';
import {
  appendAnswer,
  caughtUpAnswer,
  checkpointAnswer,
  confirmationAnswer,
  eventAnswer,
  expectedOf,
  failure,
  filterOf,
  isTooLarge,
  notFoundAnswer,
  proposedOf,
  streamOf,
} from './wire.js';

/** What befalls a call: refused before anything was done, never answered, or (an append) done and the connection lost. */
export type Fault = 'unavailable' | 'not-leader' | 'cancelled' | 'silent' | 'silent-after-commit' | 'dropped-after-commit';

type AppendCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>;
type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

/**
 * A server that speaks EventStoreDB's wire protocol, built on the definitions that the client itself ships.
 *
 * Appends, reads and subscriptions are served as a single node does; the batch append is not offered.
 */
export class EventStoreDbDouble {
  readonly log = new DoubleLog();
  /** Names of the calls that arrived, in order. */
  readonly calls: string[] = [];
  private readonly server = new Server();
  private readonly faults: { call: 'append' | 'read'; fault: Fault }[] = [];
  private port = 0;

  static async start(): Promise<EventStoreDbDouble> {
    const double = new EventStoreDbDouble();
    await double.listen();
    return double;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** The next call of that kind fares so; called several times, the next ones do in turn. */
  next(call: 'append' | 'read', fault: Fault): void {
    this.faults.push({ call, fault });
  }

  /** Cuts every connection; new ones are taken. */
  dropConnections(): void {
    this.server.drain(`127.0.0.1:${this.port}`, 0);
  }

  stop(): void {
    this.server.forceShutdown();
  }

  private async listen(): Promise<void> {
    this.server.addService(streamsService.StreamsService, {
      append: (call: AppendCall, answer: sendUnaryData<streams.AppendResp>) => this.append(call, answer),
      read: (call: ReadCall) => void this.read(call),
    });
    this.server.addService(featuresService.ServerFeaturesService, {
      getSupportedMethods: (_: unknown, answer: sendUnaryData<features.SupportedMethods>) =>
        answer(null, new features.SupportedMethods().setEventStoreServerVersion('24.10.0')),
    });
    this.port = await new Promise<number>((resolve, reject) => {
      this.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
  }

  private faultOf(call: 'append' | 'read'): Fault | undefined {
    this.calls.push(call);
    const index = this.faults.findIndex((fault) => fault.call === call);
    return index === -1 ? undefined : this.faults.splice(index, 1)[0]?.fault;
  }

  private refusalOf(fault: Fault | undefined): ServiceError | undefined {
    if (fault === 'unavailable') return failure(status.UNAVAILABLE, 'Server Is Too Busy');
    if (fault === 'cancelled') return failure(status.CANCELLED, 'Cancelled by the server');
    if (fault !== 'not-leader') return undefined;
    const leader = { 'leader-endpoint-host': '127.0.0.1', 'leader-endpoint-port': String(this.port) };
    return failure(status.NOT_FOUND, 'Leader info available', { exception: 'not-leader', ...leader });
  }

  private append(call: AppendCall, answer: sendUnaryData<streams.AppendResp>): void {
    const fault = this.faultOf('append');
    let options: streams.AppendReq.Options | undefined;
    const events: Proposed[] = [];
    call.on('error', () => undefined);
    call.on('data', (request: streams.AppendReq) => {
      if (request.hasOptions()) options = request.getOptions();
      else events.push(proposedOf(request.getProposedMessage() as streams.AppendReq.ProposedMessage));
    });
    call.on('end', () => {
      const refused = this.refusalOf(fault) ?? tooLarge(events);
      if (refused !== undefined) answer(refused);
      else if (fault !== 'silent') this.commit(options as streams.AppendReq.Options, events, answer, fault);
    });
  }

  private commit(
    options: streams.AppendReq.Options,
    events: readonly Proposed[],
    answer: sendUnaryData<streams.AppendResp>,
    fault: Fault | undefined,
  ): void {
    const expected: Expected = expectedOf(options);
    const outcome = this.log.append(streamOf(options.getStreamIdentifier()), expected, events);
    if (fault === 'dropped-after-commit') this.dropConnections();
    else if (fault !== 'silent-after-commit') answer(null, appendAnswer(outcome, expected));
  }

  private async read(call: ReadCall): Promise<void> {
    const fault = this.faultOf('read');
    const refused = this.refusalOf(fault);
    call.on('error', () => undefined);
    if (refused !== undefined) call.emit('error', refused);
    else if (fault !== 'silent') await this.serve(call, call.request.getOptions() as streams.ReadReq.Options);
  }

  private async serve(call: ReadCall, options: streams.ReadReq.Options): Promise<void> {
    if (options.hasSubscription()) return this.subscription(call, options);
    if (options.hasStream()) await this.streamRead(call, options);
    else await this.allRead(call, options);
    call.end();
  }

  private async streamRead(call: ReadCall, options: streams.ReadReq.Options): Promise<void> {
    const wanted = options.getStream() as streams.ReadReq.Options.StreamOptions;
    const identifier: shared.StreamIdentifier | undefined = wanted.getStreamIdentifier();
    const own = this.log.stream(streamOf(identifier));
    if (own === undefined) return send(call, notFoundAnswer(identifier));
    const backwards = options.getReadDirection() === 1;
    const start = wanted.hasEnd() ? own.length - 1 : wanted.hasRevision() ? Number(wanted.getRevision()) : 0;
    await sendAll(call, walk(own, start, backwards), Number(options.getCount()), 'stream');
  }

  private async allRead(call: ReadCall, options: streams.ReadReq.Options): Promise<void> {
    const wanted = options.getAll() as streams.ReadReq.Options.AllOptions;
    const backwards = options.getReadDirection() === 1;
    const start = wanted.hasEnd() ? this.log.records.length - 1 : this.indexOf(wanted);
    if (start === undefined) call.emit('error', failure(status.UNKNOWN, 'Invalid position'));
    else await sendAll(call, walk(this.log.records, start, backwards), Number(options.getCount()), 'all');
  }

  /** Where the record at that position stands; only positions that the server gave are any good. */
  private indexOf(wanted: streams.ReadReq.Options.AllOptions): number | undefined {
    const position = wanted.getPosition();
    if (position === undefined) return 0;
    const commit = BigInt(position.getCommitPosition());
    const { records } = this.log;
    let low = 0;
    for (let high = records.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((records[middle] as Kept).position < commit) low = middle + 1;
      else high = middle;
    }
    return records[low]?.position === commit && position.getPreparePosition() === position.getCommitPosition() ? low : undefined;
  }

  private async subscription(call: ReadCall, options: streams.ReadReq.Options): Promise<void> {
    const wanted = options.getAll() as streams.ReadReq.Options.AllOptions;
    const start = wanted.hasEnd() ? this.log.records.length : this.indexOf(wanted);
    if (start === undefined) return void call.emit('error', failure(status.UNKNOWN, 'Invalid position'));
    let wake = (): void => undefined;
    const stopListening = this.log.onAppend(() => wake());
    call.on('cancelled', () => wake());
    await send(call, confirmationAnswer(randomUUID()));
    let index = wanted.hasPosition() ? start + 1 : start;
    const matches = filterOf(options);
    const interval = (options.getFilter()?.getMax() || 32) * (options.getFilter()?.getCheckpointintervalmultiplier() || 1);
    for (let considered = 0; !call.cancelled;) {
      const kept = this.log.records[index];
      if (kept === undefined) {
        await send(call, caughtUpAnswer());
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (this.log.records.length > index || call.cancelled) resolve();
        });
        continue;
      }
      index += 1;
      considered += 1;
      if (matches(kept)) await send(call, eventAnswer(kept, 'all'));
      if (options.hasFilter() && considered % interval === 0) await send(call, checkpointAnswer(kept.position));
    }
    stopListening();
  }
}

const tooLarge = (events: readonly Proposed[]): ServiceError | undefined =>
  isTooLarge(events)
    ? failure(status.INVALID_ARGUMENT, 'Maximum Append Size of 1048576 Exceeded.', {
        exception: 'maximum-append-size-exceeded',
        'maximum-append-size': '1048576',
      })
    : undefined;

function* walk(records: readonly Kept[], start: number, backwards: boolean): Generator<Kept> {
  const step = backwards ? -1 : 1;
  const end = backwards ? -1 : records.length;
  for (let index = Math.min(start, records.length - (backwards ? 1 : 0)); index !== end; index += step)
    yield records[index] as Kept;
}

async function sendAll(call: ReadCall, records: Iterable<Kept>, count: number, from: 'all' | 'stream'): Promise<void> {
  let sent = 0;
  for (const kept of records) {
    if (sent === count || call.cancelled) return;
    await send(call, eventAnswer(kept, from));
    sent += 1;
  }
}

async function send(call: ReadCall, answer: streams.ReadResp): Promise<void> {
  if (call.cancelled || call.write(answer)) return;
  const gone = new AbortController();
  const signal = gone.signal;
  await Promise.race([once(call, 'drain', { signal }), once(call, 'cancelled', { signal })]).catch(() => undefined);
  gone.abort();
}
