import type { Fact } from '#kernel';
import type { Case, CaseEnd } from '../case.state.js';
import type { SubcaseEvent, SubcaseOpened } from './subcase.messages.js';

/** A sub-case as it begins. What was judged before bars from it like a conflict of interest. */
export function begunSubcase(data: SubcaseOpened, { id }: Pick<Fact, 'id'>): Case {
  const { parent, count, against, objection, plea, reasons, barred, ...opened } = data;
  return {
    status: 'open',
    ...opened,
    opening: id,
    submittedAt: plea.at,
    submittedBy: plea.by,
    visits: [],
    returns: [],
    earlier: [],
    fileCorrections: [],
    copied: [],
    conflicts: barred.map(({ person }) => person),
    origin: {
      parent,
      count,
      ...(against === undefined ? {} : { against }),
      ...(objection === undefined ? {} : { objection }),
      plea,
      reasons,
      barred,
    },
  };
}

/** A case after what became of an appeal against it. */
export function evolveAppealed(state: Case, event: SubcaseEvent, { actor, recordedAt }: Fact): Case {
  switch (event.type) {
    case 'AppealLodged':
      return { ...state, appeals: [...(state.appeals ?? []), { ...event.data, by: actor, at: recordedAt }] };
    case 'AppealWindowClosed': {
      const window = state.end?.appeal;
      return window === undefined ? state : { ...state, end: { ...(state.end as CaseEnd), appeal: { ...window, closed: true } } };
    }
    case 'DecisionUpheld':
      return { ...state, appeals: resulted(state, event.data, 'upheld') };
    case 'DecisionSuperseded': {
      const { end, outcome } = event.data;
      const { id, outcome: first, at } = state.end as CaseEnd;
      return {
        ...state,
        appeals: resulted(state, event.data, 'superseded'),
        end: { id: end, outcome, at: recordedAt, supersedes: { id, outcome: first, at } },
      };
    }
    case 'CaseReopened': {
      const { end, ...rest } = state;
      const { id, outcome, at } = end as CaseEnd;
      return { ...rest, status: 'open', appeals: resulted(state, event.data, 'superseded'), superseded: { id, outcome, at } };
    }
    case 'SubcaseOpened':
    case 'SubcaseDropped':
      return state;
  }
}

const resulted = (
  { appeals = [] }: Case,
  { subcase, number }: { readonly subcase: string; readonly number: number },
  result: 'upheld' | 'superseded',
): NonNullable<Case['appeals']> =>
  appeals.map((one) => (one.subcase === subcase && one.number === number ? { ...one, result } : one));
