import type { ReactNode } from 'react';
import { useDraft } from '../draft.js';
import { DraftConflict } from '../parts/draft-note.js';
import { ReasonField } from '../parts/reason.js';
import { Refused } from '../parts/refused.js';
import { Choice, Order } from './panel.js';
import { type ActProperties, useRoom, useTyping } from './room.js';

/** One of the answers that may be given. */
export interface Answer<T extends string> {
  readonly value: T;
  readonly label: string;
  /** What the button says that gives it; the label, where absent. */
  readonly button?: string;
  /** What the page says once it is given. */
  readonly told: string;
  readonly reason: 'required' | 'optional';
  readonly command: string;
  /** @param words - the reason, or the note; empty where nothing was written */
  readonly data: (words: string) => object;
}

interface Properties<T extends string> extends ActProperties {
  /** Which of several that are open in one act. */
  readonly about?: string;
  readonly label: string;
  readonly answers: readonly Answer<T>[];
  /** What the button says until one is chosen. */
  readonly choose: string;
  readonly children?: ReactNode;
}

interface Given<T extends string> {
  readonly chosen?: T;
  readonly words: string;
}

/** One of a few answers, with a reason for those that need one. */
export function Verdict<T extends string>({ act, about = act.part, label, answers, choose, children }: Properties<T>): ReactNode {
  const { id, case: shown } = useRoom().answer;
  const visits = shown.visits.filter(({ stage }) => stage === act.stage).length;
  const of = ['verdict', id, act.stage, visits, ...(about === undefined ? [] : [about])];
  const draft = useDraft<Given<T>>(of.join('.'), { words: '' });
  const { chosen, words = '' } = draft.value ?? {};
  const typing = useTyping(chosen === undefined && words === '' ? 'untouched' : 'begun');
  if (draft.value === undefined) return <Refused refusal={draft.refusal} />;
  const answer = answers.find(({ value }) => value === chosen);
  const kind = (answer ?? answers[0])?.reason === 'required' ? 'reason' : 'note';
  const written = words.trim();
  return (
    <>
      <Choice label={label} value={chosen} onChange={(value) => draft.change({ chosen: value, words })} options={answers} />
      <ReasonField value={words} onChange={(said) => draft.change({ ...draft.value, words: said })} kind={kind} />
      {children}
      <DraftConflict
        draft={draft}
        show={(other) => (
          <p className="prose">
            {answers.find(({ value }) => value === other.chosen)?.label} {other.words}
          </p>
        )}
      />
      <Order
        command={answer?.command ?? ''}
        data={answer?.data(written) ?? {}}
        told={answer?.told ?? ''}
        ready={answer !== undefined && (answer.reason === 'optional' || written !== '')}
        typing={typing}
        draft={draft}
        tone="primary"
      >
        {answer === undefined ? choose : (answer.button ?? answer.label)}
      </Order>
    </>
  );
}

/** What was written beside an answer that needs no reason. */
export const noteOf = (words: string): object => (words === '' ? {} : { note: words });
