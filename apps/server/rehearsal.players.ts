import { DomainError, type RecordedEvent } from '#kernel';
import { type CaseEvent, type Definition, procedureOf, type Stage } from '#workflow';
import { discussion, strays } from './rehearsal.discussing.js';
import { type Heard, isDecision, type Known, rulersOf, stageIn, type Told } from './rehearsal.known.js';
import { judgementOf } from './rehearsal.judging.js';
import { evidence, objection, overlooked, plea } from './rehearsal.papers.js';
import { type OwedReview, OwedReviews } from './rehearsal.reviews.js';
import { firstOf, type Scene } from './rehearsal.scene.js';
import type { Act, Cast, Odds, Temper } from './rehearsal.temper.js';

export type { Act, Cast, Odds, Temper } from './rehearsal.temper.js';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

interface Planned {
  readonly atMs: number;
  readonly act: () => Promise<unknown>;
}

/** People who answer what happens in the cases of a round, each in their own time. What they do follows from the seed alone. */
export class Players {
  /** Refusals that people met with, by code: too late, already withdrawn. */
  readonly refusals = new Map<string, number>();
  /** By stream, appeals among them. */
  private readonly cases = new Map<string, Known>();
  private agenda: Planned[] = [];
  private readonly decided = new Set<string>();
  private readonly reviews = new OwedReviews();

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

  /** How many applications were submitted. */
  get opened(): number {
    return [...this.cases.values()].filter(({ definition }) => definition === this.definition).length;
  }

  /** How many cases, appeals among them, have neither ended nor come to their years of duty. */
  get open(): number {
    return this.cases.size - this.decided.size;
  }

  /** Where the application of a course is that was submitted. */
  applicationOf(course: string): string {
    return ([...this.cases.values()].find(({ subject }) => subject === course) as Known).id;
  }

  /** What a reviewer still owes. */
  owedBy(reviewer: string): readonly OwedReview[] {
    return this.reviews.of(reviewer);
  }

  /** Plans an act. A refusal is counted; anything else is a bug and ends the rehearsal. */
  plan(atMs: number, act: () => Promise<unknown>): void {
    this.agenda.push({ atMs, act });
  }

  /** Moves on to an instant: first the engine, then people, until nobody has anything left to do by then. */
  async until(atMs: number): Promise<void> {
    for (;;) {
      await this.scene.until(atMs);
      for (const event of await this.scene.news()) if (event.stream.startsWith('case-')) this.hear(event as Heard);
      const due = this.agenda.filter((planned) => planned.atMs <= atMs);
      if (due.length === 0) return;
      this.agenda = this.agenda.filter((planned) => planned.atMs > atMs);
      for (const { act } of due.toSorted((one, other) => one.atMs - other.atMs)) await this.attempt(act);
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
    if (event.type === 'CaseOpened') this.follow(event as Told<'CaseOpened'>, this.definition);
    if (event.type === 'SubcaseOpened') this.followSubcase(event as Told<'SubcaseOpened'>);
    const known = this.cases.get(event.stream);
    if (known === undefined) return;
    if (isDecision(event)) this.decided.add(known.id);
    if (event.type === 'CaseReopened') this.decided.delete(known.id);
    this.reviews.hear(known.id, event);
    this.answers[event.type]?.(known, event as never);
  }

  private readonly answers: { readonly [T in CaseEvent['type']]?: (known: Known, event: Told<T>) => void } = {
    CaseOpened: (known, event) => this.withdraw(known, event, 'withdraws', 10 * dayMs),
    CaseEnded: (known, event) => this.appeal(known, event),
    StageEntered: (known, event) => this.entered(known, event),
    CorrectionRequested: (known, event) => this.correct(known, event),
    ApplicationResubmitted: (known, event) => this.check(known, event),
    ReviewersAssigned: (known, event) => {
      this.withdraw(known, event, 'withdrawsInReview', 3 * dayMs);
      for (const assignment of event.data.assignments) this.review(known, event, assignment);
    },
    DiscussionOpened: (known, event) => this.discuss(known, event),
    SubstitutionBegan: (known, event) => this.substitute(known, event),
    PanelUnfilled: (known, event) => this.assignAgain(known, event),
    BallotOpened: (known, event) => this.vote(known, event),
    VotesTied: (known, event) => this.breakTie(known, event),
    ObjectionRaised: (known, event) => this.rule(known, event),
    PartiesAsked: (known, event) => this.confirm(known, event),
  };

  private follow({ stream, meta, data }: Told<'CaseOpened'> | Told<'SubcaseOpened'>, definition: Definition): void {
    const { subject, applicant, form, files } = data;
    const { institution, province } = applicant;
    const id = stream.slice(`case-${meta.alliance}.`.length);
    this.cases.set(stream, { id, definition, subject, institution, province, form, files, applicant });
  }

  private followSubcase(event: Told<'SubcaseOpened'>): void {
    const { subcase } = event.data.definition;
    if (subcase !== undefined) this.follow(event, procedureOf(this.definition, subcase));
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
    if (data.kind === 'ruling') return this.ruleOnAppeal(known, event);
    // What is public once more after an appeal has been looked through.
    if (data.kind !== 'publicity' || data.visit > 1 || !this.happens(known, 'objects', `${known.subject}.objects`)) return;
    if (!this.acts(known, data.stage, 'object')) return;
    const at = this.later(event, 4 * dayMs, `${known.subject}.objection`, known);
    this.turn(known, at, async () => {
      await this.scene.handIn(this.cast.critic, evidence(known.subject));
      await this.case(this.cast.critic, known, 'RaiseObjection', data.stage, objection(known.subject));
    });
  }

  private check(known: Known, event: Told<'StageEntered'> | Told<'ApplicationResubmitted'>): void {
    const { stage: id, visit, dueAt } = event.data;
    const stage = stageIn(known, id);
    if (stage.kind !== 'check' || !this.acts(known, id, 'check')) return;
    const name = `${known.subject}.${id}.${visit}.${event.type}`;
    const inspector = this.ownerOf(stage, known);
    const window = dueAt === undefined ? 5 * dayMs : Date.parse(dueAt) - Date.parse(event.meta.recordedAt);
    const roll = this.temper.chance.of(`${name}.verdict`);
    const { fails, returns, sendsBack = 0 } = this.temper.odds(known.subject);
    const [back] = stage.return?.to ?? [];
    const first = event.type === 'StageEntered' && stage.correction !== undefined;
    const isOverdue = dueAt !== undefined && this.happens(known, 'overdue', `${name}.overdue`);
    this.turn(known, isOverdue ? Date.parse(dueAt) + 2 * dayMs : this.later(event, window * 0.7, name, known), () => {
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
      this.turn(known, this.later(event, dayMs, `${name}.conflict`, known), () =>
        this.case(reviewer, known, 'DeclareConflict', stage, {
          ground: '与课程负责人有合作论文。Co-author of the course leader.',
        }),
      );
      return;
    }
    const judgement = this.judgement(known, { stage, assignment: id, reviewer });
    const begun = Date.parse(event.meta.recordedAt);
    const isLate = this.happens(known, 'late', `${name}.late`);
    const window = (isLate ? Date.parse(replaceAt) : Date.parse(remindAt)) - begun;
    const at = isLate ? begun + window * 0.95 : this.later(event, window * 0.9, `${name}.delay`, known);
    this.turn(known, at, () => this.case(reviewer, known, 'SubmitReview', stage, judgement));
    if (!this.happens(known, 'conflictedAfter', `${name}.after`)) return;
    this.turn(known, at + 2 * hourMs, () =>
      this.case(reviewer, known, 'DeclareConflict', stage, {
        ground: '评后发现存在利益关系。Found to be interested after scoring.',
      }),
    );
  }

  /** Of a reviewer as they see it; `again`, once they have heard the others. */
  private judgement(known: Known, owed: { stage: string; assignment: string; reviewer: string }, again = ''): object {
    const { subject, definition } = known;
    const { temper } = this;
    const seems = this.seeming(known);
    const isAlone = again === '' && strays({ subject, odds: temper.odds(subject), chance: temper.chance }, owed.reviewer);
    const good = isAlone ? (seems > 0.5 ? seems - 0.5 : seems + 0.5) : seems;
    return judgementOf({ definition, temper, good, name: `${subject}.${owed.reviewer}${again}` }, known, owed);
  }

  private discuss(known: Known, event: Told<'DiscussionOpened'>): void {
    const { subject } = known;
    const { stage, until } = event.data;
    const [begun, end] = [event.meta.recordedAt, until].map((at) => Date.parse(at)) as [number, number];
    const reviewerOf = (assignment: string) => this.reviews.reviewerOf(assignment);
    const about = { subject, odds: this.temper.odds(subject), chance: this.temper.chance, reviewerOf };
    for (const { assignment, reviewer, share, does } of discussion(event.data, about)) {
      const judgement = this.judgement(known, { stage, assignment, reviewer }, '.again');
      this.turn(known, begun + Math.round(((end - begun) * share) / 60_000) * 60_000, () =>
        does === 'speaks'
          ? this.case(reviewer, known, 'DiscussReviews', stage, { comment: '请各位说明评分理由。Let us say why.' })
          : this.case(reviewer, known, 'ReviseReview', stage, {
              ...judgement,
              reason: '已听取各方意见。Having heard the others.',
            }),
      );
    }
  }

  private substitute(known: Known, event: Told<'SubstitutionBegan'>): void {
    const { stage, assignment, substitute: reviewer } = event.data;
    const judgement = this.judgement(known, { stage, assignment, reviewer });
    this.turn(known, this.later(event, dayMs / 2, `${known.subject}.${reviewer}.substitute`, known), () =>
      this.case(reviewer, known, 'SubmitReview', stage, judgement),
    );
  }

  /** How good it seems to reviewers: to those of an appeal its evidence may show it in another light. */
  private seeming(known: Known): number {
    const isAppeal = known.definition !== this.definition;
    return isAppeal && this.happens(known, 'convinces', `${known.subject}.appeal`) ? 0.8 : this.temper.quality(known.subject);
  }

  private assignAgain(known: Known, event: Told<'PanelUnfilled'>): void {
    const { stage } = event.data;
    this.turn(known, Date.parse(event.meta.recordedAt) + 3 * dayMs, () =>
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
    this.turn(known, this.later(event, 9 * dayMs, `${known.subject}.ruling`, known), () =>
      firstOf(rulersOf(this.cast, known, stage), (member) => this.case(member, known, 'RuleOnObjection', stage, data)),
    );
  }

  /** Against a decision: in time or out of it, on a ground that there is or another. */
  private appeal(known: Known, event: Told<'CaseEnded'>): void {
    const { id, subject, institution } = known;
    const window = event.data.appeal;
    if (window === undefined || !this.happens(known, 'appeals', `${subject}.appeals`)) return;
    const appeal = this.definition.subcases?.[window.subcase];
    const allowed = appeal?.kind === 'appeal' ? appeal.grounds.map((ground) => ground.id) : [];
    const isGroundless = this.happens(known, 'appealsGroundless', `${subject}.appeals.ground`);
    const ground = isGroundless ? 'disappointment' : this.temper.chance.oneOf(allowed, `${subject}.ground`);
    const [endedAt, until] = [event.meta.recordedAt, window.until].map((at) => Date.parse(at)) as [number, number];
    const isLate = this.happens(known, 'appealsLate', `${subject}.appeals.late`);
    const at = isLate ? until : this.later(event, (until - endedAt) * 0.8, `${subject}.appeals.delay`, known);
    const dean = this.cast.deanOf(institution);
    this.turn(known, at, async () => {
      await this.scene.handIn(dean, overlooked(subject));
      const data = { appeal: window.subcase, grounds: [ground], ...plea(subject) };
      await this.scene.as(dean, 'case', id, { type: 'LodgeAppeal', data });
    });
  }

  private ruleOnAppeal(known: Known, event: Told<'StageEntered'>): void {
    const { stage, dueAt = event.meta.recordedAt } = event.data;
    const data = this.happens(known, 'dismisses', `${known.subject}.appeal.dismissed`)
      ? { ruling: 'dismissed', reason: '申诉理由不足。The grounds do not bear it out.' }
      : { ruling: 'sustained', reason: '原决定遗漏证据。Evidence was overlooked.' };
    const window = Date.parse(dueAt) - Date.parse(event.meta.recordedAt);
    this.turn(known, this.later(event, window * 0.7, `${known.subject}.appeal.ruling`, known), () =>
      firstOf(this.cast.council, (member) => this.case(member, known, 'GiveRuling', stage, data)),
    );
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

  private turn(known: Known, atMs: number, act: () => Promise<unknown>): void {
    this.plan(this.thawed(known, atMs), act);
  }

  private thawed = ({ institution }: Known, atMs: number): number => this.temper.thawed?.(institution, atMs) ?? atMs;

  private case(person: string, { id }: Known, type: string, stage: string, data: object): Promise<unknown> {
    return this.scene.as(person, 'case', id, { type, data: { stage, ...data } });
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
