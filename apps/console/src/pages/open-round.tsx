import { Alert, Button, Select } from 'antd';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useWords } from '../language.js';
import { useZoneName } from '../parts/deadline.js';
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

interface Draft {
  readonly definition: Adopted;
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

const today = (zone: string): string => dayIn(new Date().toISOString(), zone);

const orderOf = ({ definition: { id, version, zone }, zh, en, from, lastDay, seed, dates, quotas }: Draft): object => ({
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

const isWhole = ({ slug, zh, en, from, seed, quotas }: Draft): boolean =>
  [zh, en, from, seed].every((text) => text.trim() !== '') &&
  wholeSlug.test(slug.trim()) &&
  Object.values(quotas).every((text) => typeof readQuotas(text) !== 'number');

function RoundForm({ definitions }: { readonly definitions: readonly [Adopted, ...Adopted[]] }): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const navigate = useNavigate();
  const [latest] = definitions;
  const [draft, setDraft] = useState<Draft>({
    definition: latest,
    slug: '',
    zh: '',
    en: '',
    from: today(latest.zone),
    lastDay: '',
    seed: '',
    dates: {},
    quotas: {},
  });
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const { send, sending, refusal } = useCommand();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const id = `${alliance?.id ?? ''}.${draft.slug.trim()}`;
    const receipt = await send({ context: 'round', id, name: 'open-round', data: orderOf(draft) });
    if (receipt !== undefined) await navigate(`/rounds/${id}`);
  };
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <DefinitionField
        definitions={definitions}
        value={draft.definition}
        onChange={(definition) => change({ definition, dates: {}, quotas: {} })}
      />
      <Names draft={draft} change={change} />
      <Window draft={draft} change={change} />
      <Dates draft={draft} change={change} />
      <Quotas draft={draft} change={change} />
      <TextField
        label={t('open-round.seed')}
        hint={t('open-round.seed-hint')}
        value={draft.seed}
        onChange={(seed) => change({ seed })}
        required
        maxLength={100}
      />
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button type="primary" htmlType="submit" loading={sending} disabled={!isWhole(draft)}>
          {t('open-round.do')}
        </Button>
      </div>
    </form>
  );
}

interface WindowProperties {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
}

/** What the round is called, and its address. */
function Names({ draft, change }: WindowProperties): ReactNode {
  const { t } = useWords();
  return (
    <>
      <TextField label={t('open-round.title-zh')} value={draft.zh} onChange={(zh) => change({ zh })} required maxLength={200} />
      <TextField label={t('open-round.title-en')} value={draft.en} onChange={(en) => change({ en })} required maxLength={200} />
      <TextField
        label={t('open-round.slug')}
        hint={t('open-round.slug-hint')}
        value={draft.slug}
        fault={draft.slug.trim() === '' || wholeSlug.test(draft.slug.trim()) ? undefined : t('open-round.slug-wrong')}
        onChange={(slug) => change({ slug })}
        required
        maxLength={40}
      />
    </>
  );
}

function Window({ draft: { definition, from, lastDay }, change }: WindowProperties): ReactNode {
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
function Dates({ draft: { definition, dates }, change }: WindowProperties): ReactNode {
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
function Quotas({ draft: { definition, quotas }, change }: WindowProperties): ReactNode {
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
  readonly onChange: (definition: Adopted) => void;
}

const keyOf = ({ id, version }: Adopted): string => `${id} ${version}`;

function DefinitionField({ definitions, value, onChange }: DefinitionProperties): ReactNode {
  const { t, say } = useWords();
  return (
    <Labelled label={t('open-round.definition')} hint={t('open-round.definition-hint')} required>
      {(control) => (
        <Select
          {...control}
          value={keyOf(value)}
          onChange={(key: string) => onChange(definitions.find((candidate) => keyOf(candidate) === key) ?? value)}
          options={definitions.map((definition) => ({
            value: keyOf(definition),
            label: t('round.definition-version', { title: say(definition.title), version: definition.version }),
          }))}
        />
      )}
    </Labelled>
  );
}
