import { derivedUuid, type Envelope, uuidv7 } from '#kernel';

/** Envelopes of one command for a test stream, from revision `from` on. */
export function envelopes(stream: string, from: number, count: number, commandId = uuidv7(Date.now())): readonly Envelope[] {
  return Array.from({ length: count }, (_, index) => ({
    id: derivedUuid(commandId, String(index)),
    stream,
    revision: from + index,
    type: 'Happened',
    version: 1,
    data: { n: from + index },
    meta: {
      alliance: 'a',
      actor: 'person-1',
      power: 'test',
      charter: 1,
      proof: [],
      command: commandId,
      digest: 'd',
      correlation: commandId,
      recordedAt: '2026-03-01T00:00:00.000Z',
    },
  }));
}
