import { Steps } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../language.js';
import type { CaseAnswer, Visit } from '../shapes.js';
import { deadline, instant } from '../time.js';

/** How far a case has come: its stages in order, and its end. */
export function Progress({ answer: { as, case: shown, definition } }: { readonly answer: CaseAnswer }): ReactNode {
  const { t, say, language } = useWords();
  const visitOf = (stage: string): Visit | undefined => shown.visits.findLast((visit) => visit.stage === stage);
  const reached = definition.stages.findLastIndex(({ id }) => visitOf(id) !== undefined);
  const ended = shown.status === 'ended';
  const open = definition.stages.findIndex(({ id }) =>
    shown.visits.some(({ stage, left }) => stage === id && left === undefined),
  );
  const items = definition.stages.map(({ id, title }, index) => {
    const visit = visitOf(id);
    const left = visit?.left;
    const dueAt = visit?.dueAt ?? visit?.sittings?.at(-1)?.closesAt;
    const stopped = ended && index === reached && shown.end?.outcome !== 'granted';
    const begunAgain = !ended && (left?.outcome === 'sent-back' || left?.outcome === 'closed');
    const isOpen = !ended && visit !== undefined && left === undefined;
    // Others are not shown every visit, so one that is missing tells them nothing.
    const isPassedOver = as === 'keeper' && visit === undefined && index < reached;
    const isAhead = begunAgain || isPassedOver || index > reached;
    const status = stopped ? 'error' : isOpen ? 'process' : isAhead ? 'wait' : 'finish';
    const words = isAhead
      ? isPassedOver
        ? t('progress.passed-over')
        : ''
      : left !== undefined
        ? `${instant(left.at, definition.zone, language)}${left.waitsAt === undefined ? '' : ` · ${t('progress.waits')}`}`
        : dueAt !== undefined && !ended
          ? t('progress.due', { at: deadline(dueAt, definition.zone, language) })
          : '';
    return {
      key: id,
      title: say(title),
      status: status as 'error' | 'process' | 'wait' | 'finish',
      content: <span className="quiet">{words}</span>,
    };
  });
  const end = shown.end === undefined ? undefined : definition.ends[shown.end.id];
  return (
    <Steps
      size="small"
      responsive
      current={ended ? items.length : Math.max(open, 0)}
      titlePlacement="vertical"
      className="progress"
      items={[
        ...items,
        {
          key: 'end',
          title: end === undefined ? t('progress.end') : say(end),
          status: !ended ? 'wait' : shown.end?.outcome === 'granted' ? 'finish' : 'error',
          content: (
            <span className="quiet">{shown.end === undefined ? '' : instant(shown.end.at, definition.zone, language)}</span>
          ),
        },
      ]}
    />
  );
}
