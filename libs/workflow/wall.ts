import { personOf, type RecordedEvent } from '#kernel';
import { withoutReasons } from './acts/handed.js';
import {
  type AssignmentState,
  type Case,
  type CheckVisit,
  copiedId,
  type HandedInVersion,
  type PanelVisit,
  type RankingVisit,
  type Sitting,
  type Visit,
} from './case.state.js';
import type { Explanation } from './case.events.js';
import { ownerOfPart } from './case-tasks.js';
import { type Definition, everyStage, type Owner, type PanelStage, type Stage, stageOf } from './definition.js';
import { scopeOf } from './filled.js';
import type { InVisit } from './in-visit.js';
import { keptFrom } from './named.js';
import { isOwn, type ShownPanel, shownPanel } from './panel.wall.js';
import type { ReviewEvent } from './review.messages.js';
import { kindOf } from './stages/index.js';
import { hearsOthers } from './stages/panel.discussion.js';
import type { Standing } from './standing.js';
import { shownAppeals, shownOrigin } from './subcases/subcase.wall.js';
import { versionIn } from './versions.js';

export type { Standing } from './standing.js';

/** A person as the rules of knowing see them: the powers that their seats give them now, and who employs them. */
export interface Viewer {
  readonly person: string;
  /** Employers by `moe_code`. */
  readonly institutions: readonly string[];
  readonly powers: readonly { readonly power: string; readonly scope?: string }[];
  /** The organs in which they sit: what was copied to one is theirs to read. */
  readonly organs?: readonly { readonly organ: string; readonly scope?: string }[];
}

/** Powers whose holders judge: review, decide, rule on objections. */
export const judgingPowers = (definition: Definition): readonly string[] => [
  ...new Set(everyStage(definition).flatMap((stage) => kindOf(stage.kind).judges(stage))),
];

/** The power of whoever audits an alliance: they read its cases as those who keep them do, and no command passes under it. */
export const auditPower = 'audit-cases';

/** Powers of whoever reads a case in full from its first day: who runs the round, and who audits. */
export const keeping = ({ stages, subcase }: Definition): readonly string[] => [
  auditPower,
  ...stages.flatMap((stage) => ('manage' in stage ? [stage.manage] : [])),
  ...(subcase === undefined ? [] : [subcase.manage]),
];

const has = ({ powers }: Viewer, power: string | undefined, scope?: string): boolean =>
  powers.some((held) => held.power === power && (scope === undefined || held.scope === scope));

/** The applicant's own office: it sees its own application, as the applicant, whatever else its people are. */
const isApplicant = (definition: Definition, { applicant }: Case, viewer: Viewer): boolean =>
  has(viewer, definition.subject.powers.submit, applicant.institution);

/** Whether somebody reviews, decides or rules on objections in what a definition conducts. */
export const isJudge = (definition: Definition, viewer: Viewer): boolean =>
  judgingPowers(definition).some((power) => has(viewer, power));

/**
 * Whether a conflict of interest keeps someone from knowing that the case exists.
 *
 * It does for those who could judge it and work for the applicant, have declared a conflict or are named by it; not for the applicant's own office,
 * nor for those who only check or keep the procedure.
 */
export const isWalled = (definition: Definition, state: Case, viewer: Viewer): boolean =>
  isJudge(definition, viewer) &&
  (keptFrom(definition, state).includes(viewer.person) || viewer.institutions.includes(state.applicant.institution)) &&
  !isApplicant(definition, state, viewer);

/**
 * As whom someone may know of a case; undefined for who may not.
 *
 * The applicant's office; whoever manages panels and ballots, or audits; the organ of a check that the case has come to; reviewers who have or had
 * an assignment; the deciding organ once the case is before it; whoever was copied in; everyone once it is public. Who was copied in and
 * might be a blind reviewer reads it as a reviewer would.
 */
export function standing(definition: Definition, state: Case, viewer: Viewer): Standing | undefined {
  if (isApplicant(definition, state, viewer)) return 'applicant';
  if (isWalled(definition, state, viewer)) return undefined;
  const visited = state.visits.map((visit) => ({ visit, stage: stageOf(definition, visit.stage) }));
  if (keeping(definition).some((power) => has(viewer, power))) return 'keeper';
  if (visited.some(({ stage }) => partners(stage).some((owner) => holdsOwner(owner, state, viewer)))) return 'checker';
  const decides = visited.some(
    ({ stage, visit }) =>
      (stage.kind === 'ballot' && has(viewer, stage.power)) ||
      has(viewer, tieOrgan(stage, visit)) ||
      ((stage.kind === 'duty' || stage.kind === 'ruling') && holdsOwner(stage, state, viewer)) ||
      (stage.kind === 'publicity' && has(viewer, stage.ruling.power)),
  );
  if (decides) return 'judge';
  if (visited.some(({ visit }) => visit.kind === 'panel' && visit.assignments.some(isFor(viewer)))) return 'reviewer';
  if (isCopied(state, viewer)) return blindPanels(definition).some(({ power }) => has(viewer, power)) ? 'reviewer' : 'copied';
  return isPublished(state) ? 'public' : undefined;
}

const isCopied = ({ copied }: Case, { person, organs = [] }: Viewer): boolean => {
  const ids = new Set([person, ...organs.map(copiedId)]);
  return copied.some((one) => ids.has(copiedId(one)));
};

/** Panels whose reviewers may not learn whose an application is. */
export const blindPanels = (definition: Definition): readonly PanelStage[] =>
  everyStage(definition).filter((stage) => stage.kind === 'panel' && stage.blind === 'double') as readonly PanelStage[];

/** Whether some reviewers, of a case or of a sub-case, may not learn whose it is: then its address must not tell. */
export const hidesApplicants = (definition: Definition): boolean =>
  [definition, ...Object.values(definition.subcases ?? {})].some(({ stages }) =>
    stages.some((stage) => stage.kind === 'panel' && stage.blind === 'double'),
  );

/** The power of those who put a case in order, once it has been found equal to others at the cut. */
export const tieOrgan = (stage: Stage, visit: Visit): string | undefined =>
  stage.kind === 'ranking' && stage.ties.rule === 'organ' && visit.kind === 'ranking' && visit.placed?.tie === 'organ'
    ? stage.ties.power
    : undefined;

/** From these kinds on a case is before the public: results open to objection, events to register for, documents, obligations. */
export const publicKinds: ReadonlySet<Visit['kind']> = new Set(['publicity', 'registration', 'notice', 'duty']);

/** Whether anyone may read what is published of a case. Of a sub-case nothing is: what it comes to stands in its parent. */
export const isPublished = (state: Case): boolean =>
  state.origin === undefined && (state.visits.some(({ kind }) => publicKinds.has(kind)) || state.end?.outcome === 'granted');

/** Whom a stage brings in beside those who judge: who checks, who confirms, who must remedy, who states a case. */
export function partners(stage: Stage): readonly Owner[] {
  switch (stage.kind) {
    case 'check':
    case 'statement':
      return [stage];
    case 'confirmation':
      return stage.parties;
    case 'duty':
      return [stage.remedy];
    default:
      return [];
  }
}

/** Whose a review is or was, and who does it now in their place. */
const isFor =
  (viewer: Pick<Viewer, 'person'>) =>
  (assignment: AssignmentState): boolean =>
    assignment.status !== 'conflicted' && (assignment.principal === viewer.person || isOwn(viewer)(assignment));

const holdsOwner = (owner: Owner, state: Case, viewer: Viewer): boolean => {
  const scope = scopeOf(owner, state);
  // Named by a field that was left empty: nobody.
  if (owner.scope !== undefined && scope === undefined) return false;
  return has(viewer, owner.power, scope);
};

/** Whether someone may know that the case exists: what filters lists, counts, searches and live updates. */
export const mayKnow = (definition: Definition, state: Case, viewer: Viewer): boolean =>
  standing(definition, state, viewer) !== undefined;

/** What may not be shown is not there. */
export type ShownCase = Omit<
  Case,
  'subject' | 'applicant' | 'submittedBy' | 'seed' | 'opening' | 'lastLeft' | 'visits' | HiddenOutside
> &
  Partial<Pick<Case, 'subject' | 'applicant' | 'submittedBy' | HiddenOutside>> & {
    readonly as: Standing;
    readonly visits: readonly ShownVisit[];
  };

export type ShownVisit = Exclude<Visit, PanelVisit> | ShownPanel;

/** What is between the applicant and those who keep the case. */
type HiddenOutside = 'earlier' | 'fileCorrections' | 'copied';

/** The case as someone may see it: without what blinding, secrecy or their part in it keeps from them. Undefined for who may not know. */
export function shownTo(definition: Definition, state: Case, viewer: Viewer): ShownCase | undefined {
  const as = standing(definition, state, viewer);
  if (as === undefined) return undefined;
  const isBlind = as === 'reviewer' && isDoubleBlind(definition, state, viewer);
  const { subject, applicant, submittedBy, seed: _seed, opening: _opening, lastLeft: _lastLeft, ...whole } = state;
  const { provisional: _provisional, earlier, fileCorrections, copied, appeals: _appeals, origin: _origin, ...others } = whole;
  const rest = { ...others, ...shownAppeals(state, as), ...shownOrigin(state, { as, isBlind }) };
  const visits = state.visits.flatMap((visit) => shownVisit(definition, state, visit, viewer, as));
  const conflicts = as === 'keeper' ? state.conflicts : [];
  // A reason is given to those between whom the case goes, not to blind reviewers, nor to the public.
  const returns = as === 'reviewer' || as === 'public' ? [] : state.returns;
  const { version, form, files } = judgedBy(state, viewer, as);
  if (isBlind) {
    return { ...rest, ...anonymous(definition, form), version, files, visits, returns, conflicts, as };
  }
  if (as === 'public')
    return { ...rest, subject, form: publicForm(definition, form), files: [], applicant, visits, returns, conflicts, as };
  const between = as === 'applicant' || as === 'keeper' || as === 'checker' ? { earlier, fileCorrections } : {};
  const told = as === 'keeper' || as === 'checker' ? { copied } : {};
  // Who objected is not handed to those whom the objection is about.
  const by = state.origin?.objection === undefined || as === 'keeper' || as === 'judge' ? { submittedBy } : {};
  return { ...rest, subject, ...between, ...told, version, form, files, applicant, ...by, visits, returns, conflicts, as };
}

/** Who judges sees the version that they judge, whatever has been replaced since; anyone else the latest. */
function judgedBy(state: Case, viewer: Viewer, as: Standing): HandedInVersion {
  const judged = state.visits.findLast(
    (visit) =>
      (as === 'reviewer' && visit.kind === 'panel' && visit.assignments.some(isFor(viewer))) ||
      (as === 'judge' && visit.kind === 'ballot' && visit.left === undefined),
  );
  return versionIn(state, judged?.version ?? state.version);
}

/** Whether a reviewer of a case may not learn whose it is. */
export const isDoubleBlind = (definition: Definition, state: Case, viewer: Viewer): boolean =>
  blindPanels(definition).some(
    ({ id, power }) =>
      has(viewer, power) ||
      state.visits.some((visit) => visit.stage === id && visit.kind === 'panel' && visit.assignments.some(isFor(viewer))),
  );

/** Facts of the register may name the applicant as well as the form does: a blind reviewer gets neither. */
const anonymous = (definition: Definition, form: Case['form']) => ({ about: {}, form: publicForm(definition, form) });

/** A field that the definition does not know, because a migrated case brought it along, is shown to nobody here. */
const publicForm = ({ subject: { fields } }: Definition, form: Case['form']): Case['form'] =>
  Object.fromEntries(
    Object.entries(form).filter(([id]) => fields.some((field) => field.id === id && field.identifying !== true)),
  );

/**
 * Whether someone reads what a case got beside the others of its round. Whoever judges reads the order of those that they know of: a place
 * among all would tell of one that is kept from them.
 */
export const readsPlaces = (definition: Definition, as: Standing, viewer: Viewer): boolean =>
  as === 'applicant' ||
  ((as === 'keeper' || as === 'checker' || as === 'copied') && !(isJudge(definition, viewer) && viewer.institutions.length > 0));

/** What is told of a ranking to who may not know of the others. */
export const ranked: Explanation['text'] = { en: 'The round was ranked.', zh: '本轮已完成排序。' };

function withoutPlace({ placed: _placed, left, ...visit }: RankingVisit): RankingVisit {
  if (left === undefined) return visit;
  const { clause } = left.explanation;
  return { ...visit, left: { ...left, explanation: { clause, text: ranked, inputs: {}, excluded: [], arithmetic: [] } } };
}

function shownVisit(definition: Definition, state: Case, whole: Visit, viewer: Viewer, as: Standing): readonly ShownVisit[] {
  if (whole.kind === 'ranking' && !readsPlaces(definition, as, viewer))
    return as === 'public' || as === 'reviewer' ? [] : [withoutPlace(whole)];
  const stage = stageOf(definition, whole.stage);
  if (whole.kind === 'panel')
    return as === 'public' ? [] : [shownPanel(whole, state, stage as PanelStage, { as, person: viewer.person })];
  if (as === 'keeper') return [whole];
  const visit = withoutReasons(whole, (part) => holdsOwner(ownerOfPart(stage, part) ?? stage, state, viewer));
  switch (visit.kind) {
    case 'check':
      if (as === 'reviewer' || as === 'public') return [];
      return [as === 'checker' || visit.left !== undefined || holdsOwner(stage, state, viewer) ? visit : withoutSigning(visit)];
    case 'choice':
    case 'confirmation':
      return as === 'reviewer' || as === 'public' ? [] : [visit];
    case 'ranking':
      return [shownRanking(visit, state, as)];
    case 'registration':
    case 'notice':
      return [visit];
    case 'ruling':
      return as === 'reviewer' || as === 'public' ? [] : [visit];
    case 'statement':
      return as === 'public' || (as === 'reviewer' && isDoubleBlind(definition, state, viewer)) ? [] : [visit];
    case 'duty':
      // That a course stands under an obligation is public; a warning that is being remedied is not.
      return [as === 'reviewer' || as === 'public' ? { ...visit, inspections: [], warnings: [], overdue: [] } : visit];
    case 'ballot':
      return as === 'judge' ? [{ ...visit, sittings: visit.sittings.map((sitting) => shownSitting(sitting, viewer)) }] : [];
    case 'publicity':
      return [
        {
          ...visit,
          // Whoever objects by real name is not handed to those whom the objection is about, nor to the public.
          objections: as === 'judge' ? visit.objections : visit.objections.filter(({ objector }) => objector === viewer.person),
        },
      ];
  }
}

/**
 * Whether an event of a case is news to somebody who knows the case: what reviewers do among themselves is told live to the panel's
 * keeper, and to reviewers as far as they read it. When somebody reviewed or spoke is as much as a hint at who.
 */
export function mayHear(
  definition: Definition,
  state: Case,
  event: Pick<RecordedEvent, 'type' | 'data' | 'meta'>,
  viewer: Viewer,
): boolean {
  if (!mayKnow(definition, state, viewer)) return false;
  const isOwnAct = personOf(event.meta) === viewer.person;
  return isOwnAct || !amongReviewers.has(event.type) || hearsPanel(definition, state, event, viewer);
}

const amongReviewers: ReadonlySet<string> = new Set<ReviewEvent['type']>([
  'ReviewSubmitted',
  'ReviewRevised',
  'DiscussionOpened',
  'ReviewsDiscussed',
  'DiscussionReminded',
]);

/** Whether somebody keeps the panel that an event is of, or reads what its reviewers think. */
export function hearsPanel(definition: Definition, state: Case, { data }: Pick<RecordedEvent, 'data'>, viewer: Viewer): boolean {
  const { stage: id, visit: number } = data as InVisit;
  const visit = state.visits.find((one) => one.stage === id && one.visit === number);
  if (visit?.kind !== 'panel') return false;
  const stage = stageOf(definition, id) as PanelStage;
  const as = standing(definition, state, viewer);
  return as === 'keeper' || (as === 'reviewer' && hearsOthers({ stage, visit }, viewer.person));
}

/** Who of an office has signed so far is the offices' affair until they have decided. */
const withoutSigning = ({ signing: _signing, signedBefore: _before, ...visit }: CheckVisit): CheckVisit => visit;

/** What the reviews say is shown to the applicant in the end, as it is with the panel. */
const shownRanking = (visit: RankingVisit, { status }: Case, as: Standing): RankingVisit =>
  visit.placed === undefined || as === 'judge' || status === 'ended'
    ? visit
    : { ...visit, placed: { ...visit.placed, outliers: [] } };

/** A secret ballot shows its members their own vote; the count stands in the explanation. */
const shownSitting = (sitting: Sitting, { person }: Viewer): Sitting =>
  sitting.rule.secret === true
    ? { ...sitting, votes: sitting.votes.filter((vote) => vote.person === person || vote.proxy === person) }
    : sitting;
