import { Alert, Button, Select } from 'antd';
import type { FormEvent, ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { useDraft } from '../draft.js';
import { useWords } from '../language.js';
import { useZoneName } from '../parts/deadline.js';
import { DraftConflict, DraftNote } from '../parts/draft-note.js';
import { DayField, Labelled, TextField } from '../parts/field.js';
import { Page, Read } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { readQuotas, written } from '../quotas.js';
import { useRead } from '../reading.js';
import { useCommand } from '../sending.js';
import { useHolds, useSession } from '../session.js';
import type { Adopted } from '../shapes.js';
import { dayIn, endOfDay, startOfDay } from '../time.js';

/** The secretariat opens a round under a workflow that the alliance has adopted. */
export function OpenRound(): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const adopts = useHolds('adopt-workflow');
  const reading = useRead<{ items: readonly Adopted[] }>(alliance && `/v1/alliances/${alliance.id}/definitions`);
  return (
    <Page title={t('open-round')} above={<Link to="/rounds">{t('nav.rounds')}</Link>}>
      <Read reading={reading}>
        {({ items: [latest, ...earlier] }) =>
          latest === undefined ? (
            <Alert
              type="info"
              showIcon
              title={t('open-round.none-adopted')}
              action={adopts && <Link to="/workflows/adopt">{t('adopt-workflow')}</Link>}
            />
          ) : (
            <RoundForm definitions={[latest, ...earlier]} />
          )
        }
      </Read>
    </Page>
  );
}

/** What is filled in, and saved as a draft. */
interface Wanted {
  /** Its key. */
  readonly definition: string;
  readonly slug: string;
  readonly zh: string;
  readonly en: string;
  readonly from: string;
  /** Empty for as many working days as the workflow says. */
  readonly lastDay: string;
  readonly seed: string;
  /** By id, where they are not the usual ones. */
  readonly dates: Readonly<Record<string, string>>;
  /** By stage, as they are written. */
  readonly quotas: Readonly<Record<string, string>>;
}

const keyOf = ({ id, version }: Adopted): string => `${id} ${version}`;

const today = (zone: string): string => dayIn(new Date().toISOString(), zone);

const blank = (latest: Adopted): Wanted => ({
  definition: keyOf(latest),
  slug: '',
  zh: '',
  en: '',
  from: today(latest.zone),
  lastDay: '',
  seed: '',
  dates: {},
  quotas: {},
});

const orderOf = ({ id, version, zone }: Adopted, { zh, en, from, lastDay, seed, dates, quotas }: Wanted): object => ({
  definition: { id, version },
  title: { zh: zh.trim(), en: en.trim() },
  opensAt: from === today(zone) ? new Date().toISOString() : startOfDay(from, zone),
  ...(lastDay === '' ? {} : { closesAt: endOfDay(lastDay, zone) }),
  seed: seed.trim(),
  ...(Object.keys(dates).length === 0 ? {} : { dates }),
  ...(Object.keys(quotas).length === 0
    ? {}
    : { quotas: Object.entries(quotas).map(([stage, text]) => ({ stage, quotas: readQuotas(text) })) }),
});

const wholeSlug = /^[a-z0-9][a-z0-9-]{0,39}$/;

const isWhole = ({ slug, zh, en, from, seed, quotas }: Wanted): boolean =>
  [zh, en, from, seed].every((text) => text.trim() !== '') &&
  wholeSlug.test(slug.trim()) &&
  Object.values(quotas).every((text) => typeof readQuotas(text) !== 'number');

/** A draft of another day: no round opens in the past. */
const asOfToday = (wanted: Wanted, { zone }: Adopted): Wanted =>
  wanted.from !== '' && wanted.from < today(zone) ? { ...wanted, from: today(zone) } : wanted;

function RoundForm({ definitions }: { readonly definitions: readonly [Adopted, ...Adopted[]] }): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const navigate = useNavigate();
  const [latest] = definitions;
  const draft = useDraft<Wanted>(`open-round.${alliance?.id ?? ''}`, blank(latest));
  const { send, sending, refusal } = useCommand();
  if (draft.value === undefined) return <Refused refusal={draft.refusal} />;
  const { definition: key } = draft.value;
  const definition = definitions.find((one) => keyOf(one) === key) ?? latest;
  const wanted = asOfToday(draft.value, definition);
  const change = (part: Partial<Wanted>): void => draft.change({ ...wanted, ...part });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const id = `${alliance?.id ?? ''}.${wanted.slug.trim()}`;
    const order = { context: 'round', id, name: 'open-round', data: orderOf(definition, wanted) };
    if ((await send(order)) === undefined) return;
    await draft.discard();
    await navigate(`/rounds/${id}`);
  };
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <DefinitionField
        definitions={definitions}
        value={definition}
        onChange={(chosen) => change({ definition: chosen, dates: {}, quotas: {} })}
      />
      <Names wanted={wanted} change={change} />
      <Window definition={definition} wanted={wanted} change={change} />
      <Dates definition={definition} wanted={wanted} change={change} />
      <Quotas definition={definition} wanted={wanted} change={change} />
      <TextField
        label={t('open-round.seed')}
        hint={t('open-round.seed-hint')}
        value={wanted.seed}
        onChange={(seed) => change({ seed })}
        required
        maxLength={100}
      />
      <DraftConflict draft={draft} show={({ zh, en, slug }) => <p className="prose">{[zh, en, slug].join(' · ')}</p>} />
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button type="primary" htmlType="submit" loading={sending} disabled={!isWhole(wanted) || draft.conflict !== undefined}>
          {t('open-round.do')}
        </Button>
        <DraftNote draft={draft} />
      </div>
    </form>
  );
}

interface NamesProperties {
  readonly wanted: Wanted;
  readonly change: (part: Partial<Wanted>) => void;
}

/** What the round is called, and its address. */
function Names({ wanted, change }: NamesProperties): ReactNode {
  const { t } = useWords();
  return (
    <>
      <TextField label={t('open-round.title-zh')} value={wanted.zh} onChange={(zh) => change({ zh })} required maxLength={200} />
      <TextField label={t('open-round.title-en')} value={wanted.en} onChange={(en) => change({ en })} required maxLength={200} />
      <TextField
        label={t('open-round.slug')}
        hint={t('open-round.slug-hint')}
        value={wanted.slug}
        fault={wanted.slug.trim() === '' || wholeSlug.test(wanted.slug.trim()) ? undefined : t('open-round.slug-wrong')}
        onChange={(slug) => change({ slug })}
        required
        maxLength={40}
      />
    </>
  );
}

interface OfDefinition extends NamesProperties {
  readonly definition: Adopted;
}

function Window({ definition, wanted: { from, lastDay }, change }: OfDefinition): ReactNode {
  const { t } = useWords();
  const zone = useZoneName()(definition.zone);
  return (
    <div className="field-row">
      <DayField
        label={t('open-round.from')}
        hint={t('open-round.from-hint', { zone })}
        value={from}
        onChange={(day) => change({ from: day })}
        required
      />
      <DayField
        label={t('open-round.last-day')}
        hint={t('open-round.last-day-hint', { zone, days: definition.submissionWorkingDays })}
        value={lastDay}
        onChange={(day) => change({ lastDay: day })}
      />
    </div>
  );
}

/** Days that rules name, cut-off dates for instance. */
function Dates({ definition, wanted: { dates }, change }: OfDefinition): ReactNode {
  const { t, say } = useWords();
  return definition.dates.map(({ id, title, date }) => (
    <DayField
      key={id}
      label={say(title)}
      hint={t('open-round.date-hint', { date })}
      value={dates[id] ?? date}
      onChange={(day) => change({ dates: { ...dates, [id]: day === '' ? date : day } })}
    />
  ));
}

/** Places of this round for each stage that ranks. */
function Quotas({ definition, wanted: { quotas }, change }: OfDefinition): ReactNode {
  const { t, say } = useWords();
  return definition.rankings.map(({ id, title, quotas: usual }) => {
    const text = quotas[id] ?? written(usual);
    const wrong = readQuotas(text);
    return (
      <TextField
        key={id}
        label={t('open-round.quotas', { stage: say(title) })}
        hint={t('open-round.quotas-hint')}
        value={text}
        onChange={(value) => change({ quotas: { ...quotas, [id]: value } })}
        fault={typeof wrong === 'number' ? t('open-round.quotas-wrong', { line: wrong }) : undefined}
        rows={3}
        maxLength={4000}
      />
    );
  });
}

interface DefinitionProperties {
  readonly definitions: readonly Adopted[];
  readonly value: Adopted;
  /** Its key. */
  readonly onChange: (definition: string) => void;
}

function DefinitionField({ definitions, value, onChange }: DefinitionProperties): ReactNode {
  const { t, say } = useWords();
  return (
    <Labelled label={t('open-round.definition')} hint={t('open-round.definition-hint')} required>
      {(control) => (
        <Select
          {...control}
          value={keyOf(value)}
          onChange={onChange}
          options={definitions.map((definition) => ({
            value: keyOf(definition),
            label: t('round.definition-version', { title: say(definition.title), version: definition.version }),
          }))}
        />
      )}
    </Labelled>
  );
}
