import type { Text } from '#kernel';
import type {
  AssignmentEvent,
  AssignmentOpened,
  Panel,
  Portion,
  RelationDeclared,
  ReviewerDescribed,
  Terms,
} from './assigning.messages.js';
import type { AssignmentProblem, AssignmentReviewer, Constraint, Infeasible, Proven } from './problem.js';
import type { Fact } from '#kernel';

/** The state of `assignment-<alliance>.<round>.<stage>`. */
export type AssigningState = { readonly status: 'none' } | Assigning;

export interface Assigning extends AssignmentOpened {
  readonly status: 'open';
  readonly described: readonly ReviewerDescribed[];
  readonly relations: readonly RelationDeclared[];
  readonly apart: readonly (readonly [string, string])[];
  readonly requests: readonly Request[];
}

export interface Request {
  readonly request: number;
  readonly least: number;
  readonly status: 'computing' | 'proposed' | 'blocked' | 'adopted' | 'discarded';
  /** Id of the event: the engine's command is derived from it. */
  readonly cause: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  /** Empty until computed, and again once discarded. */
  readonly pool: readonly AssignmentReviewer[];
  readonly panels: readonly Panel[];
  /** The last portion of a large round that has been recorded. */
  readonly portion?: Pick<Portion, 'number' | 'inputs'>;
  readonly terms?: Terms;
  readonly found?: Found;
  readonly blocking?: { readonly constraints: readonly Constraint[]; readonly smallest: Infeasible['smallest'] };
  /** Why there is no solution. */
  readonly text?: Text;
  readonly decided?: { readonly by: string; readonly at: string; readonly reason?: string };
}

/** What the result can be repeated and judged with. */
export interface Found {
  readonly seed: string;
  readonly inputs: string;
  readonly solver: string;
  readonly fit?: Proven;
  readonly unevenness?: Proven;
}

export const assignmentStream = (alliance: string, round: string, stage: string): string =>
  `assignment-${alliance}.${round}.${stage}`;

/** The request that the next act is about: the last one. */
export const lastRequest = (state: AssigningState): Request | undefined =>
  state.status === 'none' ? undefined : state.requests.at(-1);

/** The problem of a request as it was solved: for whoever repeats it. */
export const problemOf = ({ pool, panels, terms }: Request): AssignmentProblem => ({
  cases: panels.map(({ subject, institution, discipline, expertise = [], wanted }) => ({
    id: subject,
    institution,
    ...(discipline === undefined ? {} : { discipline }),
    expertise,
    wanted,
  })),
  reviewers: pool,
  conflicts: panels.flatMap(({ subject, conflicts = [] }) =>
    conflicts.map(([at, because]) => ({ case: subject, reviewer: pool[at]?.id ?? '', because })),
  ),
  neverTogether: terms?.neverTogether ?? [],
  perInstitution: terms?.perInstitution ?? 'any',
});

/** Whom an adopted assignment gives to a visit of a case. */
export function panelFor(
  state: AssigningState,
  number: number,
  { subject, visit }: { readonly subject: string; readonly visit: number },
): { readonly request: Request; readonly reviewers: readonly string[] } | undefined {
  if (state.status === 'none') return undefined;
  const request = state.requests.find((one) => one.request === number && one.status === 'adopted');
  const panel = request?.panels.find((one) => one.subject === subject && one.visit === visit);
  if (request === undefined || panel === undefined) return undefined;
  return { request, reviewers: panel.reviewers.flatMap((at) => request.pool[at]?.id ?? []) };
}

export function evolveAssigning(state: AssigningState, event: AssignmentEvent, fact: Fact): AssigningState {
  if (event.type === 'AssignmentOpened')
    return { status: 'open', ...event.data, described: [], relations: [], apart: [], requests: [] };
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'ReviewerDescribed': {
      const { person } = event.data;
      return { ...state, described: [...state.described.filter((one) => one.person !== person), event.data] };
    }
    case 'RelationDeclared':
      return { ...state, relations: [...state.relations, event.data] };
    case 'ReviewersKeptApart':
      return { ...state, apart: [...state.apart, [event.data.one, event.data.other]] };
    case 'ReviewersAllowedTogether': {
      const { one, other } = event.data;
      return { ...state, apart: state.apart.filter((pair) => !(pair.includes(one) && pair.includes(other))) };
    }
    case 'AssignmentRequested':
      return { ...state, requests: [...state.requests, requested(event.data, fact)] };
    default:
      return {
        ...state,
        requests: state.requests.map((one) => (one.request === event.data.request ? evolveRequest(one, event, fact) : one)),
      };
  }
}

const requested = (
  { request, least }: { readonly request: number; readonly least: number },
  { id, actor, recordedAt }: Fact,
): Request => ({
  request,
  least,
  status: 'computing',
  cause: id,
  requestedBy: actor,
  requestedAt: recordedAt,
  pool: [],
  panels: [],
});

const portionOf = ({ portion }: Pick<Request, 'portion'>): Pick<Request, 'portion'> => (portion === undefined ? {} : { portion });

type OfRequest = Extract<AssignmentEvent, { data: { request: number } }>;

function evolveRequest(
  request: Request,
  event: Exclude<OfRequest, { type: 'AssignmentRequested' }>,
  { actor: by, recordedAt: at }: Fact,
): Request {
  switch (event.type) {
    case 'PoolCounted':
      return event.data.part === 1
        ? { ...request, pool: event.data.reviewers, panels: [], ...portionOf(event.data) }
        : { ...request, pool: [...request.pool, ...event.data.reviewers], ...portionOf(event.data) };
    case 'PanelsProposed':
      return { ...request, panels: [...request.panels, ...event.data.panels], ...portionOf(event.data) };
    case 'AssignmentProposed': {
      const { seed, inputs, solver, fit, unevenness, neverTogether, perInstitution } = event.data;
      const found = { seed, inputs, solver, fit, unevenness };
      return { ...request, status: 'proposed', terms: { neverTogether, perInstitution }, found };
    }
    case 'AssignmentBlocked': {
      const { seed, inputs, solver, blocking: constraints, smallest, text, neverTogether, perInstitution } = event.data;
      const terms = { neverTogether, perInstitution };
      return { ...request, status: 'blocked', terms, found: { seed, inputs, solver }, blocking: { constraints, smallest }, text };
    }
    case 'AssignmentAdopted':
      return { ...request, status: 'adopted', decided: { by, at } };
    case 'AssignmentDiscarded':
      // The proposal stays in the log; nothing asks for it again.
      return { ...request, status: 'discarded', pool: [], panels: [], decided: { by, at, reason: event.data.reason } };
  }
}
