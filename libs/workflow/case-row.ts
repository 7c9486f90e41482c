import { type BallotVisit, type Case, copiedId, openSitting, openVisits, type PanelVisit, type Visit } from './case.state.js';
import { handedIn } from './acts/handed.js';
import { keeperOf, openFileCorrection } from './acts/file-correction.js';
import { ownerOfPart, type PartTask, partTasks } from './case-tasks.js';
import { type Definition, type Owner, type Stage, stageOf } from './definition.js';
import { keptFrom } from './named.js';
import { reviewersOf, reviewersOwing } from './owed-reviews.js';
import { scopeOf } from './filled.js';
import { earliest } from './search/due.js';
import { lacksReviewers, type SearchFacts, searchFacts } from './search/facts.js';
import { missingSigners } from './stages/check.signing.js';
import { silent } from './stages/panel.discussion.js';
import { blindPanels, isPublished, judgingPowers, keeping, partners, tieOrgan } from './wall.js';
import type { Origin } from './subcases/subcase.messages.js';

/** What someone must do next about a case. */
export interface Task {
  readonly stage: string;
  readonly act:
    | PartTask['act']
    | 'sign'
    | 'correct'
    | 'assign'
    | 'review'
    | 'discuss'
    | 'convene'
    | 'vote'
    | 'break-tie'
    | 'state'
    | 'give-ruling'
    | 'grant-files'
    | 'replace-files';
  /** As `TransferTask` names it, where an organ's task may be handed over. */
  readonly part?: string;
  /** Who may: `person:<id>`, `power:<power>` or `power:<power>:<scope>`; one of them suffices where it is a power. */
  readonly holder: string;
  /** ISO 8601 UTC. */
  readonly dueAt?: string;
}

/** A case as lists show it, and by which keys it is found. */
export interface CaseRow {
  readonly round: string;
  readonly number: string;
  /** Of a sub-case: its name in the definition, and the case that gave rise to it. */
  readonly subcase?: { readonly name: string; readonly parent: string; readonly parentNumber: string };
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
  /** When what it waits for is due, as far as everyone is told. */
  readonly dueAt?: string;
  /** The same as who runs the procedure knows it: with reviews, votes and rulings. */
  readonly keptDueAt?: string;
  /** Whether anyone may read what is published of it. */
  readonly published: boolean;
  /** Whether its reviewers may not learn whose it is. */
  readonly blind: boolean;
  readonly audience: readonly string[];
  /** Keys of whoever runs the round or audits: what they may search by, others may not. */
  readonly keeping: readonly string[];
  /** The key of the applicant's own office, which no wall stands before. */
  readonly applicant: string;
  /** Keys of those who judge: from them it is kept when they work for the applicant or are barred. */
  readonly judging: readonly string[];
  /** Keys of those who may be its blind reviewers: who reads a copy of it reads it as they do. */
  readonly blinding: readonly string[];
  /** People who declared a conflict. */
  readonly barred: readonly string[];
  readonly tasks: readonly Task[];
  /** Who owes reviews of it, once for each: they count to whoever draws reviewers. */
  readonly reviewing: readonly string[];
  readonly facts: SearchFacts;
}

export const personKey = (person: string): string => `person:${person}`;
/** What somebody was copied in on; `id` as `copiedId` has it. */
export const copiedKey = (id: string): string => `copied:${id}`;
/** What everyone who is signed in may see. */
export const publicKey = 'public';
export const powerKey = (power: string, scope?: string): string =>
  scope === undefined ? `power:${power}` : `power:${power}:${scope}`;

const ownerKey = (owner: Owner, state: Case): string => powerKey(owner.power, scopeOf(owner, state));

const keepingKeys = (definition: Definition): readonly string[] => [
  ...new Set(keeping(definition).map((power) => powerKey(power))),
];

/** The row of a case, from its state and its definition only. */
export function caseRow(definition: Definition, state: Case): CaseRow {
  const open = openVisits(state);
  const kindField = definition.subject.fields.find(({ type }) => type === 'choice');
  const kind = kindField === undefined ? undefined : state.form[kindField.id];
  const facts = searchFacts(definition, state);
  const [dueAt, keptDueAt] = [earliest(facts.dues.told), earliest(facts.dues.kept)];
  return {
    round: state.round,
    number: state.number,
    ...(state.origin === undefined ? {} : { subcase: subcaseRow(state, state.origin) }),
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
    ...(keptDueAt === undefined ? {} : { keptDueAt }),
    published: isPublished(state),
    blind: blindPanels(definition).length > 0,
    audience: audienceOf(definition, state),
    keeping: keepingKeys(definition),
    applicant: applicantKey(definition, state),
    judging: judgingPowers(definition).map((power) => powerKey(power)),
    blinding: blindPanels(definition).map(({ power }) => powerKey(power)),
    barred: keptFrom(definition, state),
    tasks: [
      ...(state.frozen === undefined ? open : []).flatMap((visit) =>
        tasksOf(definition, stageOf(definition, visit.stage), visit, state),
      ),
      ...(state.frozen === undefined ? fileTasks(definition, state) : []),
    ],
    reviewing: reviewersOwing(state),
    facts,
  };
}

const subcaseRow = ({ definition }: Case, { parent }: Origin): NonNullable<CaseRow['subcase']> => ({
  name: definition.subcase ?? '',
  parent: parent.case,
  parentNumber: parent.number,
});

const applicantKey = ({ subject }: Definition, { applicant }: Case): string =>
  powerKey(subject.powers.submit, applicant.institution);

/** Says as keys what `mayKnow` says as a rule. */
function audienceOf(definition: Definition, state: Case): readonly string[] {
  const keys = new Set([applicantKey(definition, state), ...keepingKeys(definition)]);
  for (const visit of state.visits) {
    const stage = stageOf(definition, visit.stage);
    if (visit.kind === 'panel') {
      for (const { reviewer, principal = reviewer, substitute, status } of visit.assignments) {
        if (status === 'conflicted') continue;
        for (const person of [reviewer, principal]) keys.add(personKey(person));
        if (substitute?.active === true) keys.add(personKey(substitute.person));
      }
    }
    if (visit.kind === 'ballot' || visit.kind === 'duty' || visit.kind === 'ruling') keys.add(ownerKey(stage, state));
    for (const owner of partners(stage))
      if (owner.scope === undefined || scopeOf(owner, state) !== undefined) keys.add(ownerKey(owner, state));
    const organ = tieOrgan(stage, visit);
    if (organ !== undefined) keys.add(powerKey(organ));
    if (stage.kind === 'publicity') keys.add(powerKey(stage.ruling.power));
  }
  for (const one of state.copied) keys.add(copiedKey(copiedId(one)));
  if (isPublished(state)) keys.add(publicKey);
  return [...keys].sort();
}

const due = (at: string | undefined): { dueAt?: string } => (at === undefined ? {} : { dueAt: at });

function reviewTasks(visit: PanelVisit, stage: Stage): readonly Task[] {
  const reviews = visit.assignments
    .filter(({ status }) => status === 'open')
    .flatMap((assignment) =>
      reviewersOf(assignment).map((person): Task => ({
        stage: stage.id,
        act: 'review',
        holder: personKey(person),
        dueAt: assignment.replaceAt,
      })),
    );
  if (stage.kind !== 'panel') return reviews;
  return [
    ...reviews,
    ...discussionTasks(visit, stage.id),
    ...(lacksReviewers(stage, visit)
      ? [{ stage: stage.id, act: 'assign', holder: powerKey(stage.manage), ...due(visit.dueAt) } as const]
      : []),
  ];
}

/** Whoever has said nothing yet, while the reviews as they are stand for discussion. */
const discussionTasks = (visit: PanelVisit, stage: string): readonly Task[] =>
  visit.discussion === undefined
    ? []
    : silent(visit).map(({ reviewer }) => ({
        stage,
        act: 'discuss',
        holder: personKey(reviewer),
        ...due(visit.discussion?.until),
      }));

function tasksOf(definition: Definition, stage: Stage, visit: Visit, state: Case): readonly Task[] {
  switch (visit.kind) {
    case 'check': {
      const correction = visit.corrections.find(({ ended }) => ended === undefined);
      if (correction !== undefined)
        return [{ stage: stage.id, act: 'correct', holder: applicantKey(definition, state), dueAt: correction.dueAt }];
      const signatures = missingSigners(visit).map((person): Task => ({
        stage: stage.id,
        act: 'sign',
        holder: personKey(person),
        ...due(visit.dueAt),
      }));
      return [...signatures, ...tasksOfOrgans(stage, visit, state)];
    }
    case 'panel':
      return reviewTasks(visit, stage);
    case 'ballot':
      return visit.awaited !== undefined && stage.kind === 'ballot'
        ? [{ stage: stage.id, act: 'convene', holder: powerKey(stage.manage), dueAt: visit.awaited.dueAt }]
        : ballotTasks(stage.id, visit);
    case 'confirmation':
    case 'duty':
      return tasksOfOrgans(stage, visit, state);
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
    case 'statement':
      return [{ stage: stage.id, act: 'state', holder: ownerKey(stage, state), ...due(visit.dueAt) }];
    case 'ruling':
      return [{ stage: stage.id, act: 'give-ruling', holder: ownerKey(stage, state), ...due(visit.dueAt) }];
    case 'publicity':
      return visit.objections
        .filter(({ ruling, hearing }) => ruling === undefined && hearing === undefined)
        .map(({ rulingDueAt }): Task => ({
          stage: stage.id,
          act: 'rule',
          holder: powerKey(stage.kind === 'publicity' ? stage.ruling.power : stage.power),
          dueAt: rulingDueAt,
        }));
  }
}

function ballotTasks(stage: string, visit: BallotVisit): readonly Task[] {
  const sitting = openSitting(visit);
  if (sitting === undefined) return [];
  if (sitting.tie !== undefined) {
    const { castingVote, dueAt, broken } = sitting.tie;
    return broken === undefined ? [{ stage, act: 'break-tie', holder: personKey(castingVote), dueAt }] : [];
  }
  const settled = new Set([...sitting.votes, ...sitting.recused].map(({ person }) => person));
  const owing = sitting.seats.map(({ person }) => person).filter((person) => !settled.has(person));
  const holders = (sitting.proxies ?? []).filter(({ giver }) => owing.includes(giver)).map(({ holder }) => holder);
  return [...new Set([...owing, ...holders])].map((person) => ({
    stage,
    act: 'vote',
    holder: personKey(person),
    dueAt: sitting.closesAt,
  }));
}

/** Whoever in an organ does it, or the one to whom it was handed over. */
const tasksOfOrgans = (stage: Stage, visit: Visit, state: Case): readonly Task[] =>
  partTasks(stage, visit).map((task) => {
    const handed = handedIn(visit, task.part);
    const holder = handed === undefined ? ownerKey(ownerOfPart(stage, task.part) ?? stage, state) : personKey(handed.to);
    return { stage: stage.id, ...task, holder };
  });

/** Files that are to be replaced after the deadline: who answers the request, and then who may replace them. */
function fileTasks(definition: Definition, state: Case): readonly Task[] {
  const correction = openFileCorrection(state);
  if (correction === undefined || state.status === 'ended') return [];
  const stage = openVisits(state)[0]?.stage ?? '';
  if (correction.granted !== undefined)
    return [{ stage, act: 'replace-files', holder: applicantKey(definition, state), dueAt: correction.granted.until }];
  const { power, scope } = keeperOf({ definition, open: state });
  return [{ stage, act: 'grant-files', holder: powerKey(power, scope) }];
}
