import { expect, test } from '@jest/globals';
import { CommandHandling, DomainError, InMemoryEventStore, InMemoryVault, States, VirtualClock } from '#kernel';
import { allContexts } from './contexts.js';

const alliance = 'a';
const clock = new VirtualClock(Date.parse('2026-04-20T01:00:00Z'));
/** The code of the refusal that a command meets with at an address, sent by the operator, whom no power holds up. */
async function refusalAt(context: (typeof allContexts)[number], id: string, type: string): Promise<string> {
  const store = new InMemoryEventStore();
  const states = new States(store);
  for (const { decider } of allContexts) states.register(decider);
  const handling = new CommandHandling(store, states, new InMemoryVault(), clock);
  const sent = handling.handle(context, id, { type, data: {} }, { kind: 'operator', alliance, commandId: 'one' });
  const refusal = await sent.then(
    () => 'accepted',
    (failure: unknown) => (failure instanceof DomainError ? failure.code : String(failure)),
  );
  return (await store.head()) === 0n ? refusal : 'recorded';
}

/** An address with parts that no stream of a kind has: none, a nameless one, too few, too many. */
function strayAddresses({ decider: { parts, shared } }: (typeof allContexts)[number]): readonly string[] {
  const [least, most] = typeof parts === 'number' ? [parts, parts] : (parts ?? [NaN, NaN]);
  const of = (count: number): string => [alliance, ...Array.from({ length: count - 1 }, () => 'x')].join('.');
  return [
    `${of(least)}.`,
    `.${of(least)}`,
    ...(least > 1 ? [of(least - 1), of(least).replace('.x', '.')] : []),
    ...(most < Infinity ? [of(most + 1)] : []),
    ...(shared === true ? [] : [of(least).replace('a', 'b')]),
  ];
}

test.each(allContexts.map((context) => ({ name: context.name, context })))(
  'a command to an address that no $name has, finds nothing there',
  async ({ name, context }) => {
    for (const id of strayAddresses(context))
      for (const type of Object.keys(context.shapes))
        expect([id, type, await refusalAt(context, id, type)]).toEqual([id, type, `${name}.not-found`]);
  },
);

test('nobody applies where the appeal of another case will stand', async () => {
  const applying = allContexts.find(({ name }) => name === 'case') as (typeof allContexts)[number];
  expect(await refusalAt(applying, 'a.round.course.appeal.1', 'SubmitApplication')).toBe('case.not-found');
});
