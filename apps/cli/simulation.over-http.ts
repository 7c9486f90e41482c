import { openIdentity } from '#identity';
import { derivedUuid, type Text, VirtualClock } from '#kernel';
import { type Engines, openEngines } from '../server/engines.js';
import { Rehearsal } from '../server/rehearsal.js';
import { startServer } from '../server/server.js';
import { readSettings } from '../server/settings.js';
import { historyOf } from './simulation.history.js';
import { DueClock, HttpScene } from './simulation.http.js';
import { faultsAfter } from './simulation.proof.js';
import { alliance, assemble, playRound, type RoundOrder, rootOf, startMs } from './simulation.round.js';
import type { Simulated } from './simulation.js';
import { accepted, Wire } from './simulation.wire.js';

export interface HttpOrder extends RoundOrder {
  /** Of an empty database. */
  readonly databaseUrl: string;
  /** Where the server keeps its files and its key. */
  readonly dataDir: string;
  /** With which the secretary may sign in afterwards, by whoever looks around. */
  readonly account?: Account;
}

export interface Account {
  readonly login: string;
  readonly password: string;
}

export interface SimulatedOverHttp extends Simulated {
  readonly requests: number;
  readonly commands: number;
  /** From the first command of a person to the answer to the last. */
  readonly seconds: number;
  /** Milliseconds until a command was answered: by half of them, and by 99 of 100. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What was not as it must be. */
  readonly faults: readonly Text[];
}

/**
 * Runs the round of `simulateAccreditation` through a real server: every command of every person over HTTP, in their own session.
 *
 * The operator founds the alliance before the server starts. The same order makes the same history as in process.
 */
export async function simulateOverHttp({ databaseUrl, dataDir, account, ...order }: HttpOrder): Promise<SimulatedOverHttp> {
  const asked = { PORT: '0', HOST: '127.0.0.1', DEMO: 'false', LOG_LEVEL: 'warn', DATA_DIR: dataDir };
  const settings = { ...readSettings(asked), databaseUrl };
  const [clock, due] = [new VirtualClock(startMs), new DueClock(startMs)];
  const engines = await openEngines(settings, clock);
  const { store, vault } = engines;
  try {
    const rehearsal = new Rehearsal({ store, vault, alliance, startMs, root: rootOf(order) });
    const company = await assemble(rehearsal, order);
    const server = await startServer(settings, clock, { alliance, due });
    const { workflow } = server;
    if (workflow === undefined) throw new Error('the server runs no workflow');
    try {
      const wire = new Wire(server.url.replace('localhost', settings.host));
      const scene = new HttpScene({ rehearsal, wire, alliance, clock, due, workflow, store });
      const since = performance.now();
      const { courses, ...played } = await playRound(scene, rehearsal, order, company);
      const seconds = (performance.now() - since) / 1000;
      const { requests, commandMs } = wire;
      due.advanceTo(clock.now());
      const nextDueAt = await workflow.settle();
      const incidents = await workflow.incidents();
      const history = await historyOf(store, courses);
      const secretary = scene.visitor(company.cast.secretary);
      const faults = await faultsAfter({
        ...{ wire, alliance, secretary, cases: history.cases },
        ...{ position: await store.head(), endedAt: clock.now(), nextDueAt, incidents },
      });
      if (account !== undefined) await open(engines, wire, company.cast.secretary, account);
      return {
        ...history,
        ...played,
        incidents: incidents.map((incident) => JSON.stringify(incident.effect.id)),
        ...{ requests, commands: commandMs.length, seconds, faults },
        ...{ p50Ms: quantile(commandMs, 0.5), p99Ms: quantile(commandMs, 0.99) },
      };
    } finally {
      await server.close();
    }
  } finally {
    await engines.close();
  }
}

/** Gives a person an account: the operator invites them, and they choose a password. */
async function open(engines: Engines, wire: Wire, person: string, account: Account): Promise<void> {
  const identity = openIdentity({ ...engines, commands: engines.handling, publicUrl: 'http://localhost' });
  const commandId = derivedUuid(person, 'invitation');
  const { token: invitation } = await identity.invite(person, { kind: 'operator', alliance, commandId });
  const body = { invitation, ...account };
  accepted(await wire.send({ method: 'POST', path: '/v1/sign-in/password', body }), 'an invitation');
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
