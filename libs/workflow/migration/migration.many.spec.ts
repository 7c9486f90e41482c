import { expect, test } from '@jest/globals';
import { CommandHandling, derivedUuid, DomainError, type Envelope, InMemoryVault } from '#kernel';
import type { CaseState, Definition, Stage } from '#workflow';
import { anyReview, text } from '../../../test/support/any-review.js';
import { AnyRoom, applicant } from '../../../test/support/any-room.js';
import { SimulatedRuntime } from '../runtime/simulation.js';

const many = 2_000;
const check = (id: string, to: string): Stage => ({
  id,
  kind: 'check',
  title: text(id),
  power: 'check',
  workingDays: 10,
  on: { passed: to, failed: 'declined', lapsed: 'declined' },
});

const first = anyReview([check('screening', 'granted')]);
const second: Definition = {
  ...anyReview([check('screening', 'office'), check('office', 'granted')], 2),
  transition: {
    appliesTo: 'open-rounds',
    from: 1,
    text: text('Applications under way are looked through by the office as well.'),
    stages: { screening: { then: 'carried', to: 'screening' } },
  },
};

const subjects = Array.from({ length: many }, (_, index) => `course-${String(index + 1).padStart(5, '0')}`);
const [original = '', ...others] = subjects;

/** A round with 2,000 open cases: one that was applied for, and its like. */
async function crowded(): Promise<AnyRoom> {
  const room = await AnyRoom.open(first, second);
  const paper = { institution: applicant, form: { title: 'One of many' }, files: [] };
  await room.act('submit-1', 'SubmitApplication', paper, original);
  const events = await room.history(`case-a.one.${original}`);
  for (const subject of others) {
    const like = events.map(({ position: _position, ...event }): Envelope => ({
      ...(JSON.parse(JSON.stringify(event).replaceAll(original, subject)) as Envelope),
      id: derivedUuid(event.id, subject),
    }));
    await room.store.append({ stream: `case-a.one.${subject}`, expectedLength: 0, events: like });
  }
  await room.adopt(second);
  await room.settle();
  return room;
}

const migrate = (room: AnyRoom) => room.send('secretariat-1', 'round', 'a.one', 'MigrateCases', { to: 2, cases: subjects });

/** How often each case was migrated. */
async function moved(room: AnyRoom): Promise<readonly number[]> {
  const histories = await Promise.all(subjects.map((subject) => room.history(`case-a.one.${subject}`)));
  return histories.map((events) => events.filter(({ type }) => type === 'CaseMigrated').length);
}

/** An engine whose process is killed after so many commands. */
class Dying extends CommandHandling {
  constructor(
    room: AnyRoom,
    private left: number,
  ) {
    super(room.store, room.states, new InMemoryVault(), room.clock);
  }

  override handle(...given: Parameters<CommandHandling['handle']>): ReturnType<CommandHandling['handle']> {
    this.left -= 1;
    return this.left < 0 ? Promise.reject(new Error('killed')) : super.handle(...given);
  }
}

test('2,000 open cases are migrated all or none, each once, though the engine is killed twice on the way', async () => {
  const room = await crowded();

  await room.act('withdraw-1', 'WithdrawApplication', { reason: '另有安排' }, subjects.at(-1));
  const head = await room.store.head();
  const refused: unknown = await migrate(room).catch((thrown: unknown) => thrown);
  expect(refused instanceof DomainError && refused.code).toBe('round.case-elsewhere');
  expect(await room.store.head()).toBe(head);

  subjects.pop();
  const { events } = await migrate(room);
  expect(events).toHaveLength(1);
  for (const commands of [700, 500]) {
    const dying = new SimulatedRuntime({ ...room.parts, handling: new Dying(room, commands) });
    await expect(dying.drain(room.clock.now())).rejects.toThrow('killed');
    room.restart();
  }
  expect((await moved(room)).reduce((sum, count) => sum + count, 0)).toBe(1_200);

  await room.settle();
  expect(new Set(await moved(room))).toEqual(new Set([1]));
  const last = await room.states.fresh<CaseState>(`case-a.one.${subjects.at(-1)}`);
  expect(last.state).toMatchObject({ definition: { version: 2, before: [1] }, visits: [{ stage: 'screening', visit: 1 }] });
  expect(await room.runtime.incidents()).toEqual([]);
  await room.settle();
  expect(new Set(await moved(room))).toEqual(new Set([1]));
});
