import { DomainError, type RecordedEvent } from '#kernel';
import type { CaseEvent, Definition, Stage } from '#workflow';
import type { Chance } from './chance.js';
import { described, pdfSaying } from './rehearsal.papers.js';
import { inLanes, nothingToDo, type Scene } from './rehearsal.scene.js';

/** Who does what outside the panel and the committee, whose people the log names. */
export interface Cast {
  readonly secretary: string;
  readonly deanOf: (institution: string) => string;
  readonly departmentOf: (province: string) => string;
  /** Who rules on objections: the first of them who may. */
  readonly committee: readonly string[];
  /** Raises objections. */
  readonly critic: string;
}

/** How people behave. Probabilities from 0 to 1. */
export interface Temper {
  readonly chance: Chance;
  /** How good a course is, from 0 to 1. */
  readonly quality: (subject: string) => number;
  /** How long people take over a case: 1 is usual. */
  readonly pace: (subject: string) => number;
  /** Whether somebody does at all what they would do next; everybody unless told. `name` tells people apart. */
  readonly acts?: (subject: string, stage: string, act: Act, name: string) => boolean;
  readonly odds: (subject: string) => Odds;
}

/** How often something happens, from 0 to 1. */
export interface Odds {
  readonly fails: number;
  readonly returns: number;
  readonly neverCorrects: number;
  readonly withdraws: number;
  readonly conflicted: number;
  readonly late: number;
  readonly silent: number;
  readonly absent: number;
  readonly objects: number;
  /** Acts only after the deadline. */
  readonly overdue: number;
}

export type Act = 'check' | 'correct' | 'review' | 'vote' | 'object' | 'rule';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

interface Known {
  readonly id: string;
  readonly subject: string;
  readonly institution: string;
  readonly province: string;
  readonly form: unknown;
  readonly files: unknown;
}

interface Planned {
  readonly atMs: number;
  readonly lanes: readonly string[];
  readonly act: () => Promise<unknown>;
}

type Heard = RecordedEvent<CaseEvent>;
type Told<T extends CaseEvent['type']> = RecordedEvent<Extract<CaseEvent, { type: T }>>;

/** People who answer what happens in the cases of a round, each in their own time. What they do follows from the seed alone. */
export class Players {
  /** Refusals that people met with, by code: too late, already withdrawn. */
  readonly refusals = new Map<string, number>();
  private readonly cases = new Map<string, Known>();
  private agenda: Planned[] = [];
  private ended = 0;

  constructor(
    private readonly scene: Scene,
    private readonly definition: Definition,
    private readonly cast: Cast,
    private readonly temper: Temper,
  ) {}

  /** Whether somebody still means to do something. */
  get busy(): boolean {
    return this.agenda.length > 0;
  }

  /** How many cases were opened. */
  get opened(): number {
    return this.cases.size;
  }

  /** How many of them have not ended. */
  get open(): number {
    return this.cases.size - this.ended;
  }

  /**
   * Plans an act. A refusal is counted; anything else is a bug and ends the rehearsal.
   *
   * @param lanes - acts that share one come one after the other, even where several may be under way at once
   */
  plan(atMs: number, act: () => Promise<unknown>, lanes: readonly string[] = []): void {
    this.agenda.push({ atMs, lanes, act });
  }

  /** Moves on to an instant: first the engine, then people, until nobody has anything left to do by then. */
  async until(atMs: number): Promise<void> {
    for (;;) {
      await this.scene.until(atMs);
      for (const event of await this.scene.news()) if (event.stream.startsWith('case-')) this.hear(event as Heard);
      const due = this.agenda.filter((planned) => planned.atMs <= atMs);
      if (due.length === 0) return;
      this.agenda = this.agenda.filter((planned) => planned.atMs > atMs);
      const inTurn = due.toSorted((one, other) => one.atMs - other.atMs || byName(one.lanes, other.lanes));
      await inLanes(inTurn, this.scene.atOnce, ({ act }) => this.attempt(act));
    }
  }

  private async attempt(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (failure) {
      if (!(failure instanceof DomainError)) throw failure;
      this.refusals.set(failure.code, (this.refusals.get(failure.code) ?? 0) + 1);
    }
  }

  private hear(event: Heard): void {
    if (event.type === 'CaseEnded') this.ended += 1;
    if (event.type === 'CaseOpened') this.follow(event as Told<'CaseOpened'>);
    const known = this.cases.get(event.stream);
    if (known === undefined) return;
    this.answers[event.type]?.(known, event as never);
  }

  private readonly answers: { readonly [T in CaseEvent['type']]?: (known: Known, event: Told<T>) => void } = {
    StageEntered: (known, event) => this.entered(known, event),
    CorrectionRequested: (known, event) => this.correct(known, event),
    ApplicationResubmitted: (known, event) => this.check(known, event),
    ReviewersAssigned: (known, event) => {
      for (const assignment of event.data.assignments) this.review(known, event, assignment);
    },
    PanelUnfilled: (known, event) => this.assignAgain(known, event),
    BallotOpened: (known, event) => this.vote(known, event),
    VotesTied: (known, event) => this.breakTie(known, event),
    ObjectionRaised: (known, event) => this.rule(known, event),
  };

  private follow(event: Told<'CaseOpened'>): void {
    const { stream, meta } = event;
    const { subject, applicant, form, files } = event.data;
    const { institution, province } = applicant;
    const id = stream.slice(`case-${meta.alliance}.`.length);
    const known = { id, subject, institution, province, form, files };
    this.cases.set(stream, known);
    if (!this.happens(known, 'withdraws', `${subject}.withdraws`)) return;
    this.turn(known, this.later(event, 10 * dayMs, `${subject}.withdrawal`, known), () =>
      this.scene.as(this.cast.deanOf(institution), 'case', id, {
        type: 'WithdrawApplication',
        data: { reason: '课程负责人调离，学校申请撤回。The course leader has left; the university withdraws.' },
      }),
    );
  }

  private entered(known: Known, event: Told<'StageEntered'>): void {
    const { data } = event;
    if (data.kind === 'check') return this.check(known, event);
    if (data.kind !== 'publicity' || !this.happens(known, 'objects', `${known.subject}.objects`)) return;
    if (!this.acts(known, data.stage, 'object')) return;
    const at = this.later(event, 4 * dayMs, `${known.subject}.objection`, known);
    this.turn(known, at, async () => {
      await this.scene.handIn(this.cast.critic, evidence(known.subject));
      await this.case(this.cast.critic, known, 'RaiseObjection', data.stage, objection(known.subject));
    });
  }

  private check(known: Known, event: Told<'StageEntered'> | Told<'ApplicationResubmitted'>): void {
    const { stage: id, visit, dueAt } = event.data;
    const stage = this.stage(id);
    if (stage.kind !== 'check' || !this.acts(known, id, 'check')) return;
    const name = `${known.subject}.${id}.${visit}.${event.type}`;
    const inspector = this.ownerOf(stage, known);
    const window = dueAt === undefined ? 5 * dayMs : Date.parse(dueAt) - Date.parse(event.meta.recordedAt);
    const roll = this.temper.chance.of(`${name}.verdict`);
    const { fails, returns } = this.temper.odds(known.subject);
    const first = event.type === 'StageEntered' && stage.correction !== undefined;
    const isOverdue = dueAt !== undefined && this.happens(known, 'overdue', `${name}.overdue`);
    this.drawingTurn(known, isOverdue ? Date.parse(dueAt) + 2 * dayMs : this.later(event, window * 0.7, name, known), () => {
      if (roll < fails)
        return this.case(inspector, known, 'FailCheck', id, {
          reason: '申报材料与事实不符。The application does not match the facts.',
        });
      if (first && roll < fails + returns) {
        return this.case(inspector, known, 'ReturnForCorrection', id, {
          reason: '教学日历缺第二期，请补正。The calendar of the second run is missing; please add it.',
        });
      }
      return this.case(inspector, known, 'PassCheck', id, {});
    });
  }

  private correct(known: Known, event: Told<'CorrectionRequested'>): void {
    const { stage, dueAt } = event.data;
    const name = `${known.subject}.${stage}.correction`;
    if (this.happens(known, 'neverCorrects', name) || !this.acts(known, stage, 'correct')) return;
    const window = Date.parse(dueAt) - Date.parse(event.meta.recordedAt);
    this.turn(known, this.later(event, window * 0.8, `${name}.delay`, known), () =>
      this.case(this.cast.deanOf(known.institution), known, 'ResubmitApplication', stage, {
        form: known.form,
        files: known.files,
      }),
    );
  }

  private review(
    known: Known,
    event: Told<'ReviewersAssigned'>,
    assignment: Told<'ReviewersAssigned'>['data']['assignments'][number],
  ): void {
    const { id, reviewer, remindAt, replaceAt } = assignment;
    const { stage } = event.data;
    const name = `${known.subject}.${reviewer}`;
    if (this.happens(known, 'silent', `${name}.silent`) || !this.acts(known, stage, 'review', reviewer)) return;
    if (this.happens(known, 'conflicted', `${name}.conflicted`)) {
      this.drawingTurn(known, this.later(event, dayMs, `${name}.conflict`, known), () =>
        this.case(reviewer, known, 'DeclareConflict', stage, {
          ground: '与课程负责人有合作论文。Co-author of the course leader.',
        }),
      );
      return;
    }
    const begun = Date.parse(event.meta.recordedAt);
    const isLate = this.happens(known, 'late', `${name}.late`);
    const window = (isLate ? Date.parse(replaceAt) : Date.parse(remindAt)) - begun;
    const at = isLate ? begun + window * 0.95 : this.later(event, window * 0.9, `${name}.delay`, known);
    this.drawingTurn(known, at, () => this.case(reviewer, known, 'SubmitReview', stage, this.judgement(known, stage, name, id)));
  }

  private judgement({ subject }: Known, stageId: string, name: string, assignment: string): Readonly<Record<string, unknown>> {
    const stage = this.stage(stageId);
    if (stage.kind !== 'panel') throw new Error(`${stageId} is no panel`);
    const { chance, quality } = this.temper;
    const { criteria, points, vetoes } = stage.rubric;
    const good = quality(subject);
    const scores = criteria.map(({ id }) => {
      const share = Math.min(1, Math.max(0, good + (chance.of(`${name}.${id}`) - 0.5) * 0.3));
      return { criterion: id, points: Math.round(share * points) };
    });
    const found = good < 0.35 && chance.of(`${name}.veto`) < 0.3 ? vetoes.slice(0, 1).map(({ id }) => id) : [];
    return {
      scores,
      vetoes: found,
      comment: `评审意见 ${assignment.slice(-6)}：${good > 0.6 ? '建议认定。Recommended.' : '有待改进。Needs work.'}`,
    };
  }

  private assignAgain(known: Known, event: Told<'PanelUnfilled'>): void {
    const { stage } = event.data;
    this.drawingTurn(known, Date.parse(event.meta.recordedAt) + 3 * dayMs, () =>
      this.case(this.cast.secretary, known, 'AssignReviewers', stage, {}),
    );
  }

  private vote(known: Known, event: Told<'BallotOpened'>): void {
    const { stage, sitting, seats, recused, closesAt } = event.data;
    const window = Date.parse(closesAt) - Date.parse(event.meta.recordedAt);
    const good = this.temper.quality(known.subject);
    for (const { person } of seats) {
      const name = `${known.subject}.${person}.${sitting}`;
      if (recused.some((one) => one.person === person) || this.happens(known, 'absent', `${name}.absent`)) continue;
      if (!this.acts(known, stage, 'vote', person)) continue;
      const roll = this.temper.chance.of(`${name}.choice`);
      const choice =
        roll < 0.05 ? 'abstain' : roll < 0.05 + 0.95 * Math.min(1, Math.max(0, (good - 0.4) * 2)) ? 'for' : 'against';
      const at = this.later(event, window * 0.85, `${name}.delay`, known);
      const conflicted = sitting === 1 && this.happens(known, 'conflicted', `${name}.conflicted`);
      this.turn(known, at, () =>
        conflicted
          ? this.case(person, known, 'DeclareConflict', stage, { ground: '曾任该课程顾问。Former adviser of the course.' })
          : this.case(person, known, 'CastVote', stage, { choice }),
      );
    }
  }

  private breakTie(known: Known, event: Told<'VotesTied'>): void {
    const { stage, castingVote } = event.data;
    const choice = this.temper.quality(known.subject) > 0.5 ? 'for' : 'against';
    this.turn(known, this.later(event, dayMs, `${known.subject}.tie`, known), () =>
      this.case(castingVote, known, 'BreakTie', stage, { choice }),
    );
  }

  private rule(known: Known, event: Told<'ObjectionRaised'>): void {
    const { stage, objection: id } = event.data;
    if (!this.acts(known, stage, 'rule')) return;
    const upheld = this.temper.quality(known.subject) < 0.6;
    const data = upheld
      ? { objection: id, ruling: 'upheld', reason: '经查属实。The objection is borne out.' }
      : { objection: id, ruling: 'dismissed', reason: '经查不属实。The objection is not borne out.' };
    this.turn(known, this.later(event, 9 * dayMs, `${known.subject}.ruling`, known), async () => {
      const [first, ...others] = this.cast.committee;
      for (const member of [first, ...others]) {
        try {
          return await this.case(member as string, known, 'RuleOnObjection', stage, data);
        } catch (failure) {
          // Conflicted members do not know of the case: the next one rules.
          if (!(failure instanceof DomainError && unknownToThem.has(failure.code))) throw failure;
        }
      }
      return undefined;
    });
  }

  private turn({ id }: Known, atMs: number, act: () => Promise<unknown>): void {
    this.plan(atMs, act, [id]);
  }

  /** For acts after which reviewers may be drawn: whose turn comes first decides who is still free. */
  private drawingTurn({ id }: Known, atMs: number, act: () => Promise<unknown>): void {
    this.plan(atMs, act, [id, 'draws']);
  }

  private case(person: string, { id }: Known, type: string, stage: string, data: object): Promise<unknown> {
    return this.scene.as(person, 'case', id, { type, data: { stage, ...data } });
  }

  private stage(id: string): Stage {
    const stage = this.definition.stages.find((candidate) => candidate.id === id);
    if (stage === undefined) throw new Error(`${this.definition.id} has no stage ${id}`);
    return stage;
  }

  private ownerOf({ scope }: Stage, { institution, province }: Known): string {
    if (scope === 'institution') return this.cast.deanOf(institution);
    return scope === 'province' ? this.cast.departmentOf(province) : this.cast.secretary;
  }

  private acts({ subject }: Known, stage: string, act: Act, name = ''): boolean {
    return this.temper.acts?.(subject, stage, act, name) ?? true;
  }

  private happens({ subject }: Pick<Known, 'subject'>, what: keyof Odds, name: string): boolean {
    return this.temper.chance.of(name) < this.temper.odds(subject)[what];
  }

  /** Some time after an event, within a window that the pace of the case stretches; on a full minute. */
  private later(event: Pick<RecordedEvent, 'meta'>, windowMs: number, name: string, { subject }: Known): number {
    const share = 0.05 + 0.95 * this.temper.chance.of(name);
    const delay = windowMs * share * this.temper.pace(subject);
    return Date.parse(event.meta.recordedAt) + Math.max(60_000, Math.round(delay / 60_000) * 60_000);
  }
}

/** Where the order of the log must not decide: between cases, whose events may be recorded in any order. */
const byName = ([one = '']: readonly string[], [other = '']: readonly string[]): number =>
  one === other ? 0 : one < other ? -1 : 1;

/** What people meet with who may not know of a case: no such case, or nothing in their list. */
const unknownToThem: ReadonlySet<string> = new Set(['case.not-found', nothingToDo]);

const evidence = (subject: string): Uint8Array => pdfSaying(`Evidence against course ${subject}`);

const objection = (subject: string) => ({
  name: '何异议 / He Yiyi',
  contact: '13800000000',
  statement: `公示课程 ${subject.slice(0, 8)} 的教学团队与实际不符。The teaching team differs from the real one.`,
  evidence: [described(evidence(subject))],
});
