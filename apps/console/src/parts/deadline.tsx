import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../language.js';
import { instant, lastMoment, period, urgencyOf, zoneName } from '../time.js';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const colors = { overdue: 'error', soon: 'warning', later: 'default' } as const;

export function useZoneName(): (zone: string) => string {
  const { language } = useWords();
  return (zone) => zoneName(zone, language);
}

/** A deadline with its zone and how long there is left. */
export function Deadline({ at, zone }: { readonly at: string; readonly zone: string }): ReactNode {
  const { t, language } = useWords();
  const urgency = urgencyOf(at);
  const left = useLeft(at);
  return (
    <span className="deadline">
      <time dateTime={at}>{lastMoment(at, zone, language)}</time> <span className="quiet">{zoneName(zone, language)}</span>{' '}
      <Tag color={colors[urgency]}>{urgency === 'overdue' ? t('time.overdue', { left }) : t('time.left', { left })}</Tag>
    </span>
  );
}

/** Until when something may be done, and how long that is; once it is over, nobody is late. */
export function Until({ at, zone }: { readonly at: string; readonly zone: string }): ReactNode {
  const { language } = useWords();
  if (urgencyOf(at) !== 'overdue') return <Deadline at={at} zone={zone} />;
  return (
    <>
      <time dateTime={at}>{lastMoment(at, zone, language)}</time> <span className="quiet">{zoneName(zone, language)}</span>
    </>
  );
}

function useLeft(at: string): string {
  const { t } = useWords();
  const left = Math.abs(Date.parse(at) - Date.now());
  if (left >= 2 * dayMs) return t('time.days', { count: Math.floor(left / dayMs) });
  return left >= hourMs
    ? t('time.hours', { count: Math.floor(left / hourMs) })
    : t('time.minutes', { count: Math.ceil(left / 60_000) });
}

/** An instant with its zone. */
export function Instant({ at, zone }: { readonly at: string; readonly zone: string }): ReactNode {
  const { language } = useWords();
  return (
    <>
      <time dateTime={at}>{instant(at, zone, language)}</time> <span className="quiet">{zoneName(zone, language)}</span>
    </>
  );
}

/** A stretch of time with its zone. */
export function Period({
  from,
  until,
  zone,
}: {
  readonly from: string;
  readonly until: string;
  readonly zone: string;
}): ReactNode {
  const { language } = useWords();
  return (
    <>
      <time dateTime={from}>{period(from, until, zone, language)}</time> <span className="quiet">{zoneName(zone, language)}</span>
    </>
  );
}
