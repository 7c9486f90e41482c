import type { ReactNode } from 'react';
import { useWords } from '../language.js';
import { type Mark, WorkflowDrawing } from '../parts/drawing.js';
import type { CaseAnswer } from '../shapes.js';

/** The workflow with this case in it: where it has been, and where it is. */
export function DrawnCase({ answer: { id, case: shown, definition } }: { readonly answer: CaseAnswer }): ReactNode {
  const { t } = useWords();
  const done: Mark = { tone: 'done', words: t('drawing.done') };
  const current: Mark = { tone: 'current', words: t('drawing.current') };
  const marks = new Map(shown.visits.map(({ stage, left }) => [stage, left === undefined ? current : done]));
  if (shown.end !== undefined) marks.set(shown.end.id, { tone: 'current', words: t('drawing.ended') });
  return (
    <WorkflowDrawing
      round={`${id.split('.')[0] ?? ''}.${shown.round}`}
      subcase={shown.origin === undefined ? undefined : Object.keys(definition.subcases)[0]}
      marks={marks}
    />
  );
}
