import type { CharterDocument } from '#charter';
import { type CaseState, type Definition, entryFor, loadDefinition, type Round } from '#workflow';
import type { Rehearsal } from '../../apps/server/rehearsal.js';
import { registerCourse } from '../../apps/server/rehearsal.applications.js';
import { adopt } from '../../apps/server/rehearsal.founding.js';
import { dayMs } from '../../apps/server/rehearsal.players.js';

const workflows = ['obligation'];

const more: CharterDocument['powers'] = [
  { power: 'confirm-application', organ: 'deans-office' },
  { power: 'confirm-platform', organ: 'secretariat' },
  { power: 'supervise-course', organ: 'secretariat' },
  { power: 'issue-notice', organ: 'secretariat', workflows },
  { power: 'register-for-event', organ: 'public' },
  { power: 'manage-event', organ: 'secretariat' },
];

/** The charter with the powers that the workflows of this part name; neither takes a vote. */
export const amended = (charter: CharterDocument, workflows: readonly string[] = ['obligation']): CharterDocument => ({
  ...charter,
  powers: [
    ...charter.powers
      .filter(({ power }) => !more.some((clause) => clause.power === power))
      .map(({ rule, ...clause }) =>
        ['recognise-course', 'withdraw-recognition'].includes(clause.power)
          ? { ...clause, workflows: [...(clause.workflows ?? []), ...workflows] }
          : { ...clause, ...(rule === undefined ? {} : { rule }) },
      ),
    ...more,
  ],
});

/** As long as the seats of the story are held. */
const shortened = (definition: Definition): Definition => ({
  ...definition,
  stages: definition.stages.map((stage) =>
    stage.kind === 'duty' ? { ...stage, years: 1, inspection: { everyMonths: 4, workingDays: 10 } } : stage,
  ),
});

export class Chapter {
  readonly secretary: string;
  readonly dean: string;
  private opened: Pick<Round, 'addressKey'> = {};

  constructor(
    readonly rehearsal: Rehearsal,
    readonly institution: string,
    private readonly round: string,
  ) {
    this.secretary = rehearsal.person('secretary');
    this.dean = rehearsal.person(`dean-${institution}`);
  }

  course(name: string): string {
    return this.rehearsal.id(`${this.round}.${name}`);
  }

  address(name: string): string {
    return `${this.round}.${entryFor(this.opened, this.course(name))}`;
  }

  async open(definition: Definition): Promise<void> {
    const { id, version } = definition;
    await this.rehearsal.operator('definition', id, { type: 'AdoptDefinition', data: { definition } });
    const data = {
      definition: { id, version },
      title: { zh: '后续轮次', en: 'A round and what follows' },
      opensAt: new Date(this.rehearsal.clock.now()).toISOString(),
      seed: 'golden',
    };
    await this.rehearsal.as(this.secretary, 'round', this.round, { type: 'OpenRound', data });
    this.opened = (await this.rehearsal.states.fresh<Round>(`round-golden.${this.round}`)).state;
  }

  async submit(name: string, form: object): Promise<void> {
    const { rehearsal, institution, dean } = this;
    await registerCourse(rehearsal, dean, {
      id: this.course(name),
      institution,
      title: { zh: `课程 ${name}`, en: `Course ${name}` },
      kind: 'online',
      discipline: '08',
      credits: 3,
      runs: 4,
      leader: rehearsal.person(`leader.${name}`),
      leaderName: '李领',
    });
    const data = { institution, form, files: [] };
    await rehearsal.as(dean, 'case', `${this.round}.${this.course(name)}`, { type: 'SubmitApplication', data });
    await this.pass(0);
  }

  async act(person: string, name: string, type: string, data: object): Promise<void> {
    await this.rehearsal.as(person, 'case', this.address(name), { type, data });
    await this.pass(0);
  }

  async pass(days: number): Promise<void> {
    await this.rehearsal.until(this.rehearsal.clock.now() + days * dayMs);
  }

  /** When the open stage of a case is due. */
  async dueAt(name: string): Promise<number> {
    const { state } = await this.rehearsal.states.fresh<CaseState>(`case-golden.${this.address(name)}`);
    return state.status === 'none' ? NaN : Date.parse(state.visits.at(-1)?.dueAt ?? '');
  }
}

/** What follows decisions: parties confirm or do not, notices are issued, obligations are kept or not, people register for an event. */
export async function carryingOut(rehearsal: Rehearsal, charter: CharterDocument, institution: string): Promise<void> {
  await adopt(rehearsal, { charter: amended(charter) });
  await obligations(rehearsal, new Chapter(rehearsal, institution, 'obliged'));
  await event(rehearsal, new Chapter(rehearsal, institution, 'event'));
  await migration(rehearsal, new Chapter(rehearsal, institution, 'migrated'));
  await incidents(rehearsal, new Chapter(rehearsal, institution, 'stuck'), charter);
}

/** What a case has come to is refused by a charter that was amended, until it is amended again; of another case it is skipped. */
async function incidents(rehearsal: Rehearsal, chapter: Chapter, charter: CharterDocument): Promise<void> {
  const { definition } = await loadDefinition('test/support/workflows/obligation.yaml');
  const [consent, , keeping] = definition.stages;
  if (consent?.kind !== 'confirmation' || keeping?.kind !== 'duty') throw new Error('the obligation has other stages now');
  const { withdrawn, 'not-confirmed': refused, kept } = definition.ends;
  const allowing = amended(charter, ['obligation', 'stuck']);
  await adopt(rehearsal, { charter: allowing });
  await chapter.open({
    ...definition,
    id: 'stuck',
    stages: [{ ...consent, on: { ...consent.on, confirmed: 'kept' } }],
    ends: { kept: { ...kept, commands: keeping.grants ?? [] }, 'not-confirmed': refused, withdrawn } as Definition['ends'],
  });
  await adopt(rehearsal, { charter: amended(charter) });
  for (const name of ['mended', 'skipped']) {
    await chapter.submit(name, { title: `课程 ${name}` });
    await chapter.act(chapter.dean, name, 'ConfirmAsParty', { stage: 'consent', party: 'institution' });
    await chapter.act(chapter.secretary, name, 'ConfirmAsParty', { stage: 'consent', party: 'platform' });
  }
  const [mended = '', skipped = ''] = rehearsal.owing.filter(({ raised }) => raised).map(({ commandId }) => commandId);
  const resolve = async (incident: string, type: string, data: object): Promise<void> => {
    await rehearsal.as(chapter.secretary, 'incident', incident, { type, data });
    await chapter.pass(0);
  };
  await resolve(skipped, 'SkipEffect', { reason: '由委员会另行登记。Entered by the committee itself.' });
  await chapter.pass(1);
  await adopt(rehearsal, { charter: allowing });
  await resolve(mended, 'RetryEffect', {});
}

/** The workflow changes in the middle of a round, with a transition clause. */
async function migration(rehearsal: Rehearsal, chapter: Chapter): Promise<void> {
  const { definition } = await loadDefinition('test/support/workflows/training.yaml');
  await chapter.open({ ...definition, id: 'training-migrated' });
  await chapter.submit('moved', { title: '慕课教学培训', places: 5 });
  const transition = {
    appliesTo: 'open-rounds',
    from: 1,
    text: { zh: '已启动的轮次适用新办法。', en: 'Rounds that are open move to the new rules.' },
    stages: Object.fromEntries(definition.stages.map(({ id }) => [id, { then: 'carried', to: id }])),
  } as const;
  const next = { ...definition, id: 'training-migrated', version: 2, transition };
  await rehearsal.operator('definition', next.id, { type: 'AdoptDefinition', data: { definition: next } });
  const data = { to: 2, cases: [rehearsal.id('migrated.moved')] };
  await rehearsal.as(chapter.secretary, 'round', 'migrated', { type: 'MigrateCases', data });
  await chapter.pass(0);
}

async function obligations(rehearsal: Rehearsal, chapter: Chapter): Promise<void> {
  const { secretary, dean } = chapter;
  const { definition } = await loadDefinition('test/support/workflows/obligation.yaml');
  await chapter.open(shortened(definition));
  const names = ['kept', 'rejected', 'refused', 'silent'];
  for (const name of names) await chapter.submit(name, { title: `课程 ${name}` });
  const reason = '据实记录。For the record.';
  for (const name of ['kept', 'rejected']) {
    await chapter.act(dean, name, 'ConfirmAsParty', { stage: 'consent', party: 'institution' });
    await chapter.act(secretary, name, 'ConfirmAsParty', { stage: 'consent', party: 'platform', note: '同意。Agreed.' });
  }
  await chapter.act(secretary, 'refused', 'RefuseAsParty', { stage: 'consent', party: 'platform', reason });
  await chapter.pass(125);
  const stage = 'keeping';
  const report = { stage, warning: 1, statement: reason, evidence: [] };
  await chapter.act(secretary, 'kept', 'PassInspection', { stage, inspection: 1, note: reason });
  await chapter.act(secretary, 'rejected', 'Warn', { stage, inspection: 1, reason });
  await chapter.act(dean, 'rejected', 'ReportRemedy', report);
  await chapter.act(secretary, 'rejected', 'RejectRemedy', { stage, warning: 1, reason });
  await chapter.act(secretary, 'kept', 'Warn', { stage, reason });
  await chapter.act(dean, 'kept', 'ReportRemedy', report);
  await chapter.act(secretary, 'kept', 'AcceptRemedy', { stage, warning: 1, note: reason });
  await rehearsal.until((await chapter.dueAt('kept')) - dayMs);
  await chapter.act(secretary, 'kept', 'Warn', { stage, reason });
  await chapter.pass(90);
}

async function event(rehearsal: Rehearsal, chapter: Chapter): Promise<void> {
  const { definition } = await loadDefinition('test/support/workflows/training.yaml');
  await chapter.open(definition);
  await chapter.submit('training', { title: '慕课教学培训', places: 1 });
  const register = async (who: string, type: string, data: object = {}): Promise<void> => {
    const person = rehearsal.person(who);
    await rehearsal.as(person, 'registration', `${chapter.address('training')}.${person}`, { type, data });
    await chapter.pass(0);
  };
  await register('chair', 'Register');
  await register('member-1', 'Register');
  await register('chair', 'CancelRegistration');
  await rehearsal.until(await chapter.dueAt('training'));
  await chapter.act(chapter.secretary, 'training', 'OpenSession', { stage: 'registration', session: 'morning', minutes: 60 });
  await register('member-1', 'SignIn', { session: 'morning' });
  await chapter.pass(30);
}
