import { Timeline as Line } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../language.js';
import { useNames } from '../names.js';
import { Instant } from '../parts/deadline.js';
import { Section } from '../parts/page.js';
import type { Definition, Timeline } from '../shapes.js';
import { readable } from './readable.js';
import { Reasons } from './reasons.js';

const colors: Readonly<Record<string, string>> = {
  CaseOpened: 'blue',
  StageLeft: 'blue',
  CaseEnded: 'blue',
  CheckFailed: 'red',
  SentBack: 'orange',
  StageOverdue: 'red',
  ApplicationWithdrawn: 'red',
};

/** What happened, the latest first, each with its reasons. */
export function History({
  timeline: { items, people },
  definition,
}: {
  readonly timeline: Timeline;
  readonly definition: Definition;
}): ReactNode {
  const { t, language } = useWords();
  const nameOf = useNames(people);
  return (
    <Section title={t('history')}>
      <Line
        className="history"
        items={items.toReversed().map((entry) => ({
          key: entry.event,
          color: colors[entry.type] ?? 'gray',
          content: (
            <>
              <div>{readable(entry.text, definition, language)}</div>
              <div className="quiet">
                <Instant at={entry.at} zone={definition.zone} />
                {entry.actor !== undefined && <span> · {nameOf(entry.actor)}</span>}
                {entry.machine !== undefined && <span> · {t('by-key')}</span>}
                {entry.onBehalfOf !== undefined && <span> · {t('on-behalf')}</span>}
              </div>
              <Reasons entry={entry} people={people} definition={definition} />
            </>
          ),
        }))}
      />
    </Section>
  );
}
