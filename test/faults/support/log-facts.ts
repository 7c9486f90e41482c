import { derivedUuid, type EventStore, isSealed, type RecordedEvent, type Sealed } from '#kernel';

/** Everything in the log, in its one order. */
export async function wholeLog(store: EventStore): Promise<readonly RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for (let after = 0n; ;) {
    const { events, through } = await store.readAll(after, { limit: 5_000 });
    if (through === after) return all;
    all.push(...events);
    after = through;
  }
}

export function grouped<T>(items: Iterable<T>, keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

const doubled = (names: readonly string[]): readonly string[] =>
  [...grouped(names, (name) => name)].flatMap(([name, all]) => (all.length > 1 ? [`${name} (${all.length} times)`] : []));

/** I2: no event twice, no command twice, and of what can happen only once, nothing twice. */
export function nothingTwice(log: readonly RecordedEvent[]): readonly string[] {
  const commands = grouped(log, ({ meta }) => meta.command);
  return [
    ...doubled(log.map(({ id }) => id)).map((id) => `I2 event ${id}`),
    ...[...commands].flatMap(([command, events]) =>
      isOneAppend(command, events) ? [] : [`I2 command ${command}: ${told(events)}`],
    ),
    ...doubled(log.flatMap((event) => onceOf(event) ?? [])).map((fact) => `I2 ${fact}`),
  ];
}

/** The events of one command stand side by side, under the ids that follow from its own. */
function isOneAppend(command: string, events: readonly RecordedEvent[]): boolean {
  const [first] = events as [RecordedEvent];
  return events.every(
    ({ id, stream, revision, position }, index) =>
      id === derivedUuid(command, String(index)) &&
      stream === first.stream &&
      revision === first.revision + index &&
      position === first.position + BigInt(index),
  );
}

const told = (events: readonly RecordedEvent[]): string =>
  events.map(({ type, stream, revision }) => `${type} in ${stream} at ${revision}`).join(', ');

type Told = Readonly<Record<string, string | number>>;

/** A name for what can happen only once, whoever asks for it how often. */
function onceOf({ stream, type, data }: RecordedEvent): string | undefined {
  const { stage, visit, sitting, person, assignment } = data as Told;
  const there = `${type} in ${stream}`;
  switch (type) {
    case 'RoundOpened':
    case 'RoundClosed':
    case 'CaseOpened':
    case 'CaseEnded':
    case 'CourseRegistered':
    case 'RecognitionGranted':
      return there;
    case 'StageEntered':
    case 'StageLeft':
      return `${there}: ${stage} ${visit}`;
    case 'BallotOpened':
      return `${there}: ${stage} ${visit} ${sitting}`;
    case 'VoteCast':
      return `${there}: ${stage} ${visit} ${sitting} ${person}`;
    case 'ReviewSubmitted':
    case 'ReviewerReminded':
    case 'ReviewEscalated':
    case 'ReviewerReplaced':
      return `${there}: ${assignment}`;
    default:
      return undefined;
  }
}

/** I3: revisions of each stream, and positions of all, without a gap. */
export function dense(log: readonly RecordedEvent[]): readonly string[] {
  const positions = log.flatMap(({ position }, index) =>
    position === BigInt(index + 1) ? [] : [`I3 position ${position} is number ${index + 1}`],
  );
  const revisions = [...grouped(log, ({ stream }) => stream)].flatMap(([stream, events]) =>
    events.flatMap(({ revision }, index) =>
      revision === index ? [] : [`I3 ${stream}: revision ${revision} is number ${index}`],
    ),
  );
  return [...positions.slice(0, 5), ...revisions.slice(0, 5)];
}

/** What people wrote: its digests, and whose it is. */
export function sealedIn(value: unknown): readonly Sealed[] {
  if (isSealed(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(sealedIn);
}
