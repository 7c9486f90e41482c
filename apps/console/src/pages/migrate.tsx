import { Alert, Button, Empty, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useParams } from 'react-router';
import { type Text, write } from '../api.js';
import { forgetDefinition } from '../definitions.js';
import { useWords } from '../language.js';
import { Labelled, TextField } from '../parts/field.js';
import { Page, Read } from '../parts/page.js';
import { RoundLink } from '../parts/round-link.js';
import { Refused } from '../parts/refused.js';
import { useRead } from '../reading.js';
import { Foreseen, type ForeseenCase } from '../round/foreseen.js';
import { useAsking, useCommand } from '../sending.js';
import { useSession } from '../session.js';

interface Adopted {
  readonly id: string;
  readonly version: number;
  readonly title: Text;
}

interface DryRun {
  readonly clause: Text;
  readonly items: readonly ForeseenCase[];
}

interface Asked {
  readonly to: number;
  readonly transition?: unknown;
}

/** Moves the open cases of a round to another version of its workflow: first what would change, then the act. */
export function Migrate(): ReactNode {
  const { t } = useWords();
  const { round = '' } = useParams();
  const { alliance } = useSession();
  const current = useRead<{ id: string; version: number }>(`/v1/rounds/${round}/definition`);
  const versions = useRead<{ items: readonly Adopted[] }>(alliance && `/v1/alliances/${alliance.id}/definitions`);
  const [asked, setAsked] = useState<Asked>();
  const { found, refusal, asking, ask } = useAsking<DryRun>();
  const look = (next: Asked): void => {
    setAsked(next);
    void ask(write('POST', `/v1/rounds/${round}/migration`, next));
  };
  return (
    <Page title={t('migrate')} above={<RoundLink round={round} />} below={t('migrate.what')}>
      <Read reading={current}>
        {({ id, version }) => {
          const others = versions.data?.items.filter((one) => one.id === id && one.version !== version) ?? [];
          if (others.length > 0) return <Question versions={others} asking={asking} onAsked={look} />;
          return versions.data && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('migrate.no-other')} />;
        }}
      </Read>
      <Refused refusal={refusal} />
      {found !== undefined && asked !== undefined && <Answer round={round} asked={asked} found={found} />}
    </Page>
  );
}

interface QuestionProperties {
  readonly versions: readonly Adopted[];
  readonly asking: boolean;
  readonly onAsked: (asked: Asked) => void;
}

function Question({ versions, asking, onAsked }: QuestionProperties): ReactNode {
  const { t, say } = useWords();
  const [to, setTo] = useState<number>();
  const [clause, setClause] = useState('');
  const [isUnreadable, setUnreadable] = useState(false);
  const ask = (): void => {
    if (to === undefined) return;
    try {
      const transition: unknown = clause.trim() === '' ? undefined : JSON.parse(clause);
      setUnreadable(false);
      onAsked(transition === undefined ? { to } : { to, transition });
    } catch {
      setUnreadable(true);
    }
  };
  return (
    <div className="form">
      <Labelled label={t('migrate.version')} required>
        {(control) => (
          <Select
            {...control}
            value={to ?? null}
            onChange={setTo}
            options={versions.map(({ version, title }) => ({ value: version, label: `${say(title)} · ${version}` }))}
          />
        )}
      </Labelled>
      <TextField
        label={t('migrate.clause')}
        hint={t('migrate.clause-hint')}
        value={clause}
        onChange={setClause}
        rows={4}
        maxLength={100_000}
      />
      {isUnreadable && <Alert type="error" title={t('migrate.clause-unreadable')} />}
      <div className="buttons">
        <Button disabled={to === undefined} loading={asking} onClick={ask}>
          {t('migrate.dry-run')}
        </Button>
      </div>
    </div>
  );
}

interface AnswerProperties {
  readonly round: string;
  readonly asked: Asked;
  readonly found: DryRun;
}

function Answer({ round, asked, found: { clause, items } }: AnswerProperties): ReactNode {
  const { t, say } = useWords();
  const [isDone, setDone] = useState(false);
  const { send, sending, refusal } = useCommand();
  const cases = items.filter(({ fate }) => fate !== 'elsewhere').map((item) => item.case);
  const act = async (): Promise<void> => {
    if ((await send({ context: 'round', id: round, name: 'migrate-cases', data: { ...asked, cases } })) === undefined) return;
    forgetDefinition(round);
    setDone(true);
  };
  return (
    <>
      <blockquote>{say(clause)}</blockquote>
      <Foreseen round={round} items={items} />
      <Refused refusal={refusal} />
      {isDone ? (
        <Alert type="success" title={t('migrate.done')} />
      ) : (
        <div className="buttons">
          <Button
            type="primary"
            loading={sending}
            disabled={items.some(({ fate }) => fate === 'hindered')}
            onClick={() => void act()}
          >
            {t('migrate.do', { count: items.filter(({ fate }) => fate === 'moves').length })}
          </Button>
        </div>
      )}
    </>
  );
}
