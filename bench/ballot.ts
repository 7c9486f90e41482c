import {
  type Caller,
  type CharterHistory,
  CommandHandling,
  type Context,
  context,
  type Decider,
  derivedUuid,
  DomainError,
  type Envelope,
  type EventStore,
  InMemoryVault,
  type Message,
  type OrganSeats,
  States,
  SystemClock,
  uuidv7,
} from '#kernel';

/** The domain of the figures: members vote; a vote is about 190 bytes of JSON, or a kilobyte. */
export interface Vote {
  readonly ballot: string;
  readonly member: string;
  readonly choice: 'for' | 'against';
  readonly weight: number;
  readonly reason: string;
}

export interface Tally {
  readonly votes: number;
  readonly weightFor: number;
}

export const sizes = { '190 B': 190, '1 kB': 1000 } as const;
export type Size = keyof typeof sizes;

const reasons = new Map(Object.values(sizes).map((bytes) => [bytes, 'because it is so '.repeat(60).slice(0, bytes - 96)]));

export const voteOf = (index: number, size: Size): Vote => ({
  ballot: `ballot-${index % 97}`,
  member: `member-${index}`,
  choice: index % 3 === 0 ? 'against' : 'for',
  weight: 1 + (index % 5),
  reason: reasons.get(sizes[size]) as string,
});

export const nobodyVoted: Tally = { votes: 0, weightFor: 0 };

export const counted = (tally: Tally, vote: Vote): Tally => ({
  votes: tally.votes + 1,
  weightFor: tally.weightFor + (vote.choice === 'for' ? vote.weight : 0),
});

type VoteCast = Message<'VoteCast', Vote>;

export const ballot: Decider<Message<'CastVote', Vote>, VoteCast, Tally> = {
  category: 'ballot',
  permits: { CastVote: 'cast-vote' },
  initialState: nobodyVoted,
  decide: ({ data }, { votes }) => {
    if (votes >= 1_000_000) throw new DomainError('ballot.full', { en: 'The ballot is full.', zh: '投票已满。' });
    return [{ type: 'VoteCast', data }];
  },
  evolve: (tally, { data }) => counted(tally, data),
};

/** The same, of which each vote also says when it was cast. */
export const datedBallot: Decider<Message<'CastVote', Vote>, VoteCast, Tally & { readonly latest?: string }> = {
  ...ballot,
  foldsFacts: true,
  evolve: (tally, { data }, { recordedAt }) => ({ ...counted(tally, data), latest: recordedAt }),
};

const assembly = { organ: 'assembly' };
const adoption = uuidv7(0);
const charter: Decider<
  never,
  Message<'CharterAdopted', object>,
  Pick<CharterHistory, 'version' | 'adoption' | 'organs' | 'powers' | 'rules'>
> = {
  category: 'charter',
  permits: {},
  initialState: { version: 0, adoption, organs: {}, powers: {}, rules: {} },
  decide: () => [],
  evolve: () => ({
    version: 1,
    adoption,
    organs: { assembly: { scope: 'alliance' } },
    powers: { 'cast-vote': assembly },
    rules: {},
  }),
};

const organ: Decider<never, Message<'SeatFilled', object>, OrganSeats> = {
  category: 'organ',
  permits: {},
  initialState: { seats: [] },
  decide: () => [],
  foldsFacts: true,
  evolve: (_, __, { id }) => ({
    seats: [{ person: 'person-1', role: 'member', from: '2020-01-01T00:00:00Z', until: '2120-01-01T00:00:00Z', granted: id }],
  }),
};

class CastVote {}
const ballots: Context = context(ballot, { CastVote });

const envelope = (stream: string, revision: number, type: string, data: unknown): Envelope => {
  const command = uuidv7(Date.now());
  return {
    id: derivedUuid(command, '0'),
    stream,
    revision,
    type,
    version: 1,
    data,
    meta: {
      alliance: 'a',
      actor: 'person-1',
      power: 'cast-vote',
      charter: 1,
      proof: [adoption, adoption],
      command,
      digest: 'x'.repeat(43),
      correlation: command,
      recordedAt: new Date().toISOString(),
    },
  };
};

/** Votes of a stream, as they stand in the log. */
export const votes = (stream: string, count: number, size: Size): readonly Envelope[] =>
  Array.from({ length: count }, (_, revision) => envelope(stream, revision, 'VoteCast', voteOf(revision, size)));

/** Gives the alliance a charter and a member a seat, so that votes are cast under a power. */
export async function found(store: EventStore): Promise<void> {
  for (const [stream, type] of [
    ['charter-a', 'CharterAdopted'],
    ['organ-a.assembly', 'SeatFilled'],
  ] as const)
    await store.append({ stream, expectedLength: 0, events: [envelope(stream, 0, type, {})] });
}

/** The real command path, from identity to receipt, for a member with a seat. */
export function votingAt(store: EventStore, capacity = 20_000): (id: string, vote: Vote) => Promise<unknown> {
  const states = new States(store, capacity);
  for (const decider of [ballot, charter, organ]) states.register(decider);
  const commands = new CommandHandling(store, states, new InMemoryVault(), new SystemClock());
  return (id, data) => {
    const caller: Caller = {
      kind: 'person',
      alliance: 'a',
      commandId: uuidv7(Date.now()),
      actor: 'person-1',
      principal: 'person-1',
    };
    return commands.handle(ballots, `a.${id}`, { type: 'CastVote', data }, caller);
  };
}
