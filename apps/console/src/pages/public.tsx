import { Alert, Empty, Tag } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useDefinitions, useStageTitle, zoneOf } from '../definitions.js';
import { useWords } from '../language.js';
import { Until } from '../parts/deadline.js';
import { Page, Read, Section, ShowMore } from '../parts/page.js';
import { usePages } from '../reading.js';
import { useSession } from '../session.js';
import { urgencyOf } from '../time.js';
import type { Definition, Listed, Recognition } from '../shapes.js';

/** What is open to objection, and what came of it: for anyone. */
export function Publicity(): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const pages = usePages<Listed>(`/v1/alliances/${alliance?.id ?? ''}/publicity`, () => true);
  const definitions = useDefinitions((pages.data ?? []).map(({ round }) => round));
  return (
    <Page title={t('nav.publicity')} below={t('publicity.what')}>
      <Read reading={pages}>
        {(items) => {
          const isOpen = (item: Listed): boolean => phaseOf(item, definitions.get(item.round)) === 'open';
          const open = items.filter(isOpen);
          const ended = items.filter((item) => !isOpen(item));
          return (
            <>
              <Section title={t('publicity.open')}>
                <Published items={open} definitions={definitions} last={t('publicity.until')} empty={t('publicity.none')} />
              </Section>
              {ended.length > 0 && (
                <Section title={t('publicity.ended')}>
                  <Published items={ended} definitions={definitions} last={t('publicity.outcome')} />
                </Section>
              )}
              <ShowMore more={pages.more} />
            </>
          );
        }}
      </Read>
    </Page>
  );
}

/** Objections are taken, or one is being ruled on past the period; or it is over, also where the case goes on. */
function phaseOf({ status, stages, dueAt }: Listed, definition: Definition | undefined): 'open' | 'held' | 'over' {
  const isShown = definition?.stages.some(({ id, kind }) => kind === 'publicity' && stages.includes(id)) ?? true;
  if (status === 'ended' || !isShown) return 'over';
  return dueAt !== null && urgencyOf(dueAt) !== 'overdue' ? 'open' : 'held';
}

interface PublishedProperties {
  readonly items: readonly Listed[];
  readonly definitions: ReadonlyMap<string, Definition>;
  /** What the last column is. */
  readonly last: string;
  readonly empty?: string;
}

function Published({ items, definitions, last, empty }: PublishedProperties): ReactNode {
  const { t } = useWords();
  if (items.length === 0) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty} />;
  return (
    <table className="rows">
      <thead>
        <tr>
          <th scope="col">{t('case.title')}</th>
          <th scope="col">{t('case.applicant')}</th>
          <th scope="col">{last}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id}>
            <td data-label={t('case.title')}>
              <span className="row-title">{item.title}</span>
              <div className="quiet number">{item.number}</div>
            </td>
            <td data-label={t('case.applicant')}>{item.institutionName}</td>
            <td data-label={last}>
              <Phase item={item} definition={definitions.get(item.round)} zone={zoneOf(definitions, item)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface PhaseProperties {
  readonly item: Listed;
  readonly definition: Definition | undefined;
  readonly zone: string;
}

function Phase({ item, definition, zone }: PhaseProperties): ReactNode {
  const { t } = useWords();
  const stageTitle = useStageTitle();
  const { id, stage, outcome, dueAt } = item;
  switch (phaseOf(item, definition)) {
    case 'over':
      return <Tag color={outcome === 'granted' ? 'success' : 'default'}>{stageTitle(definition, stage)}</Tag>;
    case 'held':
      return <Tag color="warning">{t('publicity.held')}</Tag>;
    case 'open':
      return (
        <>
          {dueAt !== null && <Until at={dueAt} zone={zone} />}
          <div>
            <Link to={`/cases/${id}#object`}>{t('publicity.object')}</Link>
          </div>
        </>
      );
  }
}

/** The register of recognised courses: for anyone. */
export function Register(): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const pages = usePages<Recognition>(`/v1/alliances/${alliance?.id ?? ''}/recognitions`, () => true);
  return (
    <Page title={t('nav.register')} below={t('register.what')}>
      <Read reading={pages}>
        {(items) =>
          items.length === 0 ? (
            <Alert type="info" showIcon title={t('register.none')} />
          ) : (
            <Recognitions items={items} more={pages.more} />
          )
        }
      </Read>
    </Page>
  );
}

function Recognitions({
  items,
  more,
}: {
  readonly items: readonly Recognition[];
  readonly more: (() => void) | undefined;
}): ReactNode {
  const { t } = useWords();
  return (
    <>
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">{t('case.title')}</th>
            <th scope="col">{t('case.applicant')}</th>
            <th scope="col">{t('register.number')}</th>
            <th scope="col">{t('register.period')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ course, number, title, institutionName, from, until, withdrawnAt }) => (
            <tr key={`${course} ${number}`}>
              <td data-label={t('case.title')}>
                <span className="row-title">{title ?? course}</span>
              </td>
              <td data-label={t('case.applicant')}>{institutionName}</td>
              <td data-label={t('register.number')} className="number">
                {number}
              </td>
              <td data-label={t('register.period')}>
                {t('register.from-until', { from, until })}
                {withdrawnAt !== null && <Tag color="error">{t('register.withdrawn')}</Tag>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ShowMore more={more} />
    </>
  );
}
