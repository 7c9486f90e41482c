import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Expected, Kept, Outcome, Proposed } from './log.js';

const maxAppendBytes = 1024 * 1024;

export function expectedOf(options: streams.AppendReq.Options): Expected {
  if (options.hasNoStream()) return 'no-stream';
  return options.hasRevision() ? Number(options.getRevision()) : 'any';
}

export const streamOf = (identifier: shared.StreamIdentifier | undefined): string =>
  Buffer.from((identifier as shared.StreamIdentifier).getStreamName_asU8()).toString('utf8');

export function proposedOf(message: streams.AppendReq.ProposedMessage): Proposed {
  return {
    id: (message.getId() as shared.UUID).getString(),
    type: message.getMetadataMap().get('type') as string,
    contentType: message.getMetadataMap().get('content-type') as string,
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export const isTooLarge = (events: readonly Proposed[]): boolean =>
  events.reduce((sum, { data, metadata, type }) => sum + data.length + metadata.length + 2 * type.length, 0) > maxAppendBytes;

export function appendAnswer(outcome: Outcome, expected: Expected): streams.AppendResp {
  const answer = new streams.AppendResp();
  if (outcome.kind === 'wrong-expected-version') return answer.setWrongExpectedVersion(refusal(outcome.current, expected));
  const success = new streams.AppendResp.Success().setCurrentRevision(String(outcome.last.revision));
  // A real server may or may not know the position of a write that it recognised; the harder case is the one to serve.
  if (outcome.kind === 'repeated') return answer.setSuccess(success.setNoPosition(new shared.Empty()));
  const position = new streams.AppendResp.Position()
    .setCommitPosition(String(outcome.last.position))
    .setPreparePosition(String(outcome.last.position));
  return answer.setSuccess(success.setPosition(position));
}

function refusal(current: number | undefined, expected: Expected): streams.AppendResp.WrongExpectedVersion {
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (typeof expected === 'number') wrong.setExpectedRevision(String(expected));
  else wrong.setExpectedNoStream(new shared.Empty());
  if (current === undefined) wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(String(current));
  return wrong;
}

/** An event as a read of $all answers it, or, for `all: false`, as a read of its stream does. */
export function eventAnswer(kept: Kept, from: 'all' | 'stream'): streams.ReadResp {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(kept.id))
    .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(kept.stream, 'utf8')))
    .setStreamRevision(String(kept.revision))
    .setCommitPosition(String(kept.position))
    .setPreparePosition(String(from === 'all' ? kept.position : kept.transaction))
    .setCustomMetadata(kept.metadata)
    .setData(kept.data);
  recorded.getMetadataMap().set('type', kept.type);
  recorded.getMetadataMap().set('content-type', kept.contentType);
  recorded.getMetadataMap().set('created', '17000000000000000');
  const event = new streams.ReadResp.ReadEvent().setEvent(recorded);
  if (from === 'all') event.setCommitPosition(String(kept.position));
  else event.setNoPosition(new shared.Empty());
  return new streams.ReadResp().setEvent(event);
}

export const notFoundAnswer = (identifier: shared.StreamIdentifier | undefined): streams.ReadResp =>
  new streams.ReadResp().setStreamNotFound(new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifier));

export const confirmationAnswer = (id: string): streams.ReadResp =>
  new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(id));

export const caughtUpAnswer = (): streams.ReadResp => new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());

export const checkpointAnswer = (position: bigint): streams.ReadResp =>
  new streams.ReadResp().setCheckpoint(
    new streams.ReadResp.Checkpoint().setCommitPosition(String(position)).setPreparePosition(String(position)),
  );

/** What a subscription's filter lets through. */
export function filterOf(options: streams.ReadReq.Options): (kept: Kept) => boolean {
  const filter = options.getFilter();
  if (filter === undefined) return () => true;
  const expression = (filter.getStreamIdentifier() ?? filter.getEventType()) as streams.ReadReq.Options.FilterOptions.Expression;
  const prefixes = expression.getPrefixList();
  const pattern = new RegExp(expression.getRegex(), 'u');
  return (kept) => {
    const text = filter.hasStreamIdentifier() ? kept.stream : kept.type;
    return prefixes.length > 0 ? prefixes.some((prefix) => text.startsWith(prefix)) : pattern.test(text);
  };
}

/** A refusal as the server words it: a gRPC status, and in the trailers which exception it was. */
export function failure(code: status, details: string, trailers: Readonly<Record<string, string>> = {}): ServiceError {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return Object.assign(new Error(details), { code, details, metadata });
}
