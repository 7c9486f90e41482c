import { type DecisionContext, DomainError } from '#kernel';
import type { CaseEvent, Explanation } from './case.events.js';
import type { SendBack } from './case.messages.js';
import { powerKey } from './case-row.js';
import { type Case, openVisits, type Visit } from './case.state.js';
import { type Definition, returner, stageOf } from './definition.js';
import { scopeOf } from './filled.js';
import { cameOf, isSame, isUnderWay, pastOf } from './lineage.js';
import { begun, closed, exhausted } from './passage.js';
import { refused } from './refusal.js';
import { withFourEyes } from './stages/four-eyes.js';
import { type At, place } from './stages/stage.js';

type Moment = Pick<DecisionContext, 'now' | 'actor'>;

/**
 * Sends a case back to an earlier stage: the case stands again as it stood when it was there.
 *
 * Whatever came of that visit is left behind, also in branches that began after it; branches that did not come of it go on, or wait
 * again where they were joined. So a case only ever stands as it can also stand without having been sent back.
 *
 * @throws DomainError case.no-return, case.no-more-returns, case.never-there, case.four-eyes
 */
export function sendBack({ to, reason }: SendBack, at: At, { now, actor }: Moment): readonly CaseEvent[] {
  if (at.stage.kind === 'check') withFourEyes({ stage: at.stage, case: at.case }, actor);
  const origin = lawful(at, to);
  const undone = cameOf(at.case, origin);
  const beside = [...undone].filter((visit) => isUnderWay(visit) && !isSame(visit, at.visit));
  const stands = standing(undone, origin);
  return [
    { type: 'SentBack', data: { ...place(at), to, reason, ...(stands.length === 0 ? {} : { stands }) } },
    { type: 'StageLeft', data: { ...place(at), kind: at.stage.kind, outcome: 'sent-back', to, explanation: explained(at, to) } },
    ...closed(at, beside, to),
    ...begun(at.definition, at.case, to, now, { again: origin.visit }),
  ];
}

/** Where a case may be sent back to from each of its open stages now, and the key of whoever may. */
export const returnsOpen = (
  definition: Definition,
  state: Case,
): readonly { readonly stage: string; readonly holder: string; readonly to: readonly string[] }[] =>
  openVisits(state).flatMap((visit) => {
    const stage = stageOf(definition, visit.stage);
    const at = { definition, stage, visit, case: state };
    const to = (stage.return?.to ?? []).filter((goal) => isLawful(() => lawful(at, goal)));
    const owner = returner(stage);
    return to.length === 0 ? [] : [{ stage: stage.id, holder: powerKey(owner.power, scopeOf(owner, state)), to }];
  });

function isLawful(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch (failure) {
    if (failure instanceof DomainError) return false;
    throw failure;
  }
}

/** The visit that is begun again, where the definition and the history of the case allow it. */
function lawful(at: At, to: string): Visit {
  permitted(at, to);
  return originOf(at, to);
}

function permitted({ stage, case: { visits } }: At, to: string): void {
  const { to: allowed = [], times = 0 } = stage.return ?? {};
  if (!allowed.includes(to)) {
    throw refused(
      'case.no-return',
      `From “${stage.title.en}” an application may be sent back only to: ${allowed.join(', ')}.`,
      `“${stage.title.zh}”环节只能驳回至：${allowed.join('、')}。`,
      { stage: stage.id, to: allowed },
    );
  }
  const before = visits.filter((visit) => visit.stage === stage.id && visit.left?.outcome === 'sent-back').length;
  if (before >= times) throw noMore(stage.id, times);
}

const noMore = (stage: string, times: number) =>
  refused(
    'case.no-more-returns',
    `This application has been sent back as often as the workflow allows (${times}); decide on it here.`,
    `该申报的驳回次数已满（${times} 次），请在本环节作出决定。`,
    { stage, times },
  );

/** The visit of that stage which this one came of. */
function originOf({ definition, case: state, visit }: At, to: string): Visit {
  const bound = stageOf(definition, to).visits;
  if (bound !== undefined && exhausted(definition, state, to) !== undefined) throw noMore(to, bound.atMost);
  const before = pastOf(state, [visit]);
  const origin = state.visits.findLast((one) => one.stage === to && before.has(one) && !isSame(one, visit));
  if (origin !== undefined) return origin;
  throw refused(
    'case.never-there',
    `The application did not come here by way of “${to}”, so it cannot be sent back there.`,
    `该申报未经过“${to}”环节，不能驳回至该环节。`,
    { to },
  );
}

/** What other branches had come to when they were joined with one that is begun again. */
export const standing = (undone: ReadonlySet<Visit>, origin: Visit) => {
  const places = [...undone].map(({ stage, visit }) => ({ stage, visit }));
  return [...undone]
    .filter((visit) => visit !== origin)
    .flatMap(({ stage: at, after = [] }) =>
      after.filter((before) => !places.some((one) => isSame(one, before))).map(({ stage, visit }) => ({ stage, visit, at })),
    );
};

const explained = ({ definition, stage }: At, to: string): Explanation => {
  const { title } = stageOf(definition, to);
  return {
    clause: stage.title,
    text: {
      en: `“${stage.title.en}” sent the application back to “${title.en}”.`,
      zh: `“${stage.title.zh}”将申报驳回至“${title.zh}”。`,
    },
    inputs: { to },
    excluded: [],
    arithmetic: [],
  };
};
