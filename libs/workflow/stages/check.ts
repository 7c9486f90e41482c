import type { DecisionContext, Text } from '#kernel';
import type { CaseEvent, Explanation } from '../case.events.js';
import type { StageCommand } from '../case.messages.js';
import type { CheckVisit } from '../case.state.js';
import { deadline } from '../deadline.js';
import type { CheckStage } from '../definition.js';
import { refused } from '../refusal.js';
import {
  endedCorrection,
  extended,
  lapsed,
  mustBeHere,
  openCorrection,
  resubmitted,
  returned,
  turnOfOwner,
} from './check.correction.js';
import { called, countedAgain, evolveSigning, isSigned, missingSigners, signatureCount, signed } from './check.signing.js';
import { withFourEyes } from './four-eyes.js';
import { evolveReminder, isReminded, reminderDrawn, reminderOwed, reminderTo } from './reminder.js';
import { type At, engineOr, notThisAct, place, type StageDecision, type StageEffect, type StageKind, tooEarly } from './stage.js';

type CheckAt = At<CheckStage, CheckVisit>;

/** One organ or institution passes, returns for correction, or fails. */
export const check: StageKind<CheckStage, CheckVisit> = {
  kind: 'check',
  schema: {
    required: ['workingDays'],
    properties: {
      workingDays: { $ref: '#/$defs/workingDays' },
      remind: { $ref: '#/$defs/workingDays' },
      correction: {
        type: 'object',
        additionalProperties: false,
        required: ['workingDays', 'times'],
        properties: {
          workingDays: { $ref: '#/$defs/workingDays' },
          times: { type: 'integer', minimum: 1, maximum: 5 },
          extension: { $ref: '#/$defs/extension' },
        },
      },
      expires: {
        type: 'object',
        additionalProperties: false,
        required: ['workingDays'],
        properties: { workingDays: { $ref: '#/$defs/workingDays' } },
      },
      signatures: { oneOf: [{ enum: ['all', 'any'] }, { type: 'integer', minimum: 1, maximum: 50 }] },
      separation: { type: 'array', minItems: 1, maxItems: 20, uniqueItems: true, items: { $ref: '#/$defs/name' } },
    },
  },
  outcomes: ['passed', 'failed', 'lapsed'],
  further: ['expired'],
  commands: [
    'PassCheck',
    'ReturnForCorrection',
    'ExtendCorrection',
    'FailCheck',
    'ResubmitApplication',
    'LapseCorrection',
    'ReportOverdue',
    'SendReminder',
    'ExpireCheck',
    'CallSigners',
    'CountSignatures',
  ],
  powers: ({ power }) => [power],
  judges: () => [],
  judged: ({ verdict }) => (verdict?.passed === false ? [{ person: verdict.by, because: 'ruled' }] : []),
  seats: ({ type }, stage) => (isSigned(stage) && signing.has(type) ? [stage.power] : []),

  owner(command, stage, actor) {
    switch (command.type) {
      case 'CallSigners':
      case 'SendReminder':
        return { power: 'operate-workflow' };
      case 'LapseCorrection':
      case 'ReportOverdue':
      case 'ExpireCheck':
      case 'CountSignatures':
        return engineOr(stage, actor);
      default:
        return stage;
    }
  },

  enter: turnOfOwner,

  begin: ({ stage, visit, dueAt, remindAt }, enteredAt) => ({
    kind: 'check',
    stage,
    visit,
    enteredAt,
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(remindAt === undefined ? {} : { remindAt }),
    overdue: [],
    corrections: [],
  }),

  decide(command, at, context) {
    if (judging.has(command.type)) withFourEyes(at, context.actor);
    switch (command.type) {
      case 'PassCheck': {
        mustBeHere(at);
        const { note } = command.data;
        if (isSigned(at.stage)) return signed({ signs: true, ...(note === undefined ? {} : { note }) }, at, context);
        return done({ type: 'CheckPassed', data: { ...place(at), ...(note === undefined ? {} : { note }) } }, 'passed');
      }
      case 'FailCheck':
        mustBeHere(at);
        if (isSigned(at.stage)) return signed({ signs: false, reason: command.data.reason }, at, context);
        return done({ type: 'CheckFailed', data: { ...place(at), reason: command.data.reason } }, 'failed');
      case 'ReturnForCorrection':
        return returned(at, command.data.reason, context);
      case 'ExtendCorrection':
        return extended(command, at, context);
      case 'ResubmitApplication':
        return resubmitted(command, at, context);
      case 'LapseCorrection':
        return lapsed(at, context);
      case 'ReportOverdue':
        return overdue(at, command.data.of, context);
      case 'SendReminder':
        return remindedOwner(at, command.data.of, context);
      case 'ExpireCheck':
        return expired(at, context);
      case 'CallSigners':
        return { events: isSigned(at.stage) && at.visit.signing === undefined ? called(at, context) : [] };
      case 'CountSignatures':
        if (!isSigned(at.stage)) throw notThisAct(at);
        mustBeHere(at);
        return countedAgain(at, context);
      default:
        throw notThisAct(at);
    }
  },

  evolve(visit, event, { actor, recordedAt }) {
    switch (event.type) {
      case 'CheckPassed':
        return { ...visit, verdict: { passed: true, by: actor } };
      case 'CheckFailed':
        return { ...visit, verdict: { passed: false, by: actor, reason: event.data.reason } };
      case 'CorrectionRequested': {
        const { correction, reason, dueAt } = event.data;
        const { expiresAt: _expiresAt, ...rest } = visit;
        return { ...rest, corrections: [...visit.corrections, { correction, reason, dueAt, by: actor }] };
      }
      case 'CorrectionExtended': {
        const { correction, reason, dueAt } = event.data;
        const longer = { dueAt, extended: { reason, by: actor } };
        return {
          ...visit,
          corrections: visit.corrections.map((one) =>
            one.correction === correction ? { ...one, ...longer, extensions: (one.extensions ?? 0) + 1 } : one,
          ),
        };
      }
      case 'ApplicationResubmitted': {
        // What was signed was another version.
        const { signing, remindAt: _remindAt, ...rest } = visit;
        const { correction, dueAt, remindAt } = event.data;
        const signers = [...(visit.signedBefore ?? []), ...(signing?.signatures ?? []).map(({ person }) => person)];
        return {
          ...rest,
          dueAt,
          ...(remindAt === undefined ? {} : { remindAt }),
          corrections: endedCorrection(visit, correction, { ended: 'resubmitted', resubmittedBy: actor }),
          ...(signers.length === 0 ? {} : { signedBefore: signers }),
        };
      }
      case 'CorrectionLapsed':
        return { ...visit, corrections: endedCorrection(visit, event.data.correction, { ended: 'lapsed' }) };
      case 'StageOverdue':
        return {
          ...visit,
          overdue: [...visit.overdue, event.data.of],
          ...(event.data.expiresAt === undefined ? {} : { expiresAt: event.data.expiresAt }),
        };
      case 'ReminderSent':
        return evolveReminder(visit, event);
      default:
        return evolveSigning(visit, event, recordedAt);
    }
  },

  effects(at, event) {
    switch (event.type) {
      case 'StageEntered':
      case 'ApplicationResubmitted':
        return [...turnEffects(at, event.data.dueAt), ...reminderOwed(turnOf(at.visit), event.data.remindAt)];
      case 'StageOverdue': {
        const { expiresAt, of } = event.data;
        return expiresAt === undefined
          ? []
          : [{ name: 'expire', command: { type: 'ExpireCheck', data: {} }, dueAt: expiresAt, of }];
      }
      case 'CorrectionRequested':
      case 'CorrectionExtended':
        return [
          {
            name: 'lapse',
            command: { type: 'LapseCorrection', data: {} },
            dueAt: event.data.dueAt,
            of: `correction.${event.data.correction}`,
          },
        ];
      default:
        return [];
    }
  },

  settled(event) {
    switch (event.type) {
      case 'CorrectionRequested':
        return `check.${event.data.correction - 1}`;
      case 'CorrectionExtended':
      case 'ApplicationResubmitted':
        return `correction.${event.data.correction}`;
      default:
        return undefined;
    }
  },

  explain: ({ stage, visit }, outcome) => explanation(stage, visit, outcome),

  draw: ({ title, power, workingDays, remind, correction, expires, signatures = 'any' }) => ({
    shape: signatures === 'any' ? 'task' : 'parallel-tasks',
    label:
      signatures === 'any' ? title : { en: `${title.en} (${many(signatures).en})`, zh: `${title.zh}（${many(signatures).zh}）` },
    owner: power,
    edge: [
      ...reminderDrawn(remind),
      { kind: 'timer', label: { en: `overdue after ${workingDays} working days`, zh: `${workingDays} 个工作日后逾期` } },
      ...(expires === undefined
        ? []
        : [
            {
              kind: 'timer' as const,
              label: {
                en: `over ${expires.workingDays} working days after that`,
                zh: `其后 ${expires.workingDays} 个工作日终止`,
              },
            },
          ]),
      ...(correction === undefined
        ? []
        : [
            {
              kind: 'message' as const,
              label: {
                en: `correction, ${correction.workingDays} working days`,
                zh: `退回补正，${correction.workingDays} 个工作日`,
              },
            },
          ]),
    ],
  }),

  carry: () => [],

  outline: ({ power, scope, workingDays, correction, expires, signatures }) => ({
    outcomes: [
      ...['passed', 'failed'],
      ...(correction === undefined ? [] : ['lapsed']),
      ...(expires === undefined ? [] : ['expired']),
    ],
    automatic: expires === undefined ? [] : ['expired'],
    waits: [
      { at: '/workingDays', workingDays },
      ...(expires === undefined ? [] : [{ at: '/expires/workingDays', workingDays: expires.workingDays }]),
      ...(correction === undefined ? [] : [{ at: '/correction/workingDays', workingDays: correction.workingDays }]),
    ],
    powers: [{ power, ...(scope === undefined ? {} : { scope }), at: '/power', part: 'checks' }],
    benches: typeof signatures === 'number' ? [{ power, at: '/signatures', wanted: signatures, minimum: 0 }] : [],
  }),
};

const signing: ReadonlySet<StageCommand['type']> = new Set(['PassCheck', 'FailCheck', 'CallSigners', 'CountSignatures']);

/** What is owed when it is the owner's turn, for the first time or again. */
function turnEffects({ stage, visit }: CheckAt, dueAt: string | undefined): readonly StageEffect[] {
  const of = turnOf(visit);
  const calls: readonly StageEffect[] = isSigned(stage)
    ? [
        { name: 'call-signers', command: { type: 'CallSigners', data: {} }, of: `signers.${of}` },
        ...(dueAt === undefined ? [] : [{ name: 'count', command: { type: 'CountSignatures' as const, data: {} }, dueAt, of }]),
      ]
    : [];
  if (dueAt === undefined) return calls;
  return [...calls, { name: 'overdue', command: { type: 'ReportOverdue', data: { of } }, dueAt, of }];
}

const many = (signatures: 'all' | number): Text =>
  signatures === 'all' ? { en: 'all sign', zh: '会签' } : { en: `${signatures} sign`, zh: `${signatures} 人会签` };

/** Not while it is with the applicant, nor for a turn that is over. */
function remindedOwner(at: CheckAt, of: string, { now }: DecisionContext): StageDecision {
  const { visit, stage } = at;
  const isOver = of !== turnOf(visit) || openCorrection(visit) !== undefined || isReminded(visit, of);
  if (isOver || visit.remindAt === undefined) return { events: [] };
  tooEarly(now, visit.remindAt);
  return { events: [reminderTo(visit, { of, ...(isSigned(stage) ? { people: missingSigners(visit) } : {}) })] };
}

/** Whose turn it is in time: before the first correction, after it, … */
const turnOf = ({ corrections }: CheckVisit): string => `check.${corrections.length}`;

const done = (event: CaseEvent, outcome: string): StageDecision => ({ events: [event], outcome });

function overdue(at: CheckAt, of: string, { now }: DecisionContext): StageDecision {
  if (at.visit.overdue.includes(of)) return { events: [] };
  if (of !== turnOf(at.visit) || openCorrection(at.visit) !== undefined || at.visit.dueAt === undefined) {
    throw notLate({ of });
  }
  tooEarly(now, at.visit.dueAt);
  const { expires } = at.stage;
  const expiresAt = expires === undefined ? {} : { expiresAt: deadline(at.definition, now, expires.workingDays) };
  return { events: [{ type: 'StageOverdue', data: { ...place(at), of, ...expiresAt } }] };
}

/** Over without its owner; not while it is with the applicant. */
function expired(at: CheckAt, { now }: DecisionContext): StageDecision {
  const { expiresAt } = at.visit;
  if (expiresAt === undefined || at.stage.expires === undefined) throw notLate();
  tooEarly(now, expiresAt);
  return { events: [], outcome: 'expired' };
}

const notLate = (details: object = {}) => refused('case.not-late', 'Nothing is late here.', '此处没有逾期事项。', { ...details });

function explanation({ title, power }: CheckStage, visit: CheckVisit, outcome: string): Explanation {
  const { verdict, corrections } = visit;
  const reason = verdict?.reason ?? corrections.at(-1)?.reason;
  const said = reason === undefined ? { en: '', zh: '' } : { en: ` Reason: ${reason}`, zh: `理由：${reason}` };
  const sentences: Readonly<Record<string, { en: string; zh: string }>> = {
    passed: { en: `“${title.en}” was passed.`, zh: `“${title.zh}”通过。` },
    failed: { en: `“${title.en}” was not passed.${said.en}`, zh: `“${title.zh}”未通过。${said.zh}` },
    expired: {
      en: `Nobody acted on “${title.en}” in time; it was over at ${visit.expiresAt}.`,
      zh: `“${title.zh}”逾期未办理，已于 ${visit.expiresAt} 终止。`,
    },
    lapsed: { en: `The correction asked for was not made in time.${said.en}`, zh: `未在期限内补正。${said.zh}` },
  };
  return {
    clause: title,
    text: sentences[outcome] ?? title,
    inputs: { power, corrections: corrections.length, ...(reason === undefined ? {} : { reason }) },
    excluded: [],
    arithmetic: signatureCount(visit),
  };
}

const judging: ReadonlySet<StageCommand['type']> = new Set(['PassCheck', 'FailCheck', 'ReturnForCorrection']);
