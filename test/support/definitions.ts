import fc from 'fast-check';
import type { CharterGiven, Definition, End, Stage, Subcase } from '#workflow';
import { leadsTo } from '../../libs/workflow/ranking/presence.js';
import { publicKinds } from '../../libs/workflow/wall.js';
import { both, eligibility, fields } from './any-form.js';
import { isGrantedAlone } from './granted-alone.js';
import { anyBody, type Body, isByPeople, isIrrevocable, outcomesOf, subcaseBody } from './stage-bodies.js';

/** A charter under which every definition made here is sound: the powers and organs of the model charter, with the ruling apart. */
export const charterForAny: CharterGiven = {
  organs: {
    'deans-office': { scope: 'institution' },
    'provincial-department': { scope: 'province' },
    secretariat: { scope: 'alliance' },
    council: { scope: 'alliance', seats: { size: 9 } },
    board: { scope: 'alliance', seats: { size: 9 } },
    tribunal: { scope: 'alliance', seats: { size: 9 } },
    // Enough of them to judge every appeal anew.
    'expert-panel': { scope: 'alliance', seats: { size: 500 } },
    committee: { scope: 'alliance', seats: { size: 9 } },
  },
  powers: [
    { power: 'submit-application', organ: 'deans-office' },
    { power: 'withdraw-application', organ: 'deans-office' },
    { power: 'endorse-application', organ: 'deans-office' },
    { power: 'recommend-application', organ: 'provincial-department' },
    { power: 'check-application', organ: 'secretariat' },
    { power: 'manage-panel', organ: 'secretariat' },
    { power: 'review-application', organ: 'expert-panel' },
    { power: 'decide-recognition', organ: 'committee', rule: 'recognition' },
    { power: 'publicise', organ: 'secretariat' },
    { power: 'raise-objection', organ: 'public' },
    { power: 'rule-on-objection', organ: 'council' },
    { power: 'confirm-application', organ: 'deans-office' },
    { power: 'register-for-event', organ: 'public' },
    { power: 'decide-appeal', organ: 'board' },
    { power: 'decide-appeal-by-vote', organ: 'tribunal', rule: 'recognition' },
    { power: 'operate-workflow', organ: 'engine' },
  ],
  rules: {
    recognition: {
      quorum: { atLeast: [2, 3], of: 'eligible-seats' },
      majority: { over: [1, 2], of: 'votes-cast' },
      tie: 'chair-decides',
    },
  },
};

/** Where a procedure leads, and what its stages are called. */
interface Names {
  readonly prefix: string;
  readonly won: string;
  readonly lost: string;
  /** For a case that has been somewhere as often as it may. */
  readonly tired: string;
}

const ofCase: Names = { prefix: '', won: 'granted', lost: 'refused', tired: 'exhausted' };
const ofSubcase = (name: string): Names => ({
  prefix: `${name}-`,
  won: `${name}-won`,
  lost: `${name}-lost`,
  tired: `${name}-lost`,
});

interface Drawn {
  readonly body: Body;
  /** Where each outcome but the first leads, as a number to be taken modulo what there is. */
  readonly turns: readonly number[];
  readonly isBack: boolean;
}

const drawnOf = (body: fc.Arbitrary<Body>): fc.Arbitrary<Drawn> =>
  fc.record({ body, turns: fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 }), isBack: fc.boolean() });

const drawn = drawnOf(anyBody);

const staged = (body: Body, id: string, on: readonly (readonly [string, Stage['on'][string]])[]): Stage =>
  withoutIdleEnds({ id, title: both(id), on: Object.fromEntries(on), ...body } as Stage);

/** An end that is named only by outcomes that never come about would be unreached, so those lead where the first one leads. */
function withoutIdleEnds(stage: Stage): Stage {
  const idle = idleOf(stage).map((outcome) => [outcome, Object.values(stage.on)[0]]);
  return idle.length === 0 ? stage : { ...stage, on: { ...stage.on, ...Object.fromEntries(idle) } };
}

function idleOf(stage: Stage): readonly string[] {
  switch (stage.kind) {
    case 'check':
      return [...(stage.correction === undefined ? ['lapsed'] : []), ...(stage.expires === undefined ? ['expired'] : [])];
    case 'panel':
      return stage.rubric.vetoes.length === 0 ? ['vetoed'] : [];
    default:
      return [];
  }
}

/** The first outcome leads on; the others to a later stage or an end, or back to a stage that says how often. */
function stageOf({ body, turns, isBack }: Drawn, index: number, count: number): Stage {
  const on = outcomesOf[body.kind].map((outcome, place) => {
    if (place === 0) return [outcome, index + 1 < count ? `stage-${index + 1}` : ofCase.won] as const;
    const turn = turns[place - 1] ?? 0;
    if (isBack && isByPeople(outcome)) return [outcome, `stage-${turn % (index + 1)}`] as const;
    const onward = index + 1 + (turn % (count - index));
    return [outcome, onward < count ? `stage-${onward}` : ofCase.lost] as const;
  });
  return staged(body, `stage-${index}`, on);
}

/** Stages that something leads back to say how often a case may come there. */
const bounded = (stages: readonly Stage[], { tired }: Names): readonly Stage[] =>
  stages.map((stage, index) => {
    const isReturnedTo = stages.slice(index).some(({ on }) => Object.values(on).flat().includes(stage.id));
    return isReturnedTo ? { ...stage, visits: { atMost: 1 + (index % 3), then: tired } } : stage;
  });

/** A ranking orders by the first panel that leads to it; where there is none, somebody looks through what comes. */
function ranked(stages: readonly Stage[]): readonly Stage[] {
  const leads = (from: string, to: string): boolean => leadsTo({ stages } as Definition, from, to);
  return stages.map((stage) => {
    if (stage.kind !== 'ranking') return stage;
    const panel = stages.find(({ id, kind }) => kind === 'panel' && leads(id, stage.id));
    if (panel !== undefined) return { ...stage, scores: panel.id };
    const { id, title, visits, waitsFor, on } = stage;
    const onward = { passed: on['selected'] ?? '', failed: on['not-selected'] ?? '', lapsed: on['selected'] ?? '' };
    return {
      ...{ id, title, kind: 'check', power: 'check-application', workingDays: 5, on: onward },
      ...(visits === undefined ? {} : { visits }),
      ...(waitsFor === undefined ? {} : { waitsFor }),
    };
  });
}

interface Spread {
  readonly before: Drawn;
  /** Begun side by side after it, each of several stages. */
  readonly branches: readonly (readonly Drawn[])[];
  /** Whether the first stage of a branch may also lead straight to the join. */
  readonly isShort: boolean;
}

const spreadOf = (one: fc.Arbitrary<Drawn>): fc.Arbitrary<Spread> =>
  fc.record({
    before: one,
    branches: fc.oneof(fc.constant([]), fc.array(fc.array(one, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 })),
    isShort: fc.boolean(),
  });

/** The first outcome leads on; one that people bring about may lead back, within the same branch; the others end it. */
function stageIn(
  { body, turns, isBack }: Drawn,
  id: string,
  onward: Stage['on'][string],
  behind: readonly string[],
  lost: string,
) {
  const on = outcomesOf[body.kind].map((outcome, place) => {
    if (place === 0) return [outcome, onward] as const;
    const back = behind[(turns[place - 1] ?? 0) % Math.max(1, behind.length)];
    return [outcome, isBack && isByPeople(outcome) && back !== undefined ? back : lost] as const;
  });
  return staged(body, id, on);
}

/** A stage, and where it stands. */
interface Placed {
  readonly stage: Stage;
  readonly block: number;
  readonly branch?: number;
}

/** Blocks one after the other: a stage, then what begins side by side after it, which the next block waits for. */
class Blocks {
  constructor(
    private readonly blocks: readonly Spread[],
    private readonly names: Names,
  ) {}

  get all(): readonly Placed[] {
    return this.blocks.flatMap((spread, block) => [
      { stage: this.main(spread, block), block },
      ...(block === this.blocks.length - 1
        ? []
        : spread.branches.flatMap((_, branch) => this.branch(block, branch).map((stage) => ({ stage, block, branch })))),
    ]);
  }

  private main({ before, branches }: Spread, block: number): Stage {
    const { won, lost } = this.names;
    const heads = branches.map((_, at) => this.id(block, at, 0));
    const onward = block === this.blocks.length - 1 ? won : heads.length > 0 ? heads : this.id(block + 1);
    const joined = this.blocks[block - 1];
    const waitsFor = (joined?.branches ?? []).map((branch, at) => {
      const last = this.id(block - 1, at, branch.length - 1);
      return this.skips(block - 1, at) ? { anyOf: [this.id(block - 1, at, 0), last] } : last;
    });
    const behind = Array.from({ length: block + 1 }, (_, earlier) => earlier)
      .filter((earlier) => (this.blocks[earlier - 1]?.branches ?? []).length === 0)
      .map((earlier) => this.id(earlier));
    const main = stageIn(before, this.id(block), onward, behind, lost);
    return waitsFor.length === 0 ? main : { ...main, waitsFor };
  }

  private branch(block: number, at: number): readonly Stage[] {
    const branch = this.blocks[block]?.branches[at] ?? [];
    const ids = branch.map((_, place) => this.id(block, at, place));
    const join = this.id(block + 1);
    return branch.map((one, place) => {
      const stage = stageIn(one, ids[place] as string, ids[place + 1] ?? join, ids.slice(0, place + 1), this.names.lost);
      const [, second] = outcomesOf[one.body.kind];
      return place === 0 && second !== undefined && this.skips(block, at)
        ? { ...stage, on: { ...stage.on, [second]: join } }
        : stage;
    });
  }

  /** Whether another outcome of its first stage leads straight to the join. */
  private skips(block: number, at: number): boolean {
    const { isShort = false, branches = [] } = this.blocks[block] ?? {};
    const [first, ...others] = branches[at] ?? [];
    return isShort && first !== undefined && others.length > 0 && outcomesOf[first.body.kind].length > 1;
  }

  private id(block: number, branch?: number, place?: number): string {
    const { prefix } = this.names;
    return branch === undefined ? `${prefix}main-${block}` : `${prefix}branch-${block}-${branch}-${place}`;
  }
}

/** Stages may send a case back to whatever a case passes before it comes there, unless others rely on what was done since. */
const returning = (placed: readonly Placed[], times: readonly number[]): readonly Stage[] =>
  placed.map(({ stage, block, branch }, index) => {
    const isFinal = (branch === undefined ? placed.slice(0, index + 1) : placed).some((one) => isIrrevocable(one.stage));
    const isBefore = (one: Placed): boolean =>
      one.block < block || (one.block === block && (one.branch === undefined || one.branch === branch));
    const to = placed.slice(0, index).flatMap((one) => (isBefore(one) ? [one.stage.id] : []));
    const often = times[index % times.length] ?? 0;
    return often === 0 || isFinal || to.length === 0
      ? stage
      : ({ ...stage, return: { to: to.slice(0, 20), times: often } } as Stage);
  });

interface Procedure {
  readonly blocks: readonly Spread[];
  readonly last: Drawn;
  readonly times: readonly number[];
}

const times = fc.array(fc.nat(2), { minLength: 1, maxLength: 5 });

/** Of a sub-case: it ends with a stage that decides, and has no more stages than a definition takes. */
const procedure: fc.Arbitrary<Procedure> = fc
  .record({
    blocks: fc.array(spreadOf(drawnOf(subcaseBody.any)), { maxLength: 2 }),
    last: drawnOf(subcaseBody.deciding),
    times,
  })
  .filter(({ blocks }) => blocks.flatMap(({ branches }) => branches.flat()).length + blocks.length < 20);

interface Drafted {
  readonly fields: Definition['subject']['fields'];
  readonly eligibility: Definition['eligibility'];
  readonly appeal: Procedure | undefined;
  readonly hearing: Procedure | undefined;
}

const drafted = {
  fields,
  eligibility,
  appeal: fc.option(procedure, { nil: undefined }),
  hearing: fc.option(procedure, { nil: undefined }),
};

const stagesOf = ({ blocks, last, times: often }: Procedure, names: Names): readonly Stage[] => {
  const all = new Blocks([...blocks, { before: last, branches: [], isShort: false }], names).all;
  return bounded(returning(all, often), names);
};

const knownEnds: Readonly<Record<string, End>> = {
  granted: { title: both('Granted'), outcome: 'granted' },
  refused: { title: both('Refused'), outcome: 'refused' },
  exhausted: { title: both('Tried often enough'), outcome: 'refused' },
  withdrawn: { title: both('Withdrawn'), outcome: 'withdrawn' },
};

function endsOf(stages: readonly Stage[]): Definition['ends'] {
  const reached = new Set(
    stages.flatMap(({ on, visits }) => [...Object.values(on).flat(), ...(visits === undefined ? [] : [visits.then])]),
  );
  return Object.fromEntries(Object.entries(knownEnds).filter(([id]) => id === 'withdrawn' || reached.has(id)));
}

function subcasesOf({ appeal, hearing }: Drafted, stages: readonly Stage[], ends: Definition['ends']): Definition['subcases'] {
  const from = Object.keys(ends).filter((end) => ends[end]?.outcome === 'refused');
  const [ofAppeal, ofHearing] = [ofSubcase('appeal'), ofSubcase('hearing')];
  const appeals: readonly (readonly [string, Subcase])[] =
    appeal === undefined || from.length === 0
      ? []
      : [
          [
            'appeal',
            {
              ...{
                kind: 'appeal',
                title: both('Appeal'),
                manage: 'manage-panel',
                from,
                workingDays: 10,
                power: 'submit-application',
              },
              grounds: [{ id: 'procedure', title: both('The procedure was not kept') }],
              stages: stagesOf(appeal, ofAppeal),
              ends: {
                [ofAppeal.won]: { title: both('Won'), result: 'superseded', by: 'granted' },
                [ofAppeal.lost]: { title: both('Lost'), result: 'upheld' },
              },
            },
          ],
        ];
  const hearings: readonly (readonly [string, Subcase])[] =
    hearing === undefined || !stages.some(isHeard)
      ? []
      : [
          [
            'hearing',
            {
              ...{
                kind: 'hearing',
                title: both('Hearing'),
                manage: 'manage-panel',
                stages: seen(stagesOf(hearing, ofHearing), true),
              },
              ends: {
                [ofHearing.won]: { title: both('Upheld'), result: 'upheld' },
                [ofHearing.lost]: { title: both('Dismissed'), result: 'dismissed' },
              },
            },
          ],
        ];
  const all = [...appeals, ...hearings];
  return all.length === 0 ? undefined : Object.fromEntries(all);
}

const isHeard = (stage: Stage): boolean => stage.kind === 'publicity' && stage.ruling.hearing !== undefined;

/** The first publicity of a case hears what is objected, if there is a hearing. */
const heard = (stages: readonly Stage[], { hearing }: Drafted): readonly Stage[] =>
  stages.map((stage) =>
    stage.kind !== 'publicity' || hearing === undefined || stage !== stages.find(({ kind }) => kind === 'publicity')
      ? stage
      : { ...stage, ruling: { ...stage.ruling, hearing: 'hearing' } },
  );

/** What is public beside a panel or before it is not hidden from its reviewers. */
const seen = (stages: readonly Stage[], isPublic: boolean): readonly Stage[] =>
  stages.map((stage) => (isPublic && stage.kind === 'panel' && stage.blind === 'double' ? { ...stage, blind: 'single' } : stage));

/** The rest of a definition around its stages. */
function around(drawnStages: readonly Stage[], draft: Drafted): Definition {
  const isPublic = drawnStages.some(({ kind }) => publicKinds.has(kind));
  const stages = heard(seen(ranked(bounded(drawnStages, ofCase)), isPublic), draft);
  const ends = endsOf(stages);
  const subcases = subcasesOf(draft, stages, ends);
  return {
    id: 'any-review',
    version: 1,
    title: both('Any review'),
    round: { zone: 'Asia/Shanghai', utcOffsetMinutes: 480, workingDays: 'china', submission: { workingDays: 20 } },
    subject: {
      title: both('Subject'),
      context: 'course',
      powers: { submit: 'submit-application', withdraw: 'withdraw-application' },
      fields: draft.fields,
      files: [],
    },
    eligibility: draft.eligibility,
    stages,
    ends,
    ...(subcases === undefined ? {} : { subcases }),
  };
}

/** Definitions of any shape that is sound, under `charterForAny`: one to six stages of every kind, with bounded loops, appeals and hearings. */
export const soundDefinitions: fc.Arbitrary<Definition> = fc
  .record({ chain: fc.array(drawn, { minLength: 1, maxLength: 6 }), ...drafted })
  .map(({ chain, ...draft }) =>
    around(
      chain.map((one, index) => stageOf(one, index, chain.length)),
      draft,
    ),
  )
  .filter((definition) => !isGrantedAlone(definition));

/** Sound definitions whose stages run side by side and are joined, may be passed by, and may be sent back from. */
export const branchingDefinitions: fc.Arbitrary<Definition> = fc
  .record({ blocks: fc.array(spreadOf(drawn), { minLength: 2, maxLength: 4 }), times, ...drafted })
  .map(({ blocks, times: often, ...draft }) => around(returning(new Blocks(blocks, ofCase).all, often), draft))
  .filter((definition) => !isGrantedAlone(definition));
