import type { Envelope } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import type { Case, Objection, Visit } from '../case.state.js';
import type { Effect, StageVisit } from '../effect.js';
import { subcaseAddress, subcaseId } from './address.js';

/** The time for an appeal, which is no visit of a stage: no stage can be called so. */
export const appealWindow: StageVisit = { stage: '(end)', visit: 1 };

const idOf = ({ stream }: Pick<Envelope, 'stream'>): string => stream.slice(stream.indexOf('-') + 1);

/** What a case owes to its sub-cases, and a sub-case to its parent. */
export function subcaseEffects(state: Case, event: CaseEvent, recorded: Envelope): readonly Effect[] {
  const id = idOf(recorded);
  const send = (name: string, target: string, type: string, data: object = {}): Effect => ({
    name,
    command: { context: 'case', id: target, type, data: { ...data } },
  });
  const child = (name: string, count: number): string => subcaseId({ parent: id, name, count });
  switch (event.type) {
    case 'AppealLodged':
      return [send('open-appeal', child(event.data.subcase, event.data.number), 'OpenSubcase')];
    case 'ObjectionRaised': {
      const { hearing, stage, visit, objection } = event.data;
      if (hearing === undefined) return [];
      const during = { stage, visit, of: objection };
      return [{ ...send('open-hearing', child(hearing.subcase, hearing.number), 'OpenSubcase'), during }];
    }
    case 'StageLeft':
    case 'StageClosed':
      return openHearings(
        state.visits.filter(({ stage, visit }) => stage === event.data.stage && visit === event.data.visit),
      ).map(({ subcase, number }) => send('close-hearing', child(subcase, number), 'CloseSubcase'));
    case 'CaseEnded': {
      const { appeal } = event.data;
      const window = appeal === undefined ? [] : [send('close-window', id, 'CloseAppealWindow')];
      return [
        ...(state.origin === undefined ? [] : [send('record-result', state.origin.parent.case, 'RecordResult', resultOf(id))]),
        ...window.map((effect) => ({ ...effect, dueAt: appeal?.until as string, during: appealWindow })),
        ...openHearings(state.visits.filter(({ left }) => left === undefined)).map(({ subcase, number }) =>
          send('close-hearing', child(subcase, number), 'CloseSubcase'),
        ),
      ];
    }
    default:
      return [];
  }
}

function resultOf(id: string): object {
  const address = subcaseAddress(id);
  return address === undefined ? {} : { subcase: address.name, number: address.count };
}

const openHearings = (visits: readonly Visit[]): readonly NonNullable<Objection['hearing']>[] =>
  visits.flatMap((visit) =>
    visit.kind === 'publicity'
      ? visit.objections.flatMap(({ hearing, ruling }) => (hearing === undefined || ruling !== undefined ? [] : [hearing]))
      : [],
  );
