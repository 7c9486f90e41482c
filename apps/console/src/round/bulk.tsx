import { Button, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { type Text, write } from '../api.js';
import { useWords } from '../language.js';
import { DayField, Labelled } from '../parts/field.js';
import { ReasonField } from '../parts/reason.js';
import { Refused } from '../parts/refused.js';
import { useAsking } from '../sending.js';
import { useSession } from '../session.js';
import type { Definition, Listed, Round, Stage } from '../shapes.js';
import { endOfDay } from '../time.js';
import { BulkOrder } from './bulk-order.js';

/** What can be done to many at once, and under which power of the stage that they are at. */
const actsOf = ({ kind, correction, power, manage }: Stage): readonly (readonly [act: string, power: string | undefined])[] => {
  switch (kind) {
    case 'check':
      return [
        ['pass-check', power],
        ...(correction === undefined
          ? []
          : ([
              ['return-for-correction', power],
              ['extend-correction', power],
            ] as const)),
        ['fail-check', power],
      ];
    case 'panel':
      return [['remind', manage]];
    case 'ballot':
      return [
        ['open-ballot', manage],
        ['cast-vote', power],
      ];
    default:
      return [];
  }
};
const explained: ReadonlySet<string> = new Set(['pass-check', 'return-for-correction', 'extend-correction', 'fail-check']);

export interface Doing {
  readonly act: string;
  readonly stage: string;
  readonly reason?: string;
  readonly choice?: string;
  /** ISO 8601 UTC. */
  readonly until?: string;
}

export interface Preview {
  readonly hash: string;
  readonly cases: readonly { readonly case: string; readonly revision: number }[];
  readonly steps: number;
  readonly excluded: readonly { readonly case: string; readonly number: string; readonly code: string; readonly text: Text }[];
  readonly sample: readonly Text[];
  readonly items: readonly Listed[];
}

interface Properties {
  readonly round: Round;
  readonly definition: Definition;
  /** The search whose finds are meant. */
  readonly asked: string;
}

/** A preview, and what it is of. */
interface Previewed {
  readonly of: Doing;
  readonly found: Preview;
}

/** An act on everything that was found: first what it would come to, then all of it or nothing. For who holds a power that one needs. */
export function BulkActs({ round, definition, asked }: Properties): ReactNode {
  const { t } = useWords();
  const { alliance, standing } = useSession();
  const held = new Set(standing?.powers.map(({ power }) => power));
  const offered = definition.stages.map((stage) => ({
    stage,
    acts: actsOf(stage).flatMap(([act, power = '']) => (held.has(power) ? [act] : [])),
  }));
  const [doing, setDoing] = useState<Doing>();
  const { found: preview, refusal, asking, ask, forget } = useAsking<Previewed>();
  const look = (of: Doing, cases?: readonly string[]): void => {
    const body = { ...of, round: round.id, ...(asked === '' ? {} : { q: asked }), ...(cases === undefined ? {} : { cases }) };
    const path = `/v1/alliances/${alliance?.id ?? ''}/bulk-preview`;
    void ask(write<Preview>('POST', path, body).then((found) => ({ of, found })));
  };
  if (offered.every(({ acts }) => acts.length === 0)) return null;
  return (
    <details className="more-acts">
      <summary>{t('bulk')}</summary>
      <p className="quiet">{t('bulk.what')}</p>
      <DoingFields
        offered={offered}
        zone={round.zone}
        doing={doing}
        onChange={(changed) => {
          setDoing(changed);
          forget();
        }}
      />
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button disabled={doing === undefined} loading={asking} onClick={() => doing && look(doing)}>
          {t('bulk.preview')}
        </Button>
      </div>
      {preview !== undefined && (
        <BulkOrder
          key={preview.found.hash}
          definition={definition}
          doing={preview.of}
          preview={preview.found}
          onOnly={(cases) => look(preview.of, cases)}
        />
      )}
    </details>
  );
}

interface DoingProperties {
  readonly offered: readonly { readonly stage: Stage; readonly acts: readonly string[] }[];
  readonly zone: string;
  readonly doing: Doing | undefined;
  readonly onChange: (doing: Doing) => void;
}

function DoingFields({ offered, zone, doing, onChange }: DoingProperties): ReactNode {
  const { t, say, known } = useWords();
  const options = offered.flatMap(({ stage: { id, title }, acts }) =>
    acts.map((act) => ({
      value: `${id} ${act}`,
      label: `${say(title)}${t('list.colon')}${known(`bulk.${act}`, act)}`,
    })),
  );
  const chosen = doing === undefined ? null : `${doing.stage} ${doing.act}`;
  return (
    <>
      <Labelled label={t('bulk.act')} required>
        {(control) => (
          <Select
            {...control}
            value={chosen}
            options={options}
            virtual={false}
            onChange={(value: string) => {
              const [stage = '', act = ''] = value.split(' ');
              onChange({ act, stage });
            }}
          />
        )}
      </Labelled>
      {doing !== undefined && <SaidOnce key={chosen} doing={doing} zone={zone} onChange={onChange} />}
    </>
  );
}

/** What is said for all of them: why, until when, or how one votes. */
function SaidOnce({ doing, zone, onChange }: Omit<DoingProperties, 'offered'> & { readonly doing: Doing }): ReactNode {
  const { t } = useWords();
  const [lastDay, setLastDay] = useState('');
  const { reason, until, ...rest } = doing;
  const say = (said: Pick<Doing, 'reason' | 'until'>): void =>
    onChange({ ...rest, ...(said.reason ? { reason: said.reason } : {}), ...(said.until ? { until: said.until } : {}) });
  return (
    <>
      {doing.act === 'extend-correction' && (
        <DayField
          label={t('bulk.until')}
          hint={t('bulk.until-hint')}
          value={lastDay}
          onChange={(day) => {
            setLastDay(day);
            say({ ...(reason ? { reason } : {}), ...(day === '' ? {} : { until: endOfDay(day, zone) }) });
          }}
          required
        />
      )}
      {explained.has(doing.act) && (
        <ReasonField
          label={t('bulk.reason')}
          value={reason ?? ''}
          onChange={(text) => say({ reason: text, ...(until ? { until } : {}) })}
          kind={doing.act === 'pass-check' ? 'note' : 'reason'}
        />
      )}
      {doing.act === 'cast-vote' && (
        <Labelled label={t('bulk.choice')} required>
          {(control) => (
            <Select
              {...control}
              value={doing.choice ?? null}
              options={(['for', 'against', 'abstain'] as const).map((value) => ({ value, label: t(`vote.${value}`) }))}
              onChange={(choice: string) => onChange({ ...doing, choice })}
            />
          )}
        </Labelled>
      )}
    </>
  );
}
