import { categoryOf } from '#kernel';
import type { Case, Definition } from '#workflow';
import { type AnyRoom, applicant, contexts } from '../support/any-room.js';
import { casesIn, type Known, subjects } from './cases.js';
import type { StateOf, Swept } from './swept.js';

/** A stream that is no case: what its decider makes of it now. Nothing may have been written to it yet. */
export interface Stream<C extends Swept = Swept> {
  readonly category: C;
  /** What follows the category in its name. */
  readonly id: string;
  readonly state: StateOf[C];
  readonly length: number;
}

/** What rules about other streams than cases ask for. */
export interface Around {
  readonly now: number;
  readonly cases: readonly Known[];
  /** The newest version of the workflow. */
  readonly definition: Definition;
  readonly isSuspended: boolean;
  readonly streams: readonly Stream[];
}

/** Streams beside those of cases that a room has, and of each kind one that it could have. */
export class Streams {
  private readonly named = new Set<string>();
  private through = 0n;

  constructor(private readonly room: AnyRoom) {}

  async around(): Promise<Around> {
    await this.follow();
    const { room } = this;
    const streams: Stream[] = [];
    const cases = await casesIn(room);
    for (const name of new Set([...this.named, ...this.unborn(cases)])) streams.push(await this.stream(name));
    const history = streams.find(({ category }) => category === 'definition')?.state as StateOf['definition'];
    const membership = await room.states.fresh<{ status: string }>(`membership-a.${applicant}`);
    return {
      now: room.clock.now(),
      cases,
      definition: history.versions[history.latest]?.definition ?? room.definition,
      isSuspended: membership.state.status === 'suspended',
      streams,
    };
  }

  private async stream(name: string): Promise<Stream> {
    const { state, length } = await this.room.states.fresh<never>(name);
    const category = categoryOf(name) as Swept;
    return { category, id: name.slice(category.length + 1), state, length };
  }

  private async follow(): Promise<void> {
    const { events, through } = await this.room.store.readAll(this.through, { limit: 10_000 });
    for (const { stream } of events) if (isSwept(categoryOf(stream))) this.named.add(stream);
    this.through = through;
  }

  /** One of each kind that does not exist, or need not. */
  private unborn(cases: readonly Known[]): readonly string[] {
    const { stages } = this.room.definition;
    const of = (kind: string): readonly string[] => stages.filter((stage) => stage.kind === kind).map(({ id }) => id);
    const next = (category: string): number => [...this.named].filter((name) => categoryOf(name) === category).length + 1;
    const registering = of('registration').length > 0 ? ['person-0', 'person-1', 'person-2', 'person-3'] : [];
    return [
      ...of('ranking').map((stage) => `ranking-a.one.${stage}`),
      ...of('panel').map((stage) => `assignment-a.one.${stage}`),
      ...(of('ballot').length > 0 ? [`meeting-a.meeting-${next('meeting')}`] : []),
      ...cases
        .slice(0, 1)
        .flatMap(({ subject }) => [
          `places-a.one.${subject}`,
          ...registering.map((person) => `registration-a.one.${subject}.${person}`),
        ]),
      ...subjects.map((subject) => `recognition-a.${subject}`),
      `bulk-a.order-${next('bulk')}`,
      `round-a.round-${next('round')}`,
      `notices-a.${new Date(this.room.clock.now()).getUTCFullYear()}`,
      `standing-a.${applicant}`,
      'calendar-a',
      `incident-a.none`,
    ];
  }
}

const isSwept = (category: string): boolean => category !== 'case' && Object.hasOwn(contexts, category);

/** The application, where it is open. */
export const openCase = (cases: readonly Known[], id: string): Case | undefined =>
  cases.find(({ subject, state }) => `a.one.${subject}` === id && state.status === 'open')?.state;
