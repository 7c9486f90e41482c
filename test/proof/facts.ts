import type { Case, Definition, Stage, Visit } from '#workflow';
import { people } from '../support/any-room.js';
import type { Facts } from './maker.js';

/** What a command to a case is made up for. */
export interface About {
  readonly definition: Definition;
  readonly state: Case;
  readonly visit: Visit | undefined;
  readonly now: number;
}

const hourMs = 3_600_000;
export const instantAfter = (now: number, hours: number): string => new Date(now + hours * hourMs).toISOString();

/** What stands in a case under the names that commands use for it: everything inside the visit that calls itself something. */
export function factsOfCase(type: string, about: About): Facts {
  const { definition, state, visit, now } = about;
  const stage = stageAt(about);
  const parts: Readonly<Record<string, unknown>> = { ...visit };
  const listed = (name: string): readonly Record<string, unknown>[] => (Array.isArray(parts[name]) ? (parts[name] as []) : []);
  const of = (list: string, name: string): readonly unknown[] => listed(list).map((part) => part[name]);
  const parties = stage?.kind === 'confirmation' ? partiesOf(stage, visit) : [];
  const seated = peopleAt(stage);
  const appeals = Object.entries(definition.subcases ?? {}).flatMap(([name, one]) =>
    one.kind === 'appeal' ? [{ name, ...one }] : [],
  );
  const slots = definition.subject.files.slice(0, 1).map(({ id }) => id);
  return {
    stage: [visit?.stage ?? definition.stages[0]?.id],
    institution: [state.applicant.institution],
    form: [state.form],
    files: [state.files],
    assignment: of('assignments', 'id'),
    objection: of('objections', 'id'),
    inspection: of('inspections', 'inspection'),
    warning: of('warnings', 'warning'),
    session: of('sessions', 'session'),
    party: parties,
    part: visit === undefined ? [] : partsOf(visit, parties),
    ...(stage?.kind === 'panel' ? judgementsOf(stage) : {}),
    ...{ to: seated, reviewer: seated, substitute: seated, reviewers: [seated.slice(0, 1), seated.slice(0, 3), seated] },
    slots: slots.length === 0 ? [] : [slots],
    request: state.fileCorrections.flatMap(({ request, ended }) => (ended === undefined ? [request] : [])),
    people: [['person-someone']],
    organs: [[{ organ: 'secretariat' }]],
    from: [instantAfter(now, 0), instantAfter(now, 1)],
    until: [instantAfter(now, 30), instantAfter(now, 24 * 120)],
    appeal: appeals.map(({ name }) => name),
    grounds: appeals.map(({ grounds }) => grounds.map(({ id }) => id)),
    ...ownMeanings[type]?.(about),
  };
}

const stageAt = ({ definition, visit }: About): Stage | undefined => definition.stages.find(({ id }) => id === visit?.stage);

/** Those who have not answered yet, first. */
function partiesOf({ parties }: Extract<Stage, { kind: 'confirmation' }>, visit: Visit | undefined): readonly string[] {
  const asked = visit?.kind === 'confirmation' ? (visit.asked?.parties ?? []) : [];
  const answered = new Set(asked.flatMap(({ party, answer }) => (answer === undefined ? [] : [party])));
  return parties.map(({ id }) => id).toSorted((one, other) => Number(answered.has(one)) - Number(answered.has(other)));
}

/** Whoever sits in the organ of a stage, as a room calls them. */
const peopleAt = (stage: Stage | undefined): readonly string[] =>
  stage === undefined ? [] : people.map((number) => `${stage.power}-${number}`);

/** The tasks of a visit that may be handed over; of those that were, for whoever takes one back. */
function partsOf(visit: Visit, parties: readonly string[]): readonly string[] {
  const handed = (visit.handed ?? []).map(({ part }) => part);
  if (handed.length > 0) return handed;
  switch (visit.kind) {
    case 'confirmation':
      return parties.map((id) => `party.${id}`);
    case 'duty':
      return [
        ...visit.inspections.map(({ inspection }) => `inspection.${inspection}`),
        ...visit.warnings.flatMap(({ warning }) => [`remedy.${warning}`, `ruling.${warning}`]),
      ];
    default:
      return ['check'];
  }
}

function judgementsOf({ rubric }: Extract<Stage, { kind: 'panel' }>): Facts {
  const scores = (share: number) =>
    rubric.criteria.map(({ id }) => ({ criterion: id, points: Math.floor(rubric.points * share) }));
  return { scores: [1, 1, 1, 0.5, 0].map(scores), vetoes: [[], [], [], [], [], rubric.vetoes.slice(0, 1).map(({ id }) => id)] };
}

/** Names that mean something else in one command than in the others. */
const ownMeanings: Readonly<Record<string, (about: About) => Facts>> = {
  ExtendCorrection: ({ visit }) => {
    const open = visit?.kind === 'check' ? visit.corrections.find((one) => one.ended === undefined) : undefined;
    return open === undefined ? {} : { until: [instantAfter(Date.parse(open.dueAt), 24)] };
  },
  OpenSession: () => ({ session: ['morning', 'evening'], minutes: [30, 1440] }),
  GiveRuling: () => ({ minutes: [{ sha256: 'e'.repeat(64), bytes: 1, mediaType: 'application/pdf' }] }),
  SendBack: (about) => ({ to: stageAt(about)?.return?.to ?? [] }),
  AssignReviewers: () => ({ assignment: [] }),
  MigrateCase: () => ({ from: [], to: [] }),
  CastVote: ({ visit }) => {
    const given = visit?.kind === 'ballot' ? (visit.sittings.at(-1)?.proxies ?? []) : [];
    return given.length === 0 ? {} : { proxyOf: given.map(({ giver }) => giver) };
  },
};
