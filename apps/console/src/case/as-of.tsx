import { Alert, Button, Slider } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { DayField, Labelled } from '../parts/field.js';
import { Section } from '../parts/page.js';
import type { Definition, Timeline } from '../shapes.js';
import { dayIn, instant } from '../time.js';
import { readable } from './readable.js';

interface Properties {
  /** Whole, as it is now. */
  readonly timeline: Timeline;
  readonly definition: Definition;
  /** Instant or day; undefined is now. */
  readonly asOf: string | undefined;
  readonly onChange: (asOf: string | undefined) => void;
}

/** The case as it was: after any of its events, or at the end of any day. */
export function AsOf({ timeline: { items }, definition, asOf, onChange }: Properties): ReactNode {
  const { t, language } = useWords();
  const { zone } = definition;
  const moments = [...new Set(items.map(({ at }) => at))];
  const end = moments.length;
  const chosen =
    asOf === undefined
      ? end
      : Math.max(0, moments.filter((at) => (asOf.length === 10 ? dayIn(at, zone) <= asOf : at <= asOf)).length - 1);
  const [moved, setMoved] = useState<number>();
  const place = moved ?? chosen;
  const words = (index: number): string => {
    const at = moments[index];
    if (at === undefined) return t('as-of.now');
    const entry = items.findLast((candidate) => candidate.at === at);
    return `${instant(at, zone, language)} ${entry === undefined ? '' : readable(entry.text, definition, language)}`;
  };
  return (
    <Section title={t('as-of')}>
      <div className="as-of">
        <Labelled label={t('as-of.event')} hint={words(place)}>
          {(control) => (
            <Slider
              ariaLabelForHandle={t('as-of.event')}
              ariaValueTextFormatterForHandle={(value) => words(value)}
              aria-describedby={control['aria-describedby'] ?? ''}
              min={0}
              max={end}
              value={place}
              onChange={setMoved}
              onChangeComplete={(index) => {
                setMoved(undefined);
                onChange(moments[index]);
              }}
              tooltip={{ open: false }}
            />
          )}
        </Labelled>
        <DayField
          label={t('as-of.day')}
          value={asOf === undefined ? '' : asOf.length === 10 ? asOf : dayIn(asOf, zone)}
          onChange={(day) => onChange(day === '' ? undefined : day)}
        />
      </div>
    </Section>
  );
}

/** Says that the page shows the past. */
export function Past({ definition, asOf, onChange }: Omit<Properties, 'timeline'> & { readonly asOf: string }): ReactNode {
  const { t, language } = useWords();
  return (
    <Alert
      type="info"
      showIcon
      title={t('as-of.was', { at: asOf.length === 10 ? asOf : instant(asOf, definition.zone, language) })}
      action={
        <Button size="small" onClick={() => onChange(undefined)}>
          {t('as-of.back')}
        </Button>
      }
    />
  );
}
