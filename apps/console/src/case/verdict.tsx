import { type ReactNode, useState } from 'react';
import { ReasonField } from '../parts/reason.js';
import { Choice, Order } from './panel.js';
import { useTyping } from './room.js';

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

interface Properties<T extends string> {
  readonly label: string;
  readonly answers: readonly Answer<T>[];
  /** What the button says until one is chosen. */
  readonly choose: string;
  readonly children?: ReactNode;
}

/** One of a few answers, with a reason for those that need one. */
export function Verdict<T extends string>({ label, answers, choose, children }: Properties<T>): ReactNode {
  const [chosen, setChosen] = useState<T>();
  const [words, setWords] = useState('');
  const typing = useTyping(chosen === undefined && words === '' ? 'untouched' : 'begun');
  const answer = answers.find(({ value }) => value === chosen);
  const kind = (answer ?? answers[0])?.reason === 'required' ? 'reason' : 'note';
  const written = words.trim();
  return (
    <>
      <Choice label={label} value={chosen} onChange={setChosen} options={answers} />
      <ReasonField value={words} onChange={setWords} kind={kind} />
      {children}
      <Order
        command={answer?.command ?? ''}
        data={answer?.data(written) ?? {}}
        told={answer?.told ?? ''}
        ready={answer !== undefined && (answer.reason === 'optional' || written !== '')}
        typing={typing}
        tone="primary"
      >
        {answer === undefined ? choose : (answer.button ?? answer.label)}
      </Order>
    </>
  );
}

/** What was written beside an answer that needs no reason. */
export const noteOf = (words: string): object => (words === '' ? {} : { note: words });
