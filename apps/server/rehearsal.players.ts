import { DomainError, type RecordedEvent } from '#kernel';
import { type CaseEvent, type Definition, type Stage, stageFor } from '#workflow';
import { evidence, objection } from './rehearsal.papers.js';
import { inLanes, nothingToDo, type Scene } from './rehearsal.scene.js';
import type { Act, Cast, Odds, Temper } from './rehearsal.temper.js';

export type { Act, Cast, Odds, Temper } from './rehearsal.temper.js';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

interface Known {
  readonly id: string;
  readonly subject: string;
  readonly institution: string;
  readonly province: string;
  readonly form: CaseOpened['form'];
  readonly files: unknown;
  readonly applicant: CaseOpened['applicant'];
}

type CaseOpened = Extract<CaseEvent, { type: 'CaseOpened' }>['data'];

/** A review that is owed. */
export interface OpenReview {
  readonly id: string;
  readonly reviewer: string;
  readonly stage: string;
  readonly assignment: string;
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
  private readonly decided = new Set<string>();
  private readonly reviews = new Map<string, OpenReview>();

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

  /** How many of them have neither ended nor come to their years of duty. */
  get open(): number {
    return this.cases.size - this.decided.size;
  }

  /** What a reviewer still owes. */
  owedBy(reviewer: string): readonly OpenReview[] {
    return [...this.reviews.values()].filter((review) => review.reviewer === reviewer);
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

  /** Does something of which a refusal is counted. */
  async attempt(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (failure) {
      if (!(failure instanceof DomainError)) throw failure;
      this.refusals.set(failure.code, (this.refusals.get(failure.code) ?? 0) + 1);
    }
  }

  private hear(event: Heard): void {
    if (event.type === 'CaseOpened') this.follow(event as Told<'CaseOpened'>);
    const known = this.cases.get(event.stream);
    if (known === undefined) return;
    if (isDecision(event)) this.decided.add(known.id);
    this.keepReviews(known, event);
    this.answers[event.type]?.(known, event as never);
  }

  private readonly answers: { readonly [T in CaseEvent['type']]?: (known: Known, event: Told<T>) => void } = {
    StageEntered: (known, event) => this.entered(known, event),
    CorrectionRequested: (known, event) => this.correct(known, event),
    ApplicationResubmitted: (known, event) => this.check(known, event),
    ReviewersAssigned: (known, event) => {
      this.withdraw(known, event, 'withdrawsInReview', 3 * dayMs);
      for (const assignment of event.data.assignments) this.review(known, event, assignment);
    },
    PanelUnfilled: (known, event) => this.assignAgain(known, event),
    BallotOpened: (known, event) => this.vote(known, event),
    VotesTied: (known, event) => this.breakTie(known, event),
    ObjectionRaised: (known, event) => this.rule(known, event),
    PartiesAsked: (known, event) => this.confirm(known, event),
  };

  private follow(event: Told<'CaseOpened'>): void {
    const { stream, meta } = event;
    const { subject, applicant, form, files } = event.data;
    const { institution, province } = applicant;
    const id = stream.slice(`case-${meta.alliance}.`.length);
    const known = { id, subject, institution, province, form, files, applicant };
    this.cases.set(stream, known);
    this.withdraw(known, event, 'withdraws', 10 * dayMs);
  }

  private withdraw(known: Known, event: Heard, odds: 'withdraws' | 'withdrawsInReview', withinMs: number): void {
    const { id, subject, institution } = known;
    if (!this.happens(known, odds, `${subject}.${odds}`)) return;
    this.turn(known, this.later(event, withinMs, `${subject}.withdrawal`, known), () =>
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
    const { fails, returns, sendsBack = 0 } = this.temper.odds(known.subject);
    const [back] = stage.return?.to ?? [];
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
      if (back !== undefined && visit === 1 && roll > 1 - sendsBack) {
        return this.case(inspector, known, 'SendBack', id, {
          to: back,
          reason: '请学校重新审查。Let the university look again.',
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
    if (!this.happens(known, 'conflictedAfter', `${name}.after`)) return;
    this.drawingTurn(known, at + 2 * hourMs, () =>
      this.case(reviewer, known, 'DeclareConflict', stage, {
        ground: '评后发现存在利益关系。Found to be interested after scoring.',
      }),
    );
  }

  private judgement(known: Known, stageId: string, name: string, assignment: string): Readonly<Record<string, unknown>> {
    const { subject } = known;
    const stage = stageFor(this.definition, stageId, { ...known, about: {} });
    if (stage.kind !== 'panel') throw new Error(`${stageId} is no panel`);
    const { chance, quality, spread = () => 0.3 } = this.temper;
    const { criteria, points, vetoes } = stage.rubric;
    const good = quality(subject);
    const scores = criteria.map(({ id }) => {
      const share = Math.min(1, Math.max(0, good + (chance.of(`${name}.${id}`) - 0.5) * spread(subject)));
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
    const upheld = this.temper.quality(known.subject) < 0.6 || this.happens(known, 'upholds', `${known.subject}.upholds`);
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

  private confirm(known: Known, event: Told<'PartiesAsked'>): void {
    const { stage, parties, dueAt } = event.data;
    for (const { party, scope } of parties) {
      const name = `${known.subject}.${stage}.${party}`;
      if (scope === undefined || this.happens(known, 'neverAnswers', `${name}.silent`)) continue;
      if (!this.acts(known, stage, 'confirm')) continue;
      const window = Date.parse(dueAt) - Date.parse(event.meta.recordedAt);
      const refuses = this.happens(known, 'refuses', `${name}.refuses`);
      this.turn(known, this.later(event, window * 0.8, name, known), () =>
        refuses
          ? this.case(this.cast.deanOf(scope), known, 'RefuseAsParty', stage, { party, reason: '团队已调离。The team has left.' })
          : this.case(this.cast.deanOf(scope), known, 'ConfirmAsParty', stage, { party }),
      );
    }
  }

  private keepReviews({ id }: Known, { type, data }: Heard): void {
    const { stage, assignments = [], assignment } = data as Reviewing;
    for (const one of assignments) this.reviews.set(one.id, { id, stage, reviewer: one.reviewer, assignment: one.id });
    if (assignment !== undefined && endsReview.has(type)) this.reviews.delete(assignment);
    if (type !== 'StageLeft' && type !== 'CaseEnded') return;
    for (const [key, owed] of this.reviews) if (owed.id === id) this.reviews.delete(key);
  }

  private turn(known: Known, atMs: number, act: () => Promise<unknown>): void {
    this.plan(this.thawed(known, atMs), act, [known.id]);
  }

  /** For acts after which reviewers may be drawn: whose turn comes first decides who is still free. */
  private drawingTurn(known: Known, atMs: number, act: () => Promise<unknown>): void {
    this.plan(this.thawed(known, atMs), act, [known.id, 'draws']);
  }

  private thawed = ({ institution }: Known, atMs: number): number => this.temper.thawed?.(institution, atMs) ?? atMs;

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
    return this.temper.chance.of(name) < (this.temper.odds(subject)[what] ?? 0);
  }

  /** Some time after an event, within a window that the pace of the case stretches; on a full minute. */
  private later(event: Pick<RecordedEvent, 'meta'>, windowMs: number, name: string, { subject }: Known): number {
    const share = 0.05 + 0.95 * this.temper.chance.of(name);
    const delay = windowMs * share * this.temper.pace(subject);
    return Date.parse(event.meta.recordedAt) + Math.max(60_000, Math.round(delay / 60_000) * 60_000);
  }
}

interface Reviewing {
  readonly stage: string;
  readonly assignments?: readonly { readonly id: string; readonly reviewer: string }[];
  readonly assignment?: string;
}

const endsReview: ReadonlySet<string> = new Set(['ReviewSubmitted', 'ConflictDeclared', 'ReviewerReplaced']);

/** Ended, or recognised for years that no rehearsal waits for. */
const isDecision = ({ type, data }: Heard): boolean =>
  type === 'CaseEnded' || (type === 'StageEntered' && (data as Told<'StageEntered'>['data']).kind === 'duty');

/** Where the order of the log must not decide: between cases, whose events may be recorded in any order. */
const byName = ([one = '']: readonly string[], [other = '']: readonly string[]): number =>
  one === other ? 0 : one < other ? -1 : 1;

/** What people meet with who may not know of a case: no such case, or nothing in their list. */
const unknownToThem: ReadonlySet<string> = new Set(['case.not-found', nothingToDo]);
