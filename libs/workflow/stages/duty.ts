import type { Envelope } from '#kernel';
import type { Explanation } from '../case.events.js';
import type { DutyVisit, Visit, Warning } from '../case.state.js';
import { monthsLater } from '../calendar/months.js';
import { instant } from '../deadline.js';
import type { Definition, DutyStage } from '../definition.js';
import { filled } from '../filled.js';
import { decideDuty, evolveDuty } from './duty.rules.js';
import type { At, StageEffect, StageKind } from './stage.js';
import { engineOr } from './stage.js';

type DutyAt = At<DutyStage, DutyVisit>;

/** A long obligation: inspected at intervals, warned, given time to remedy, and withdrawn if that is not used. */
export const duty: StageKind<DutyStage, DutyVisit> = {
  kind: 'duty',
  irrevocable: true,
  schema: {
    required: ['years', 'inspection', 'remedy'],
    properties: {
      grants: { $ref: '#/$defs/commands' },
      years: { type: 'integer', minimum: 1, maximum: 50 },
      inspection: {
        type: 'object',
        additionalProperties: false,
        required: ['everyMonths', 'workingDays'],
        properties: {
          everyMonths: { type: 'integer', minimum: 1, maximum: 120 },
          workingDays: { $ref: '#/$defs/workingDays' },
        },
      },
      remedy: {
        type: 'object',
        additionalProperties: false,
        required: ['power', 'workingDays'],
        properties: {
          power: { $ref: '#/$defs/power' },
          scope: { $ref: '#/$defs/scope' },
          workingDays: { $ref: '#/$defs/workingDays' },
        },
      },
    },
  },
  outcomes: ['fulfilled', 'withdrawn'],
  commands: [
    'OpenInspection',
    'PassInspection',
    'Warn',
    'ReportRemedy',
    'AcceptRemedy',
    'RejectRemedy',
    'LapseRemedy',
    'EndDuty',
    'ReportOverdue',
  ],
  binds: true,
  powers: ({ power, remedy }) => [power, remedy.power],
  judges: ({ power }) => [power],
  judged: ({ inspections, warnings }) =>
    [...inspections.flatMap(({ result }) => result?.by ?? []), ...warnings.flatMap(({ ended }) => ended?.by ?? [])].map(
      (person) => ({ person, because: 'ruled' }),
    ),
  seats: () => [],

  owner(command, stage, actor) {
    switch (command.type) {
      case 'ReportRemedy':
        return stage.remedy;
      case 'PassInspection':
      case 'Warn':
      case 'AcceptRemedy':
      case 'RejectRemedy':
        return stage;
      case 'ReportOverdue':
        return engineOr(stage, actor);
      default:
        return { power: 'operate-workflow' };
    }
  },

  // Who comes back to it goes on with the same term.
  enter: (stage, { round }, now, [first]) => ({
    dueAt: first?.dueAt ?? instant(monthsLater(now, 12 * stage.years, round.utcOffsetMinutes)),
  }),

  begin: ({ stage, visit, dueAt }, enteredAt) => ({
    kind: 'duty',
    stage,
    visit,
    enteredAt,
    ...(dueAt === undefined ? {} : { dueAt }),
    overdue: [],
    inspections: [],
    warnings: [],
    held: false,
  }),

  decide: (command, at, context) => decideDuty(command, at, context),
  evolve: evolveDuty,

  effects(at, event, recorded) {
    switch (event.type) {
      case 'StageEntered':
        return [
          ...(event.data.visit === 1 ? grants(at, recorded) : []),
          { name: 'end', command: { type: 'EndDuty', data: {} }, dueAt: event.data.dueAt as string, of: 'term' },
          ...nextInspection(at, firstAfter(at, recorded.meta.recordedAt)),
        ];
      case 'InspectionOpened': {
        const { inspection, dueAt } = event.data;
        return [overdue(`inspection.${inspection}`, dueAt), ...nextInspection(at, inspection + 1)];
      }
      case 'WarningGiven': {
        const { warning, remedyDueAt } = event.data;
        return [
          { name: 'lapse', command: { type: 'LapseRemedy', data: { warning } }, dueAt: remedyDueAt, of: `remedy.${warning}` },
        ];
      }
      case 'RemedyReported':
        return [overdue(`ruling.${event.data.warning}`, event.data.rulingDueAt)];
      default:
        return [];
    }
  },

  settled(event) {
    switch (event.type) {
      case 'InspectionPassed':
        return `inspection.${event.data.inspection}`;
      case 'WarningGiven':
        return event.data.inspection === undefined ? undefined : `inspection.${event.data.inspection}`;
      case 'RemedyReported':
        return `remedy.${event.data.warning}`;
      case 'RemedyAccepted':
        return `ruling.${event.data.warning}`;
      default:
        return undefined;
    }
  },

  explain: ({ stage, visit }, outcome) => explanation(stage, visit, outcome),

  draw: ({ title, power, years, inspection, remedy }) => ({
    shape: 'wait',
    label: title,
    owner: power,
    edge: [
      { kind: 'timer', label: { en: `ends after ${years} years`, zh: `${years} 年期满` } },
      {
        kind: 'timer',
        label: { en: `inspection every ${inspection.everyMonths} months`, zh: `每 ${inspection.everyMonths} 个月检查` },
      },
      {
        kind: 'message',
        label: { en: `warning, ${remedy.workingDays} working days`, zh: `警告，限 ${remedy.workingDays} 个工作日整改` },
      },
    ],
  }),

  carry: () => [],

  outline: ({ power, scope, years, inspection, remedy, grants: sent = [] }) => ({
    outcomes: ['fulfilled', 'withdrawn'],
    automatic: ['fulfilled'],
    waits: [
      { at: '/years', workingDays: years * 250 },
      { at: '/inspection/workingDays', workingDays: inspection.workingDays },
      { at: '/remedy/workingDays', workingDays: remedy.workingDays },
    ],
    powers: [
      { power, ...(scope === undefined ? {} : { scope }), at: '/power', part: 'inspects' },
      {
        power: remedy.power,
        ...(remedy.scope === undefined ? {} : { scope: remedy.scope }),
        at: '/remedy/power',
        part: 'remedies',
      },
    ],
    benches: [],
    sends: sent.map((command, index) => ({ at: `/grants/${index}`, ...command })),
  }),
};

const overdue = (of: string, dueAt: string): StageEffect => ({
  name: 'overdue',
  command: { type: 'ReportOverdue', data: { of } },
  dueAt,
  of,
});

const grants = ({ stage, case: state }: DutyAt, recorded: Envelope): readonly StageEffect[] =>
  (stage.grants ?? []).map(({ context, type, data }) => ({
    name: 'grant',
    command: { context, id: `${recorded.meta.alliance}.${state.subject}`, type, data: filled(data, state, recorded) },
  }));

/** When the term began: at the first visit. */
const beganAt = ({ stage, case: state }: DutyAt): number =>
  Date.parse((state.visits.find((visit: Visit) => visit.stage === stage.id) as Visit).enteredAt);

const inspectionAt = (at: DutyAt, inspection: number): string =>
  instant(monthsLater(beganAt(at), inspection * at.stage.inspection.everyMonths, offsetOf(at.definition)));

const offsetOf = ({ round }: Definition): number => round.utcOffsetMinutes;

/** The first inspection that falls after an instant. */
function firstAfter(at: DutyAt, now: string): number {
  let inspection = 1;
  while (inspectionAt(at, inspection) <= now) inspection += 1;
  return inspection;
}

/** One inspection is owed at a time, and none on the day on which the term ends. */
function nextInspection(at: DutyAt, inspection: number): readonly StageEffect[] {
  const dueAt = inspectionAt(at, inspection);
  if (dueAt >= (at.visit.dueAt as string)) return [];
  return [{ name: 'inspect', command: { type: 'OpenInspection', data: { inspection } }, dueAt, of: 'term' }];
}

const endings: Readonly<Record<'accepted' | 'rejected' | 'lapsed', { readonly en: string; readonly zh: string }>> = {
  accepted: { en: 'accepted', zh: '整改通过' },
  rejected: { en: 'The remedy was not accepted', zh: '整改未获通过' },
  lapsed: { en: 'No remedy was reported in time', zh: '未在期限内报告整改' },
};

function explanation({ title, power }: DutyStage, { warnings, inspections, dueAt }: DutyVisit, outcome: string): Explanation {
  const last = warnings.at(-1) as Warning | undefined;
  const passed = inspections.filter(({ result }) => result?.passed === true).length;
  const how = endings[last?.ended?.how ?? 'lapsed'];
  const ruled = last?.ended?.reason;
  return {
    clause: title,
    text:
      outcome === 'withdrawn'
        ? {
            en: `${how.en}. Warned: ${last?.reason}${ruled === undefined ? '' : ` Ruling: ${ruled}`} Credits earned before stay.`,
            zh: `${how.zh}。警告理由：${last?.reason}${ruled === undefined ? '' : `裁定理由：${ruled}`}此前取得的学分继续有效。`,
          }
        : {
            en: `The obligation was kept until ${dueAt}: ${passed} inspections passed, ${warnings.length} warnings remedied.`,
            zh: `义务履行至 ${dueAt}：检查通过 ${passed} 次，警告后整改 ${warnings.length} 次。`,
          },
    inputs: {
      inspectedBy: power,
      until: dueAt,
      inspections: inspections.map(({ inspection, result }) => ({
        inspection,
        result: result === undefined ? 'open' : result.passed ? 'passed' : 'warned',
      })),
      warnings: warnings.map(({ warning, ended }) => ({ warning, ended: ended?.how ?? 'open' })),
      ...(outcome === 'withdrawn' ? { reason: ruled ?? last?.reason, creditsEarnedBefore: 'stay' } : {}),
    },
    excluded: [],
    arithmetic: [],
  };
}
