import { type DecisionContext, sealed } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import type { Case } from '../case.state.js';
import { deadline } from '../deadline.js';
import type { Definition } from '../definition.js';
import { evidenceKept } from '../evidence.js';
import { refused } from '../refusal.js';
import { tooEarly } from '../stages/stage.js';
import type { Appeal } from './subcase.js';
import type { AppealWindow, LodgeAppeal } from './subcase.messages.js';

/** Until when which appeal may be lodged against an end that is reached now; nothing where the definition allows none, or there was one. */
export function windowFor(
  definition: Definition,
  { appeals = [] }: Pick<Case, 'appeals'>,
  end: string,
  now: number,
): { readonly appeal?: AppealWindow } {
  if (appeals.length > 0) return {};
  const found = Object.entries(definition.subcases ?? {}).find(([, one]) => one.kind === 'appeal' && one.from.includes(end));
  if (found === undefined) return {};
  const [subcase, { workingDays }] = found as [string, Appeal];
  return { appeal: { subcase, until: deadline(definition, now, workingDays) } };
}

/** The appeal that may be lodged against a case's end now, and until when; undefined where none may. */
export function openAppeal(
  { subcases }: Definition,
  { end, appeals = [] }: Case,
  now: number,
): (AppealWindow & Pick<Appeal, 'power'>) | undefined {
  const window = end?.appeal;
  const appeal = window === undefined ? undefined : subcases?.[window.subcase];
  if (window === undefined || appeal?.kind !== 'appeal' || appeals.length > 0 || now >= Date.parse(window.until))
    return undefined;
  return { subcase: window.subcase, until: window.until, power: appeal.power };
}

/** The appeal of that name. @throws DomainError case.no-such-appeal */
export function appealNamed({ subcases }: Definition, name: string): Appeal {
  const found = subcases?.[name];
  if (found?.kind === 'appeal') return found;
  throw refused('case.no-such-appeal', 'This workflow has no such appeal.', '该工作流没有此项申诉。', { appeal: name });
}

/** @throws DomainError case.nothing-to-appeal, case.appeal-lodged, case.appeal-too-late, case.ground-not-allowed */
export function lodged(data: LodgeAppeal, state: Case, definition: Definition, { now }: DecisionContext): readonly CaseEvent[] {
  const { grounds } = appealNamed(definition, data.appeal);
  if (state.appeals?.[0] !== undefined) throw alreadyLodged(state);
  const window = state.end?.appeal;
  if (window?.subcase !== data.appeal) throw nothingToAppeal(state);
  if (now >= Date.parse(window.until)) throw tooLate(window.until);
  const unknown = data.grounds.filter((ground) => !grounds.some(({ id }) => id === ground));
  if (unknown.length > 0) throw groundNotAllowed(unknown, grounds);
  return [
    {
      type: 'AppealLodged',
      data: {
        subcase: data.appeal,
        number: 1,
        grounds: data.grounds,
        statement: sealed(data.statement),
        evidence: data.evidence.map(evidenceKept),
      },
    },
  ];
}

const nothingToAppeal = ({ number, end }: Case) =>
  end === undefined
    ? refused(
        'case.nothing-to-appeal',
        `Application ${number} has not been decided yet, so there is nothing to appeal against.`,
        `申报 ${number} 尚未办结，没有可申诉的决定。`,
        { number },
      )
    : refused(
        'case.nothing-to-appeal',
        `The workflow allows no such appeal against this end (${end.id}).`,
        `该工作流不允许对此结果（${end.id}）提出此项申诉。`,
        { number, end: end.id },
      );

const alreadyLodged = ({ number }: Case) =>
  refused(
    'case.appeal-lodged',
    `An appeal against the decision on ${number} has been lodged; there is only one.`,
    `已对 ${number} 的决定提出申诉，只能申诉一次。`,
    { number },
  );

const tooLate = (until: string) =>
  refused(
    'case.appeal-too-late',
    `An appeal could be lodged until just before ${until}; the decision is final.`,
    `申诉期限已于 ${until} 届满，决定已生效。`,
    { until },
  );

const groundNotAllowed = (unknown: readonly string[], grounds: Appeal['grounds']) =>
  refused(
    'case.ground-not-allowed',
    `An appeal rests on these grounds only: ${grounds.map(({ id, title }) => `${title.en} (${id})`).join('; ')}.`,
    `申诉仅限下列理由：${grounds.map(({ id, title }) => `${title.zh}（${id}）`).join('；')}。`,
    { unknown, allowed: grounds.map(({ id }) => id) },
  );

/** The decision is final; nothing where an appeal was lodged in time. */
export function windowClosed({ end, appeals }: Case, { now }: DecisionContext): readonly CaseEvent[] {
  if (end?.appeal === undefined || end.appeal.closed === true || (appeals ?? []).length > 0) return [];
  tooEarly(now, end.appeal.until);
  return [{ type: 'AppealWindowClosed', data: { subcase: end.appeal.subcase } }];
}
