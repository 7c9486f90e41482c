import type { BallotVisit, Case, Visit } from './case.state.js';
import { openVisits } from './case.state.js';
import { confirmationTasks, dutyTasks, type PartTask } from './case-tasks.js';
import { type Definition, type Owner, type Stage, stageOf } from './definition.js';
import { scopeOf } from './filled.js';
import { isUnassigned, type SearchFacts, searchFacts } from './search/facts.js';
import { isPublished, judgingPowers, partners, tieOrgan } from './wall.js';

/** What someone must do next about a case. */
export interface Task {
  readonly stage: string;
  readonly act:
    'check' | 'correct' | 'assign' | 'review' | 'convene' | 'vote' | 'break-tie' | 'rule' | 'confirm' | 'inspect' | 'remedy';
  /** Who may: `person:<id>`, `power:<power>` or `power:<power>:<scope>`; one of them suffices where it is a power. */
  readonly holder: string;
  /** ISO 8601 UTC. */
  readonly dueAt?: string;
}

/** A case as lists show it, and by which keys it is found. */
export interface CaseRow {
  readonly round: string;
  readonly number: string;
  readonly title: string;
  readonly institution: string;
  readonly institutionName: string;
  readonly province: string;
  /** The value of the form's first choice: the kind of course. */
  readonly kind?: string;
  /** The open stage that it came to first, or the end. */
  readonly stage: string;
  readonly status: 'open' | 'ended';
  readonly outcome?: string;
  readonly submittedAt: string;
  readonly dueAt?: string;
  /** Whether anyone may read what is published of it. */
  readonly published: boolean;
  /** Whether its reviewers may not learn whose it is. */
  readonly blind: boolean;
  readonly audience: readonly string[];
  /** Keys of whoever runs the round: what they may search by, others may not. */
  readonly keeping: readonly string[];
  /** The key of the applicant's own office, which no wall stands before. */
  readonly applicant: string;
  /** Keys of those who judge: from them it is kept when they work for the applicant or are barred. */
  readonly judging: readonly string[];
  /** People who declared a conflict. */
  readonly barred: readonly string[];
  readonly tasks: readonly Task[];
  readonly facts: SearchFacts;
}

export const personKey = (person: string): string => `person:${person}`;
/** What everyone who is signed in may see. */
export const publicKey = 'public';
export const powerKey = (power: string, scope?: string): string =>
  scope === undefined ? `power:${power}` : `power:${power}:${scope}`;

const ownerKey = (owner: Owner, state: Case): string => powerKey(owner.power, scopeOf(owner, state));

/** The powers of whoever runs the round: they see a case from its first day. */
const managing = (definition: Definition): readonly string[] => [
  ...new Set(definition.stages.flatMap((stage) => ('manage' in stage ? [powerKey(stage.manage)] : []))),
];

/** The row of a case, from its state and its definition only. */
export function caseRow(definition: Definition, state: Case): CaseRow {
  const open = openVisits(state);
  const kindField = definition.subject.fields.find(({ type }) => type === 'choice');
  const kind = kindField === undefined ? undefined : state.form[kindField.id];
  const [dueAt] = open.flatMap((visit) => visit.dueAt ?? []).sort();
  return {
    round: state.round,
    number: state.number,
    title: String(state.form['title'] ?? state.number),
    institution: state.applicant.institution,
    institutionName: state.applicant.name,
    province: state.applicant.province,
    ...(kind === undefined ? {} : { kind: String(kind) }),
    stage: open[0]?.stage ?? state.end?.id ?? 'ended',
    status: state.status,
    ...(state.end === undefined ? {} : { outcome: state.end.outcome }),
    submittedAt: state.submittedAt,
    ...(dueAt === undefined ? {} : { dueAt }),
    published: isPublished(state),
    blind: definition.stages.some((stage) => stage.kind === 'panel' && stage.blind === 'double'),
    audience: audienceOf(definition, state),
    keeping: managing(definition),
    applicant: applicantKey(definition, state),
    judging: judgingPowers(definition).map((power) => powerKey(power)),
    barred: state.conflicts,
    tasks: (state.frozen === undefined ? open : []).flatMap((visit) =>
      tasksOf(definition, stageOf(definition, visit.stage), visit, state),
    ),
    facts: searchFacts(state),
  };
}

const applicantKey = ({ subject }: Definition, { applicant }: Case): string =>
  powerKey(subject.powers.submit, applicant.institution);

/** Says as keys what `mayKnow` says as a rule. */
function audienceOf(definition: Definition, state: Case): readonly string[] {
  const keys = new Set([applicantKey(definition, state), ...managing(definition)]);
  for (const visit of state.visits) {
    const stage = stageOf(definition, visit.stage);
    if (visit.kind === 'panel') {
      for (const { reviewer, status } of visit.assignments) if (status !== 'conflicted') keys.add(personKey(reviewer));
    }
    if (visit.kind === 'ballot' || visit.kind === 'duty') keys.add(ownerKey(stage, state));
    for (const owner of partners(stage))
      if (owner.scope === undefined || scopeOf(owner, state) !== undefined) keys.add(ownerKey(owner, state));
    const organ = tieOrgan(stage, visit);
    if (organ !== undefined) keys.add(powerKey(organ));
    if (stage.kind === 'publicity') keys.add(powerKey(stage.ruling.power));
  }
  if (isPublished(state)) keys.add(publicKey);
  return [...keys].sort();
}

const due = (at: string | undefined): { dueAt?: string } => (at === undefined ? {} : { dueAt: at });

function tasksOf(definition: Definition, stage: Stage, visit: Visit, state: Case): readonly Task[] {
  switch (visit.kind) {
    case 'check': {
      const correction = visit.corrections.find(({ ended }) => ended === undefined);
      return correction === undefined
        ? [{ stage: stage.id, act: 'check', holder: ownerKey(stage, state), ...due(visit.dueAt) }]
        : [{ stage: stage.id, act: 'correct', holder: applicantKey(definition, state), dueAt: correction.dueAt }];
    }
    case 'panel': {
      const reviews = visit.assignments
        .filter(({ status }) => status === 'open')
        .map(({ reviewer, replaceAt }): Task => ({
          stage: stage.id,
          act: 'review',
          holder: personKey(reviewer),
          dueAt: replaceAt,
        }));
      return isUnassigned(visit) && stage.kind === 'panel'
        ? [...reviews, { stage: stage.id, act: 'assign', holder: powerKey(stage.manage) }]
        : reviews;
    }
    case 'ballot':
      return visit.awaited !== undefined && stage.kind === 'ballot'
        ? [{ stage: stage.id, act: 'convene', holder: powerKey(stage.manage), dueAt: visit.awaited.dueAt }]
        : ballotTasks(stage.id, visit);
    case 'confirmation':
      return confirmationTasks(visit).map(({ of, ...task }) => ({
        stage: stage.id,
        ...task,
        holder: holderOf(of, stage, state),
      }));
    case 'duty':
      return dutyTasks(visit).map(({ of, ...task }) => ({ stage: stage.id, ...task, holder: holderOf(of, stage, state) }));
    case 'ranking': {
      const organ = tieOrgan(stage, visit);
      return organ === undefined || visit.placed?.result !== 'tied'
        ? []
        : [{ stage: stage.id, act: 'break-tie', holder: powerKey(organ), ...due(visit.placed.until) }];
    }
    case 'registration':
    case 'notice':
    case 'choice':
      return [];
    case 'publicity':
      return visit.objections
        .filter(({ ruling }) => ruling === undefined)
        .map(({ rulingDueAt }): Task => ({
          stage: stage.id,
          act: 'rule',
          holder: powerKey(stage.kind === 'publicity' ? stage.ruling.power : stage.power),
          dueAt: rulingDueAt,
        }));
  }
}

function ballotTasks(stage: string, { sittings }: BallotVisit): readonly Task[] {
  const sitting = sittings.at(-1);
  if (sitting === undefined || sitting.inquorate !== undefined) return [];
  if (sitting.tie !== undefined) {
    const { castingVote, dueAt, broken } = sitting.tie;
    return broken === undefined ? [{ stage, act: 'break-tie', holder: personKey(castingVote), dueAt }] : [];
  }
  const settled = new Set([...sitting.votes, ...sitting.recused].map(({ person }) => person));
  return sitting.seats
    .filter(({ person }) => !settled.has(person))
    .map(({ person }): Task => ({ stage, act: 'vote', holder: personKey(person), dueAt: sitting.closesAt }));
}

function holderOf(of: PartTask<string>['of'], stage: Stage, state: Case): string {
  if (of === 'owner') return ownerKey(stage, state);
  if (of === 'remedy') return ownerKey(stage.kind === 'duty' ? stage.remedy : stage, state);
  return powerKey(of.power, of.scope);
}
