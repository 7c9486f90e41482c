import { expect, test } from '@jest/globals';
import {
  CommandHandling,
  context,
  type Decider,
  InMemoryEventStore,
  InMemoryVault,
  type Message,
  States,
  VirtualClock,
} from '#kernel';
import { alliance, caller } from '../../test/support/alliance.js';

type Ask = Message<'Ask', object>;
type Asked = Message<'Asked', { readonly answers: number }>;

/** Each answer makes it ask for one more. */
const insatiable: Decider<Ask, Asked, number> = {
  category: 'question',
  permits: { Ask: 'apply' },
  initialState: 0,
  consults: (_command, _state, { loaded }) => [`question-a.next.${answersIn(loaded)}`],
  decide: (_command, _state, { consulted }) => [{ type: 'Asked', data: { answers: answersIn(isAtHand(consulted)) } }],
  evolve: (asked) => asked + 1,
};

function answersIn(loaded: (stream: string) => boolean): number {
  let answers = 0;
  while (loaded(`question-a.next.${answers}`)) answers += 1;
  return answers;
}

const isAtHand =
  (consulted: (stream: string) => unknown) =>
  (stream: string): boolean => {
    try {
      consulted(stream);
      return true;
    } catch {
      return false;
    }
  };

class Nothing {}

test('a rule that asks for more with each answer is given four, at hand or not', async () => {
  const store = new InMemoryEventStore();
  const states = new States(store);
  for (const decider of [insatiable, ...alliance({})]) states.register(decider as never);
  const handling = new CommandHandling(store, states, new InMemoryVault(), new VirtualClock(Date.parse('2026-03-02T01:00:00Z')));
  const ask = (id: string) =>
    handling.handle(context(insatiable, { Ask: Nothing }), id, { type: 'Ask', data: {} }, caller('person-1'));
  await ask('a.first');
  await ask('a.second');
  const events = [...(await store.read('question-a.first')), ...(await store.read('question-a.second'))];
  expect(events.map(({ data }) => data)).toEqual([{ answers: 4 }, { answers: 4 }]);
});
