import type { ReactNode } from 'react';
import { useWords } from '../language.js';
import type { Run } from './differences.js';

/** Lines that show where a change stands. */
const around = 3;

/** How one text becomes another: what is taken out, what is put in, and a few lines around. */
export function Changes({ runs }: { readonly runs: readonly Run[] }): ReactNode {
  const { t } = useWords();
  return (
    <div className="differences code" tabIndex={0} role="group" aria-label={t('amend-charter.changes')}>
      {runs.map(({ of, lines }, index) =>
        of === 'both' ? (
          <Shared key={index} lines={lines} first={index === 0} last={index === runs.length - 1} />
        ) : (
          <Changed key={index} of={of} lines={lines} />
        ),
      )}
    </div>
  );
}

function Changed({ of, lines }: { readonly of: 'before' | 'after'; readonly lines: readonly string[] }): ReactNode {
  const { t } = useWords();
  const said = <span className="unseen">{t(of === 'before' ? 'amend-charter.gone' : 'amend-charter.new')}</span>;
  return of === 'before' ? (
    <del>
      {said}
      {lines.map((line) => `− ${line}`).join('\n')}
    </del>
  ) : (
    <ins>
      {said}
      {lines.map((line) => `+ ${line}`).join('\n')}
    </ins>
  );
}

interface SharedProperties {
  readonly lines: readonly string[];
  readonly first: boolean;
  readonly last: boolean;
}

function Shared({ lines, first, last }: SharedProperties): ReactNode {
  const { t } = useWords();
  const head = first ? [] : lines.slice(0, around);
  const tail = last ? [] : lines.slice(Math.max(head.length, lines.length - around));
  const left = lines.length - head.length - tail.length;
  const shown = (some: readonly string[]): string => some.map((line) => `  ${line}`).join('\n');
  return (
    <>
      {head.length > 0 && <div>{shown(head)}</div>}
      {left > 0 && <div className="quiet">{t('amend-charter.lines-left', { count: left })}</div>}
      {tail.length > 0 && <div>{shown(tail)}</div>}
    </>
  );
}
