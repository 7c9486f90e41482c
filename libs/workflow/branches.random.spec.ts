import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DecisionContext, RecordedEvent } from '#kernel';
import { branchingDefinitions } from '../../test/support/definitions.js';
import { calendarStream } from './calendar/calendar.decider.js';
import { caseDecider } from './case.decider.js';
import type { CaseEvent, CaseOpened } from './case.events.js';
import type { CaseCommand } from './case.messages.js';
import { type Case, type CheckVisit, openVisits } from './case.state.js';
import { markingOf, netOf } from './check/flow.js';
import { play } from './check/net.js';
import { type Definition, definitionStream, type Stage } from './definition.js';
import type { StageVisit } from './effect.js';
import { effectsOf, settles } from './effects.js';
import { begun } from './passage.js';
import { returnsOpen } from './send-back.js';

/** The same flow with checks only, which one act brings to any outcome. */
const checksOnly = ({ subcases: _subcases, ...definition }: Definition): Definition => ({
  ...definition,
  stages: definition.stages.map(({ id, title, on, waitsFor, return: back, visits }) => {
    const goals = Object.values(on);
    const [passed = '', failed = passed, lapsed = failed] = goals;
    return {
      ...{ id, title, kind: 'check', power: 'check-application', workingDays: 5, correction: { workingDays: 1, times: 5 } },
      on: { passed, failed, lapsed },
      ...(waitsFor === undefined ? {} : { waitsFor }),
      ...(back === undefined ? {} : { return: back }),
      ...(visits === undefined ? {} : { visits }),
    } as Stage;
  }),
});

const opened: CaseOpened = {
  number: 'n',
  round: 'r',
  subject: 's',
  definition: { id: 'any-review', version: 1, hash: '' },
  charter: 1,
  seed: '',
  submittedAt: '2026-03-02T01:00:00.000Z',
  submittedBy: 'dean',
  deadline: '',
  extended: false,
  applicant: { institution: 'i', province: '11', name: '', level: '' },
  about: {},
  form: {},
  files: [],
  eligibility: [],
};

/** One case under the real rules: its log, its state, and what it still owes of each visit. */
class Run {
  readonly log: CaseEvent[] = [];
  state: Case;
  private owed: { readonly during: StageVisit; readonly commandId: string }[] = [];
  private now = Date.parse('2026-03-02T01:00:00.000Z');

  constructor(private readonly definition: Definition) {
    this.state = caseDecider.initialState as Case;
    this.keep([
      { type: 'CaseOpened', data: opened },
      ...begun(definition, { visits: [] }, definition.stages[0]?.id ?? '', this.now),
    ]);
  }

  act(command: CaseCommand): void {
    this.now += 100 * 24 * 3_600_000;
    this.keep(caseDecider.decide(command, this.state, this.context()));
  }

  get owing(): readonly string[] {
    return this.owed.map(({ during: { stage, visit } }) => `${stage} ${visit}`);
  }

  private context(): DecisionContext {
    const history = { latest: 1, versions: { 1: { hash: '', definition: this.definition } } };
    return {
      now: this.now,
      alliance: 'a',
      id: 'a.r.s',
      actor: 'engine',
      grant: { power: '', charter: 1, organ: '', proof: [] },
      newId: (name) => name,
      lengthOf: () => 0,
      consulted: <T>(stream: string): T => {
        if (stream === calendarStream('a')) return { version: 0, years: {} } as T;
        if (stream !== definitionStream('a', 'any-review')) throw new Error(`nobody reads ${stream}`);
        return history as T;
      },
    };
  }

  private keep(events: readonly CaseEvent[]): void {
    for (const event of events) {
      const recorded = this.recorded(event);
      this.log.push(event);
      this.state = caseDecider.evolve(this.state, event, {
        id: recorded.id,
        revision: this.log.length - 1,
        recordedAt: recorded.meta.recordedAt,
        actor: 'engine',
      }) as Case;
      const { during, allStages } = settles(recorded);
      const isOver = (one: StageVisit): boolean =>
        allStages === true ||
        (during?.stage === one.stage && during.visit === one.visit && (during.of === undefined || during.of === one.of));
      this.owed = this.owed.filter((one) => !isOver(one.during));
      for (const effect of effectsOf(this.definition, this.state, recorded))
        if (effect.during !== undefined) this.owed.push({ during: effect.during, commandId: '' });
    }
  }

  private recorded({ type, data }: CaseEvent): RecordedEvent {
    const recordedAt = new Date(this.now).toISOString();
    const meta = { alliance: 'a', actor: 'engine', command: '', power: '', charter: 1, proof: [], digest: '', correlation: '' };
    return {
      ...{ id: `e-${this.log.length}`, stream: 'case-a.r.s', revision: this.log.length, position: 1n, version: 1 },
      ...{ type, data, meta: { ...meta, recordedAt } },
    };
  }
}

/** Something that may lawfully happen at one of the open stages. */
function chosen(definition: Definition, state: Case, choice: number): CaseCommand {
  const open = openVisits(state) as readonly CheckVisit[];
  const { stage, visit, corrections } = open[choice % open.length] as CheckVisit;
  const at = { stage, visit };
  const returns = returnsOpen(definition, state).find((one) => one.stage === stage)?.to ?? [];
  const turn = Math.floor(choice / open.length) % 5;
  const to = returns[choice % Math.max(1, returns.length)];
  if (corrections.some(({ ended }) => ended === undefined)) return { type: 'LapseCorrection', data: at };
  if (turn === 4 && to !== undefined) return { type: 'SendBack', data: { ...at, to, reason: '缺章' } };
  if (turn === 3) return { type: 'FailCheck', data: { ...at, reason: '不符' } };
  if (turn === 2 && corrections.length === 0) return { type: 'ReturnForCorrection', data: { ...at, reason: '缺页' } };
  return { type: 'PassCheck', data: at };
}

const never = 2_000;

test('whatever happens in a sound workflow, a case stands only where the proof has seen it, and ends with nothing open or owed', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(branchingDefinitions.map(checksOnly), fc.infiniteStream(fc.nat(1_000)), (definition, choices) => {
      const played = play(netOf(definition));
      const run = new Run(definition);
      for (let step = 0; run.state.status === 'open'; step += 1) {
        expect(step).toBeLessThan(never);
        const open = openVisits(run.state).map(({ stage, visit }) => `${stage} ${visit}`);
        expect(played.reaches(markingOf(definition, run.state))).toBe(true);
        expect(open.length).toBeGreaterThan(0);
        expect(open).toEqual(expect.arrayContaining([...new Set(run.owing)]));
        run.act(chosen(definition, run.state, choices.next().value));
      }
      expect(played.reaches(markingOf(definition, run.state))).toBe(true);
      expect(run.state.visits.filter(({ left }) => left === undefined)).toEqual([]);
      expect(run.owing).toEqual([]);
      expect(run.log.filter(({ type }) => type === 'CaseEnded')).toHaveLength(1);
      expect(run.log.at(-1)?.type).toBe('CaseEnded');
      for (const { type } of run.log) seen.add(type);
      seen.add(run.state.end?.outcome ?? '');
    }),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 600), endOnFailure: true },
  );
  for (const type of ['SentBack', 'StageClosed', 'granted', 'refused']) expect([...seen]).toContain(type);
});
