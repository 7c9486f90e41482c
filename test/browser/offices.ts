import { charterContext, type CharterDocument } from '#charter';
import { type Definition, loadDefinition } from '#workflow';
import { definitionContext } from '../../apps/server/contexts.js';
import { workflowFile } from '../../apps/server/demonstration.js';
import { Application, expectAccepted, openRound, type SeenCase } from '../support/applications.js';
import { eventually } from '../support/eventually.js';
import { alliance, type House } from '../support/house.js';
import { threeOfAll } from '../support/ranking-stage.js';

const closesAt = '2026-12-31T16:00:00.000Z';

/** Rounds of a house in which everything comes about that offices have panels for. */
export class Offices {
  private constructor(
    readonly house: House,
    private readonly charter: CharterDocument,
    readonly definition: Definition,
  ) {}

  /** The committee decides in meetings, with proxies; the council on appeals; any seat of the assembly on the charter. */
  static async open(house: House): Promise<Offices> {
    const { body } = await house.nobody().get(`/v1/alliances/${alliance}/charter`);
    const document = body['document'] as CharterDocument;
    const rules = document.rules.map((rule) =>
      rule.rule === 'recognition'
        ? { ...rule, notice: { workingDays: 1 }, proxies: { perHolder: 1, countForQuorum: true } }
        : rule,
    );
    const alone = document.powers.map(({ rule, ...clause }) =>
      rule === undefined || clause.power === 'amend-charter' ? clause : { ...clause, rule },
    );
    const powers = [
      ...alone,
      { power: 'hear-objection', organ: 'council' },
      { power: 'register-for-event', organ: 'expert-panel' },
      { power: 'manage-event', organ: 'secretariat' },
    ];
    const { definition } = await loadDefinition(workflowFile('alliance-recognition'));
    return new Offices(house, { ...document, rules, powers }, definition);
  }

  /** The workflow may enter recognitions for the procedures that are named, of which one takes no vote. */
  async recognisesFor(...procedures: readonly string[]): Promise<void> {
    const powers = this.charter.powers.map(({ rule, appeal, ...clause }) =>
      clause.power === 'recognise-course'
        ? { ...clause, workflows: [...(clause.workflows ?? []), ...procedures] }
        : { ...clause, ...(rule === undefined ? {} : { rule }), ...(appeal === undefined ? {} : { appeal }) },
    );
    await this.house.operator(charterContext, '', 'AdoptCharter', { document: { ...this.charter, powers } });
  }

  /** An alliance beside the first, under a charter like its own. */
  async foundBeside(other: string, title: string): Promise<void> {
    await this.house.found(other, { ...this.charter, title: { en: title, zh: title } });
    await eventually(async () => {
      const { items } = (await this.house.nobody().get('/v1/alliances')).body as { items: readonly { id: string }[] };
      return items.some(({ id }) => id === other) || undefined;
    });
  }

  async adopt<D extends Pick<Definition, 'id'>>(definition: D): Promise<void> {
    await this.house.operator(definitionContext, definition.id, 'AdoptDefinition', { definition });
  }

  /** A round of the next version of the usual procedure, in which the province may send back. */
  async openReturning(round: string): Promise<void> {
    const version = this.definition.version + 1;
    const stages = this.definition.stages.map((stage) =>
      stage.id === 'recommendation' ? { ...stage, return: { to: ['endorsement'], times: 1 } } : stage,
    );
    await this.adopt({ ...this.definition, version, stages });
    await openRound(this.house, round, closesAt, { id: this.definition.id, version });
  }

  /** Moves rounds that are open to a version after that one. */
  async adoptNext(): Promise<Definition> {
    const [from, version] = [this.definition.version + 1, this.definition.version + 2];
    const text = { en: 'Open rounds move to the new rules.', zh: '已启动的轮次适用新办法。' };
    const stages = Object.fromEntries(this.definition.stages.map(({ id }) => [id, { then: 'carried', to: id }]));
    const title = { en: `Version ${version}`, zh: `第 ${version} 版` };
    const next = { ...this.definition, version, title, transition: { appliesTo: 'open-rounds', from, text, stages } };
    await this.adopt(next);
    return next as Definition;
  }

  /** A round whose decisions may be appealed against; who wins goes on to publicity. */
  async openAppealed(round: string): Promise<void> {
    const { definition } = await loadDefinition('test/support/workflows/appealed.yaml');
    const { appeal } = definition.subcases ?? {};
    if (appeal === undefined) throw new Error('the fixture knows no appeal');
    const granted = { ...appeal.ends['granted'], by: 'publicity' };
    const subcases = { ...definition.subcases, appeal: { ...appeal, ends: { ...appeal.ends, granted } } };
    await this.adopt({ ...definition, subcases });
    await openRound(this.house, round, closesAt, definition);
  }

  /** A round of one check; whoever passes it is recognised. */
  async openShort(round: string): Promise<void> {
    const { recognised, 'not-admitted': failed } = this.definition.ends;
    const on = { passed: 'recognised', failed: 'not-admitted', lapsed: 'not-admitted' };
    await this.open(round, this.stages('formal-check', { on }), { recognised, 'not-admitted': failed });
  }

  /** A round of one check that all or any of the secretariat sign. */
  async openSigned(round: string, signatures: 'all' | 'any'): Promise<void> {
    const on = { passed: 'accepted', failed: 'declined', lapsed: 'declined' };
    await this.open(round, this.stages('formal-check', { on, signatures }), { accepted, declined });
  }

  /** A round of one panel whose reviewers hear each other once they have reviewed. */
  async openDiscussed(round: string): Promise<void> {
    const on = { recommended: 'accepted', 'not-recommended': 'declined', vetoed: 'declined' };
    const discussion = { from: 'own-review', as: 'pseudonym', workingDays: 2, remind: 1 };
    await this.open(round, this.stages('expert-review', { on, discussion, size: 2, minimum: 2 }), { accepted, declined });
  }

  /** A training event of a university, for which people register. @returns its id */
  async openTraining(institution: string, places: number): Promise<string> {
    const { definition } = await loadDefinition('test/support/workflows/training.yaml');
    await this.adopt(definition);
    await openRound(this.house, 'training', closesAt, definition);
    const event = await Application.register(this.house, 'training', institution);
    expectAccepted(await event.handIn(event.dean, { institution, form: { title: '智慧教学培训', places }, files: [] }));
    return event.id;
  }

  /** A round of a single review each and three places; the committee puts equals in order. */
  async openRanked(round: string, until: string): Promise<void> {
    const on = { recommended: 'ranking', 'not-recommended': 'declined', vetoed: 'declined' };
    const ranking = { ...threeOfAll, on: { selected: 'accepted', 'not-selected': 'declined' } };
    const stages = [...this.stages('expert-review', { on, size: 1, minimum: 1 }), ranking];
    await this.open(round, stages, { accepted, declined }, until);
  }

  /** Both reviewers of a panel with a single criterion give an application that many points. */
  async reviewed(id: string, stage: string, points: number): Promise<void> {
    const keeper = this.house.seat('secretariat', { role: 'chair' });
    const panel = await eventually(async () => {
      const { status, body } = await keeper.get(`/v1/cases/${id}`);
      const { assignments = [] } = (status === 200 ? (body['case'] as SeenCase).visits[0] : undefined) ?? {};
      return assignments.length === 2 ? assignments : undefined;
    });
    const review = { stage, scores: [{ criterion: 'merit', points }], vetoes: [], comment: '评审意见。' };
    for (const { reviewer } of panel)
      expectAccepted(await this.house.person(reviewer).post(`/v1/case/${id}/submit-review`, review));
  }

  private readonly stages = (wanted: string, change: object): readonly object[] =>
    this.definition.stages.filter(({ id }) => id === wanted).map((stage) => ({ ...stage, ...change }));

  /** Adopts a workflow under the name of its round, and opens that. */
  private async open(round: string, stages: readonly object[], ends: object, until = closesAt): Promise<void> {
    const title = { en: `Procedure ${round}`, zh: `程序 ${round}` };
    const own = { id: round, version: 1, title, stages, ends: { ...ends, withdrawn: this.definition.ends['withdrawn'] } };
    await this.adopt({ ...this.definition, ...own });
    await openRound(this.house, round, until, own);
  }
}

const accepted = { title: { en: 'Accepted', zh: '通过' }, outcome: 'granted' };
const declined = { title: { en: 'Declined', zh: '未通过' }, outcome: 'refused' };
