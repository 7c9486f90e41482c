import type { DecisionContext } from '#kernel';
import type { CaseEvent, Explanation } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import type { ConfirmationVisit, PartyState } from '../case.state.js';
import { deadline } from '../deadline.js';
import type { ConfirmationStage, Party } from '../definition.js';
import { scopeOf } from '../filled.js';
import { type Obstacle, obstacle } from '../migration/obstacle.js';
import { refused } from '../refusal.js';
import { hashOfVersion } from '../versions.js';
import { after, type At, notThisAct, place, type StageDecision, type StageKind, tooEarly } from './stage.js';

type ConfirmationAt = At<ConfirmationStage, ConfirmationVisit>;
type Act<K extends StageCommand['type']> = Extract<StageCommand, { type: K }>;

/** Named parties confirm or sign, each by its organ; all of them, any, or so many decide. */
export const confirmation: StageKind<ConfirmationStage, ConfirmationVisit> = {
  kind: 'confirmation',
  schema: {
    required: ['parties', 'needed', 'workingDays', 'remind'],
    properties: {
      parties: {
        type: 'array',
        minItems: 1,
        maxItems: 50,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['id', 'title', 'power'],
          properties: {
            id: { $ref: '#/$defs/name' },
            title: { $ref: '#/$defs/text' },
            power: { $ref: '#/$defs/power' },
            scope: { $ref: '#/$defs/scope' },
          },
        },
      },
      needed: { oneOf: [{ enum: ['all', 'any'] }, { type: 'integer', minimum: 1, maximum: 50 }] },
      workingDays: { $ref: '#/$defs/workingDays' },
      remind: { $ref: '#/$defs/workingDays' },
    },
  },
  outcomes: ['confirmed', 'refused', 'lapsed'],
  commands: ['AskParties', 'ConfirmAsParty', 'RefuseAsParty', 'RemindParties', 'LapseConfirmation'],
  powers: ({ power, parties }) => [...new Set([power, ...parties.map((party) => party.power)])],
  judges: () => [],
  seats: () => [],

  owner(command, stage) {
    if (command.type !== 'ConfirmAsParty' && command.type !== 'RefuseAsParty') return { power: 'operate-workflow' };
    return partyOf(stage, command.data.party);
  },

  enter: (stage, definition, now) => ({ dueAt: deadline(definition, now, stage.workingDays) }),
  begin: ({ stage, visit, dueAt }, enteredAt) => ({
    kind: 'confirmation',
    stage,
    visit,
    enteredAt,
    ...(dueAt === undefined ? {} : { dueAt }),
    overdue: [],
    reminded: false,
  }),

  decide(command, at, context) {
    switch (command.type) {
      case 'AskParties':
        return asked(at, context);
      case 'ConfirmAsParty':
        return confirmed(command, at, context);
      case 'RefuseAsParty':
        return refusedBy(command, at, context);
      case 'RemindParties':
        return reminded(at, context);
      case 'LapseConfirmation':
        return lapsed(at, context);
      default:
        throw notThisAct(at);
    }
  },

  evolve: evolveConfirmation,

  effects(_at, event) {
    switch (event.type) {
      case 'StageEntered':
        return [{ name: 'ask', command: { type: 'AskParties', data: {} } }];
      case 'PartiesAsked':
        return [
          { name: 'remind', command: { type: 'RemindParties', data: {} }, dueAt: event.data.remindAt, of: 'answers' },
          { name: 'lapse', command: { type: 'LapseConfirmation', data: {} }, dueAt: event.data.dueAt, of: 'answers' },
        ];
      default:
        return [];
    }
  },

  settled: () => undefined,
  explain: explanation,

  draw: ({ title, power, workingDays, remind }) => ({
    shape: 'parallel-tasks',
    label: title,
    owner: power,
    edge: [
      { kind: 'timer', label: { en: `reminder after ${remind} working days`, zh: `${remind} 个工作日后提醒` } },
      { kind: 'timer', label: { en: `lapses after ${workingDays} working days`, zh: `${workingDays} 个工作日后失效` } },
    ],
  }),

  carry: ({ asked }, from, to) =>
    (asked?.parties ?? []).flatMap(({ party }) => (sameParty(party, from, to) ? [] : [partyDiffers(from, party)])),

  outline: ({ power, scope, parties, workingDays }) => ({
    outcomes: ['confirmed', 'refused', 'lapsed'],
    automatic: ['lapsed'],
    waits: [{ at: '/workingDays', workingDays }],
    powers: [
      { power, ...(scope === undefined ? {} : { scope }), at: '/power', part: 'keeps' },
      ...parties.map((party, index) => ({
        power: party.power,
        ...(party.scope === undefined ? {} : { scope: party.scope }),
        at: `/parties/${index}/power`,
        part: 'confirms' as const,
      })),
    ],
    benches: [],
  }),
};

/** @throws DomainError case.no-such-party */
function partyOf({ parties }: ConfirmationStage, id: string): Party {
  const party = parties.find((one) => one.id === id);
  if (party === undefined) throw noSuchParty(id);
  return party;
}

const noSuchParty = (party: string) =>
  refused(
    'case.no-such-party',
    `Nobody is asked here as "${party}". Look up who is asked.`,
    `此处没有需要确认的“${party}”，请查看需确认的各方。`,
    { party },
  );

const partiesIn = ({ asked: known }: ConfirmationVisit): readonly PartyState[] => known?.parties ?? [];
const answered = (visit: ConfirmationVisit, yes: 'confirmed' | 'refused'): number =>
  partiesIn(visit).filter(({ answer }) => answer?.confirmed === (yes === 'confirmed')).length;
const silent = (visit: ConfirmationVisit): readonly string[] =>
  partiesIn(visit).flatMap(({ party, answer }) => (answer === undefined ? [party] : []));

function asked({ stage, visit, definition, case: state }: ConfirmationAt, { now }: DecisionContext): StageDecision {
  if (visit.asked !== undefined) return { events: [] };
  const parties = stage.parties.flatMap((one) => {
    const { id: party, power, scope } = one;
    const which = scopeOf(one, state);
    if (scope !== undefined && which === undefined) return [];
    return [{ party, power, ...(which === undefined ? {} : { scope: which }) }];
  });
  const needed = stage.needed === 'all' ? parties.length : stage.needed === 'any' ? 1 : stage.needed;
  const remindAt = deadline(definition, now, stage.remind);
  return {
    events: [
      {
        type: 'PartiesAsked',
        data: { stage: visit.stage, visit: visit.visit, parties, needed, remindAt, dueAt: visit.dueAt as string },
      },
    ],
  };
}

/** @throws DomainError unless the party was asked, has not answered, and is in time */
function mustBeOpen({ visit }: ConfirmationAt, id: string, now: number): void {
  const party = partiesIn(visit).find((one) => one.party === id);
  if (party === undefined) throw noSuchParty(id);
  const { answer } = party;
  if (answer !== undefined) {
    throw refused(
      'case.already-answered',
      `This party ${answer.confirmed ? 'confirmed' : 'refused'} at ${answer.at}; who answered takes that back first.`,
      `该方已于 ${answer.at} ${answer.confirmed ? '确认' : '拒绝'}；如需更改，请由答复人先行撤回。`,
      { party: id, at: answer.at },
    );
  }
  if (now >= Date.parse(visit.dueAt as string)) {
    throw refused(
      'case.confirmation-too-late',
      `Confirmations were taken until just before ${visit.dueAt}.`,
      `确认截止时间为 ${visit.dueAt}。`,
      { dueAt: visit.dueAt },
    );
  }
}

function confirmed(
  { data: { party, note } }: Act<'ConfirmAsParty'>,
  at: ConfirmationAt,
  context: DecisionContext,
): StageDecision {
  mustBeOpen(at, party, context.now);
  return counted(at, context, [
    {
      type: 'PartyConfirmed',
      data: {
        ...place(at),
        party,
        version: at.case.version,
        sha256: hashOfVersion(at.case),
        ...(note === undefined ? {} : { note }),
      },
    },
  ]);
}

function refusedBy(
  { data: { party, reason } }: Act<'RefuseAsParty'>,
  at: ConfirmationAt,
  context: DecisionContext,
): StageDecision {
  mustBeOpen(at, party, context.now);
  return counted(at, context, [{ type: 'PartyRefused', data: { ...place(at), party, reason } }]);
}

/** Decided as soon as what is still open cannot change it. */
function counted(at: ConfirmationAt, context: DecisionContext, events: readonly CaseEvent[]): StageDecision {
  const visit = after(confirmation, at.visit, events, context);
  const { parties = [], needed = 0 } = visit.asked ?? {};
  if (answered(visit, 'confirmed') >= needed) return { events, outcome: 'confirmed' };
  return parties.length - answered(visit, 'refused') < needed ? { events, outcome: 'refused' } : { events };
}

function reminded(at: ConfirmationAt, { now }: DecisionContext): StageDecision {
  if (at.visit.reminded || at.visit.asked === undefined) return { events: [] };
  tooEarly(now, at.visit.asked.remindAt);
  return { events: [{ type: 'PartiesReminded', data: { ...place(at), parties: silent(at.visit) } }] };
}

function lapsed(at: ConfirmationAt, { now }: DecisionContext): StageDecision {
  tooEarly(now, at.visit.dueAt as string);
  return { events: [{ type: 'ConfirmationLapsed', data: { ...place(at), parties: silent(at.visit) } }], outcome: 'lapsed' };
}

function evolveConfirmation(
  visit: ConfirmationVisit,
  event: CaseEvent,
  { recordedAt, actor }: { readonly recordedAt: string; readonly actor: string },
): ConfirmationVisit {
  const answer = (id: string, given: PartyState['answer']): ConfirmationVisit => {
    if (visit.asked === undefined || given === undefined) return visit;
    const parties = visit.asked.parties.map((party) => (party.party === id ? { ...party, answer: given } : party));
    return { ...visit, asked: { ...visit.asked, parties } };
  };
  switch (event.type) {
    case 'PartiesAsked': {
      const { parties, needed, remindAt } = event.data;
      return { ...visit, asked: { parties, needed, remindAt } };
    }
    case 'PartyConfirmed':
      return answer(event.data.party, { confirmed: true, by: actor, at: recordedAt });
    case 'PartyRefused':
      return answer(event.data.party, { confirmed: false, by: actor, at: recordedAt, reason: event.data.reason });
    case 'PartiesReminded':
      return { ...visit, reminded: true };
    default:
      return visit;
  }
}

function explanation({ stage, visit }: ConfirmationAt, outcome: string): Explanation {
  const { parties = [], needed = 0 } = visit.asked ?? {};
  const yes = answered(visit, 'confirmed');
  const reason = parties.map(({ answer }) => answer?.reason).find((given) => given !== undefined);
  const count = {
    en: `${yes} of ${parties.length} parties confirmed, ${needed} needed.`,
    zh: `${parties.length} 方中 ${yes} 方确认，需 ${needed} 方。`,
  };
  const texts: Readonly<Record<string, { en: string; zh: string }>> = {
    confirmed: count,
    refused: { en: `${count.en} Refused: ${reason}`, zh: `${count.zh}拒绝理由：${reason}` },
    lapsed: {
      en: `${count.en} The others did not answer until ${visit.dueAt}.`,
      zh: `${count.zh}其余各方至 ${visit.dueAt} 未答复。`,
    },
  };
  return {
    clause: stage.title,
    text: texts[outcome] ?? stage.title,
    inputs: {
      parties: parties.map(({ party, answer }) => ({
        party,
        answer: answer === undefined ? 'none' : answer.confirmed ? 'confirmed' : 'refused',
      })),
      ...(reason === undefined ? {} : { reason }),
    },
    excluded: [],
    arithmetic: [
      {
        what: 'confirmed',
        actual: [yes, parties.length],
        relation: '>=',
        required: [needed, parties.length],
        holds: yes >= needed,
      },
    ],
  };
}

/** Whoever was asked answers for the same organ. */
function sameParty(id: string, from: ConfirmationStage, to: ConfirmationStage): boolean {
  const [before, after] = [from, to].map(({ parties }) => parties.find((party) => party.id === id));
  return before !== undefined && before.power === after?.power && before.scope === after.scope;
}

const partyDiffers = ({ title }: ConfirmationStage, party: string): Obstacle =>
  obstacle(
    'party-differs',
    `“${party}” has been asked at “${title.en}”, and the new version does not ask it, or asks another organ; let the case stay, or begin the stage anew.`,
    `“${title.zh}”环节已请“${party}”确认，而新版本不再请其确认或改由其他机构确认；请让案件保留原版本，或重新开始该环节。`,
  );
