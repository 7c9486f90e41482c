import { setTimeout as wait } from 'node:timers/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Caller, type Context, derivedUuid, type Receipt, type RecordedEvent, UnavailableError, uuidv7 } from '#kernel';
import { type Assigning, type AssigningState, type Definition, lastRequest, loadDefinition } from '#workflow';
import { allContexts } from '../apps/server/contexts.js';
import { modelCharter } from '../apps/server/demonstration.charter.js';
import { type Engines, openEngines } from '../apps/server/engines.js';
import { type Figure, figure, perSecond } from './figure.js';
import type { BenchServer } from './server.js';

const size = { cases: 5000, reviewers: 1000, wanted: 5 };
const institutions = 200;
const round = 'a.spring';
const stage = 'expert-review';
const stream = `assignment-${round}.${stage}`;
const computedWithinS = 10;
const openedWithinS = 60;
const appendAtMost = 1024;
const memoryAtMost = 1024;

const contexts = new Map(allContexts.map((context) => [context.name, context]));
const codeOf = (index: number): string => `${4144000000 + index}`;
const personOf = (name: string): string => `person-${derivedUuid('bench', name)}`;
const kinds = ['online', 'offline', 'blended', 'virtual-simulation', 'social-practice'] as const;

/**
 * A round of 5,000 applications, from the request for an assignment to an open panel for each, as a server does it: commands, log, views
 * and engine. The floors are what is allowed.
 */
export async function* assignedRound(server: BenchServer): AsyncGenerator<Figure> {
  const dataDir = await mkdtemp(join(tmpdir(), 'entente-bench-round-'));
  const queue = { kind: 'postgres' } as const;
  const settings = { databaseUrl: await server.database('round'), dataDir, queue, eventStore: { kind: 'postgres' } } as const;
  const engines = await openEngines(settings);
  try {
    await new AssignedRound(engines).layOut();
    yield* measured(engines);
  } finally {
    await engines.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function* measured(engines: Engines): AsyncGenerator<Figure> {
  const laid = new AssignedRound(engines);
  const memory = new Peak();
  const name = `round of ${size.cases} × ${size.reviewers} × ${size.wanted}`;
  let begin = performance.now();
  await laid.keep('RequestAssignment', {});
  const proposed = await laid.until(({ status }) => status !== 'computing');
  if (proposed.status !== 'proposed') throw new Error(proposed.text?.en ?? proposed.decided?.reason ?? proposed.status);
  yield figure(`${name}: asked for and proposed (floor: allowed)`, 's', since(begin), computedWithinS);
  begin = performance.now();
  await laid.keep('AdoptAssignment', { request: proposed.request });
  const opened = await laid.opened();
  yield figure(`${name}: adopted and every panel open (floor: allowed)`, 's', since(begin), openedWithinS);
  yield figure(`${name}: reviews opened`, 'reviews', opened, size.cases * size.wanted);
  yield figure(`${name}: largest append (floor: allowed)`, 'kB', await laid.largestAppend(), appendAtMost);
  yield figure(`${name}: memory at its most (floor: allowed)`, 'MB', memory.end(), memoryAtMost);
  yield figure(`${name}: longest wait of the event loop (floor: allowed)`, 'ms', memory.late, 1_000);
}

const since = (begin: number): number => (performance.now() - begin) / 1000;

/** Watches over the memory of this process, and over how long it does not answer. */
class Peak {
  private most = 0;
  late = 0;
  private last = performance.now();
  private readonly watching = setInterval(() => {
    this.most = Math.max(this.most, process.memoryUsage.rss());
    this.late = Math.max(this.late, performance.now() - this.last - 20);
    this.last = performance.now();
  }, 20);

  /** In MB. */
  end(): number {
    clearInterval(this.watching);
    return this.most / 1e6;
  }
}

class AssignedRound {
  constructor(private readonly engines: Engines) {}

  /** Alliance, pool and applications, up to where every case waits for reviewers. */
  async layOut(): Promise<void> {
    const term = { from: '2026-01-01T00:00:00.000Z', until: '2029-12-31T00:00:00.000Z' };
    const fill = async (organ: string, person: string, more: object = {}): Promise<void> => {
      const name = { zh: '某人', en: 'Somebody' };
      await this.operator('person', person.slice('person-'.length), 'RegisterPerson', { person, name });
      await this.operator('organ', `a.${organ}`, 'FillSeat', { person, role: 'member', ...term, ...more });
    };
    await this.operator('charter', 'a', 'AdoptCharter', { document: modelCharter({ zh: '量', en: 'Bench' }) });
    await perSecond(16, institutions, (index) => this.join(codeOf(index)));
    await perSecond(16, institutions, (index) =>
      fill(`deans-office.${codeOf(index)}`, personOf(`dean-${index}`), { institution: codeOf(index) }),
    );
    await fill('secretariat', personOf('secretary'));
    await perSecond(1, size.reviewers, (index) =>
      fill('expert-panel', personOf(`reviewer-${index}`), { institution: codeOf(index % institutions) }),
    );
    const definition = await assignedDefinition();
    await this.operator('definition', `a.${definition.id}`, 'AdoptDefinition', { definition });
    await this.person('secretary', 'round', round, 'OpenRound', {
      definition: { id: definition.id, version: definition.version },
      title: { en: 'Round', zh: '轮次' },
      opensAt: new Date(Date.now() - 60_000).toISOString(),
      closesAt: new Date(Date.now() + 86_400_000).toISOString(),
      seed: 'bench',
    });
    for (let index = 0; index < size.reviewers; index += 1) await this.describe(index);
    this.engines.follow((failure) => {
      if (!(failure instanceof UnavailableError)) console.error(failure);
    });
    await perSecond(32, size.cases, (index) => this.apply(index));
    await this.caughtUp();
  }

  private async caughtUp(): Promise<void> {
    const { runner, owed, store } = this.engines;
    const head = await store.head();
    while (!(await runner.read(owed, async () => true, head).catch(() => false))) await wait(100);
  }

  keep(type: string, data: object): Promise<unknown> {
    return this.person('secretary', 'assignment', `${round}.${stage}`, type, data);
  }

  /** The last request, once it is so. */
  async until(isSo: (request: Assigning['requests'][number]) => boolean): Promise<Assigning['requests'][number]> {
    for (;;) {
      const { state } = await this.engines.states.fresh<AssigningState>(stream);
      const request = lastRequest(state);
      if (request !== undefined && isSo(request)) return request;
      await wait(20);
    }
  }

  /** How many reviews are open, once every case has been given its panel. */
  async opened(): Promise<number> {
    let [through, cases, reviews] = [0n, 0, 0];
    while (cases < size.cases) {
      const slice = await this.engines.store.readAll(through, { limit: 1_000, categories: ['case'] });
      for (const { type, data } of slice.events) {
        if (type === 'PanelUnfilled') throw new Error(JSON.stringify(data));
        if (type !== 'ReviewersAssigned') continue;
        cases += 1;
        reviews += (data as { assignments: readonly unknown[] }).assignments.length;
      }
      if (slice.through === through) await wait(50);
      through = slice.through;
    }
    return reviews;
  }

  /** Of all that the assignment's stream was given in one go, in kB. */
  async largestAppend(): Promise<number> {
    const sizes = new Map<string, number>();
    const bytesOf = ({ data, meta }: RecordedEvent): number => Buffer.byteLength(JSON.stringify({ data, meta }));
    for (const event of await this.engines.store.read(stream))
      sizes.set(event.meta.command, (sizes.get(event.meta.command) ?? 0) + bytesOf(event));
    return Math.max(...sizes.values()) / 1024;
  }

  private async join(code: string): Promise<void> {
    const facts = {
      name: `大学 ${code}`,
      schoolCode: code.slice(5),
      province: '44',
      supervisor: '广东省',
      city: '广州市',
      level: 'undergraduate',
    };
    await this.operator('institution', `a.${code}`, 'RegisterInstitution', facts);
    await this.operator('membership', `a.${code}`, 'ApplyToJoin', { memberClass: 'ordinary' });
    await this.operator('membership', `a.${code}`, 'AdmitMember', {});
  }

  private describe(index: number): Promise<unknown> {
    const expertise = [kinds[index % 5], kinds[(index * 3 + 1) % 5], String(10 + (index % 10))];
    const data = { person: personOf(`reviewer-${index}`), disciplines: [], expertise: [...new Set(expertise)] };
    return this.keep('DescribeReviewer', data);
  }

  private async apply(index: number): Promise<void> {
    const at = (index * 7) % institutions;
    const subject = derivedUuid('bench', `course-${index}`);
    const kind = kinds[index % 5];
    const leader = personOf(`leader-${index}`);
    const discipline = String(10 + (index % 10));
    await this.person(`dean-${at}`, 'course', `a.${subject}`, 'RegisterCourse', {
      ...{
        institution: codeOf(at),
        title: { zh: `课程 ${index}` },
        kind,
        discipline,
        credits: 2,
        hours: 32,
        onlineHours: 12,
        practiceHours: 24,
        runs: 4,
      },
      ...{ leader, leaderName: '容闳' },
    });
    const { stream: submitted } = await this.person(`dean-${at}`, 'case', `${round}.${subject}`, 'SubmitApplication', {
      institution: codeOf(at),
      form: { title: `课程 ${index}`, kind, cycles: 4, inTrainingPlan: true, leader },
      files: [],
    });
    await this.person('secretary', 'case', submitted.slice('case-'.length), 'PassCheck', { stage: 'formal-check' });
  }

  private operator(category: string, id: string, type: string, data: object): Promise<unknown> {
    return this.send(category, id, type, data, { kind: 'operator', alliance: 'a', commandId: uuidv7(Date.now()) });
  }

  private person(name: string, category: string, id: string, type: string, data: object): Promise<Receipt> {
    const actor = personOf(name);
    return this.send(category, id, type, data, {
      ...{ kind: 'person', alliance: 'a', actor, principal: actor, commandId: uuidv7(Date.now()) },
    } as Caller);
  }

  private send(category: string, id: string, type: string, data: object, caller: Caller): Promise<Receipt> {
    return this.engines.handling.handle(contexts.get(category) as Context, id, { type, data }, caller);
  }
}

/** The shipped recognition, from the formal check on, with panels of five by assignment. */
async function assignedDefinition(): Promise<Definition> {
  const { definition } = await loadDefinition('workflows/alliance-recognition.yaml');
  const stages = definition.stages.slice(2).map((one): Definition['stages'][number] =>
    one.kind === 'panel'
      ? {
          ...one,
          ...{ assignedBy: 'assignment', assignWithin: 20, size: size.wanted, minimum: 3 },
          fit: { expertise: ['form.kind', 'subject.discipline'] },
        }
      : one,
  );
  // It grants nothing: the charter lets no workflow of this name do so.
  const ends = Object.fromEntries(
    Object.entries(definition.ends).flatMap(([name, { title, outcome }]) =>
      name === 'not-endorsed' || name === 'not-recommended' ? [] : [[name, { title, outcome }]],
    ),
  );
  return { ...definition, id: 'assigned-round', version: 1, subject: { ...definition.subject, files: [] }, stages, ends };
}
