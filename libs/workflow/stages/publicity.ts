import { type DecisionContext, sealed } from '#kernel';
import type { CaseEvent, Explanation, ObjectionRaised } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import type { Objection, PublicityVisit } from '../case.state.js';
import { deadline } from '../deadline.js';
import type { PublicityStage } from '../definition.js';
import { evidenceKept } from '../evidence.js';
import { refused } from '../refusal.js';
import { mustNotBeRecused, tieStreams } from './recusal.js';
import { after, type At, engineOr, notThisAct, place, type StageDecision, type StageKind, tooEarly } from './stage.js';

type PublicityAt = At<PublicityStage, PublicityVisit>;
type Act<K extends StageCommand['type']> = Extract<StageCommand, { type: K }>;

const objectionsAtMost = 50;
/** Of one person: so that nobody takes the places of others, nor is kept from bringing what comes to light later. */
const objectionsEach = 5;

/** Public for so many working days; an objection holds this item alone. */
export const publicity: StageKind<PublicityStage, PublicityVisit> = {
  kind: 'publicity',
  schema: {
    required: ['workingDays', 'objection', 'ruling'],
    properties: {
      workingDays: { $ref: '#/$defs/workingDays' },
      objection: {
        type: 'object',
        additionalProperties: false,
        required: ['power'],
        properties: { power: { $ref: '#/$defs/power' } },
      },
      ruling: {
        type: 'object',
        additionalProperties: false,
        required: ['power', 'workingDays'],
        properties: {
          power: { $ref: '#/$defs/power' },
          workingDays: { $ref: '#/$defs/workingDays' },
          hearing: { $ref: '#/$defs/name' },
        },
      },
    },
  },
  outcomes: ['confirmed', 'upheld'],
  commands: ['RaiseObjection', 'RuleOnObjection', 'EndPublicity', 'ReportOverdue'],
  powers: ({ power, objection, ruling }) => [power, objection.power, ruling.power],
  judges: ({ ruling }) => [ruling.power],
  judged: ({ objections }) =>
    objections.flatMap(({ ruling }) => (ruling === undefined ? [] : [{ person: ruling.by, because: 'ruled' }])),
  seats: ({ type }, { ruling }) => (type === 'RuleOnObjection' ? [ruling.power] : []),
  reads: (_stage, state, asking, { type }) => (type === 'RuleOnObjection' ? tieStreams(state, asking) : []),

  owner(command, stage, actor) {
    if (command.type === 'RaiseObjection') return { power: stage.objection.power };
    if (command.type === 'RuleOnObjection') return { power: stage.ruling.power };
    return engineOr(stage, actor);
  },

  enter: (stage, definition, now) => ({ dueAt: deadline(definition, now, stage.workingDays) }),
  begin: ({ stage, visit, dueAt }, enteredAt) => ({
    kind: 'publicity',
    stage,
    visit,
    enteredAt,
    ...(dueAt === undefined ? {} : { dueAt }),
    overdue: [],
    objections: [],
    held: false,
  }),

  decide(command, at, context) {
    switch (command.type) {
      case 'RaiseObjection':
        return raised(command, at, context);
      case 'RuleOnObjection':
        return ruledOn(command, at, context);
      case 'EndPublicity':
        return ended(at, context);
      case 'ReportOverdue':
        return overdue(command, at, context);
      default:
        throw notThisAct(at);
    }
  },

  evolve: evolvePublicity,

  effects(_at, event) {
    switch (event.type) {
      case 'StageEntered':
        return event.data.dueAt === undefined
          ? []
          : [{ name: 'end', command: { type: 'EndPublicity', data: {} }, dueAt: event.data.dueAt, of: 'period' }];
      case 'ObjectionRaised': {
        const { objection, rulingDueAt } = event.data;
        return [
          { name: 'overdue', command: { type: 'ReportOverdue', data: { of: objection } }, dueAt: rulingDueAt, of: objection },
        ];
      }
      default:
        return [];
    }
  },

  settled(event) {
    switch (event.type) {
      case 'ObjectionRuledOn':
        return event.data.objection;
      case 'PublicityHeld':
        return 'period';
      default:
        return undefined;
    }
  },

  explain: ({ stage, visit }, outcome) => explanation(stage, visit, outcome),

  draw: ({ title, power, workingDays }) => ({
    shape: 'wait',
    label: title,
    owner: power,
    edge: [
      { kind: 'timer', label: { en: `ends after ${workingDays} working days`, zh: `${workingDays} 个工作日后结束` } },
      { kind: 'message', label: { en: 'objection', zh: '异议' } },
    ],
  }),

  carry: () => [],

  outline: ({ power, scope, objection, ruling }) => ({
    outcomes: ['confirmed', 'upheld'],
    automatic: ['confirmed'],
    waits: [{ at: '/ruling/workingDays', workingDays: ruling.workingDays }],
    powers: [
      { power, ...(scope === undefined ? {} : { scope }), at: '/power', part: 'keeps' },
      { power: objection.power, at: '/objection/power', part: 'objects' },
      { power: ruling.power, at: '/ruling/power', part: 'rules' },
    ],
    benches: [{ power: ruling.power, at: '/ruling/power' }],
  }),
};

const openObjections = ({ objections }: PublicityVisit): readonly Objection[] =>
  objections.filter(({ ruling }) => ruling === undefined);

const endOf = ({ visit }: PublicityAt): string => visit.dueAt as string;

function raised({ data }: Act<'RaiseObjection'>, at: PublicityAt, context: DecisionContext): StageDecision {
  if (context.now >= Date.parse(endOf(at))) {
    throw refused(
      'case.objection-too-late',
      `The publicity period ended at ${endOf(at)}; an appeal may still be open to you.`,
      `公示期已于 ${endOf(at)} 结束，如仍有意见请通过申诉途径提出。`,
      { endedAt: endOf(at) },
    );
  }
  if (at.visit.objections.length >= objectionsAtMost) {
    throw refused(
      'case.too-many-objections',
      `${objectionsAtMost} objections are on record and hold this item; add your evidence through the secretariat.`,
      `该项目已登记 ${objectionsAtMost} 件异议并暂缓公布，请通过秘书处补充材料。`,
    );
  }
  if (at.visit.objections.filter(({ objector }) => objector === context.actor).length >= objectionsEach) {
    throw refused(
      'case.objections-used-up',
      `One person may raise ${objectionsEach} objections to an item, and yours are on record; add your evidence through the secretariat.`,
      `每人对同一项目至多提出 ${objectionsEach} 件异议，您的异议均已登记；请通过秘书处补充材料。`,
      { atMost: objectionsEach },
    );
  }
  return {
    events: [
      {
        type: 'ObjectionRaised',
        data: {
          ...place(at),
          objection: context.newId('objection'),
          objector: context.actor,
          name: sealed(data.name),
          contact: sealed(data.contact),
          statement: sealed(data.statement),
          evidence: data.evidence.map(evidenceKept),
          rulingDueAt: deadline(at.definition, context.now, at.stage.ruling.workingDays),
          ...hearingOf(at),
        },
      },
    ],
  };
}

/** The hearing that an objection is given, numbered over all visits of the case. */
function hearingOf({ stage, case: { visits } }: PublicityAt): Pick<ObjectionRaised, 'hearing'> {
  const { hearing: subcase } = stage.ruling;
  if (subcase === undefined) return {};
  const heard = visits
    .flatMap((visit) => (visit.kind === 'publicity' ? visit.objections : []))
    .filter(({ hearing }) => hearing?.subcase === subcase);
  return { hearing: { subcase, number: heard.length + 1 } };
}

function ruledOn({ data }: Act<'RuleOnObjection'>, at: PublicityAt, context: DecisionContext): StageDecision {
  const { objection: id, ruling, reason } = data;
  const objection = at.visit.objections.find((one) => one.id === id);
  if (objection === undefined) throw refused('case.no-such-objection', 'There is no such objection.', '没有该异议。', { id });
  if (objection.ruling !== undefined) {
    throw refused('case.objection-ruled', 'This objection has been ruled on.', '该异议已有裁定。', {
      ruling: objection.ruling.ruling,
    });
  }
  if (objection.hearing !== undefined && context.actor !== 'engine') {
    throw refused(
      'case.objection-heard',
      'This objection is being heard; the end of the hearing is the ruling.',
      '该异议正在听证，以听证结论为裁定。',
      { hearing: objection.hearing },
    );
  }
  if (objection.objector === context.actor) {
    throw refused('case.own-objection', 'Nobody rules on an objection of their own.', '任何人不得裁定本人提出的异议。');
  }
  if (context.actor !== 'engine') mustNotBeRecused(at.definition, at.case, at.stage.ruling.power, context);
  const events: readonly CaseEvent[] = [{ type: 'ObjectionRuledOn', data: { ...place(at), objection: id, ruling, reason } }];
  if (ruling === 'upheld') return { events, outcome: 'upheld' };
  const visit = after(publicity, at.visit, events, context);
  const isOver = visit.held && openObjections(visit).length === 0;
  return isOver ? { events, outcome: 'confirmed' } : { events };
}

function ended(at: PublicityAt, { now }: DecisionContext): StageDecision {
  tooEarly(now, endOf(at));
  const open = openObjections(at.visit);
  if (open.length === 0) return { events: [], outcome: 'confirmed' };
  if (at.visit.held) return { events: [] };
  return { events: [{ type: 'PublicityHeld', data: { ...place(at), objections: open.map(({ id }) => id) } }] };
}

function overdue({ data: { of } }: Act<'ReportOverdue'>, at: PublicityAt, { now }: DecisionContext): StageDecision {
  const objection = openObjections(at.visit).find(({ id }) => id === of);
  if (objection === undefined) throw refused('case.not-late', 'Nothing is late here.', '此处没有逾期事项。', { of });
  if (at.visit.overdue.includes(of)) return { events: [] };
  tooEarly(now, objection.rulingDueAt);
  return { events: [{ type: 'StageOverdue', data: { ...place(at), of } }] };
}

function evolvePublicity(
  visit: PublicityVisit,
  event: CaseEvent,
  { recordedAt, actor }: { recordedAt: string; actor: string },
): PublicityVisit {
  switch (event.type) {
    case 'ObjectionRaised': {
      const { objection: id, stage: _stage, visit: _visit, ...rest } = event.data;
      return { ...visit, objections: [...visit.objections, { id, ...rest, raisedAt: recordedAt }] };
    }
    case 'ObjectionRuledOn': {
      const { objection: id, ruling, reason } = event.data;
      return {
        ...visit,
        objections: visit.objections.map((one) => (one.id === id ? { ...one, ruling: { ruling, reason, by: actor } } : one)),
      };
    }
    case 'PublicityHeld':
      return { ...visit, held: true };
    case 'StageOverdue':
      return { ...visit, overdue: [...visit.overdue, event.data.of] };
    default:
      return visit;
  }
}

function explanation(
  { title, workingDays, ruling: { power } }: PublicityStage,
  visit: PublicityVisit,
  outcome: string,
): Explanation {
  const upheld = visit.objections.find(({ ruling }) => ruling?.ruling === 'upheld');
  const dismissed = visit.objections.filter(({ ruling }) => ruling?.ruling === 'dismissed').length;
  return {
    clause: title,
    text:
      outcome === 'upheld'
        ? { en: `An objection was upheld. Reason: ${upheld?.ruling?.reason}`, zh: `异议成立。理由：${upheld?.ruling?.reason}` }
        : {
            en: `Public for ${workingDays} working days until ${visit.dueAt}; no objection was upheld, ${dismissed} dismissed.`,
            zh: `公示 ${workingDays} 个工作日，至 ${visit.dueAt} 止；无异议成立，驳回 ${dismissed} 件。`,
          },
    inputs: {
      until: visit.dueAt,
      ruledBy: power,
      objections: visit.objections.map(({ id, ruling }) => ({ id, ruling: ruling?.ruling ?? 'open' })),
    },
    excluded: [],
    arithmetic: [],
  };
}
