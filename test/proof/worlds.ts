import fc from 'fast-check';
import type { DecisionRule } from '#kernel';
import { type Definition, type Field, loadDefinition, openVisits, type Stage, type Subcase, type Visit } from '#workflow';
import { branchingDefinitions, soundDefinitions } from '../support/definitions.js';
import { application } from '../support/round.js';
import { inTwoChannels } from '../support/two-channels.js';
import type { Around } from './streams.js';

/** A definition, and an application that it takes. */
export interface World {
  readonly definition: Definition;
  readonly paper: { readonly form: object; readonly files: readonly object[] };
  /** How organs decide that vote. */
  readonly rule: DecisionRule;
  /** What people are busy with there: commands that they send rather than others. */
  readonly busy: readonly string[];
  /** How far it has come before anything goes wrong; it has just begun, unless told. */
  readonly from?: (around: Around) => boolean;
  /** What people say until then, by the type of their command. */
  readonly saying?: Readonly<Record<string, object>>;
}

/** Asks for nothing that the application does not have. */
function worldOf(given: Definition, paper: World['paper'], decidedBy: DecisionRule = rule): World {
  const { fields, files } = given.subject;
  const form = paper.form as Readonly<Record<string, unknown>>;
  const asked = fields.map(
    ({ required, when: _when, ...field }) => ({ ...field, required: required === true && field.id in form }) as Field,
  );
  const slots = files.map(({ required: _required, when: _when, ...slot }) => slot);
  return {
    definition: { ...given, eligibility: [], subject: { ...given.subject, fields: asked, files: slots } },
    paper,
    rule: decidedBy,
    busy: [],
  };
}

const load = async (path: string): Promise<Definition> => (await loadDefinition(path)).definition;
const recognition = await load('workflows/alliance-recognition.yaml');
const { form, files } = application;

const rule: DecisionRule = {
  quorum: { atLeast: [1, 2], of: 'eligible-seats' },
  majority: { over: [1, 2], of: 'votes-cast' },
  tie: 'chair-decides',
};
const inMeetings: DecisionRule = { ...rule, notice: { workingDays: 3 }, proxies: { perHolder: 2, countForQuorum: true } };

type Changes = { readonly [K in Stage['kind']]?: object };

/** The same workflow, with other words at its stages of some kinds. */
const changed = (given: Definition, changes: Changes): Definition => ({
  ...given,
  stages: given.stages.map((stage) => ({ ...stage, ...changes[stage.kind] }) as Stage),
});

const obligation = await load('test/support/workflows/obligation.yaml');
const training = await load('test/support/workflows/training.yaml');
const appealed = await load('test/support/workflows/appealed.yaml');
const ranked = await load('test/support/ranked-round.yaml');
const atOnce = {
  assignedBy: 'assignment',
  assignWithin: 30,
  discussion: { from: 'own-review', as: 'name', workingDays: 4, remind: 2 },
};
const equals = { rule: 'organ', power: 'order-equals', workingDays: 5 };

/** An appeal that is granted brings the case back to the committee. */
function reopening(given: Definition): Definition {
  const appeal = given.subcases?.['appeal'] as Extract<Subcase, { kind: 'appeal' }>;
  const granted = { ...appeal.ends['granted'], by: 'committee' } as (typeof appeal.ends)[string];
  return { ...given, subcases: { ...given.subcases, appeal: { ...appeal, ends: { ...appeal.ends, granted } } } };
}

const course = { form: { title: '大学物理', summary: '特色' }, files };
const award = { form: { title: '评选', kind: 'online' }, files: [] };
const full = { form, files };
const appeals = ['LodgeAppeal', 'RaiseObjection', 'GiveStatement', 'GiveRuling', 'RuleOnObjection'];
const panels = ['AppointSubstitute', 'TransferReview', 'RemoveReviewer', 'DiscussReviews', 'ReviseReview', 'DeclareConflict'];
const filing = ['RequestFileCorrection', 'GrantFileCorrection', 'DenyFileCorrection', 'ReplaceFiles'];
const correcting = ['ReturnForCorrection', 'ExtendCorrection', 'ResubmitApplication', 'TransferTask', 'TakeBackTask', 'SendBack'];
const ranking = ['DecideTie', 'RankWithout', 'OrderBulk', 'FailCheck'];

const signed = changed(recognition, { check: { signatures: 2, correction: { workingDays: 5, times: 2 } } });
const oneEach = { quotas: [{ each: 1 }] };

const at =
  (kind: Visit['kind']) =>
  ({ cases }: Around): boolean =>
    cases.some(({ state }) => openVisits(state).some((visit) => visit.kind === kind));
const inspected = ({ cases }: Around): boolean =>
  cases.some(({ state }) => openVisits(state).some((visit) => visit.kind === 'duty' && visit.inspections.length > 0));
const ended = ({ cases }: Around): boolean => cases.some(({ state }) => state.end?.appeal !== undefined);
const hasStream =
  (category: string, ...statuses: readonly string[]) =>
  ({ streams }: Around): boolean =>
    streams.some((stream) => stream.category === category && statuses.includes((stream.state as { status: string }).status));

/** Definitions that have what chance seldom makes up, and where it happens. */
const kept: readonly World[] = [
  { ...worldOf(obligation, { form: { title: '大学物理' }, files: [] }), busy: ['RefuseAsParty', 'TransferTask', 'TakeBackTask'] },
  {
    ...worldOf(obligation, { form: { title: '大学物理' }, files: [] }),
    busy: ['PassInspection', 'Warn', 'ReportRemedy', 'AcceptRemedy', 'RejectRemedy', 'WithdrawRecognition'],
    from: inspected,
  },
  {
    ...worldOf(training, { form: { title: '培训', places: 2 }, files: [] }),
    busy: ['Register', 'CancelRegistration', 'OpenSession', 'SignIn'],
  },
  {
    ...worldOf(changed(appealed, { ballot: { sittings: 4 } }), course, inMeetings),
    busy: ['ConveneMeeting', 'LodgeProxy', 'RevokeProxy', 'CallOffMeeting', 'CastVote', 'BreakTie'],
    from: at('ballot'),
  },
  { ...worldOf(changed(appealed, { panel: atOnce }), course), busy: [...panels, 'RequestAssignment', 'AdoptAssignment'] },
  {
    ...worldOf(reopening(appealed), course),
    busy: appeals,
    from: at('ruling'),
    saying: { CastVote: { choice: 'against' } },
  },
  { ...worldOf(appealed, course), busy: appeals, from: at('publicity') },
  { ...worldOf(appealed, course), busy: [...appeals, ...filing], from: ended, saying: { CastVote: { choice: 'against' } } },
  { ...worldOf(changed(ranked, { ranking: oneEach }), award), busy: ranking, from: hasStream('round', 'closed') },
  {
    ...worldOf(changed(ranked, { ranking: { ...oneEach, ties: equals } }), award),
    busy: ranking,
    from: hasStream('ranking', 'tied'),
  },
  { ...worldOf(recognition, full, inMeetings), busy: [...panels, 'AppointSubstitute'], from: at('panel') },
  { ...worldOf(recognition, full), busy: ['RaiseObjection', 'RuleOnObjection', ...filing], from: at('publicity') },
  { ...worldOf(inTwoChannels(recognition), full), busy: [...correcting, ...filing] },
  { ...worldOf(signed, full), busy: [...correcting, 'RetractAct', 'PassCheck', 'FailCheck'] },
  worldOf(await load('workflows/course-accreditation.yaml'), { form: { title: '大学物理', kind: 'online' }, files: [] }),
];

const ofAnyShape = { form: { works: 3, places: 2, title: '大学物理', field: 'art' }, files: [] };

/** Any sound definition of random shape. Who may apply is another matter: everyone may. */
const ofChance: fc.Arbitrary<World> = fc
  .tuple(fc.oneof(soundDefinitions, branchingDefinitions), fc.constantFrom(rule, rule, inMeetings))
  .map(([definition, decidedBy]) => worldOf(definition, ofAnyShape, decidedBy));

/** Every kept world in its turn, and one of chance after every three. */
export function worldFor(seed: number): World {
  const turn = seed % (kept.length * 4);
  if (turn % 4 === 3) return fc.sample(ofChance, { seed, numRuns: 1 })[0] as World;
  return kept[(turn - Math.floor(turn / 4)) % kept.length] as World;
}
