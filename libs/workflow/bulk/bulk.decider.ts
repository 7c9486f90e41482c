import {
  type AskingContext,
  canonicalJson,
  type DecisionContext,
  type Decider,
  DomainError,
  notFound,
  type Permit,
  sha256,
  type Text,
} from '#kernel';
import { senderMayKnowAll } from '../case.audience.js';
import { caseDecider } from '../case.decider.js';
import type { StageCommand } from '../case.messages.js';
import { caseStream } from '../case.knowing.js';
import type { CaseState } from '../case.state.js';
import { refused } from '../refusal.js';
import type {
  BulkCommand,
  BulkEvent,
  BulkOrdered,
  BulkPart,
  CaseSeen,
  Doing,
  NoteOvertaken,
  OrderBulk,
  PartOvertaken,
} from './bulk.messages.js';
import { commandOf, missing, partsOf, type Told } from './bulk.parts.js';

/** The state of `bulk-<alliance>.<id>`. */
export type BulkState = { readonly status: 'none' } | Bulk;

export interface Bulk extends Omit<BulkOrdered, 'preview' | 'permit'> {
  readonly status: 'ordered';
  readonly orderedAt: string;
  readonly overtaken: readonly PartOvertaken[];
}

/** A case that an order cannot be carried out on, and why: the act's own refusal. */
export interface Excluded {
  readonly case: string;
  readonly code: string;
  readonly text: Text;
}

/** What an order is bound to: the act and every case with its revision, in this order. */
export const previewHash = ({ act, stage, cases, ...said }: Omit<OrderBulk, 'preview'>): string =>
  sha256(
    canonicalJson({
      act,
      cases: cases.map(({ case: id, revision }) => ({ case: id, revision })),
      stage,
      ...told(said),
    }),
  );

/** What was said for all of them, as it is kept. */
const told = ({ reason, choice, until }: Pick<Doing, Told>): Pick<Doing, Told> => ({
  ...(reason === undefined ? {} : { reason }),
  ...(choice === undefined ? {} : { choice }),
  ...(until === undefined ? {} : { until }),
});

/**
 * One decision on many cases: each is decided by its own rules on its present state, and the order is taken for all of them or not at all.
 *
 * The append is guarded by every case that was read: if one moves on meanwhile, all are decided again.
 */
export const bulkDecider: Decider<BulkCommand, BulkEvent, BulkState> = {
  category: 'bulk',
  parts: 2,
  permits: { OrderBulk: ({ data }, _bulk, asking) => commonPermit(data, asking), NoteOvertaken: 'operate-workflow' },
  initialState: { status: 'none' },

  mayKnow: ({ type, data }, _bulk, asking) =>
    type !== 'OrderBulk' ||
    senderMayKnowAll(
      data.cases.map(({ case: id }) => id),
      asking,
      (unknown) => (unknown.length === data.cases.length ? notFound('case') : changed(unknown.map(notThere))),
    ),

  consults({ type, data }, _bulk, asking) {
    if (type === 'NoteOvertaken') return [];
    const own = data.cases.filter(({ case: id }) => isOf(asking, id));
    const streams = own.map(({ case: id }) => caseStream(id));
    if (!streams.every(asking.loaded)) return streams;
    return [...new Set([...streams, ...own.flatMap((seen) => streamsOf(data, seen, asking))])];
  },

  decide(command, bulk, context) {
    switch (command.type) {
      case 'OrderBulk':
        return order(command.data, bulk, context);
      case 'NoteOvertaken':
        return note(command.data, bulk);
    }
  },

  foldsFacts: true,
  evolve(bulk, event, { recordedAt }) {
    if (event.type === 'BulkOrdered') {
      const { preview: _preview, permit: _permit, ...ordered } = event.data;
      return { status: 'ordered', ...ordered, orderedAt: recordedAt, overtaken: [] };
    }
    return bulk.status === 'none' ? bulk : { ...bulk, overtaken: [...bulk.overtaken, event.data] };
  },
};

const isOf = ({ alliance }: Pick<AskingContext, 'alliance'>, id: string): boolean => id.startsWith(`${alliance}.`);

/** The case as it stands. @throws DomainError case.not-found for another alliance's, as for one that is not there */
function stateOf(asking: Pick<AskingContext, 'alliance' | 'consulted'>, { case: id }: CaseSeen): CaseState {
  if (!isOf(asking, id)) throw notFound('case');
  return asking.consulted<CaseState>(caseStream(id));
}

function streamsOf(data: OrderBulk, seen: CaseSeen, asking: AskingContext): readonly string[] {
  const state = stateOf(asking, seen);
  const [part] = partsOf(data, state, seen);
  if (part === undefined) return [];
  return caseDecider.consults?.(commandOf(data, part), state, { ...asking, id: seen.case }) ?? [];
}

function permitFor(command: StageCommand, state: CaseState, asking: AskingContext): Permit {
  const permit = caseDecider.permits[command.type] as (given: StageCommand, state: CaseState, asking: AskingContext) => Permit;
  return permit(command, state, asking);
}

/** The power that the first case needs at which the act is possible at all. Whoever lacks it learns no more than from the act itself. */
function commonPermit(data: OrderBulk, asking: AskingContext): Permit {
  let first: DomainError | undefined;
  for (const seen of data.cases) {
    try {
      const state = stateOf(asking, seen);
      const [part] = partsOf(data, state, seen);
      if (part !== undefined) return permitFor(commandOf(data, part), state, { ...asking, id: seen.case });
    } catch (failure) {
      if (!(failure instanceof DomainError)) throw failure;
      first ??= failure;
    }
  }
  throw first ?? nothingToDo();
}

function order(data: OrderBulk, bulk: BulkState, context: DecisionContext): readonly BulkEvent[] {
  if (bulk.status !== 'none') {
    throw refused(
      'bulk.already-ordered',
      'This order was given before. Give a new one a new address.',
      '该批量指令已下达，新的指令请使用新的标识。',
    );
  }
  const lacking = missing(data);
  if (lacking !== undefined) throw incomplete(lacking);
  if (data.preview !== previewHash(data)) throw notPreviewed();
  const asking: AskingContext & DecisionContext = { ...context, loaded: () => true };
  const permit = commonPermit(data, asking);
  const parts: BulkPart[] = [];
  const excluded: Excluded[] = [];
  for (const seen of data.cases) {
    try {
      parts.push(...judged(data, seen, permit, asking));
    } catch (failure) {
      if (!(failure instanceof DomainError)) throw failure;
      excluded.push({ case: seen.case, code: failure.code, text: failure.text });
    }
  }
  if (excluded.length > 0) throw changed(excluded);
  const { act, stage, preview } = data;
  return [{ type: 'BulkOrdered', data: { act, stage, ...told(data), preview, by: context.actor, permit, parts } }];
}

/** The steps on one case, each decided by its own rules. @throws DomainError the act's refusal */
function judged(data: OrderBulk, seen: CaseSeen, permit: Permit, context: AskingContext & DecisionContext): readonly BulkPart[] {
  const state = stateOf(context, seen);
  const own = { ...context, id: seen.case, newId: (name: string) => context.newId(`${seen.case} ${name}`) };
  const parts = partsOf(data, state, seen);
  for (const part of parts) {
    const command = commandOf(data, part);
    const needed = permitFor(command, state, own);
    if (needed.power !== permit.power || needed.scope !== permit.scope) throw otherPower();
    if (context.lengthOf(caseStream(seen.case)) - 1 !== seen.revision) throw movedOn();
    if (caseDecider.decide(command, state, own).length === 0) throw nothingToDo();
  }
  if (parts.length === 0) throw nothingToDo();
  return parts;
}

function note({ part, code, text }: NoteOvertaken, bulk: BulkState): readonly BulkEvent[] {
  if (bulk.status === 'none' || bulk.overtaken.some((known) => known.part === part)) return [];
  return [{ type: 'PartOvertaken', data: { part, code, text: { en: text.en, zh: text.zh } } }];
}

const wanted: Readonly<Record<Told, Text>> = {
  reason: { en: 'Give the reason that all of them are to be told.', zh: '请填写适用于全部项目的理由。' },
  choice: { en: 'Say how you vote.', zh: '请选择您的投票意见。' },
  until: { en: 'Say until when.', zh: '请填写延长后的期限。' },
};

const incomplete = (what: Told) => refused('bulk.incomplete', wanted[what].en, wanted[what].zh, { what });

const notPreviewed = () =>
  refused(
    'bulk.not-previewed',
    'This is not what was previewed: ask for a preview, and order exactly that.',
    '指令内容与预览不一致，请重新预览并按预览结果下达。',
  );

const changed = (excluded: readonly Excluded[]) =>
  refused(
    'bulk.changed',
    `Nothing was done: ${excluded.length} of the applications are no longer as the preview showed them. Ask for a new preview.`,
    `未执行任何操作：有 ${excluded.length} 个项目已与预览不一致，请重新预览。`,
    { excluded },
  );

function notThere(id: string): Excluded {
  const { code, text } = notFound('case');
  return { case: id, code, text };
}

const otherPower = () =>
  refused(
    'bulk.other-power',
    'This application falls under another power or office; order it apart.',
    '该项目属于其他职权或其他机构，请另行下达。',
  );

const movedOn = () =>
  refused(
    'command.stale-revision',
    'This has been changed since you opened it. Read it again and decide on what it says now.',
    '您打开之后内容已有变更，请重新读取后再作决定。',
  );

export const nothingToDo = () => refused('bulk.nothing-to-do', 'There is nothing left to do here.', '此处已无事可做。');
