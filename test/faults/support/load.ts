import { setTimeout as wait } from 'node:timers/promises';
import { derivedUuid } from '#kernel';
import { type Case, type Definition, loadDefinition } from '#workflow';
import type { Chance } from '../../../apps/server/chance.js';
import { demonstrationAlliance as alliance } from '../../../apps/server/demonstration.js';
import { memberCodes } from '../../../apps/server/demonstration.people.js';
import { papers } from '../../support/papers.js';
import type { People } from './people.js';

/** Somebody of the demonstration, by the name that they have there. */
export const someone = (key: string): string => `person-${derivedUuid('the demonstration alliance', `person.${key}`)}`;

const version = 2;

/**
 * Course accreditation without its long waits: a university endorses, two experts review, the committee votes, the course is recognised.
 * All that happens in between follows at once, so a whole case fits into a second of real time.
 */
async function shortDefinition(): Promise<Definition> {
  const { definition } = await loadDefinition('workflows/alliance-recognition.yaml');
  const next: Readonly<Record<string, object>> = {
    endorsement: { on: { passed: 'expert-review', failed: 'not-endorsed', lapsed: 'not-endorsed' } },
    'expert-review': { size: 2, maxLoad: 1_000 },
    committee: { on: { carried: 'recognised', 'not-carried': 'declined', inquorate: 'undecided' } },
  };
  const stages = definition.stages.flatMap((stage) => (next[stage.id] === undefined ? [] : [{ ...stage, ...next[stage.id] }]));
  const reached = new Set(['withdrawn', ...stages.flatMap(({ on }) => Object.values(on))]);
  const ends = Object.fromEntries(Object.entries(definition.ends).filter(([id]) => reached.has(id)));
  return { ...definition, version, stages, ends } as Definition;
}

interface Page {
  readonly revision: number;
  readonly case: Pick<Case, 'status' | 'visits' | 'end'>;
}

export interface LoadOptions {
  readonly people: People;
  readonly chance: Chance;
  /** Applications under way at once. */
  readonly atOnce?: number;
  /** Beside each application a round that takes none and closes by itself, so many milliseconds after it opened. */
  readonly closing?: { readonly leastMs: number; readonly mostMs: number };
}

/** Applications, one after the other, each brought to its end by everyone it needs: register, submit, endorse, review, vote. */
export class Load {
  /** Applications that came to their end. */
  readonly ended: string[] = [];
  private begun = 0;
  private stopping = false;
  private running: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly options: LoadOptions,
    private readonly round: string,
  ) {}

  /** Adopts the short workflow and opens a round for it. */
  static async prepared(options: LoadOptions): Promise<Load> {
    const { people, chance } = options;
    const round = `faults-${chance.between(0, 2 ** 30, 'round').toString(36)}`;
    const secretary = someone('secretary');
    const body = { definition: await shortDefinition() };
    await people.send({ person: secretary, path: `definition/${alliance}.alliance-recognition/adopt-definition`, body });
    await people.send({ person: secretary, path: `round/${alliance}.${round}/open-round`, body: roundFor(24 * 3_600_000) });
    return new Load(options, round);
  }

  /** Begins, and goes on until `stop`. */
  start(): this {
    const { atOnce = 12 } = this.options;
    const clerk = async (): Promise<void> => {
      while (!this.stopping) await this.application(this.begun++);
    };
    this.running = Promise.all(Array.from({ length: atOnce }, clerk));
    this.running.catch(() => undefined);
    return this;
  }

  /** Begins no new application, and brings those under way to their end. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  /** Brings a number of applications to their end, some at once. */
  async run(count: number): Promise<void> {
    const { atOnce = 12 } = this.options;
    const clerk = async (): Promise<void> => {
      while (this.begun < count) await this.application(this.begun++);
    };
    await Promise.all(Array.from({ length: atOnce }, clerk));
  }

  private async application(number: number): Promise<void> {
    const { people, chance } = this.options;
    const institution = chance.oneOf(memberCodes, `institution.${number}`);
    const course = derivedUuid(this.round, `course.${number}`);
    const dean = someone(`dean-${institution}`);
    await this.closingRound(number);
    await people.send({
      person: dean,
      path: `course/${alliance}.${course}/register-course`,
      body: courseOf(institution, number),
    });
    const path = `case/${alliance}.${this.round}.${course}/submit-application`;
    const receipt = await people.send({ person: dean, path, body: applicationOf(institution) });
    if (receipt === undefined) return;
    const id = receipt.stream.slice('case-'.length);
    while (!(await this.step(id, dean))) await wait(15);
    this.ended.push(`case-${id}`);
  }

  private async closingRound(number: number): Promise<void> {
    const { people, chance, closing } = this.options;
    if (closing === undefined) return;
    const body = roundFor(chance.between(closing.leastMs, closing.mostMs, `closing.${number}`));
    const path = `round/${alliance}.${this.round}-${number}/open-round`;
    // A server that is down for longer than the round is open leaves nothing to open.
    await people.send({ person: someone('secretary'), path, body, unless: 'round.bad-window' });
  }

  /** Everyone whose turn it is does their part. @returns whether the case has ended */
  private async step(id: string, dean: string): Promise<boolean> {
    const { people } = this.options;
    const page = await people.read<Page>(someone('secretary'), `/v1/cases/${id}`);
    if (page.case.status === 'ended') return true;
    const act = (person: string, command: string, body: object, revision?: number): Promise<unknown> =>
      people.send({ person, path: `case/${id}/${command}`, body, ...(revision === undefined ? {} : { revision }) });
    const acts = page.case.visits
      .filter(({ left }) => left === undefined)
      .flatMap((visit) => {
        const { stage } = visit;
        switch (visit.kind) {
          case 'check':
            return [act(dean, 'pass-check', { stage }, page.revision)];
          case 'panel':
            return visit.assignments
              .filter(({ status }) => status === 'open')
              .map(({ reviewer }) => act(reviewer, 'submit-review', { stage, ...goodReview }));
          case 'ballot': {
            const sitting = visit.sittings.at(-1);
            const absent = new Set([...(sitting?.recused ?? []), ...(sitting?.votes ?? [])].map(({ person }) => person));
            const voters = (sitting?.seats ?? []).filter(({ person }) => !absent.has(person));
            return voters.map(({ person }) => act(person, 'cast-vote', { stage, choice: 'for' }));
          }
          default:
            throw new Error(`nobody knows what to do at ${stage}`);
        }
      });
    await Promise.all(acts);
    return false;
  }
}

const roundFor = (openForMs: number): object => ({
  definition: { id: 'alliance-recognition', version },
  title: { en: 'A round under faults', zh: '故障测试轮次' },
  opensAt: new Date(Date.now() - 1_000).toISOString(),
  closesAt: new Date(Date.now() + openForMs).toISOString(),
  seed: 'drawn beforehand',
});

const courseOf = (institution: string, number: number): object => ({
  institution,
  title: { zh: `课程${number}`, en: `Course ${number}` },
  kind: 'online',
  discipline: '08',
  credits: 2,
  hours: 32,
  runs: 3,
  leader: someone(`leader.${number}`),
  leaderName: `负责人${number}`,
});

const applicationOf = (institution: string): object => ({
  institution,
  form: { title: '数据结构', kind: 'online', cycles: 3, inTrainingPlan: true, leader: someone('leader'), summary: '课程特色' },
  files: [{ slot: 'syllabus', ...papers.syllabus }],
});

const goodReview = {
  scores: ['objectives', 'content', 'teaching', 'assessment', 'outcomes', 'team'].map((criterion) => ({ criterion, points: 8 })),
  vetoes: [],
  comment: '评审意见：课程目标明确。',
};
