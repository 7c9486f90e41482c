import type { DecisionContext, Permit } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import { type Known, permitOf } from '../case.knowing.js';
import { type Case, type FileCorrection, openVisits } from '../case.state.js';
import { instant } from '../deadline.js';
import { type Stage, stageOf } from '../definition.js';
import type { StageVisit } from '../effect.js';
import type { FileKept } from '../file.messages.js';
import { acceptedApplication } from '../form.js';
import { organStreamOf } from '../organs.js';
import { refused } from '../refusal.js';
import { tooEarly } from '../stages/stage.js';
import { hashOfVersion, succeeded } from '../versions.js';
import type {
  DenyFileCorrection,
  FileCorrectionEvent,
  GrantFileCorrection,
  LapseFileCorrection,
  ReplaceFiles,
  RequestFileCorrection,
} from './acts.messages.js';
import { holderOf } from './copy.js';
import { openVisitOf } from './visit.js';

const events = {
  FileCorrectionRequested: true,
  FileCorrectionGranted: true,
  FileCorrectionDenied: true,
  FileCorrectionLapsed: true,
  FilesReplaced: true,
} as const satisfies Record<FileCorrectionEvent['type'], true>;

export const isFileCorrection = (event: CaseEvent): event is FileCorrectionEvent => Object.hasOwn(events, event.type);

/** The request that is not answered or not used yet. */
export const openFileCorrection = ({ fileCorrections }: Case): FileCorrection | undefined =>
  fileCorrections.find(({ ended }) => ended === undefined);

/** Who answers where no stage is named: whoever keeps panels and ballots, else whoever holds the stage that is open. */
export function keeperOf({ definition: { stages }, open }: Known): Permit {
  const kept = stages.find((stage) => 'manage' in stage);
  const at = openVisits(open)[0]?.stage;
  return permitOf(holderOf(kept ?? stages.find(({ id }) => id === at) ?? (stages[0] as Stage)), open);
}

/** @throws DomainError case.file-correction-open, case.no-such-slot */
export function requested({ slots, reason }: RequestFileCorrection, { open, definition }: Known): readonly CaseEvent[] {
  const before = openFileCorrection(open);
  if (before !== undefined) {
    throw refused(
      'case.file-correction-open',
      `Request ${before.request} is not done yet; wait for its answer, or use what was granted.`,
      `第 ${before.request} 次更换申请尚未办结，请等待答复或先完成已获准的更换。`,
      { request: before.request },
    );
  }
  const unknown = slots.find((slot) => !definition.subject.files.some(({ id }) => id === slot));
  if (unknown !== undefined) throw noSuchSlot(unknown);
  return [{ type: 'FileCorrectionRequested', data: { request: open.fileCorrections.length + 1, slots, reason } }];
}

/** @throws DomainError case.no-such-request, case.own-request, case.slot-not-requested, case.until-past */
export function granted(data: GrantFileCorrection, known: Known, context: DecisionContext): readonly CaseEvent[] {
  const { request, slots, reason, until } = data;
  const asked = unanswered(data, known, context);
  const more = slots.find((slot) => !asked.slots.includes(slot));
  if (more !== undefined) {
    throw refused('case.slot-not-requested', `“${more}” was not asked for.`, `未申请更换“${more}”。`, { slot: more });
  }
  if (Date.parse(until) <= context.now) {
    throw refused('case.until-past', 'Give the applicant until an instant in the future.', '更换期限须晚于当前时间。', { until });
  }
  return [{ type: 'FileCorrectionGranted', data: { request, slots, reason, until: instant(Date.parse(until)) } }];
}

export function denied(data: DenyFileCorrection, known: Known, context: DecisionContext): readonly CaseEvent[] {
  unanswered(data, known, context);
  return [{ type: 'FileCorrectionDenied', data: { request: data.request, reason: data.reason } }];
}

/** Nobody grants what they ask for: neither the one who asked, nor the office that applies. */
function unanswered({ request, stage }: DenyFileCorrection, known: Known, context: DecisionContext): FileCorrection {
  const { open, definition } = known;
  const asked = openFileCorrection(open);
  if (asked?.request !== request || asked.granted !== undefined) {
    throw refused('case.no-such-request', 'There is no such request waiting for an answer.', '没有待答复的该次申请。', {
      request,
    });
  }
  const { power, scope } = stage === undefined ? keeperOf(known) : permitOf(holderOf(openStage(known, stage)), open);
  const office = organStreamOf(context, definition.subject.powers.submit, open.applicant.institution);
  if (asked.by === context.actor || organStreamOf(context, power, scope) === office) {
    throw refused(
      'case.own-request',
      'Whoever asks does not answer. It is for whoever keeps the procedure.',
      '申请人不得批准自己的申请，请由程序办理机构答复。',
    );
  }
  return asked;
}

const openStage = ({ definition, open }: Known, stage: string): Stage => stageOf(definition, openVisitOf(open, stage).stage);

/** Makes a new version with other files in the slots that were granted. */
export function replaced({ request, files }: ReplaceFiles, { open, definition }: Known, now: number): readonly CaseEvent[] {
  const correction = openFileCorrection(open);
  const grant = correction?.request === request ? correction.granted : undefined;
  if (grant === undefined) {
    throw refused(
      'case.no-file-grant',
      'Files are not changed after the deadline unless the request for it was granted. Ask first.',
      '截止后不得更换文件；如有必要，请先申请并获得批准。',
      { request },
    );
  }
  if (now >= Date.parse(grant.until)) {
    throw refused(
      'case.file-grant-over',
      `The files could be replaced until ${grant.until}.`,
      `更换期限已于 ${grant.until} 截止。`,
      {
        until: grant.until,
      },
    );
  }
  const other = files.find(({ slot }) => !grant.slots.includes(slot));
  if (other !== undefined) {
    throw refused(
      'case.slot-not-granted',
      `Only ${grant.slots.join(', ')} may be replaced.`,
      `仅可更换：${grant.slots.join('、')}。`,
      { slot: other.slot, granted: grant.slots },
    );
  }
  if (files.every((file) => open.files.some((now) => isSameFile(now, file)))) throw nothingReplaced();
  const kept = open.files.filter(({ slot }) => !files.some((file) => file.slot === slot));
  const accepted = acceptedApplication(definition, { form: open.form, files: [...kept, ...files] }, open);
  const version = { version: open.version + 1, files: accepted.files };
  return [{ type: 'FilesReplaced', data: { request, ...version, sha256: hashOfVersion({ form: open.form, ...version }) } }];
}

/** By the engine, once the time is over. */
export function lapsed({ request }: LapseFileCorrection, { open }: Known, now: number): readonly CaseEvent[] {
  const correction = openFileCorrection(open);
  if (correction?.request !== request || correction.granted === undefined) return [];
  tooEarly(now, correction.granted.until);
  return [{ type: 'FileCorrectionLapsed', data: { request } }];
}

/** The case after such an event. */
export function evolveFileCorrection(
  state: Case,
  event: FileCorrectionEvent,
  { actor, recordedAt }: { readonly actor: string; readonly recordedAt: string },
): Case {
  const { request } = event.data;
  const changed = (change: Partial<FileCorrection>): Case => ({
    ...state,
    fileCorrections: state.fileCorrections.map((one) => (one.request === request ? { ...one, ...change } : one)),
  });
  switch (event.type) {
    case 'FileCorrectionRequested':
      return { ...state, fileCorrections: [...state.fileCorrections, { ...event.data, by: actor, at: recordedAt }] };
    case 'FileCorrectionGranted': {
      const { slots, reason, until } = event.data;
      return changed({ granted: { slots, reason, until, by: actor, at: recordedAt } });
    }
    case 'FileCorrectionDenied':
      return changed({ ended: { how: 'denied', by: actor, reason: event.data.reason } });
    case 'FileCorrectionLapsed':
      return changed({ ended: { how: 'lapsed', by: actor } });
    case 'FilesReplaced': {
      const { version, files } = event.data;
      return { ...changed({ ended: { how: 'replaced', by: actor } }), ...succeeded(state), version, files };
    }
  }
}

/** No stage can be called so: a grant's time belongs to the application. */
export const grantPart = (request: number): StageVisit => ({ stage: 'application.files', visit: request });

const isSameFile = (one: FileKept, other: FileKept): boolean => one.slot === other.slot && one.sha256 === other.sha256;

const nothingReplaced = () =>
  refused(
    'case.nothing-replaced',
    'These files are in their places already. Send the ones that shall replace them.',
    '所提交的文件与现有文件相同，请提交用以更换的文件。',
  );

const noSuchSlot = (slot: string) =>
  refused('case.no-such-slot', `The form has no file “${slot}”.`, `表单中没有文件项“${slot}”。`, { slot });
