import { type CharterHistory, DomainError } from '#kernel';
import { commandsAt, openVisits, type Visit } from '#workflow';
import { type CaseCommand, isOfCase, type StageCommand } from '../../libs/workflow/case.messages.js';
import { scopeOf } from '../../libs/workflow/filled.js';
import { kindOf } from '../../libs/workflow/stages/index.js';
import { people } from '../support/any-room.js';
import { Random } from '../faults/support/fuzz/random.js';
import type { Known } from './cases.js';
import { factsOfCase } from './facts.js';
import { factsOfStream } from './facts.streams.js';
import { mayCome } from './lawful.js';
import { mayComeTo } from './lawful.streams.js';
import { Maker, typesOf } from './maker.js';
import type { Around, Stream } from './streams.js';

/** What brings a case on. */
const onward: Readonly<Partial<Record<Visit['kind'], readonly string[]>>> = {
  check: ['PassCheck'],
  panel: ['SubmitReview'],
  ballot: ['BreakTie', 'CastVote'],
  publicity: ['RuleOnObjection'],
  confirmation: ['ConfirmAsParty'],
  duty: ['PassInspection', 'ReportRemedy', 'AcceptRemedy'],
  statement: ['GiveStatement'],
  ruling: ['GiveRuling'],
};

/** A command to a stream, with what it may name. */
export interface Act {
  readonly category: string;
  readonly id: string;
  readonly type: string;
  readonly data: object;
  /** Who would send it; nobody in particular, where somebody has to be told first whose it is. */
  readonly by: readonly string[];
  /** Of the stream. */
  readonly length: number;
}

/** A type of command that might be sent to a stream. */
export interface Way {
  readonly type: string;
  readonly stream: Pick<Stream, 'id' | 'length'>;
  readonly act: () => Act;
}

/** Where a command to a case is sent: an application, to what is applied for. */
export const addressFor = (type: string, { subject, applied }: Known): string =>
  `a.one.${type === 'SubmitApplication' ? applied : subject}`;

/** Makes up commands of which something may come now. */
export class Acts {
  private readonly maker: Maker;

  constructor(
    private readonly random: Random,
    private readonly around: Around,
    private readonly charter: CharterHistory,
  ) {
    this.maker = new Maker(random);
  }

  /** What brings a case on. */
  onward(known: Known): readonly Way[] {
    const { definition, state } = known;
    return openVisits(state).flatMap((visit) =>
      (onward[visit.kind] ?? [])
        .filter((type) => mayCome(type, { definition, state, visit }))
        .map((type) => this.way(type, known, visit)),
    );
  }

  /** Everything that is lawful in a case. */
  inCase(known: Known): readonly Way[] {
    const { definition, state } = known;
    const open: readonly (Visit | undefined)[] = openVisits(state);
    return (open.length === 0 ? [undefined] : open).flatMap((visit) =>
      typesOf('case')
        .filter((type) => mayCome(type, { definition, state, visit }))
        .map((type) => this.way(type, known, visit)),
    );
  }

  /** What is lawful in a case because of the stages at which it is. */
  atStages(known: Known): readonly Way[] {
    const stages = new Set(openVisits(known.state).map(({ stage }) => stage));
    const own = new Set<string>(
      known.definition.stages.filter(({ id }) => stages.has(id)).flatMap((stage) => commandsAt(stage).map(({ type }) => type)),
    );
    return this.inCase(known).filter(({ type }) => own.has(type));
  }

  /** Everything that is lawful in streams that are no cases. */
  elsewhere(): readonly Way[] {
    return this.around.streams.flatMap((stream) =>
      typesOf(stream.category)
        .filter((type) => mayComeTo(type, stream, this.around))
        .map((type) => ({ type, stream, act: () => this.toStream(type, stream) })),
    );
  }

  all(): readonly Way[] {
    return [...this.around.cases.flatMap((known) => this.inCase(known)), ...this.elsewhere()];
  }

  private way(type: string, known: Known, visit: Visit | undefined): Way {
    const stream = { id: `a.one.${known.subject}`, length: known.length };
    return { type, stream, act: () => this.toCase(type, known, visit) };
  }

  toCase(type: string, known: Known, visit: Visit | undefined): Act {
    const { definition, state, length } = known;
    const data = this.maker.data('case', type, factsOfCase(type, { definition, state, visit, now: this.around.now }));
    const own = visit === undefined ? [] : concerned(type, visit);
    const by = own.length > 0 ? own : sitting(holder({ type, data }, known, visit, this.charter));
    return { category: 'case', id: addressFor(type, known), type, data, by, length };
  }

  toStream(type: string, stream: Stream): Act {
    const { category, id, length } = stream;
    const data = this.maker.data(category, type, factsOfStream(type, stream, this.around, this.random));
    return { category, id, type, data, by: concernedBy(type, stream, data, this.around), length };
  }
}

/** The organ that holds the power which a command to a case needs, as far as a stage or the subject of the workflow names one. */
export function holder(
  command: { readonly type: string; readonly data: object },
  { definition, state }: Known,
  visit: Pick<Visit, 'stage'> | undefined,
  { powers }: CharterHistory,
): string | undefined {
  const stage = definition.stages.find(({ id }) => id === visit?.stage);
  if (stage === undefined || isOfCase(command as CaseCommand)) return powers[definition.subject.powers.submit]?.organ;
  try {
    const owner = kindOf(stage.kind).owner(command as StageCommand, stage, 'person');
    if (owner.scope !== undefined && scopeOf(owner, state) === undefined) return undefined;
    return powers[owner.power]?.organ ?? 'nobody';
  } catch (failure) {
    if (failure instanceof DomainError) return 'nobody';
    throw failure;
  }
}

const sitting = (organ: string | undefined): readonly string[] =>
  organ === undefined ? [] : people.map((number) => `${organ}-${number}`);

/** People whom a stream concerns, where they alone know of it. */
export function concernedBy(
  type: string,
  { category, id, state }: Stream,
  data: Readonly<Record<string, unknown>>,
  about: Around,
): readonly string[] {
  if (category === 'registration') return [id.slice(id.lastIndexOf('.') + 1)];
  if (category === 'incident') return sitting('secretariat');
  if (type === 'RevokeProxy' && 'proxies' in state && state.proxies.length > 0) return state.proxies.map(({ giver }) => giver);
  if (category === 'meeting' && 'manage' in state) return [...sitting(state.power), ...sitting(state.manage)];
  const [item] = Array.isArray(data['agenda']) ? (data['agenda'] as { stage: string }[]) : [data as { stage?: string }];
  const stage = about.definition.stages.find((one) => one.id === item?.stage);
  if (stage === undefined) return [];
  const isKept = category === 'meeting' || byKeepers.has(data['act']);
  return sitting(isKept && 'manage' in stage ? stage.manage : stage.power);
}

/** Bulk acts of whoever keeps a stage. */
const byKeepers: ReadonlySet<unknown> = new Set(['remind', 'open-ballot']);

const byReviewers: ReadonlySet<string> = new Set([
  'SubmitReview',
  'ReviseReview',
  'DiscussReviews',
  'TransferReview',
  'AppointSubstitute',
]);

/** People whom an act concerns by what they have done or been given to do. */
function concerned(type: string, visit: Visit): readonly string[] {
  if (type === 'RetractAct') return doneBy(visit);
  if (type === 'BreakTie' && visit.kind === 'ballot') return visit.sittings.flatMap(({ tie }) => tie?.castingVote ?? []);
  if (visit.kind !== 'panel' || !byReviewers.has(type)) return [];
  const wanted = type === 'ReviseReview' || type === 'DiscussReviews' ? 'submitted' : 'open';
  return visit.assignments.flatMap(({ status, reviewer, substitute }) =>
    status === wanted ? [substitute?.active === true ? substitute.person : reviewer] : [],
  );
}

/** People who have signed, answered, reviewed or voted in a visit. */
function doneBy(visit: Visit): readonly string[] {
  switch (visit.kind) {
    case 'check':
      return visit.signing?.signatures.map(({ person }) => person) ?? [];
    case 'confirmation':
      return visit.asked?.parties.flatMap(({ answer }) => answer?.by ?? []) ?? [];
    case 'panel':
      return visit.assignments.flatMap(({ status, reviewer }) => (status === 'submitted' ? [reviewer] : []));
    case 'ballot':
      return visit.sittings.at(-1)?.votes.map(({ person, proxy = person }) => proxy) ?? [];
    default:
      return [];
  }
}
