import { envelopeOf, type EventStore, evolved, isDay, isInstant, recordedBy, type RecordedEvent, type States } from '#kernel';
import { type Command, Failure, type Options, textOption, UsageError } from './command.js';
import { withInstallation } from './installation.js';

export const replayCommand: Command = {
  words: ['replay'],
  parameters: 'STREAM [--as-of DATE | --position N]',
  about: {
    en: 'Shows what a stream or case was on a date or at a position of the log, and the events that made it, as JSON. A date without a time is the end of that day in China.',
    zh: '以 JSON 显示某个流或案卷在某日或日志某位置的状态及其由来事件。只写日期时，指中国时间当日结束。',
  },
  options: { 'as-of': { type: 'string' }, position: { type: 'string' } },
  takes: [1, 1],

  async run([stream = ''], options, console) {
    const limit = limitOf(options);
    const replayed = await withInstallation(console, ({ store, states }) => replay(store, states, stream, limit));
    console.say(JSON.stringify(replayed, undefined, 2));
    return 0;
  },
};

/** Events up to and including an instant (ms since 1970 UTC) or a position. */
export type Limit = { readonly until: number } | { readonly position: bigint } | undefined;

/** A stream's state as of a limit, folded from its events alone. @throws Failure where there is nothing by then */
export async function replay(store: EventStore, states: States, stream: string, limit: Limit): Promise<object> {
  if (!/^[a-z]+-./.test(stream)) throw unknownStream(stream);
  const decider = deciderOf(states, stream);
  const events = within(await store.read(stream), limit);
  const last = events.at(-1);
  if (last === undefined) throw unknownStream(stream);
  const state = events.reduce((before: unknown, event) => evolved(decider, before, event), decider.initialState);
  return {
    stream,
    revision: last.revision,
    position: String(last.position),
    asOf: last.meta.recordedAt,
    state,
    events: events.map((event) => ({ position: String(event.position), ...envelopeOf(event) })),
  };
}

function deciderOf(states: States, stream: string) {
  try {
    return states.deciderOf(stream);
  } catch {
    throw unknownStream(stream);
  }
}

function within(events: readonly RecordedEvent[], limit: Limit): readonly RecordedEvent[] {
  if (limit === undefined) return events;
  return 'position' in limit ? events.filter(({ position }) => position <= limit.position) : recordedBy(events, limit.until);
}

const unknownStream = (stream: string): Failure =>
  new Failure({
    en: `There is nothing in the stream "${stream}" by then. Streams are named like charter-gdmooc or case-gdmooc.ROUND.COURSE.`,
    zh: `流“${stream}”在该时点没有任何事件。流的名称形如 charter-gdmooc 或 case-gdmooc.轮次.课程。`,
  });

function limitOf(options: Options): Limit {
  const [asOf, position] = [textOption(options, 'as-of'), textOption(options, 'position')];
  if (asOf !== undefined && position !== undefined) {
    throw new UsageError({ en: 'Give --as-of or --position, not both.', zh: '--as-of 与 --position 只能二选一。' });
  }
  if (position !== undefined) {
    if (/^\d{1,18}$/.test(position)) return { position: BigInt(position) };
    throw new UsageError({ en: '--position takes a whole number.', zh: '--position 应为整数。' });
  }
  return asOf === undefined ? undefined : { until: instantOf(asOf) };
}

function instantOf(text: string): number {
  const instant = isDay(text) ? `${text}T23:59:59.999+08:00` : text;
  if (isInstant(instant)) return Date.parse(instant);
  throw new UsageError({
    en: `--as-of takes a date like 2026-03-02 or an instant with its zone like 2026-03-02T09:00:00+08:00, not "${text}".`,
    zh: `--as-of 应为 2026-03-02 这样的日期，或 2026-03-02T09:00:00+08:00 这样带时区的时刻，不能是“${text}”。`,
  });
}
