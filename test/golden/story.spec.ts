import { expect, test } from '@jest/globals';
import { CommandHandling, type Context, type DomainError, InMemoryEventStore, type Message, type Receipt } from '#kernel';
import { allContexts } from '../../apps/server/contexts.js';
import { dense, nothingTwice, wholeLog } from '../faults/support/log-facts.js';
import { declaredEvents } from './declared-events.js';
import { story } from './story.js';

/** Sent by the engine alone, and here with what they follow from, in one append, or not at all. */
const unsent = new Set([
  'ranking/LapseTie',
  'assignment/RecordPortion',
  'case/ExpireCheck',
  'case/CountSignatures',
  'case/CompletePanel',
  'case/TakeWay',
  'case/LapseStatement',
]);

type Sent = Parameters<CommandHandling['handle']>;

const shown = ({ stream, revision, position, events }: Receipt): string => [stream, revision, position, ...events].join();

/** Sends every command twice at once, those of the engine too, and keeps what it was answered. */
class Doubling extends CommandHandling {
  static readonly accepted: { readonly sent: Sent; readonly receipt: string; readonly again: () => Promise<Receipt> }[] = [];
  static readonly surprises: string[] = [];

  override async handle(...sent: Sent): Promise<Receipt> {
    const again = (): Promise<Receipt> => super.handle(...sent);
    const outcomes = await Promise.allSettled([again(), again()]);
    const [one, other] = outcomes.map((outcome) =>
      outcome.status === 'fulfilled' ? shown(outcome.value) : (outcome.reason as DomainError).code,
    );
    const [first] = outcomes;
    if (one !== other) Doubling.surprises.push(`${named(sent)}: ${one} and ${other}`);
    if (first?.status !== 'fulfilled') throw first?.reason;
    // What changed nothing is not on record: sent again it is decided anew.
    if (first.value.events.length > 0) Doubling.accepted.push({ sent, receipt: one as string, again });
    return first.value;
  }
}

const named = ([{ name }, id, { type }]: readonly [Context, string, Message, ...unknown[]]): string => `${type} to ${name}-${id}`;

test('every event there is, is told in a story whose every command is sent twice at once and once more later, with one outcome', async () => {
  const store = new InMemoryEventStore();
  await story(store, Doubling);
  const log = await wholeLog(store);
  const told = new Set(log.map(({ type }) => type));
  expect(declaredEvents().filter((type) => !told.has(type))).toEqual([]);
  expect(Doubling.surprises).toEqual([]);
  const late: string[] = [];
  for (const { sent, receipt, again } of Doubling.accepted) {
    const answer = await again().then(shown, (failure: unknown) => String((failure as DomainError).code ?? failure));
    if (answer !== receipt) late.push(`${named(sent)}: ${receipt}, later ${answer}`);
  }
  expect(late).toEqual([]);
  expect(await wholeLog(store)).toHaveLength(log.length);
  // What an appeal or a late conflict opens again, is left and ends again.
  const twice = nothingTwice(log).filter((wrong) => /^I2 (event|command) /.test(wrong));
  expect([...twice, ...dense(log)]).toEqual([]);
  const kinds = new Set(Doubling.accepted.map(({ sent: [{ name }, , { type }] }) => `${name}/${type}`));
  const all = allContexts.flatMap(({ name, shapes }) => Object.keys(shapes).map((type) => `${name}/${type}`));
  expect(all.filter((kind) => !kinds.has(kind) && !unsent.has(kind))).toEqual([]);
}, 120_000);
