import { type Static, Type } from '@sinclair/typebox';
import { coursesView, findCourses } from '#catalogue';
import type { SignedIn } from '#identity';
import { evolved, recordedBy, type RecordedEvent, type Text } from '#kernel';
import {
  adopted,
  type Case,
  caseContext,
  casesView,
  likeness,
  listCases,
  worthALook,
  type CaseState,
  type Definition,
  shownTo,
  timelineFor,
  type Viewer,
} from '#workflow';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import { Act, actsOf } from './acts.shown.js';
import { instantOf } from './alliance.reads.js';
import { ShownCaseSchema } from './case.shown.js';
import { DefinitionShown, definitionShown } from './definition.shown.js';
import type { Doors } from './doors.js';
import { peopleIn, revealed } from './revealing.js';
import { AsOf, Instant, TextSchema } from './schemas.js';
import { allianceOf, nothingHere, type Standing, standingOf, viewerOf } from './sight.js';

const People = Type.Record(Type.String(), TextSchema);

const Similar = Type.Object({ id: Type.String(), number: Type.String(), title: Type.String(), likeness: Type.Number() });

const CaseAnswer = Type.Object({
  id: Type.String(),
  revision: Type.Integer(),
  /** As whom the caller sees it: applicant, keeper, checker, reviewer, judge, copied or public. */
  as: Type.String(),
  definition: DefinitionShown,
  case: ShownCaseSchema,
  people: People,
  acts: Type.Array(Act),
  /** Other applications of the institution in the round with a title that is nearly the same: for those who keep the procedure. */
  similar: Type.Array(Similar),
});

const Entry = Type.Object({
  at: Instant,
  event: Type.String(),
  type: Type.String(),
  text: TextSchema,
  position: Type.String(),
  revision: Type.Integer(),
  actor: Type.Optional(Type.String({ description: 'Whose act it is: a person, engine or operator.' })),
  machine: Type.Optional(Type.String({ description: 'The machine key that they sent it with.' })),
  onBehalfOf: Type.Optional(Type.String({ description: 'The office of a member institution that they acted for.' })),
  power: Type.String(),
  charter: Type.Integer(),
  proof: Type.Array(Type.String()),
  explanation: Type.Optional(Type.Unknown()),
});

const asOfQuery = Type.Object({ asOf: Type.Optional(AsOf) });

interface Seen {
  readonly state: Case;
  readonly history: readonly RecordedEvent[];
  readonly definition: Definition;
  readonly viewer: Viewer;
  readonly standing: Standing;
}

/** One case: as it is or was at an instant, and its timeline. Read from the log itself, so nobody sees an old page after acting. */
export const caseReads = (doors: Doors): readonly ReadRoute[] => [
  readCaseRoute(doors),
  readTimelineRoute(doors),
  readFileRoute(doors),
];

const readCaseRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/cases/{case}',
    operationId: 'readCase',
    tag: 'case',
    summary: { en: 'A case as the caller may see it, now or at an instant', zh: '当前用户可见的案件（现在或某一时刻）' },
    query: asOfQuery,
    answer: CaseAnswer,
    etag: true,
    handle: async ({ params, query, signedIn, reply, atLeast }) => {
      const id = params['case'] as string;
      const seen = await seenCase(doors, id, signedIn, query.asOf);
      const shown = shownTo(seen.definition, seen.state, seen.viewer);
      if (shown === undefined) throw nothingHere();
      const revision = seen.history.length - 1;
      void reply.header('etag', `"${revision}"`);
      const isNow = query.asOf === undefined;
      const acts = isNow ? await actsOf(doors, seen, shown) : [];
      const { definition: pinned } = seen.state;
      const inForce = isNow ? seen.definition : await adopted(doors.states, allianceOf(id), pinned);
      const { subcase, ...parent } = pinned;
      const whole = subcase === undefined ? inForce : await adopted(doors.states, allianceOf(id), parent);
      return {
        id,
        revision,
        as: shown.as,
        definition: definitionShown(inForce, pinned, whole),
        case: await revealed(doors, shown),
        people: { ...(await peopleIn(doors, { shown, acts })), ...(await leaderNamed(doors, id, shown)) },
        acts: [...acts],
        similar: isNow && shown.as === 'keeper' ? await similarTo(doors, id, seen, atLeast) : [],
      };
    },
  });

/** The leader whom the form names, as the register of courses has them: for who reads an application in full. */
async function leaderNamed(
  doors: Doors,
  id: string,
  { as, subject, form: { leader } }: NonNullable<ReturnType<typeof shownTo>>,
): Promise<Record<string, Text>> {
  if (as === 'public' || as === 'reviewer' || subject === undefined || typeof leader !== 'string') return {};
  const asked = { alliance: allianceOf(id), ids: [subject], limit: 1 };
  const [course] = await doors.runner.read(coursesView, (sql, schema) => findCourses(sql, schema, asked));
  if (course?.leader !== leader) return {};
  const name = (await doors.vault.open([course.leaderName])).get(course.leaderName) as string | undefined;
  return name === undefined ? {} : { [leader]: { en: name, zh: name } };
}

const readTimelineRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/cases/{case}/timeline',
    operationId: 'readTimeline',
    tag: 'case',
    summary: { en: 'What happened to a case, in sentences, with reasons and proofs', zh: '案件经过：逐条说明、理由与依据' },
    query: asOfQuery,
    answer: Type.Object({ items: Type.Array(Entry), people: People }),
    handle: async ({ params, query, signedIn }) => {
      const seen = await seenCase(doors, params['case'] as string, signedIn, query.asOf);
      const entries = timelineFor(seen.definition, seen.state, seen.history, seen.viewer);
      if (entries.length === 0) throw nothingHere();
      const items = entries.map(({ position, proof, ...entry }): Static<typeof Entry> => ({
        ...entry,
        position: position.toString(),
        proof: [...proof],
      }));
      return { items, people: await peopleIn(doors, items) };
    },
  });

const readFileRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/cases/{case}/files/{sha256}',
    operationId: 'readFile',
    tag: 'case',
    summary: { en: 'A file of a case that the caller may see', zh: '当前用户可见案件的附件' },
    answer: Type.Unsafe<unknown>({ description: 'The file, of the type that was recognised when it was kept.' }),
    mediaType: '*/*',
    handle: async ({ params, signedIn, reply }) => {
      const seen = await seenCase(doors, params['case'] as string, signedIn, undefined);
      const shown = shownTo(seen.definition, seen.state, seen.viewer);
      const sha256 = params['sha256'] as string;
      if (shown === undefined || !namesFile(shown, sha256)) throw nothingHere();
      const file = await doors.files.open(sha256);
      void reply
        .header('content-type', file.mediaType)
        .header('content-length', file.bytes)
        .header('content-disposition', `attachment; filename="${sha256.slice(0, 16)}"`);
      return file.content;
    },
  });

/** What was typed into a form names no file, whatever it looks like. */
const typed: ReadonlySet<string> = new Set(['form', 'about']);

/** Whether a file, or evidence, of this content stands anywhere in what is shown. */
function namesFile(shown: unknown, sha256: string): boolean {
  if (typeof shown !== 'object' || shown === null) return false;
  if ('sha256' in shown && 'mediaType' in shown && shown.sha256 === sha256) return true;
  return Object.entries(shown).some(([name, inner]) => !typed.has(name) && namesFile(inner, sha256));
}

/** Never merged and never refused by itself: a person tells whether it is the same course twice. */
async function similarTo(
  doors: Doors,
  id: string,
  { state, standing }: Seen,
  atLeast: bigint | undefined,
): Promise<Static<typeof Similar>[]> {
  const asked = {
    round: id.slice(0, id.lastIndexOf('.')),
    search: `institution:${state.applicant.institution}`,
    limit: 200,
    now: new Date(doors.clock.now()),
  };
  const others = await doors.runner.read(casesView, (sql, schema) => listCases(sql, schema, standing, asked), atLeast);
  const title = String(state.form['title'] ?? '');
  return others
    .filter((other) => other.id !== id)
    .map((other) => ({ id: other.id, number: other.number, title: other.title, likeness: likeness(title, other.title) }))
    .filter((other) => other.likeness >= worthALook)
    .toSorted((one, other) => other.likeness - one.likeness);
}

/**
 * A case and what its reader is to it, now or at an instant, folded from the log. What they may see of it is decided by the rules of now:
 * who may not know of it now learns nothing of what it was either.
 *
 * @throws DoorRefusal 404 for who may not know of it
 */
export async function seenCase(
  doors: Doors,
  id: string,
  signedIn: SignedIn | undefined,
  asOf: string | undefined,
): Promise<Seen> {
  if (signedIn === undefined || !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/.test(id)) throw nothingHere();
  const alliance = allianceOf(id);
  const standing = await standingOf(doors, signedIn, alliance);
  const viewer = viewerOf(standing);
  const whole = await doors.store.read(`case-${id}`);
  const now = fold(whole);
  if (now.status === 'none') throw nothingHere();
  const definition = await adopted(doors.states, alliance, now.definition);
  if (shownTo(definition, now, viewer) === undefined) throw nothingHere();
  const until = instantOf(asOf);
  if (until === undefined) return { state: now, history: whole, definition, viewer, standing };
  const history = recordedBy(whole, Date.parse(until));
  const state = fold(history);
  if (state.status === 'none') throw nothingHere();
  return { state, history, definition, viewer, standing };
}

const fold = (events: readonly RecordedEvent[]): CaseState =>
  events.reduce<unknown>(
    (state, event) => evolved(caseContext.decider, state, event),
    caseContext.decider.initialState,
  ) as CaseState;
