import { type Caller, type CommandHandling, type Context, DomainError, type States, type Text } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import { describe } from '../explain.js';
import { type Excluded, previewHash } from './bulk.decider.js';
import type { BulkOrdered, CaseSeen, Doing } from './bulk.messages.js';
import { commandOf } from './bulk.parts.js';

export interface BulkPreview {
  /** What the order must name: it is bound to the act and to every case as it stands now. */
  readonly hash: string;
  /** The cases that it would be done to. */
  readonly cases: readonly CaseSeen[];
  /** How many acts that is: a case may take several. */
  readonly steps: number;
  /** The cases that it cannot be done to, each with the act's own refusal. */
  readonly excluded: readonly Excluded[];
  /** What the history of the first case would say of it. */
  readonly sample: readonly Text[];
}

export interface Previewing {
  readonly handling: Pick<CommandHandling, 'foresee'>;
  readonly states: Pick<States, 'fresh'>;
  readonly bulk: Context;
  readonly case: Context;
}

/**
 * What an act would come to on each of many cases now, decided by the very rules of the order. Nothing is written.
 *
 * @param ids - cases that the caller may know of
 * @throws DomainError where the caller may not do this at all, or what it must be told is missing
 */
export async function previewBulk(parts: Previewing, doing: Doing, ids: readonly string[], caller: Caller): Promise<BulkPreview> {
  const seen = await Promise.all(
    ids.map(async (id): Promise<CaseSeen> => ({ case: id, revision: (await parts.states.fresh(`case-${id}`)).length - 1 })),
  );
  const { ordered, excluded } = await foreseen(parts, doing, seen, caller);
  const out = new Set(excluded.map(({ case: id }) => id));
  const cases = seen.filter(({ case: id }) => !out.has(id));
  return {
    hash: previewHash({ ...doing, cases }),
    cases,
    steps: ordered?.parts.length ?? 0,
    excluded,
    sample: await sampleOf(parts, doing, ordered, caller),
  };
}

interface Foreseeing {
  readonly ordered?: BulkOrdered;
  readonly excluded: readonly Excluded[];
}

async function foreseen(parts: Previewing, doing: Doing, cases: readonly CaseSeen[], caller: Caller): Promise<Foreseeing> {
  if (cases.length === 0) return { excluded: [] };
  const data = { ...doing, cases, preview: previewHash({ ...doing, cases }) };
  try {
    const { events } = await parts.handling.foresee(
      parts.bulk,
      `${caller.alliance}.preview`,
      { type: 'OrderBulk', data },
      caller,
    );
    return { ordered: events[0]?.data as BulkOrdered, excluded: [] };
  } catch (failure) {
    if (!(failure instanceof DomainError) || failure.code !== 'bulk.changed') throw failure;
    const excluded = failure.details['excluded'] as readonly Excluded[];
    const out = new Set(excluded.map(({ case: id }) => id));
    const rest = await foreseen(
      parts,
      doing,
      cases.filter(({ case: id }) => !out.has(id)),
      caller,
    );
    return { ...rest, excluded: [...excluded, ...rest.excluded] };
  }
}

async function sampleOf(
  { handling, case: context }: Previewing,
  doing: Doing,
  ordered: BulkOrdered | undefined,
  caller: Caller,
): Promise<readonly Text[]> {
  const [first] = ordered?.parts ?? [];
  if (first === undefined) return [];
  const { events } = await handling.foresee(context, first.case, commandOf(doing, first), caller);
  return events.map((event) => describe(event as CaseEvent));
}
