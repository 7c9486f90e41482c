import { Readable } from 'node:stream';
import {
  type Caller,
  canonicalJson,
  commandIdOf,
  CommandHandling,
  type Context,
  derivedUuid,
  type EventStore,
  type Files,
  type Message,
  type Receipt,
  type RecordedEvent,
  States,
  type Vault,
  VirtualClock,
} from '#kernel';
import {
  applicationsInLog,
  provisionalInLog,
  assignHere,
  assignmentsFrom,
  casesInLog,
  type DueEffect,
  entrantsInLog,
  openReviewsInLog,
  owingRules,
  placesFromLog,
  SimulatedRuntime,
} from '#workflow';
import { allContexts } from './contexts.js';
import type { Scene } from './rehearsal.scene.js';

const contexts: Readonly<Record<string, Context>> = Object.fromEntries(allContexts.map((context) => [context.name, context]));

export interface RehearsalOptions {
  readonly store: EventStore;
  readonly vault: Vault;
  /** Where files are kept that people hand in. */
  readonly files?: Files;
  readonly alliance: string;
  readonly startMs: number;
  /** Every id is derived from it: the same root, start and acts make the same log, byte for byte. */
  readonly root: string;
  /** What takes commands, where it is not the ordinary one. */
  readonly Handling?: typeof CommandHandling;
}

/** An alliance acted out in virtual time, through the real command path and the real workflow engine, one command after the other. */
export class Rehearsal implements Scene {
  readonly clock: VirtualClock;
  readonly states: States;
  readonly handling: CommandHandling;
  private readonly runtime: SimulatedRuntime;
  private commands = 0;
  private through = 0n;

  constructor(private readonly options: RehearsalOptions) {
    const { store, vault, startMs, Handling = CommandHandling } = options;
    this.clock = new VirtualClock(startMs);
    this.states = new States(store);
    for (const { decider } of allContexts) this.states.register(decider);
    this.handling = new Handling(store, this.states, vault, this.clock);
    this.runtime = new SimulatedRuntime({
      rules: owingRules(this.states),
      store,
      clock: this.clock,
      handling: this.handling,
      contexts,
      loads: openReviewsInLog(store),
      lookups: {
        entrants: entrantsInLog(store),
        places: placesFromLog(store),
        applications: applicationsInLog(store),
        provisional: provisionalInLog(store),
        assignment: assignmentsFrom({ states: this.states, cases: casesInLog(store), clock: this.clock, assign: assignHere }),
      },
    });
  }

  id(name: string): string {
    return derivedUuid(this.options.root, name);
  }

  person(name: string): string {
    return `person-${this.id(`person.${name}`)}`;
  }

  /** @param id - what follows `<alliance>.` in the stream's name; all of it for a person; nothing for the charter */
  operator(category: string, id: string, command: Message, commandId = this.nextId()): Promise<Receipt> {
    return this.send(category, id, command, { kind: 'operator', alliance: this.options.alliance, commandId });
  }

  /** @param actor - the person, or a machine key of theirs */
  async as(person: string, category: string, id: string, command: Message, actor = person): Promise<Receipt> {
    const { alliance } = this.options;
    const key = this.keyOf(person, `${category}-${id}`, command, this.clock.now());
    const commandId = commandIdOf(key, actor, `${category}-${this.nameOf(category, id)}`);
    return this.send(category, id, command, { kind: 'person', alliance, commandId, actor, principal: person });
  }

  /** Names what a person does at an instant: the Idempotency-Key under which a client would send it. */
  keyOf(person: string, stream: string, { type, data }: Message, atMs: number): string {
    return this.id(`${person} ${stream} ${type} ${atMs} ${canonicalJson(data)}`);
  }

  /** The decider looks at digests only: where nobody will read the files, they are kept nowhere. */
  async handIn(_person: string, file: Uint8Array): Promise<void> {
    await this.options.files?.put(Readable.from([file]));
  }

  async until(atMs: number): Promise<void> {
    await this.runtime.drain(atMs);
  }

  /** Of the log, as far as it was told as news. */
  get position(): bigint {
    return this.through;
  }

  async news(): Promise<readonly RecordedEvent[]> {
    const news: RecordedEvent[] = [];
    for (;;) {
      const { events, through } = await this.options.store.readAll(this.through, { limit: 1_000 });
      if (through === this.through) return news;
      news.push(...events);
      this.through = through;
    }
  }

  /** What the engine will do, and when. */
  get owing(): readonly DueEffect[] {
    return this.runtime.owing;
  }

  /** What the engine was refused: none in a sound workflow. */
  async incidents(): Promise<readonly string[]> {
    const incidents = await this.runtime.incidents();
    return incidents.map(({ effect, refusal, error, text }) => `${effect.id}: ${refusal ?? error ?? 'failed'}: ${text.en}`);
  }

  private nextId(): string {
    this.commands += 1;
    return this.id(`command.${this.commands}`);
  }

  private send(category: string, id: string, command: Message, caller: Caller): Promise<Receipt> {
    return this.handling.handle(contextOf(category), this.nameOf(category, id), command, caller);
  }

  private nameOf(category: string, id: string): string {
    const { alliance } = this.options;
    if (contextOf(category).decider.shared === true) return id;
    return id === '' ? alliance : `${alliance}.${id}`;
  }
}

function contextOf(category: string): Context {
  const context = contexts[category];
  if (context === undefined) throw new Error(`there is no context ${category}`);
  return context;
}
