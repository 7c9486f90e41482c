import { Tag } from 'antd';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { useWords } from '../language.js';
import type { Criterion } from '../shapes.js';

const digitPauseMs = 700;

interface Properties {
  readonly criterion: Criterion;
  readonly points: number;
  readonly value: number | undefined;
  readonly missing: boolean;
  readonly onChange: (value: number) => void;
  /** -1 or 1: to the criterion above or below. */
  readonly onMove: (step: -1 | 1) => void;
}

/** One criterion: digits score it, left and right change it, up and down (or k and j) move on. */
export function Score({ criterion, points, value, missing, onChange, onMove }: Properties): ReactNode {
  const { t, say } = useWords();
  const typed = useRef({ digits: '', at: 0 });
  const type = (digit: string): void => {
    const now = Date.now();
    const before = now - typed.current.at < digitPauseMs ? typed.current.digits : '';
    const digits = Number(before + digit) <= points ? before + digit : digit;
    typed.current = { digits, at: now };
    if (Number(digits) <= points) onChange(Number(digits));
  };
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (/^\d$/.test(key)) type(key);
    else if (key === 'ArrowDown' || key === 'j') onMove(1);
    else if (key === 'ArrowUp' || key === 'k') onMove(-1);
    else if (key === 'ArrowRight') onChange(Math.min(points, (value ?? -1) + 1));
    else if (key === 'ArrowLeft') onChange(Math.max(0, (value ?? points + 1) - 1));
    else return;
    event.preventDefault();
  };
  const below = criterion.essential !== undefined && value !== undefined && value < criterion.essential.atLeast;
  return (
    <div
      className={missing ? 'score score-missing' : 'score'}
      role="slider"
      tabIndex={0}
      aria-label={say(criterion.title)}
      aria-valuemin={0}
      aria-valuemax={points}
      aria-valuenow={value ?? 0}
      aria-invalid={missing || undefined}
      aria-valuetext={value === undefined ? t('review.unscored') : t('review.points-of', { points: value, of: points })}
      data-criterion={criterion.id}
      onKeyDown={press}
    >
      <div className="score-head">
        <span>{say(criterion.title)}</span>
        <span className="quiet">{t('review.weight', { weight: criterion.weight })}</span>
        {criterion.essential !== undefined && (
          <Tag color={below ? 'error' : 'default'}>{t('review.essential', { atLeast: criterion.essential.atLeast })}</Tag>
        )}
      </div>
      <div className="score-points" aria-hidden="true">
        {Array.from({ length: points + 1 }, (_, point) => (
          <span key={point} className={point === value ? 'point point-chosen' : 'point'} onClick={() => onChange(point)}>
            {point}
          </span>
        ))}
      </div>
    </div>
  );
}
