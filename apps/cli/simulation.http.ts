import { type EventStore, type Message, type RecordedEvent, VirtualClock } from '#kernel';
import type { WorkflowRuntime } from '#workflow';
import { dashed } from '../server/http/openapi.parts.js';
import type { Rehearsal } from '../server/rehearsal.js';
import type { Scene } from '../server/rehearsal.scene.js';
import { Visitor } from './simulation.visitor.js';
import { accepted, type Wire } from './simulation.wire.js';

/** By which the workflow acts. Held, it is just before its instant: what falls due there waits until people have acted. */
export class DueClock extends VirtualClock {
  private isHeld = false;

  override now(): number {
    return super.now() - (this.isHeld ? 1 : 0);
  }

  override advanceTo(atMs: number): void {
    this.isHeld = false;
    super.advanceTo(atMs);
  }

  hold(): void {
    this.isHeld = true;
  }
}

export interface HttpParts {
  /** Founded the alliance, and reads the log of the server. */
  readonly rehearsal: Rehearsal;
  readonly wire: Wire;
  readonly alliance: string;
  readonly clock: VirtualClock;
  readonly due: DueClock;
  readonly workflow: WorkflowRuntime;
  readonly store: EventStore;
}

/** Acts of people about a case that is not among their tasks. */
const unasked: ReadonlySet<string> = new Set([
  'RaiseObjection',
  'WithdrawApplication',
  'DeclareConflict',
  'ReplaceReviewer',
  'LodgeAppeal',
  'DiscussReviews',
  'ReviseReview',
  'AppointSubstitute',
  'RequestFileCorrection',
  'GrantFileCorrection',
  'ReplaceFiles',
]);

/**
 * People who act over HTTP, each with a session of their own, while the workflow runs in the server.
 *
 * They act one after the other: whoever is first at one instant is first in the order of a round, and gets the lower number.
 */
export class HttpScene implements Scene {
  private readonly visitors = new Map<string, Visitor>();
  /** When the workflow acts next; not known once somebody has done something. */
  private quietUntilMs: number | undefined;
  private hasNews = true;
  private hourMs = 0;

  constructor(private readonly parts: HttpParts) {}

  id(name: string): string {
    return this.parts.rehearsal.id(name);
  }

  person(name: string): string {
    return this.parts.rehearsal.person(name);
  }

  visitor(person: string): Visitor {
    const { wire, clock, alliance } = this.parts;
    const known = this.visitors.get(person) ?? new Visitor(wire, clock, alliance, person);
    this.visitors.set(person, known);
    return known;
  }

  async as(person: string, category: string, id: string, command: Message): Promise<void> {
    const { rehearsal, clock, alliance } = this.parts;
    this.act();
    const visitor = this.visitor(person);
    const etag = category === 'case' ? await this.readBefore(visitor, `${alliance}.${id}`, command.type) : undefined;
    await visitor.post(`/v1/${category}/${alliance}.${id}/${dashed(command.type)}`, command.data as object, {
      'idempotency-key': rehearsal.keyOf(person, `${category}-${id}`, command, clock.now()),
      ...(etag === undefined ? {} : { 'if-match': etag }),
    });
  }

  /** From a shell beside the server, on the same log. */
  async operator(category: string, id: string, command: Message): Promise<void> {
    const { rehearsal } = this.parts;
    this.act();
    rehearsal.clock.advanceTo(this.parts.clock.now());
    await rehearsal.operator(category, id, command);
  }

  async handIn(person: string, file: Uint8Array): Promise<void> {
    this.act();
    await this.visitor(person).put(file);
  }

  /** The workflow acts at each instant at which something falls due; then people find the hour that it is. */
  async until(atMs: number): Promise<void> {
    const { clock, due, workflow } = this.parts;
    for (;;) {
      const next = (this.quietUntilMs ??= (await workflow.settle()) ?? Infinity);
      if (next > atMs) break;
      await this.published();
      clock.advanceTo(next);
      due.advanceTo(next);
      this.quietUntilMs = undefined;
      this.hasNews = true;
    }
    due.hold();
    this.hourMs = atMs;
  }

  async news(): Promise<readonly RecordedEvent[]> {
    if (!this.hasNews) return [];
    this.hasNews = false;
    return this.parts.rehearsal.news();
  }

  /** Waits until the lists show all that was done: whoever draws reviewers counts what they show. */
  private async published(): Promise<void> {
    const { wire, alliance, store } = this.parts;
    const path = `/v1/alliances/${alliance}/rounds`;
    accepted(await wire.send({ method: 'GET', path, headers: { 'entente-after': String(await store.head()) } }), path);
  }

  /** An hour in which nobody does anything costs nothing: the clock goes on when somebody does. */
  private act(): void {
    this.parts.clock.advanceTo(this.hourMs);
    this.quietUntilMs = undefined;
    this.hasNews = true;
  }

  private async readBefore(visitor: Visitor, id: string, type: string): Promise<string | undefined> {
    if (type === 'SubmitApplication') return undefined;
    return unasked.has(type) ? visitor.open(id) : visitor.taskAbout(id, this.parts.rehearsal.position);
  }
}
