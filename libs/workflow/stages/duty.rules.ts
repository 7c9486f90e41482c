import type { DecisionContext } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import type { DutyVisit, Inspection, Warning } from '../case.state.js';
import { deadline } from '../deadline.js';
import type { DutyStage } from '../definition.js';
import { refused } from '../refusal.js';
import { type At, notThisAct, place, type StageDecision, tooEarly } from './stage.js';

type DutyAt = At<DutyStage, DutyVisit>;
type Act<K extends StageCommand['type']> = Extract<StageCommand, { type: K }>['data'];

/** @throws DomainError when the command is not lawful now */
export function decideDuty(command: StageCommand, at: DutyAt, context: DecisionContext): StageDecision {
  switch (command.type) {
    case 'OpenInspection':
      return inspectionOpened(command.data, at, context);
    case 'PassInspection':
      return inspectionPassed(command.data, at);
    case 'Warn':
      return warned(command.data, at, context);
    case 'ReportRemedy':
      return remedyReported(command.data, at, context);
    case 'AcceptRemedy':
      return remedyAccepted(command.data, at);
    case 'RejectRemedy':
      return remedyRejected(command.data, at);
    case 'LapseRemedy':
      return remedyLapsed(command.data, at, context);
    case 'EndDuty':
      return ended(at, context);
    case 'ReportOverdue':
      return overdue(command.data.of, at, context);
    default:
      throw notThisAct(at);
  }
}

const openWarning = ({ warnings }: DutyVisit): Warning | undefined => warnings.find((warning) => warning.ended === undefined);

function inspectionOpened({ inspection }: Act<'OpenInspection'>, at: DutyAt, { now }: DecisionContext): StageDecision {
  const { visit, stage, definition } = at;
  if (visit.inspections.some((one) => one.inspection === inspection)) return { events: [] };
  const dueAt = deadline(definition, now, stage.inspection.workingDays);
  return { events: [{ type: 'InspectionOpened', data: { ...place(at), inspection, dueAt } }] };
}

/** @throws DomainError case.no-such-inspection for one that is not open */
function openInspection({ inspections }: DutyVisit, inspection: number): Inspection {
  const found = inspections.find((one) => one.inspection === inspection && one.result === undefined);
  if (found !== undefined) return found;
  throw refused('case.no-such-inspection', 'There is no such inspection open.', '没有待办理的该次检查。', { inspection });
}

function inspectionPassed({ inspection, note }: Act<'PassInspection'>, at: DutyAt): StageDecision {
  openInspection(at.visit, inspection);
  const data = { ...place(at), inspection, ...(note === undefined ? {} : { note }) };
  return { events: [{ type: 'InspectionPassed', data }] };
}

function warned({ inspection, reason }: Act<'Warn'>, at: DutyAt, { now }: DecisionContext): StageDecision {
  const { visit, stage, definition } = at;
  const open = openWarning(visit);
  if (open !== undefined) {
    throw refused(
      'case.warning-open',
      `Warning ${open.warning} is still open; rule on its remedy, or wait until ${open.remedyDueAt}.`,
      `第 ${open.warning} 次警告尚未办结，请先裁定其整改，或等待期限 ${open.remedyDueAt}。`,
      { warning: open.warning, remedyDueAt: open.remedyDueAt },
    );
  }
  if (now >= Date.parse(visit.dueAt as string)) {
    throw refused('case.duty-over', `The obligation ended at ${visit.dueAt}.`, `义务期已于 ${visit.dueAt} 届满。`, {
      dueAt: visit.dueAt,
    });
  }
  if (inspection !== undefined) openInspection(visit, inspection);
  const data = {
    ...place(at),
    warning: visit.warnings.length + 1,
    ...(inspection === undefined ? {} : { inspection }),
    reason,
    remedyDueAt: deadline(definition, now, stage.remedy.workingDays),
  };
  return { events: [{ type: 'WarningGiven', data }] };
}

/** @throws DomainError case.no-such-warning for one that is not open */
function warningOf({ warnings }: DutyVisit, warning: number): Warning {
  const found = warnings.find((one) => one.warning === warning && one.ended === undefined);
  if (found !== undefined) return found;
  throw refused('case.no-such-warning', 'There is no such warning open.', '没有待办理的该次警告。', { warning });
}

function remedyReported(
  { warning: number, statement, evidence }: Act<'ReportRemedy'>,
  at: DutyAt,
  { now }: DecisionContext,
): StageDecision {
  const { remedy, remedyDueAt } = warningOf(at.visit, number);
  if (remedy !== undefined) {
    throw refused('case.remedy-reported', 'The remedy has been reported; it is being ruled on.', '整改已经报告，正在审核。', {
      warning: number,
    });
  }
  if (now >= Date.parse(remedyDueAt)) {
    throw refused('case.remedy-too-late', `The time to remedy ended at ${remedyDueAt}.`, `整改期限已于 ${remedyDueAt} 截止。`, {
      remedyDueAt,
    });
  }
  const data = {
    ...place(at),
    warning: number,
    statement,
    evidence: evidence.map(({ sha256, bytes, mediaType }) => ({ sha256, bytes, mediaType })),
    rulingDueAt: deadline(at.definition, now, at.stage.inspection.workingDays),
  };
  return { events: [{ type: 'RemedyReported', data }] };
}

/** @throws DomainError unless there is a remedy to rule on */
function reported(visit: DutyVisit, number: number): void {
  const { remedy, remedyDueAt } = warningOf(visit, number);
  if (remedy !== undefined) return;
  throw refused(
    'case.no-remedy',
    `No remedy has been reported yet; there is time until ${remedyDueAt}.`,
    `尚未报告整改，期限 ${remedyDueAt}。`,
    { warning: number, remedyDueAt },
  );
}

function remedyAccepted({ warning, note }: Act<'AcceptRemedy'>, at: DutyAt): StageDecision {
  reported(at.visit, warning);
  const data = { ...place(at), warning, ...(note === undefined ? {} : { note }) };
  const events: readonly CaseEvent[] = [{ type: 'RemedyAccepted', data }];
  return at.visit.held ? { events, outcome: 'fulfilled' } : { events };
}

function remedyRejected({ warning, reason }: Act<'RejectRemedy'>, at: DutyAt): StageDecision {
  reported(at.visit, warning);
  return { events: [{ type: 'RemedyRejected', data: { ...place(at), warning, reason } }], outcome: 'withdrawn' };
}

function remedyLapsed({ warning }: Act<'LapseRemedy'>, at: DutyAt, { now }: DecisionContext): StageDecision {
  const { remedy, remedyDueAt } = warningOf(at.visit, warning);
  if (remedy !== undefined) return { events: [] };
  tooEarly(now, remedyDueAt);
  return { events: [{ type: 'RemedyLapsed', data: { ...place(at), warning } }], outcome: 'withdrawn' };
}

/** A warning that is open when the term runs out is seen through first. */
function ended(at: DutyAt, { now }: DecisionContext): StageDecision {
  tooEarly(now, at.visit.dueAt as string);
  const open = openWarning(at.visit);
  if (open === undefined) return { events: [], outcome: 'fulfilled' };
  if (at.visit.held) return { events: [] };
  return { events: [{ type: 'DutyHeld', data: { ...place(at), warning: open.warning } }] };
}

function overdue(of: string, at: DutyAt, { now }: DecisionContext): StageDecision {
  const { inspections, warnings } = at.visit;
  if (at.visit.overdue.includes(of)) return { events: [] };
  const inspection = inspections.find((one) => `inspection.${one.inspection}` === of && one.result === undefined);
  const warning = warnings.find((one) => `ruling.${one.warning}` === of && one.ended === undefined);
  const dueAt = inspection?.dueAt ?? warning?.remedy?.rulingDueAt;
  if (dueAt === undefined) throw refused('case.not-late', 'Nothing is late here.', '此处没有逾期事项。', { of });
  tooEarly(now, dueAt);
  return { events: [{ type: 'StageOverdue', data: { ...place(at), of } }] };
}

interface When {
  readonly recordedAt: string;
  readonly actor: string;
}

/** The visit after an event of its own. */
export function evolveDuty(visit: DutyVisit, event: CaseEvent, { recordedAt, actor }: When): DutyVisit {
  const found = (which: number | undefined, passed: boolean): readonly Inspection[] =>
    visit.inspections.map((one) => (one.inspection === which ? { ...one, result: { passed, by: actor, at: recordedAt } } : one));
  const warnings = (which: number, change: Partial<Warning>): DutyVisit => ({
    ...visit,
    warnings: visit.warnings.map((one) => (one.warning === which ? { ...one, ...change } : one)),
  });
  switch (event.type) {
    case 'InspectionOpened': {
      const { inspection, dueAt } = event.data;
      return { ...visit, inspections: [...visit.inspections, { inspection, dueAt }] };
    }
    case 'InspectionPassed':
      return { ...visit, inspections: found(event.data.inspection, true) };
    case 'WarningGiven': {
      const { stage: _stage, visit: _visit, ...warning } = event.data;
      const given = { ...warning, givenAt: recordedAt };
      return { ...visit, inspections: found(warning.inspection, false), warnings: [...visit.warnings, given] };
    }
    case 'RemedyReported': {
      const { warning, statement, evidence, rulingDueAt } = event.data;
      return warnings(warning, { remedy: { statement, evidence, rulingDueAt, by: actor, at: recordedAt } });
    }
    case 'RemedyAccepted':
      return warnings(event.data.warning, { ended: { how: 'accepted', by: actor } });
    case 'RemedyRejected':
      return warnings(event.data.warning, { ended: { how: 'rejected', by: actor, reason: event.data.reason } });
    case 'RemedyLapsed':
      return warnings(event.data.warning, { ended: { how: 'lapsed', by: actor } });
    case 'DutyHeld':
      return { ...visit, held: true };
    case 'StageOverdue':
      return { ...visit, overdue: [...visit.overdue, event.data.of] };
    default:
      return visit;
  }
}
