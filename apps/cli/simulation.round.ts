import { type Definition, type Round, roundStream } from '#workflow';
import { Chance } from '../server/chance.js';
import { modelCharter } from '../server/demonstration.charter.js';
import type { Rehearsal } from '../server/rehearsal.js';
import { correctCourse, type CourseToSubmit, registerCourse, submitCourse } from '../server/rehearsal.applications.js';
import { hostileInterludes, type Interlude, thawed } from './simulation.hostile.js';
import { adopt, furnish, type Plan, type Someone } from '../server/rehearsal.founding.js';
import { dayMs, hourMs, type Odds, Players, type Temper } from '../server/rehearsal.players.js';
import type { Scene } from '../server/rehearsal.scene.js';
import { importInstitutions } from './import-institutions.js';
import type { InstitutionRow } from './institutions.file.js';

export interface RoundOrder {
  readonly definition: Definition;
  /** The whole list; those that apply are drawn from it. */
  readonly institutions: readonly InstitutionRow[];
  readonly applications: number;
  readonly seed: number;
  /** Told of each day that has passed. */
  readonly progress?: (day: DayReport) => void;
}

export interface DayReport {
  readonly day: number;
  /** `YYYY-MM-DD` in China. */
  readonly date: string;
  readonly submitted: number;
  readonly ended: number;
}

export interface Played {
  readonly days: number;
  readonly institutions: number;
  readonly courses: readonly CourseToSubmit[];
  /** Commands of people that were refused, by code. */
  readonly refusals: ReadonlyMap<string, number>;
}

/** Who takes part in a round, once their alliance has been founded. */
export interface Company {
  readonly chosen: readonly InstitutionRow[];
  readonly cast: ReturnType<typeof castOf>;
  readonly chance: Chance;
}

export const alliance = 'simulation';
export const round = 'round-1';
/** A Monday, nine o'clock in Beijing. */
export const startMs = Date.parse('2026-03-02T01:00:00.000Z');
const term = { from: '2026-01-01T00:00:00.000Z', until: '2029-01-01T00:00:00.000Z' };
const longestDays = 365;
const institutionsAtLeast = 100;

/** What every id of a simulation follows from. */
export const rootOf = ({ seed }: Pick<RoundOrder, 'seed'>): string => `simulation ${seed}`;

/** Founds the alliance as its operator would: charter, the whole list of institutions, members, people, seats, and the workflow. */
export async function assemble(rehearsal: Rehearsal, order: RoundOrder): Promise<Company> {
  const chance = new Chance(`seed ${order.seed}`);
  const chosen = chosenInstitutions(order, chance);
  const cast = castOf(rehearsal, chosen, reviewersFor(order.definition, order.applications));
  await adopt(rehearsal, cast.plan);
  await importInstitutions(rehearsal, alliance, order.institutions, rehearsal.id('import'));
  await furnish(rehearsal, cast.plan);
  await rehearsal.operator('definition', order.definition.id, {
    type: 'AdoptDefinition',
    data: { definition: order.definition },
  });
  return { chosen, cast, chance };
}

/** Plays a round from its notice to the last recognition. */
export async function playRound(
  scene: Scene,
  rehearsal: Rehearsal,
  order: RoundOrder,
  { chosen, cast, chance }: Company,
): Promise<Played> {
  const { definition, applications, progress } = order;
  const closesAtMs = await openRound(scene, rehearsal, cast.secretary, order);
  const courses = Array.from({ length: applications }, (_, index) => courseFor(scene, chance, chosen, index));
  const [last, ...usualCourses] = courses as [CourseToSubmit, ...CourseToSubmit[]];
  const temper = { ...temperOf(chance), thawed: thawed(last.institution, closesAtMs) };
  const players = new Players(scene, definition, cast, temper);
  planSubmissions({ scene, players, cast, definition, courses: usualCourses, chance, closesAtMs });
  const { secretary, deanOf } = cast;
  const few = Math.ceil(cast.reviewers.length / 50);
  const group = (from: number, to: number) => cast.reviewers.slice(from * few, to * few);
  const [leaving, away, standIns] = [group(0, 1), group(1, 2), group(2, 7)];
  const others = { leaving, away, standIns, employedBy: cast.employedBy };
  const stage = { scene, players, definition, round, closesAtMs, secretary, deanOf, ...others };
  const doubles = usualCourses.filter((_course, index) => index % 50 === 0);
  const [after, beginner] = [0, 1].map((more) => courseFor(scene, chance, chosen, applications + more)) as [
    CourseToSubmit,
    CourseToSubmit,
  ];
  const hostile = [...hostileInterludes(stage, doubles, { last, after, beginner })];
  let days = 0;
  let now = startMs;
  while (players.busy || players.open > 0) {
    now += hourMs;
    await played(hostile, now, players);
    await players.until(now);
    if ((now - startMs) % dayMs !== 0) continue;
    days += 1;
    progress?.({ day: days, date: dateIn(now), submitted: players.opened, ended: players.opened - players.open });
    if (days >= longestDays) break;
  }
  // Until nobody can appeal any more.
  await players.until(now + 30 * dayMs);
  return { days, institutions: chosen.length, courses, refusals: players.refusals };
}

/** What happens up to an instant while everybody else stands still. */
async function played(interludes: Interlude[], untilMs: number, players: Players): Promise<void> {
  for (let [next] = interludes; next !== undefined && next.atMs <= untilMs; [next] = interludes) {
    interludes.shift();
    await players.until(next.atMs);
    await players.attempt(next.act);
  }
}

const dateIn = (atMs: number): string => new Date(atMs + 8 * hourMs).toISOString().slice(0, 10);

function chosenInstitutions({ institutions, applications }: RoundOrder, chance: Chance): readonly InstitutionRow[] {
  const count = Math.max(institutionsAtLeast, Math.ceil(applications / 6));
  const eligible = institutions.filter(({ facts }) => facts.level === 'undergraduate');
  return chance.shuffled(eligible, 'institutions').slice(0, count);
}

/** Enough for the load limit, with a reserve for conflicts, silence and the applicants' own institutions. */
function reviewersFor({ stages }: Definition, applications: number): number {
  const panels = stages.filter((stage) => stage.kind === 'panel');
  const needed = panels.map(({ size, maxLoad }) => Math.max(size * 4, Math.ceil((applications * size * 1.6) / maxLoad)));
  return Math.max(0, ...needed);
}

function castOf(scene: Scene, chosen: readonly InstitutionRow[], reviewers: number) {
  const people: Someone[] = [];
  const add = (name: string, zh: string, en: string, more: Omit<Someone, 'person' | 'name'>): string => {
    const person = scene.person(name);
    people.push({ person, name: { zh, en }, ...more });
    return person;
  };
  const employer = (index: number): string => (chosen[index % chosen.length] as InstitutionRow).code;
  const secretary = add('secretary', '秘书长', 'Secretary-general', { seats: [{ organ: 'secretariat', role: 'chair' }] });
  const critic = add('critic', '何异议', 'He Yiyi', { seats: [] });
  const committee = Array.from({ length: 9 }, (_, index) =>
    add(`committee.${index}`, `委员${index + 1}`, `Member ${index + 1}`, {
      institution: employer(index * 11),
      seats: [{ organ: 'committee', role: index === 0 ? 'chair' : index === 1 ? 'deputy' : 'member' }],
    }),
  );
  const council = Array.from({ length: 5 }, (_, index) =>
    add(`council.${index}`, `理事${index + 1}`, `Councillor ${index + 1}`, {
      institution: employer(index * 13 + 5),
      seats: [{ organ: 'council' }],
    }),
  );
  const experts = Array.from({ length: reviewers }, (_, index) =>
    add(`reviewer.${index}`, `专家${index + 1}`, `Reviewer ${index + 1}`, {
      institution: employer(index * 7 + 3),
      seats: [{ organ: 'expert-panel' }],
    }),
  );
  for (const { code, facts } of chosen) {
    add(`dean.${code}`, `${facts.name}教务处`, `Dean's office of ${code}`, {
      institution: code,
      seats: [{ organ: 'deans-office', scope: code }],
    });
  }
  for (const province of new Set(chosen.map(({ facts }) => facts.province))) {
    add(`department.${province}`, `${province}教育厅`, `Department of education ${province}`, {
      seats: [{ organ: 'provincial-department', scope: province }],
    });
  }
  const plan: Plan = {
    charter: modelCharter({ zh: '模拟联盟', en: 'An alliance in simulation' }),
    institutions: chosen.map(({ code, facts }) => ({ code, facts, member: true })),
    people,
    term,
  };
  return {
    plan,
    secretary,
    critic,
    committee,
    council,
    reviewers: experts,
    employedBy: (code: string) => people.find(({ institution, seats }) => institution === code && seats.some(isReviewer))?.person,
    deanOf: (code: string) => scene.person(`dean.${code}`),
    departmentOf: (province: string) => scene.person(`department.${province}`),
  };
}

const isReviewer = ({ organ }: { readonly organ: string }): boolean => organ === 'expert-panel';

async function openRound(
  scene: Scene,
  { states }: Rehearsal,
  secretary: string,
  { definition: { id, version, stages }, seed, applications }: RoundOrder,
): Promise<number> {
  const title = { zh: '模拟课程认定', en: 'Course accreditation in simulation' };
  const data = {
    definition: { id, version },
    title,
    opensAt: new Date(startMs).toISOString(),
    seed: `seed ${seed}`,
    ...quotasFor(stages, applications),
  };
  await scene.as(secretary, 'round', round, { type: 'OpenRound', data });
  const { state } = await states.load<Round>(roundStream(alliance, round));
  return Date.parse(state.closesAt);
}

/** Places for about a third of those who apply, so that a cut falls among those who are good enough. */
function quotasFor(stages: Definition['stages'], applications: number): object {
  const places = Math.max(1, Math.floor(applications / 15));
  const quotas = stages.flatMap(({ id, kind }) =>
    kind === 'ranking'
      ? [
          {
            stage: id,
            quotas: [
              { by: 'form.kind', each: places },
              { by: 'form.leader', each: 1 },
            ],
          },
        ]
      : [],
  );
  return quotas.length === 0 ? {} : { quotas };
}

const temperOf = (chance: Chance): Temper => ({
  chance,
  quality: (subject) => qualityOf(chance, subject),
  pace: (subject) => 0.5 + 0.5 * chance.of(`${subject}.pace`),
  odds: (subject) => (chance.of(`${subject}.thin`) < 0.03 ? { ...usual, absent: 0.6 } : usual),
  spread: (subject) => (isPlain(chance, subject) ? 0 : 0.3),
});

function qualityOf(chance: Chance, subject: string): number {
  if (isPlain(chance, subject)) return 0.8;
  return chance.of(`${subject}.unsound`) < 0.03 ? 0.2 : 0.3 + 0.65 * Math.sqrt(chance.of(`${subject}.quality`));
}

/** A course to which everyone gives the same points: where many are alike, equals stand at the cut. */
const isPlain = (chance: Chance, subject: string): boolean => chance.of(`${subject}.plain`) < 0.2;

const usual: Odds = {
  fails: 0.03,
  returns: 0.1,
  neverCorrects: 0.15,
  withdraws: 0.02,
  conflicted: 0.03,
  late: 0.08,
  silent: 0.04,
  absent: 0.12,
  objects: 0.12,
  overdue: 0.02,
  conflictedAfter: 0.02,
  withdrawsInReview: 0.02,
  strays: 0.06,
  speaks: 0.7,
  thinksAgain: 0.6,
  upholds: 0.3,
  sendsBack: 0.04,
  refuses: 0.02,
  neverAnswers: 0.03,
  appeals: 0.5,
  appealsLate: 0.2,
  appealsGroundless: 0.2,
  convinces: 0.6,
  dismisses: 0.3,
};

const kinds = ['online', 'offline', 'blended', 'virtual-simulation', 'social-practice'] as const;
const disciplines = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '12', '13'] as const;
const subjects = [
  '数据结构',
  '大学物理',
  '宏观经济学',
  '中国建筑史',
  '分子生物学',
  '机器学习',
  '工程制图',
  '教育心理学',
  '药理学',
  '岭南文化',
] as const;

function courseFor(scene: Scene, chance: Chance, chosen: readonly InstitutionRow[], index: number): CourseToSubmit {
  const institution = (chosen[index % chosen.length] as InstitutionRow).code;
  return {
    id: scene.id(`course.${index}`),
    institution,
    title: { zh: `${chance.oneOf(subjects, `course.${index}.title`)}（${index + 1}）`, en: `Course ${index + 1}` },
    kind: chance.oneOf(kinds, `course.${index}.kind`),
    discipline: chance.oneOf(disciplines, `course.${index}.discipline`),
    credits: chance.between(1, 5, `course.${index}.credits`),
    runs: chance.between(2, 9, `course.${index}.runs`),
    leader: scene.person(`leader.${index}`),
    leaderName: `负责人${index + 1}`,
  };
}

interface Submissions {
  readonly scene: Scene;
  readonly players: Players;
  readonly cast: { readonly secretary: string; readonly deanOf: (institution: string) => string };
  readonly definition: Definition;
  readonly courses: readonly CourseToSubmit[];
  readonly chance: Chance;
  readonly closesAtMs: number;
}

/** Most come late; too late only those whom the secretary has granted an extension. */
function planSubmissions({ scene, players, cast, definition, courses, chance, closesAtMs }: Submissions): void {
  for (const course of courses) {
    const { id, institution } = course;
    const dean = cast.deanOf(institution);
    const isExtended = chance.of(`${id}.extension`) < 0.01;
    const share = Math.sqrt(chance.of(`${id}.submission`));
    const atMs = startMs + Math.floor(((closesAtMs - startMs - hourMs) * share) / hourMs) * hourMs;
    if (isExtended) {
      const until = new Date(closesAtMs + 3 * dayMs).toISOString();
      const data = { institution, until, reason: '台风停课。The university was closed by a typhoon.' };
      const grant = () => scene.as(cast.secretary, 'round', round, { type: 'GrantExtension', data });
      players.plan(closesAtMs - dayMs, grant);
    }
    players.plan(isExtended ? closesAtMs + dayMs : atMs, async () => {
      await registerCourse(scene, dean, course);
      if (chance.of(`${id}.slip`) < 0.05) await correctCourse(scene, dean, { ...course, credits: course.credits + 1 });
      await submitCourse(scene, dean, round, definition, course);
    });
  }
}
