import { Button, Empty } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Text } from '../api.js';
import { useWords } from '../language.js';
import { useNames } from '../names.js';
import { Instant } from '../parts/deadline.js';
import { Page, Read, Section, ShowMore } from '../parts/page.js';
import { ReasonForm } from '../parts/reason.js';
import { Refused } from '../parts/refused.js';
import { usePages, useRead } from '../reading.js';
import { useCommand } from '../sending.js';
import { useSession } from '../session.js';
import type { People } from '../shapes.js';
import { allianceZone } from '../time.js';

interface Step {
  readonly effect: string;
  readonly command: { readonly type: string };
  readonly case?: string;
  readonly number?: string;
  readonly stream: string;
  readonly code: string;
  readonly attempts: number;
}

interface Incident extends Step {
  readonly id: string;
  readonly text: Text;
  readonly error?: string;
  readonly since: string;
}

interface Skipped extends Step {
  readonly skippedBy: string;
  readonly skippedAt: string;
  readonly reason: string;
}

/** Steps of the engine that need somebody, with what may be done about them, and those that somebody skipped. */
export function Incidents(): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const open = usePages<Incident>(alliance && `/v1/alliances/${alliance.id}/incidents`, () => true);
  const skipped = useRead<{ items: readonly Skipped[]; people: People }>(
    alliance && `/v1/alliances/${alliance.id}/skipped-effects`,
  );
  const reload = (): void => {
    open.reload();
    skipped.reload();
  };
  return (
    <Page title={t('incidents')} above={<Link to="/rounds">{t('nav.rounds')}</Link>} below={t('incidents.what')}>
      <Read reading={open}>
        {(items) =>
          items.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('incidents.none')} />
          ) : (
            <Open incidents={items} onDone={reload} />
          )
        }
      </Read>
      <ShowMore more={open.more} />
      {skipped.data !== undefined && skipped.data.items.length > 0 && (
        <Section title={t('incidents.skipped')}>
          <SkippedSteps steps={skipped.data.items} people={skipped.data.people} />
        </Section>
      )}
    </Page>
  );
}

/** What the step is, and what it is about. */
function Named({ step: { effect, command, case: id, number, stream } }: { readonly step: Step }): ReactNode {
  const { known } = useWords();
  return (
    <>
      <strong>{known(`step.${effect}`, effect)}</strong> <code>{command.type}</code>
      <div className="number">{id === undefined ? stream : <Link to={`/cases/${id}`}>{number}</Link>}</div>
    </>
  );
}

interface OpenProperties {
  readonly incidents: readonly Incident[];
  readonly onDone: () => void;
}

function Open({ incidents, onDone }: OpenProperties): ReactNode {
  const { t, say } = useWords();
  return (
    <table className="rows">
      <caption className="unseen">{t('incidents')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('incidents.step')}</th>
          <th scope="col">{t('incidents.cause')}</th>
          <th scope="col">{t('incidents.since')}</th>
        </tr>
      </thead>
      <tbody>
        {incidents.map((incident) => (
          <tr key={incident.id}>
            <td data-label={t('incidents.step')}>
              <Named step={incident} />
            </td>
            <td data-label={t('incidents.cause')}>
              {say(incident.text)} <code>{incident.code}</code>
              {incident.error !== undefined && <div className="quiet">{incident.error}</div>}
              <Resolve id={incident.id} onDone={onDone} />
            </td>
            <td data-label={t('incidents.since')}>
              <Instant at={incident.since} zone={allianceZone} />
              <div className="quiet">{t('incidents.attempts', { count: incident.attempts })}</div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Resolve({ id, onDone }: { readonly id: string; readonly onDone: () => void }): ReactNode {
  const { t } = useWords();
  const { send, sending, refusal } = useCommand();
  const retry = async (): Promise<void> => {
    if ((await send({ context: 'incident', id, name: 'retry-effect', data: {} })) !== undefined) onDone();
  };
  return (
    <>
      <div className="buttons">
        <Button size="small" loading={sending} onClick={() => void retry()}>
          {t('incidents.retry')}
        </Button>
      </div>
      <Refused refusal={refusal} />
      <details className="more-acts">
        <summary>{t('incidents.skip')}</summary>
        <ReasonForm
          order={(reason) => ({ context: 'incident', id, name: 'skip-effect', data: { reason } })}
          onDone={onDone}
          tone="danger"
          label={t('incidents.reason')}
        >
          {t('incidents.skip')}
        </ReasonForm>
      </details>
    </>
  );
}

function SkippedSteps({ steps, people }: { readonly steps: readonly Skipped[]; readonly people: People }): ReactNode {
  const { t } = useWords();
  const nameOf = useNames(people);
  return (
    <table className="rows">
      <thead>
        <tr>
          <th scope="col">{t('incidents.step')}</th>
          <th scope="col">{t('incidents.reason')}</th>
          <th scope="col">{t('incidents.skipped-by')}</th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step) => (
          <tr key={`${step.stream} ${step.command.type} ${step.skippedAt}`}>
            <td data-label={t('incidents.step')}>
              <Named step={step} />
            </td>
            <td data-label={t('incidents.reason')}>
              <span className="prose">{step.reason}</span>
              <div className="quiet">{t('incidents.refused', { code: step.code, count: step.attempts })}</div>
            </td>
            <td data-label={t('incidents.skipped-by')}>
              {nameOf(step.skippedBy)}
              <div className="quiet">
                <Instant at={step.skippedAt} zone={allianceZone} />
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
