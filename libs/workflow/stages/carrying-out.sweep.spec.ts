import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { States } from '#kernel';
import { type Case, caseContext, explain, type NoticeIssued, type Visit } from '#workflow';
import { type EngineRoom, obliged, partner, training } from '../../../test/support/engine-room.js';
import { caseShapes } from '../case.messages.js';
import { kindOf } from './index.js';

const people = ['dean', 'partner', 'platform', 'supervisor', 'secretary', 'someone'] as const;
type Type = keyof typeof caseShapes;

/** Data of the right shape for every command of these kinds. */
const sample = {
  AskParties: {},
  ConfirmAsParty: { party: 'institution' },
  RefuseAsParty: { party: 'platform', reason: '未经协商' },
  RemindParties: {},
  LapseConfirmation: {},
  OpenInspection: { inspection: 1 },
  PassInspection: { inspection: 1 },
  Warn: { reason: '久未更新' },
  ReportRemedy: { warning: 1, statement: '已更新', evidence: [] },
  AcceptRemedy: { warning: 1 },
  RejectRemedy: { warning: 1, reason: '未更新' },
  LapseRemedy: { warning: 1 },
  EndDuty: {},
  OpenSession: { session: 'morning', minutes: 30 },
  CloseRegistration: {},
  EndRegistration: {},
  RecordNotice: { document: 'recognition', year: 2026, number: 1, sha256: 'e'.repeat(64) },
  ReportOverdue: { of: 'inspection.1' },
} as const satisfies Partial<Record<Type, object>>;

const types = Object.keys(sample) as readonly (keyof typeof sample)[];
const stages = ['consent', 'announcement', 'keeping', 'registration'] as const;

const brought: Readonly<Record<string, () => Promise<EngineRoom>>> = {
  consent: () => obliged('consent'),
  keeping: () => obliged('keeping'),
  registration: () => training(2),
};

test.each(Object.keys(brought))(
  'every act that does not belong to the stage "%s" is refused and leaves no event',
  async (stage) => {
    const room = await (brought[stage] as () => Promise<EngineRoom>)();
    const open = (await room.state()).visits.at(-1) as Visit;
    const { commands } = kindOf(open.kind);
    for (const type of types)
      for (const named of stages.filter((one) => one !== stage || !commands.includes(type)))
        for (const person of people) {
          const code = await room.refusal(() =>
            room.send(person, 'case', 'a.one.course-1', type, { ...sample[type], stage: named }),
          );
          expect(code).toMatch(/^(case\.(not-at-stage|not-this-act|no-such-party|not-found)|authority\.no-seat)$/);
        }
  },
);

const byEngine = {
  consent: ['AskParties', 'RemindParties', 'LapseConfirmation'],
  keeping: ['OpenInspection', 'LapseRemedy', 'EndDuty'],
  registration: ['CloseRegistration', 'EndRegistration'],
} as const;

test('what only the engine does, nobody does by hand', async () => {
  for (const [stage, acts] of Object.entries(byEngine)) {
    const room = await (brought[stage] as () => Promise<EngineRoom>)();
    for (const type of acts)
      for (const person of people) {
        const data = { ...sample[type], stage };
        expect(await room.refusal(() => room.send(person, 'case', 'a.one.course-1', type, data))).toMatch(
          /^(authority\.no-seat|case\.not-found)$/,
        );
      }
  }
});

test('nothing is done on a case that has ended', async () => {
  const room = await obliged('keeping');
  await room.until('2032-01-01T00:00:00.000Z');
  expect((await room.state()).status).toBe('ended');
  for (const type of types)
    for (const stage of stages.slice(0, 3))
      for (const person of people) {
        const code = await room.refusal(() => room.send(person, 'case', 'a.one.course-1', type, { ...sample[type], stage }));
        expect(code).toMatch(/^(case\.(ended|not-this-act|no-such-party|not-found)|authority\.no-seat)$/);
      }
});

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      person: fc.option(fc.constantFrom(...people), { freq: 2, nil: undefined }),
      type: fc.constantFrom(...types),
      party: fc.constantFrom('institution' as const, 'platform' as const, 'partner' as const),
      which: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ days: fc.integer({ min: 1, max: 200 }) }) },
  { weight: 2, arbitrary: fc.constant('restart' as const) },
  { weight: 4, arbitrary: fc.constant('right' as const) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const ofParty = { institution: 'dean', platform: 'platform', partner: 'partner' } as const;

/** Who may, where anyone may. */
function rightful(type: keyof typeof sample, party: keyof typeof ofParty): string {
  if (type === 'ConfirmAsParty' || type === 'RefuseAsParty') return ofParty[party];
  return type === 'ReportRemedy' ? 'dean' : 'supervisor';
}

async function tried(room: EngineRoom, person: string, type: string, data: object): Promise<void> {
  await room.send(person, 'case', 'a.one.course-1', type, data).catch((failure: unknown) => {
    if ((failure as Error).name !== 'DomainError') throw failure;
  });
}

/** What would bring the case forward, by whoever may. */
async function forward(room: EngineRoom, { visits }: Case): Promise<void> {
  const visit = visits.at(-1);
  if (visit?.kind === 'confirmation')
    for (const [party, person] of Object.entries(ofParty))
      await tried(room, person, 'ConfirmAsParty', { stage: visit.stage, party });
  if (visit?.kind !== 'duty') return;
  for (const { inspection, result } of visit.inspections)
    if (result === undefined) await tried(room, 'supervisor', 'PassInspection', { stage: visit.stage, inspection });
  const open = visit.warnings.find(({ ended }) => ended === undefined);
  if (open === undefined) return;
  const { warning } = open;
  await tried(room, 'dean', 'ReportRemedy', { stage: visit.stage, warning, statement: '已更新', evidence: [] });
  await tried(room, 'supervisor', 'AcceptRemedy', { stage: visit.stage, warning });
}

async function play(room: EngineRoom, one: Step): Promise<void> {
  if (one === 'restart') return room.restart();
  const state = await room.state();
  if (one === 'right') return forward(room, state);
  if ('days' in one) return room.until(new Date(room.clock.now() + one.days * 86_400_000).toISOString());
  const { type, person, party, which } = one;
  const given = sample[type];
  await tried(room, person ?? rightful(type, party), type, {
    stage: state.visits.at(-1)?.stage,
    ...given,
    ...('party' in given ? { party } : {}),
    ...('inspection' in given ? { inspection: which } : {}),
    ...('warning' in given ? { warning: which } : {}),
  });
}

const does = (type: keyof typeof sample): Step => ({ person: undefined, type, party: 'platform', which: 1 });

/** Played beside what chance brings, so that every run comes far. */
const alwaysPlayed: readonly [boolean, Step[]][] = [
  [true, [does('RefuseAsParty')]],
  [true, ['right', does('Warn'), 'right', { days: 200 }, { days: 200 }, 'right', does('Warn'), 'restart', { days: 200 }]],
  [false, [{ days: 10 }, 'restart', { days: 200 }]],
];

test('whatever people do, whenever the machine stops, a case is what its events say and each timer happened once', async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(step, { minLength: 15, maxLength: 50 }), async (named, steps) => {
      const room = await obliged('consent', undefined, { title: '大学物理', ...(named ? { partner } : {}) });
      for (const one of steps) {
        await play(room, one);
        if (one !== 'restart') await room.settle();
      }
      await room.settle();
      const history = await room.history();
      const kinds = history.map(({ type }) => type);
      for (const type of kinds) reached.add(type);
      const anew = new States(room.store);
      anew.register(caseContext.decider);
      expect((await anew.fresh('case-a.one.course-1')).state).toEqual(await room.state());
      const ends = kinds.filter((type) => type === 'CaseEnded').length;
      expect(kinds.indexOf('CaseEnded')).toBe(ends === 1 ? kinds.length - 1 : -1);
      const once = ['InspectionOpened', 'PartiesAsked', 'PartiesReminded', 'StageOverdue', 'DutyHeld', 'NoticePublished'];
      const timers = history.filter(({ type }) => once.includes(type)).map(({ type, data }) => JSON.stringify([type, data]));
      expect(new Set(timers).size).toBe(timers.length);
      // Granted once, withdrawn at most once, and only where the obligation was not kept.
      const recognised = await room.types('recognition-a.course-1');
      const withdrawn = (await room.state()).end?.id === 'not-kept';
      const expected = kinds.includes('NoticePublished')
        ? ['RecognitionGranted', ...(withdrawn ? ['RecognitionWithdrawn'] : [])]
        : [];
      expect(recognised).toEqual(expected);
      const numbers = (await room.history('notices-a.2026')).map(({ data }) => (data as NoticeIssued).number);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      expect(await room.runtime.incidents()).toEqual([]);
      for (const line of explain(history)) expect(line.text.en.length * line.text.zh.length).toBeGreaterThan(0);
    }),
    { numRuns: 40, examples: [...alwaysPlayed] },
  );
  const wanted = ['PartyRefused', 'PartiesReminded', 'ConfirmationLapsed', 'NoticePublished', 'InspectionPassed', 'WarningGiven'];
  for (const type of [...wanted, 'RemedyAccepted', 'RemedyLapsed', 'CaseEnded']) expect([...reached]).toContain(type);
});
