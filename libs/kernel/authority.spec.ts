import { expect, test } from '@jest/globals';
import {
  authorise,
  type Caller,
  type CharterInForce,
  CommandHandling,
  context,
  type Decider,
  type EventMeta,
  type Grant,
  InMemoryEventStore,
  InMemoryVault,
  type Message,
  type OrganSeats,
  type Permit,
  type PersonCaller,
  personOf,
  States,
  VirtualClock,
} from '#kernel';
import { caller } from '../../test/support/alliance.js';
import { stateOnly } from '../../test/support/state-only.js';

const now = Date.parse('2026-03-02T01:00:00.000Z');
const school = '4144010558';
const office = `organ-a.deans-office.${school}`;

const charter: CharterInForce = {
  version: 1,
  adoption: 'adoption',
  organs: {
    secretariat: { scope: 'alliance' },
    committee: { scope: 'alliance' },
    council: { scope: 'alliance' },
    province: { scope: 'province' },
    'deans-office': { scope: 'institution' },
  },
  powers: {
    'act-for-members': { organ: 'secretariat' },
    submit: { organ: 'deans-office' },
    recommend: { organ: 'province' },
    'rule-on-objection': { organ: 'committee' },
    'decide-appeal': { organ: 'council' },
    'raise-objection': { organ: 'public' },
    'keep-register': { organ: 'secretariat', operator: true, workflows: ['review'] },
  },
  rules: {},
};

const held = (person: string): OrganSeats => ({
  seats: [
    { person, role: 'member', from: '2020-01-01T00:00:00.000Z', until: '2120-01-01T00:00:00.000Z', granted: `seat-of-${person}` },
  ],
});

const states: Readonly<Record<string, unknown>> = {
  'charter-a': { ...charter, versions: { 1: charter } },
  'organ-a.secretariat': held('person-secretary'),
  'organ-a.committee': held('person-committee'),
  'organ-a.council': held('person-council'),
  'organ-a.province.44': held('person-province'),
  [office]: held('person-dean'),
  [`membership-a.${school}`]: { status: 'member' },
  'membership-a.4144010561': { status: 'suspended' },
};

const granted = async (sender: Caller, permit: Permit): Promise<Grant> =>
  authorise(sender, permit, now, <T>(stream: string) => (states[stream] ?? { seats: [] }) as T);

const secretary = (onBehalfOf: string, more: Partial<PersonCaller> = {}): PersonCaller =>
  caller('person-secretary', { onBehalfOf, ...more });
const submitting = { power: 'submit', scope: school };

test('a seat counts from the instant at which its term begins, and no longer at the one at which it ends', () => {
  const from = '2026-03-01T00:00:00.000Z';
  const until = '2026-04-01T00:00:00.000Z';
  const seats = [{ person: 'person-clerk', role: 'member', from, until, granted: 'seat-of-a-month' }];
  const known: typeof states = { ...states, 'organ-a.committee': { seats } };
  const codeAt = (instant: number): string => {
    try {
      authorise(caller('person-clerk'), { power: 'rule-on-objection' }, instant, <T>(stream: string) => known[stream] as T);
      return 'granted';
    } catch (failure) {
      return (failure as { code: string }).code;
    }
  };
  const instants = [Date.parse(from) - 1, Date.parse(from), Date.parse(until) - 1, Date.parse(until)];
  expect(instants.map(codeAt)).toEqual(['authority.no-seat', 'granted', 'granted', 'authority.no-seat']);
});

test('a secretary acts for an office of a member, and the grant says for which', async () => {
  const grant = await granted(secretary(office), submitting);
  expect(grant).toMatchObject({
    organ: 'deans-office',
    onBehalfOf: office,
    proof: ['adoption', 'adoption', 'seat-of-person-secretary'],
  });
  expect(await granted(caller('person-dean'), submitting)).not.toHaveProperty('onBehalfOf');
});

test.each([
  ['the department of a province', 'organ-a.province.44', { power: 'recommend', scope: '44' }],
  ['the committee', 'organ-a.committee', { power: 'rule-on-objection' }],
  ['the council', 'organ-a.council', { power: 'decide-appeal' }],
  ['the public', 'organ-a.public', { power: 'raise-objection' }],
  ['the secretariat', 'organ-a.secretariat', { power: 'act-for-members' }],
  ['an office of another member than the one concerned', 'organ-a.deans-office.4144010561', submitting],
  ['an office in another alliance', `organ-b.deans-office.${school}`, submitting],
  ['whatever else is written there', 'x', submitting],
])('nobody acts for %s', async (_, onBehalfOf, permit) => {
  await expect(granted(secretary(onBehalfOf), permit)).rejects.toMatchObject({ code: 'authority.not-on-behalf' });
});

test('nobody acts for a member that is not in good standing', async () => {
  const permit = { power: 'submit', scope: '4144010561' };
  const sender = secretary('organ-a.deans-office.4144010561');
  await expect(granted(sender, permit)).rejects.toMatchObject({ code: 'authority.not-a-member' });
});

test('whoever may act for nobody gets one answer, whether or not it was the office concerned that they named', async () => {
  for (const onBehalfOf of [office, 'organ-a.deans-office.4144010561']) {
    await expect(granted(caller('person-reviewer', { onBehalfOf }), submitting)).rejects.toMatchObject({
      code: 'authority.no-seat',
      details: { power: 'act-for-members' },
    });
  }
});

test('a machine key acts for a member only with both powers', async () => {
  const key = (...powers: string[]) => granted(secretary(office, { actor: 'machine-1', powers }), submitting);
  await expect(key('submit')).rejects.toMatchObject({ code: 'authority.key-scope' });
  expect(await key('submit', 'act-for-members')).toMatchObject({ onBehalfOf: office });
});

test('operators, workflows and orders carry out what was given to them, and nobody a power that the charter does not know', async () => {
  const base = { alliance: 'a', commandId: 'command-1' };
  const operator: Caller = { ...base, kind: 'operator' };
  const workflow = (id: string): Caller => ({ ...base, kind: 'engine', workflow: id, proof: ['opened'] });
  const under = { permit: submitting, charter: 1, proof: ['seat-of-person-dean', 'order'] };
  const ordered: Caller = { ...base, kind: 'ordered', actor: 'person-dean', principal: 'person-dean', under };
  const register = { power: 'keep-register' };
  expect(await granted(operator, register)).toMatchObject({ organ: 'secretariat', proof: ['adoption'] });
  expect(await granted(workflow('review'), register)).toMatchObject({ proof: ['adoption', 'opened'] });
  expect(await granted(ordered, submitting)).toMatchObject({ charter: 1, proof: under.proof });
  const refused: readonly (readonly [Caller, Permit, string])[] = [
    [operator, submitting, 'not-for-operators'],
    [workflow('another'), register, 'not-for-workflows'],
    [ordered, register, 'not-ordered'],
    [ordered, { power: 'submit', scope: '4144010561' }, 'not-ordered'],
    [caller('person-secretary'), { power: 'unheard-of' }, 'no-such-power'],
    [operator, { power: 'constructor' }, 'no-such-power'],
  ];
  for (const [sender, permit, why] of refused)
    await expect(granted(sender, permit)).rejects.toMatchObject({ code: `authority.${why}` });
});

type Submit = Message<'Submit', object>;
type Submitted = Message<'Submitted', object>;
const paper: Decider<Submit, Submitted, readonly string[]> = {
  category: 'paper',
  permits: { Submit: () => submitting },
  initialState: [],
  decide: () => [{ type: 'Submitted', data: {} }],
  foldsFacts: true,
  evolve: (by, _, { actor }) => [...by, actor],
};

/** What a log keeps of a command, and by whom a reader of the log finds it done. */
async function recorded(sender: PersonCaller): Promise<{ readonly meta: EventMeta | undefined; readonly by: unknown }> {
  const store = new InMemoryEventStore();
  for (const [stream, data] of Object.entries(states)) {
    const event = { id: stream, stream, revision: 0, type: 'Given', version: 1, data: data as object, meta: untold };
    await store.append({ stream, expectedLength: 0, events: [event] });
  }
  const handling = new CommandHandling(store, statesOf(store), new InMemoryVault(), new VirtualClock(now));
  class Submit {}
  await handling.handle(context(paper, { Submit }), 'a.1', { type: 'Submit', data: {} }, sender);
  const [event] = await store.read('paper-a.1');
  return { meta: event?.meta, by: (await statesOf(store).fresh('paper-a.1')).state };
}

function statesOf(store: InMemoryEventStore): States {
  const own = new States(store);
  for (const category of ['charter', 'organ', 'membership']) own.register(stateOnly(category, undefined));
  own.register(paper as never);
  return own;
}

const untold = {
  alliance: 'a',
  actor: 'test',
  power: 'test',
  charter: 1,
  proof: [],
  command: 'given',
  digest: '',
  correlation: '',
  recordedAt: new Date(now).toISOString(),
};

test('an event names the key, the person whose act it is and the office that they act for, each in its own member', async () => {
  const { meta, by } = await recorded(secretary(office, { actor: 'machine-1' }));
  expect(meta).toMatchObject({ actor: 'machine-1', principal: 'person-secretary', onBehalfOf: office });
  expect(by).toEqual(['person-secretary']);
});

test('what a person does without a key names them once', async () => {
  const { meta, by } = await recorded(caller('person-dean'));
  expect(meta).not.toHaveProperty('principal');
  expect(meta).not.toHaveProperty('onBehalfOf');
  expect(by).toEqual(['person-dean']);
});

test('what was recorded of a key before its person had a member of their own is still their act, and nobody else’s', () => {
  expect(personOf({ actor: 'machine-1', onBehalfOf: 'person-1' })).toBe('person-1');
  expect(personOf({ actor: 'machine-1', onBehalfOf: office })).toBe('machine-1');
  expect(personOf({ actor: 'person-1', onBehalfOf: 'person-2' })).toBe('person-1');
});
