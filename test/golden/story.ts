import { CommandHandling, type EventStore, InMemoryVault } from '#kernel';
import { type Definition, loadDefinition } from '#workflow';
import { Chance } from '../../apps/server/chance.js';
import { modelCharter } from '../../apps/server/demonstration.charter.js';
import { institutions, parts } from '../../apps/server/demonstration.people.js';
import { workflowFile } from '../../apps/server/demonstration.js';
import { Rehearsal } from '../../apps/server/rehearsal.js';
import { correctCourse, type CourseToSubmit, registerCourse, submitCourse } from '../../apps/server/rehearsal.applications.js';
import { found } from '../../apps/server/rehearsal.founding.js';
import { dayMs, hourMs, type Odds, Players } from '../../apps/server/rehearsal.players.js';
import { officesAtWork } from './story.acts.js';
import { twoChannels } from './story.branches.js';
import { assignedRound } from './story.assignment.js';
import { decidedInBulk } from './story.bulk.js';
import { recountedDeadlines } from './story.calendar.js';
import { carryingOut } from './story.carrying-out.js';
import { discussedReviews } from './story.discussion.js';
import { meetings } from './story.meeting.js';
import { appealed } from './story.subcases.js';
import { passedOver, rankedRound } from './story.ranking.js';
import { countedElsewhere } from './story.zone.js';

const startMs = Date.parse('2026-03-02T01:00:00.000Z');
const term = { from: '2026-01-01T00:00:00.000Z', until: '2029-01-01T00:00:00.000Z' };
const [first, second, third] = institutions.map(({ code }) => code) as [string, string, string];
const calm: Odds = {
  fails: 0,
  returns: 0,
  neverCorrects: 0,
  withdraws: 0,
  conflicted: 0,
  late: 0,
  silent: 0,
  absent: 0,
  objects: 0,
  overdue: 0,
};

type Fate = Partial<Odds> & { readonly quality?: number };
const times = (count: number, fate: Fate): readonly Fate[] => Array.from({ length: count }, () => fate);

/** What happens to the applications of the story. What is left to chance is tried several times. */
const fates: readonly Fate[] = [
  { returns: 1 },
  { returns: 1, neverCorrects: 1 },
  { fails: 1 },
  { withdraws: 1 },
  { late: 1 },
  { overdue: 1 },
  ...times(3, { silent: 0.6 }),
  ...times(3, { absent: 0.7 }),
  ...times(5, { objects: 1 }),
  ...times(30, { conflicted: 0.12, quality: 0.66 }),
];

/** An alliance to which everything happens that can: the source of the golden examples. */
export async function story(store: EventStore, Handling = CommandHandling): Promise<void> {
  const vault = new InMemoryVault();
  const rehearsal = new Rehearsal({ store, vault, alliance: 'golden', startMs, root: 'golden', Handling });
  const { definition } = await loadDefinition(workflowFile('alliance-recognition'));
  const people = parts.map(({ key, ...someone }) => ({ person: rehearsal.person(key), ...someone }));
  const charter = modelCharter({ zh: '范例联盟', en: 'An exemplary alliance' });
  // The pool is empty when the workflow is adopted, and too small at first: two reviewers for a panel of three.
  const keyed = (pattern: RegExp) => people.filter((_someone, index) => pattern.test(parts[index]?.key ?? ''));
  const [early, late] = [keyed(/^reviewer-[12]$/), keyed(/^reviewer-([3-9]|1\d)$/)];
  const others = people.filter((someone) => ![...early, ...late].includes(someone));
  await found(rehearsal, { charter, institutions, people: others, term });
  const players = await round(rehearsal, definition);
  await found(rehearsal, { charter, institutions: [], people: early, term });
  for (let day = 1; day <= 120; day += 1) {
    for (let hour = 0; hour < 24; hour += 2) await players.until(startMs + (day - 1) * dayMs + (hour + 2) * hourMs);
    if (day === 12) await found(rehearsal, { charter, institutions: [], people: late, term });
  }
  await afterwards(rehearsal);
  await rankedRound(rehearsal, second);
  await twoChannels(rehearsal, definition, second);
  await assignedRound(rehearsal, second);
  await carryingOut(rehearsal, charter, second);
  await meetings(rehearsal, charter, second);
  await officesAtWork(rehearsal, definition, second);
  await decidedInBulk(rehearsal, second);
  await appealed(rehearsal, charter, second);
  await passedOver(rehearsal, third);
  await discussedReviews(rehearsal, second);
  await recountedDeadlines(rehearsal, second);
  await countedElsewhere(rehearsal, charter, second);
}

async function round(rehearsal: Rehearsal, definition: Definition): Promise<Players> {
  const { id, version } = definition;
  const secretary = rehearsal.person('secretary');
  await rehearsal.operator('definition', id, { type: 'AdoptDefinition', data: { definition } });
  const data = {
    definition: { id, version },
    title: { zh: '第一轮', en: 'First round' },
    opensAt: new Date(startMs).toISOString(),
    seed: 'golden',
  };
  await rehearsal.as(secretary, 'round', 'one', { type: 'OpenRound', data });
  const extension = { institution: first, until: '2026-04-28T16:00:00.000Z', reason: '台风停课。Closed by a typhoon.' };
  await rehearsal.as(secretary, 'round', 'one', { type: 'GrantExtension', data: extension });
  const subjects = fates.map((_fate, index) => rehearsal.id(`course.${index}`));
  const fateOf = (subject: string) => fates[subjects.indexOf(subject)] ?? {};
  const players = new Players(rehearsal, definition, castOf(rehearsal), {
    chance: new Chance('golden'),
    quality: (subject) => fateOf(subject).quality ?? 0.9,
    pace: () => 1,
    odds: (subject) => {
      const { quality: _quality, ...odds } = fateOf(subject);
      return { ...calm, ...odds };
    },
  });
  subjects.forEach((subject, index) => {
    const course = courseOf(rehearsal, subject, index);
    const dean = rehearsal.person(`dean-${course.institution}`);
    players.plan(startMs + index * hourMs, async () => {
      await registerCourse(rehearsal, dean, course);
      await correctCourse(rehearsal, dean, course);
      await submitCourse(rehearsal, dean, 'one', definition, course);
    });
  });
  return players;
}

const courseOf = (rehearsal: Rehearsal, id: string, index: number): CourseToSubmit => ({
  id,
  institution: index % 2 === 0 ? first : second,
  title: { zh: `课程${index}`, en: `Course ${index}` },
  kind: index % 3 === 0 ? 'blended' : 'online',
  discipline: '08',
  credits: 3,
  runs: 4,
  leader: rehearsal.person(`leader.${index}`),
  leaderName: '李领',
});

const castOf = (rehearsal: Rehearsal) => ({
  secretary: rehearsal.person('secretary'),
  critic: rehearsal.person('critic'),
  committee: parts
    .filter(({ seats }) => seats.some(({ organ }) => organ === 'committee'))
    .map(({ key }) => rehearsal.person(key)),
  council: [],
  deanOf: (code: string) => rehearsal.person(`dean-${code}`),
  departmentOf: () => rehearsal.person('department'),
});

/** What a round does not bring along. */
async function afterwards(rehearsal: Rehearsal): Promise<void> {
  const reason = '据实记录。For the record.';
  const critic = rehearsal.person('critic');
  const personId = critic.slice('person-'.length);
  const person = (type: string, data: object) => rehearsal.operator('person', personId, { type, data });
  await person('CorrectPerson', { person: critic, email: 'critic@entente.example' });
  await person('DisablePerson', { person: critic, reason });
  await person('EnablePerson', { person: critic, reason });
  await person('InvitePerson', {});
  await person('ErasePerson', {});
  const member = rehearsal.person('member-9');
  await rehearsal.operator('organ', 'committee', { type: 'EndSeat', data: { person: member, reason } });
  const facts = institutions[0]?.facts;
  await rehearsal.operator('institution', first, {
    type: 'RegisterInstitution',
    data: { ...facts, name: '中山大学（新）', city: '珠海市' },
  });
  await rehearsal.operator('membership', first, { type: 'SuspendMember', data: { clause: '2.3', reason } });
  await rehearsal.operator('membership', first, { type: 'ReinstateMember', data: {} });
  await rehearsal.as(rehearsal.person(`dean-${first}`), 'membership', first, { type: 'LeaveAlliance', data: {} });
  await rehearsal.operator('recognition', rehearsal.id('course.0'), {
    type: 'WithdrawRecognition',
    data: { clause: '5.1', reason },
  });
}
