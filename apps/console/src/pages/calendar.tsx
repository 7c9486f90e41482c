import { Button } from 'antd';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { useWords } from '../language.js';
import { DayField, TextField } from '../parts/field.js';
import { Page, Read, Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { useRead } from '../reading.js';
import { useCommand } from '../sending.js';
import { useHolds, useSession } from '../session.js';

interface Holiday {
  readonly first: string;
  readonly last: string;
}

interface Year {
  readonly year: number;
  readonly holidays: readonly Holiday[];
  readonly makeUpDays: readonly string[];
  readonly notice: string | null;
}

/** The public holidays by which working days are counted; for the secretariat, where a new year is announced. */
export function CalendarPage(): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const announces = useHolds('open-round');
  const reading = useRead<{ years: readonly Year[] }>(alliance && `/v1/alliances/${alliance.id}/calendar`);
  return (
    <Page title={t('calendar')} above={<Link to="/rounds">{t('nav.rounds')}</Link>} below={t('calendar.what')}>
      <Read reading={reading}>
        {({ years }) => (
          <>
            {announces && alliance !== undefined && (
              <Announce alliance={alliance.id} next={(years[0]?.year ?? 0) + 1} onAnnounced={reading.reload} />
            )}
            {years.map((year) => (
              <YearShown key={year.year} year={year} />
            ))}
          </>
        )}
      </Read>
    </Page>
  );
}

function YearShown({ year: { year, holidays, makeUpDays, notice } }: { readonly year: Year }): ReactNode {
  const { t } = useWords();
  return (
    <Section title={String(year)}>
      {notice !== null && <p className="quiet">{notice}</p>}
      <ul>
        {holidays.map(({ first, last }) => (
          <li key={first}>{first === last ? first : t('calendar.from-to', { first, last })}</li>
        ))}
      </ul>
      {makeUpDays.length > 0 && (
        <p>
          {t('calendar.make-up-days')} {makeUpDays.join(t('list.comma'))}
        </p>
      )}
    </Section>
  );
}

interface Properties {
  readonly alliance: string;
  readonly next: number;
  readonly onAnnounced: () => void;
}

const emptyHoliday: Holiday = { first: '', last: '' };

/** Puts a year's notice on record. The year is that of its first holiday. */
function Announce({ alliance, next, onAnnounced }: Properties): ReactNode {
  const { t } = useWords();
  const [notice, setNotice] = useState('');
  const [holidays, setHolidays] = useState<readonly Holiday[]>([emptyHoliday]);
  const [makeUpDays, setMakeUpDays] = useState<readonly string[]>([]);
  const { send, sending, refusal } = useCommand();
  const full = holidays.filter(({ first, last }) => first !== '' && last !== '');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const data = {
      year: Number(full[0]?.first.slice(0, 4)),
      holidays: full.map(({ first, last }) => `${first}/${last}`),
      makeUpDays: makeUpDays.filter((day) => day !== ''),
      notice: notice.trim(),
    };
    if ((await send({ context: 'calendar', id: alliance, name: 'announce-holidays', data })) === undefined) return;
    setNotice('');
    setHolidays([emptyHoliday]);
    setMakeUpDays([]);
    onAnnounced();
  };
  return (
    <details className="more-acts">
      <summary>{t('calendar.announce', { year: String(next) })}</summary>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <p className="quiet">{t('calendar.announce-what')}</p>
        <TextField
          label={t('calendar.notice')}
          hint={t('calendar.notice-hint')}
          value={notice}
          onChange={setNotice}
          required
          maxLength={200}
        />
        <Holidays value={holidays} onChange={setHolidays} />
        <MakeUpDays value={makeUpDays} onChange={setMakeUpDays} />
        <Refused refusal={refusal} />
        <div className="buttons">
          <Button type="primary" htmlType="submit" loading={sending} disabled={full.length === 0 || notice.trim() === ''}>
            {t('calendar.put-on-record')}
          </Button>
        </div>
      </form>
    </details>
  );
}

interface Days<T> {
  readonly value: readonly T[];
  readonly onChange: (value: readonly T[]) => void;
}

function Holidays({ value, onChange }: Days<Holiday>): ReactNode {
  const { t } = useWords();
  const change = (at: number, changed: Holiday): void => onChange(value.with(at, changed));
  return (
    <>
      {value.map(({ first, last }, at) => (
        <div className="columns-even" key={at}>
          <DayField
            label={t('calendar.first')}
            value={first}
            onChange={(day) => change(at, { first: day, last: last === '' ? day : last })}
          />
          <DayField label={t('calendar.last')} value={last} onChange={(day) => change(at, { first, last: day })} />
        </div>
      ))}
      <Button onClick={() => onChange([...value, emptyHoliday])}>{t('calendar.add-holiday')}</Button>
    </>
  );
}

function MakeUpDays({ value, onChange }: Days<string>): ReactNode {
  const { t } = useWords();
  return (
    <>
      {value.map((day, at) => (
        <DayField
          key={at}
          label={t('calendar.make-up-day')}
          value={day}
          onChange={(changed) => onChange(value.with(at, changed))}
        />
      ))}
      <Button onClick={() => onChange([...value, ''])}>{t('calendar.add-make-up-day')}</Button>
    </>
  );
}
