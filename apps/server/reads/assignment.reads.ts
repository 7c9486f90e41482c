import { type Static, Type } from '@sinclair/typebox';
import { derivedUuid, type Text } from '#kernel';
import { type Assigning, type AssigningState, type AssignmentRequest, shareDone } from '#workflow';
import { type Asking, type ReadRoute, readRoute } from '../http/read-route.js';
import { type Doors, institutionNames, namesOf } from './doors.js';
import { Instant, Page, pageAsked, pageOf, paging, TextSchema } from './schemas.js';
import { allianceOf, nothingHere } from './sight.js';
import { type AtStage, atStage, runsAssignments, stagePath, titlesOf } from './stage.doors.js';

const Proven = Type.Object({ value: Type.Number(), bound: Type.Number(), gap: Type.Number() });

const Asked = Type.Object({
  request: Type.Integer(),
  /** computing, proposed, blocked, adopted or discarded. */
  status: Type.String(),
  least: Type.Integer(),
  requestedBy: Type.String(),
  requestedAt: Instant,
  /** Of the computation, 0 to 1, as far as it has said. */
  share: Type.Optional(Type.Number()),
  cases: Type.Integer(),
  seed: Type.Optional(Type.String()),
  inputs: Type.Optional(Type.String()),
  solver: Type.Optional(Type.String()),
  fit: Type.Optional(Proven),
  unevenness: Type.Optional(Proven),
  blocking: Type.Optional(Type.Object({ constraints: Type.Array(Type.Unknown()), smallest: Type.String() })),
  text: Type.Optional(TextSchema),
  decided: Type.Optional(Type.Object({ by: Type.String(), at: Instant, reason: Type.Optional(Type.String()) })),
});

const Reviewer = Type.Object({
  person: Type.String(),
  institution: Type.Optional(Type.String()),
  load: Type.Integer(),
  most: Type.Integer(),
  /** Panels of the last request that they are proposed for. */
  given: Type.Integer(),
});

const Answer = Type.Object({
  requests: Type.Array(Asked),
  reviewers: Type.Array(Reviewer),
  apart: Type.Array(Type.Object({ one: Type.String(), other: Type.String() })),
  relations: Type.Integer(),
  described: Type.Integer(),
  people: Type.Record(Type.String(), TextSchema),
});

const PanelShown = Type.Object({
  id: Type.String(),
  number: Type.String(),
  title: Type.String(),
  institutionName: Type.String(),
  wanted: Type.Integer(),
  reviewers: Type.Array(Type.String()),
});

/** Assignments of a round: for who runs them. */
export const assignmentReads = (doors: Doors): readonly ReadRoute[] => [readAssignmentRoute(doors), listPanelsRoute(doors)];

async function kept(
  doors: Doors,
  { params, signedIn, atLeast }: Pick<Asking<never>, 'params' | 'signedIn' | 'atLeast'>,
): Promise<AtStage & { readonly state: AssigningState }> {
  const at = await atStage(doors, params, signedIn, atLeast);
  if (!(await runsAssignments(doors, params['round'] as string, at))) throw nothingHere();
  const { state } = await doors.states.fresh<AssigningState>(`assignment-${params['round']}.${at.stage.id}`);
  return { ...at, state };
}

const readAssignmentRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: `${stagePath}/assignment`,
    operationId: 'readAssignment',
    tag: 'assignment',
    summary: {
      en: 'The assignments asked for at a panel of a round: how far they are, what they rest on, and each reviewer’s share of the last',
      zh: '某一轮次评审环节的统一分配：进度、依据及最近一次方案中各专家的任务量',
    },
    answer: Answer,
    handle: async (asking) => {
      const { state } = await kept(doors, asking);
      if (state.status === 'none') return { requests: [], reviewers: [], apart: [], relations: 0, described: 0, people: {} };
      const last = state.requests.at(-1);
      const reviewers = last === undefined ? [] : sharesOf(last);
      const requests = await Promise.all(
        state.requests.map((request) => shownRequest(doors, asking.params['round'] as string, request)),
      );
      const apart = state.apart.map(([one, other]) => ({ one, other }));
      const people = [
        ...reviewers.map(({ person }) => person),
        ...state.apart.flat(),
        ...state.requests.flatMap(({ requestedBy, decided }) => [requestedBy, ...(decided === undefined ? [] : [decided.by])]),
      ];
      const names = Object.fromEntries(await namesOf(doors, new Set(people)));
      return { requests, reviewers, apart, ...countsOf(state), people: names };
    },
  });

const countsOf = ({ relations, described }: Assigning) => ({ relations: relations.length, described: described.length });

async function shownRequest(doors: Doors, round: string, one: AssignmentRequest): Promise<Static<typeof Asked>> {
  const { request, status, least, requestedBy, requestedAt, panels, found, blocking, decided, cause } = one;
  const text = await inWords(doors, round, one);
  const share = status === 'computing' ? await shareDone(doors.pool, derivedUuid(cause, 'effect.0')) : undefined;
  return {
    ...{ request, status, least, requestedBy, requestedAt, cases: panels.length },
    ...(share === undefined ? {} : { share }),
    ...(found === undefined ? {} : definedOf(found)),
    ...(blocking === undefined ? {} : { blocking: { ...blocking, constraints: [...blocking.constraints] } }),
    ...(text === undefined ? {} : { text }),
    ...(decided === undefined ? {} : { decided }),
  };
}

/** The record names people, applications and institutions by their ids; whoever runs assignments reads what they are called. */
async function inWords(doors: Doors, round: string, { text, blocking }: AssignmentRequest): Promise<Text | undefined> {
  if (text === undefined) return undefined;
  const subjects = (blocking?.constraints ?? []).flatMap((one) => ('case' in one ? [`${round}.${one.case}`] : []));
  const [cases, people, institutions] = await Promise.all([
    titlesOf(doors, [...new Set(subjects)]),
    namesOf(doors, text.en.match(/person-[\w-]+/g) ?? []),
    institutionNames(doors, allianceOf(round), text.en.match(/\b(?:\d{10}|(?:HK|MO)[A-Z0-9]{2,12})\b/g) ?? []),
  ]);
  const names: readonly (readonly [string, Text])[] = [
    ...people,
    ...[...cases].map(([id, { number }]) => [id.slice(round.length + 1), { en: number, zh: number }] as const),
    ...[...institutions].map(([code, name]) => [code, { en: name, zh: name }] as const),
  ];
  const inLanguage = (language: keyof Text): string =>
    names.reduce((said, [id, name]) => said.replaceAll(id, name[language]), text[language]);
  return { en: inLanguage('en'), zh: inLanguage('zh') };
}

const definedOf = ({ seed, inputs, solver, fit, unevenness }: NonNullable<AssignmentRequest['found']>) => ({
  seed,
  inputs,
  solver,
  ...(fit === undefined ? {} : { fit }),
  ...(unevenness === undefined ? {} : { unevenness }),
});

function sharesOf({ pool, panels }: AssignmentRequest): Static<typeof Reviewer>[] {
  const given = pool.map(() => 0);
  for (const { reviewers } of panels) for (const at of reviewers) given[at] = (given[at] ?? 0) + 1;
  return pool.map(({ id: person, institution, load, most }, at) => ({
    ...{ person, load, most, given: given[at] ?? 0 },
    ...(institution === undefined ? {} : { institution }),
  }));
}

const listPanelsRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: `${stagePath}/assignment/panels`,
    operationId: 'listProposedPanels',
    tag: 'assignment',
    summary: { en: 'The panels that the last assignment proposes, case by case', zh: '最近一次分配方案中各案件的评审组' },
    query: Type.Object({ reviewer: Type.Optional(Type.String({ maxLength: 100 })), ...paging }),
    answer: Page(PanelShown),
    handle: async (asking) => {
      const { state } = await kept(doors, asking);
      const { query, params } = asking;
      const { after, limit } = pageAsked(query);
      const { pool, panels } = (state.status === 'none' ? undefined : state.requests.at(-1)) ?? { pool: [], panels: [] };
      const of = panels.filter(
        ({ subject, reviewers }) =>
          (after === undefined || subject > after) &&
          (query.reviewer === undefined || reviewers.some((at) => pool[at]?.id === query.reviewer)),
      );
      const shown = of.slice(0, limit);
      const titles = await titlesOf(
        doors,
        shown.map(({ subject }) => `${params['round']}.${subject}`),
      );
      const items = shown.flatMap(({ subject, wanted, reviewers }) => {
        const titled = titles.get(`${params['round']}.${subject}`);
        if (titled === undefined) return [];
        const { published: _published, ...named } = titled;
        return [{ ...named, wanted, reviewers: reviewers.flatMap((at) => pool[at]?.id ?? []) }];
      });
      return pageOf(items, query, ({ id }) => id.slice(`${params['round']}.`.length));
    },
  });
