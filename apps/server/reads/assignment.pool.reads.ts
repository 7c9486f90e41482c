import { type Static, Type } from '@sinclair/typebox';
import { coursesView, findCourses } from '#catalogue';
import { type CharterHistory, charterStream } from '#kernel';
import { seatsOn, seatsView } from '#organisation';
import type { Assigning, AssigningState, Stage } from '#workflow';
import { type Asking, type ReadRoute, readRoute } from '../http/read-route.js';
import { type Doors, institutionNames, namesOf } from './doors.js';
import { Nullable, TextSchema } from './schemas.js';
import { nothingHere, type Standing } from './sight.js';
import { type AtStage, atStage, holdsPower, stagePath } from './stage.doors.js';

const Member = Type.Object({
  person: Type.String(),
  name: Type.Optional(TextSchema),
  institutionName: Nullable(Type.String()),
  disciplines: Type.Array(Type.String()),
  expertise: Type.Array(Type.String()),
  most: Type.Optional(Type.Integer()),
  relations: Type.Array(
    Type.Object({
      relation: Type.String(),
      institution: Type.Optional(Type.String()),
      institutionName: Type.Optional(Type.String()),
      until: Type.Optional(Type.String()),
      with: Type.Optional(Type.String()),
      withName: Type.Optional(Type.String()),
    }),
  ),
});

const Choice = Type.Object({ value: Type.String(), label: TextSchema });

const Pool = Type.Object({
  /** keeper: everybody of the pool; reviewer: oneself. */
  as: Type.String(),
  /** The most open reviews that the definition allows. */
  maxLoad: Type.Integer(),
  /** What forms may say where an application wants a discipline or expertise. */
  choices: Type.Object({ disciplines: Type.Array(Choice), expertise: Type.Array(Choice) }),
  items: Type.Array(Member),
  /** Pairs who never sit together: for the keeper. */
  apart: Type.Array(Type.Object({ one: Type.String(), other: Type.String() })),
});

const Named = Type.Object({ person: Type.String(), name: Type.String(), institutionName: Nullable(Type.String()) });

/** The pool of a panel, for who keeps it; for who sits in it, what is known of themselves. */
export const assignmentPoolReads = (doors: Doors): readonly ReadRoute[] => [readPoolRoute(doors), findNamedRoute(doors)];

type PanelStage = Extract<Stage, { kind: 'panel' }>;
type Own = AtStage & { readonly stage: PanelStage; readonly as: 'keeper' | 'reviewer' };

/** What is known of the pool says nothing of any application. @throws DoorRefusal 404 for who neither keeps the panel nor sits in its pool */
async function own(doors: Doors, asking: Pick<Asking<never>, 'params' | 'signedIn' | 'atLeast'>): Promise<Own> {
  const { params, signedIn, atLeast } = asking;
  const at = await atStage(doors, params, signedIn, atLeast);
  const { stage, standing } = at;
  if (stage.kind !== 'panel') throw nothingHere();
  const keeps = holdsPower(standing, stage.manage);
  if (!keeps && !holdsPower(standing, stage.power)) throw nothingHere();
  return { ...at, stage, as: keeps ? 'keeper' : 'reviewer' };
}

const readPoolRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: `${stagePath}/assignment/pool`,
    operationId: 'readPool',
    tag: 'assignment',
    summary: {
      en: 'The pool of a panel with expertise, loads and declared relations: all of it for who keeps the panel, oneself for a reviewer',
      zh: '评审专家库的专长、任务上限与回避关系：管理人员可见全部，专家可见本人',
    },
    answer: Pool,
    handle: async (asking) => {
      const at = await own(doors, asking);
      const { stage, as, definition } = at;
      const { state } = await doors.states.fresh<AssigningState>(`assignment-${asking.params['round']}.${stage.id}`);
      const choices = (facts: readonly string[]): Static<typeof Choice>[] =>
        definition.subject.fields.flatMap((field) =>
          field.type === 'choice' && facts.includes(`form.${field.id}`)
            ? field.choices.map(({ value, label: { en, zh } }) => ({ value, label: { en, zh } }))
            : [],
        );
      return {
        ...{ as, maxLoad: stage.maxLoad },
        choices: {
          disciplines: choices(stage.fit?.discipline === undefined ? [] : [stage.fit.discipline]),
          expertise: choices(stage.fit?.expertise ?? []),
        },
        items: await membersOf(doors, at, state.status === 'none' ? undefined : state),
        apart: as === 'reviewer' || state.status === 'none' ? [] : state.apart.map(([one, other]) => ({ one, other })),
      };
    },
  });

async function membersOf(
  doors: Doors,
  { stage, standing, as }: Own,
  known: Assigning | undefined,
): Promise<Static<typeof Member>[]> {
  const pool = await poolOf(doors, standing, stage);
  const shown = as === 'keeper' ? pool : pool.filter(({ person }) => person === standing.person);
  const relations = (known?.relations ?? []).filter(({ person }) => shown.some((one) => one.person === person));
  const codes = [...shown.map(({ institution }) => institution), ...relations.map(({ institution }) => institution)];
  const institutions = await institutionNames(doors, standing.alliance, codes);
  const names = await namesOf(
    doors,
    shown.map(({ person }) => person),
  );
  const leaders = relations.some((one) => one.with !== undefined) ? await leadersOf(doors, standing.alliance) : [];
  const descriptions = new Map(known?.described.map((one) => [one.person, one]));
  return shown.map(({ person, institution }) => {
    const { disciplines = [], expertise = [], most } = descriptions.get(person) ?? {};
    const name = names.get(person);
    return {
      ...{ person, institutionName: institutions.get(institution ?? '') ?? null },
      ...(name === undefined ? {} : { name }),
      ...{ disciplines: [...disciplines], expertise: [...expertise] },
      ...(most === undefined ? {} : { most }),
      relations: relations
        .filter((one) => one.person === person)
        .map(({ person: _person, ...relation }) => {
          const at = institutions.get(relation.institution ?? '');
          const withName = leaders.find((one) => one.person === relation.with)?.name;
          return {
            ...relation,
            ...(at === undefined ? {} : { institutionName: at }),
            ...(withName === undefined ? {} : { withName }),
          };
        }),
    };
  });
}

async function poolOf(doors: Doors, { alliance }: Standing, { power }: PanelStage) {
  const { state: charter } = await doors.states.fresh<CharterHistory>(charterStream(alliance));
  const organ = charter.powers[power]?.organ;
  if (organ === undefined) return [];
  const at = new Date(doors.clock.now()).toISOString();
  const seats = await doors.runner.read(seatsView, (sql, schema) => seatsOn(sql, schema, { alliance, at, organ }));
  return [...new Map(seats.map(({ person, institution }) => [person, { person, institution }])).values()];
}

const mostNamed = 20;
const mostCourses = 10_000;

/** Whoever leads a course of the alliance and is not erased. */
async function leadersOf(doors: Doors, alliance: string) {
  const courses = await doors.runner.read(coursesView, (sql, schema) =>
    findCourses(sql, schema, { alliance, limit: mostCourses }),
  );
  const leaders = [...new Map(courses.map((course) => [course.leader, course])).values()];
  const names = await doors.vault.open(leaders.map(({ leaderName }) => leaderName));
  return leaders.flatMap(({ leader: person, leaderName, institution }) => {
    const name = names.get(leaderName) as string | undefined;
    return name === undefined ? [] : [{ person, name, institution }];
  });
}

const findNamedRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: `${stagePath}/assignment/named`,
    operationId: 'findNamed',
    tag: 'assignment',
    summary: {
      en: 'Course leaders whom applications may name: by a part of the name for who keeps the panel, by the whole name for a reviewer',
      zh: '申报材料中可能出现的课程负责人：管理人员可按姓名片段查找，专家须输入完整姓名',
    },
    query: Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }) }),
    answer: Type.Object({ items: Type.Array(Named) }),
    handle: async (asking) => {
      const { as, standing } = await own(doors, asking);
      const { alliance } = standing;
      const wanted = asking.query.name.trim();
      const found = (await leadersOf(doors, alliance)).flatMap(({ person, name, institution }) => {
        // Whoever reviews without knowing whose it is finds only whom they know already.
        const isMeant = as === 'keeper' ? name.includes(wanted) : name === wanted;
        return isMeant ? [{ person, name, institution }] : [];
      });
      const shown = found.slice(0, mostNamed);
      const institutions = await institutionNames(
        doors,
        alliance,
        shown.map(({ institution }) => institution),
      );
      return {
        items: shown.map(({ person, name, institution }) => ({
          ...{ person, name, institutionName: institutions.get(institution) ?? null },
        })),
      };
    },
  });
