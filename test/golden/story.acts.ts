import type { Definition } from '#workflow';
import type { Rehearsal } from '../../apps/server/rehearsal.js';
import { type CourseToSubmit, registerCourse, submitCourse } from '../../apps/server/rehearsal.applications.js';
import { register } from '../../apps/server/rehearsal.founding.js';
import { dayMs } from '../../apps/server/rehearsal.players.js';
import { addressIn } from './story.address.js';

const reason = '据实记录。For the record.';
const stage = 'formal-check';

/** The offices sign together, and nothing follows that other parts of the story tell. */
const signedByAll = (definition: Definition): Definition => ({
  ...definition,
  // The second is that of another part of the story.
  version: definition.version + 2,
  stages: definition.stages.map((one) => (one.id === stage && one.kind === 'check' ? { ...one, signatures: 'all' } : one)),
});

/** What offices do among themselves: they sign together, hand over, take back, copy, and let files be replaced. */
export async function officesAtWork(rehearsal: Rehearsal, shipped: Definition, institution: string): Promise<void> {
  const definition = signedByAll(shipped);
  const [secretary, officer, dean] = ['secretary', 'officer', `dean-${institution}`].map((key) => rehearsal.person(key)) as [
    string,
    string,
    string,
  ];
  await rehearsal.operator('definition', definition.id, { type: 'AdoptDefinition', data: { definition } });
  const data = {
    definition: { id: definition.id, version: definition.version },
    title: { zh: '会签轮次', en: 'A round signed by all' },
    opensAt: new Date(rehearsal.clock.now()).toISOString(),
    seed: 'golden',
  };
  await rehearsal.as(secretary, 'round', 'signed', { type: 'OpenRound', data });
  const course = courseOf(rehearsal, institution);
  await registerCourse(rehearsal, dean, course);
  await submitCourse(rehearsal, dean, 'signed', definition, course);
  const address = await addressIn(rehearsal, 'signed', course.id);
  const act = async (person: string, type: string, given: object): Promise<void> => {
    await rehearsal.as(person, 'case', address, { type, data: given });
    // A minute between two acts: the same act at the same instant is the same command.
    await rehearsal.until(rehearsal.clock.now() + 60_000);
  };
  const department = rehearsal.person('department');
  const [colleague, clerk] = [rehearsal.person('colleague'), rehearsal.person('clerk')] as const;
  const seated = { role: 'member', from: '2026-01-01T00:00:00.000Z', until: '2029-01-01T00:00:00.000Z' };
  const seat = async (organ: string, person: string): Promise<void> => {
    await register(rehearsal, { person, name: { zh: '新任', en: 'A newcomer' } });
    await rehearsal.operator('organ', organ, { type: 'FillSeat', data: { person, ...seated } });
  };
  await seat('provincial-department.44', colleague);
  await seat('secretariat', clerk);
  await act(dean, 'PassCheck', { stage: 'endorsement' });
  await handedOver(act, department, colleague);
  await replacedFiles(rehearsal, act, { secretary, dean, slot: definition.subject.files[0]?.id ?? '' });
  await act(department, 'PassCheck', { stage: 'recommendation' });
  await act(secretary, 'CopyCase', { stage, people: [rehearsal.person('chair')], organs: [{ organ: 'council' }] });
  await act(secretary, 'PassCheck', { stage, note: reason });
  await act(secretary, 'RetractAct', { stage });
  await act(secretary, 'PassCheck', { stage });
  await rehearsal.operator('organ', 'secretariat', { type: 'EndSeat', data: { person: clerk, reason } });
  const failed = { type: 'FailCheck', data: { stage, reason } };
  await rehearsal.as(officer, 'case', address, failed, `machine-${rehearsal.id('key').replaceAll('-', '').slice(0, 16)}`);
  await givenLonger(rehearsal, { secretary, dean, department, definition, institution });
}

interface GivenLonger extends Omit<Correction, 'slot'> {
  readonly department: string;
  readonly definition: Definition;
  readonly institution: string;
}

/** Another application is returned for correction, and its applicant asks for more time and has it. */
async function givenLonger(rehearsal: Rehearsal, { secretary, dean, department, ...at }: GivenLonger): Promise<void> {
  const course = { ...courseOf(rehearsal, at.institution), id: rehearsal.id('signed.longer') };
  await registerCourse(rehearsal, dean, course);
  await submitCourse(rehearsal, dean, 'signed', at.definition, course);
  const address = await addressIn(rehearsal, 'signed', course.id);
  const act = (person: string, type: string, data: object) =>
    rehearsal.as(person, 'case', address, { type, data: { stage, ...data } });
  await act(dean, 'PassCheck', { stage: 'endorsement' });
  await act(department, 'PassCheck', { stage: 'recommendation' });
  await act(secretary, 'ReturnForCorrection', { reason });
  await act(secretary, 'ExtendCorrection', { reason, until: new Date(rehearsal.clock.now() + 30 * dayMs).toISOString() });
}

type Act = (person: string, type: string, data: object) => Promise<void>;

async function handedOver(act: Act, from: string, to: string): Promise<void> {
  const task = { stage: 'recommendation', part: 'check', reason };
  await act(from, 'TransferTask', { ...task, to });
  await act(to, 'TakeBackTask', task);
}

interface Correction {
  readonly secretary: string;
  readonly dean: string;
  readonly slot: string;
}

/** Asked for three times: not granted, granted and not used, granted and used. */
async function replacedFiles(rehearsal: Rehearsal, act: Act, { secretary, dean, slot }: Correction): Promise<void> {
  const slots = [slot];
  const grant = (request: number) => ({
    request,
    slots,
    reason,
    until: new Date(rehearsal.clock.now() + dayMs).toISOString(),
  });
  await act(dean, 'RequestFileCorrection', { slots, reason });
  await act(secretary, 'DenyFileCorrection', { request: 1, reason });
  await act(dean, 'RequestFileCorrection', { slots, reason });
  await act(secretary, 'GrantFileCorrection', grant(2));
  await rehearsal.until(rehearsal.clock.now() + 2 * dayMs);
  await act(dean, 'RequestFileCorrection', { slots, reason });
  await act(secretary, 'GrantFileCorrection', grant(3));
  const files = [{ slot, sha256: 'd'.repeat(64), bytes: 1000, mediaType: 'application/pdf' }];
  await act(dean, 'ReplaceFiles', { request: 3, files });
}

const courseOf = (rehearsal: Rehearsal, institution: string): CourseToSubmit => ({
  id: rehearsal.id('signed.course'),
  institution,
  title: { zh: '会签课程', en: 'A course signed for' },
  kind: 'online',
  discipline: '08',
  credits: 3,
  runs: 4,
  leader: rehearsal.person('leader.signed'),
  leaderName: '李领',
});
