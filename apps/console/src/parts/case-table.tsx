import { Empty, Tag } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useDefinitions, useStageTitle, zoneOf } from '../definitions.js';
import { useWords } from '../language.js';
import type { Listed } from '../shapes.js';
import { Deadline } from './deadline.js';
import { ShowMore } from './page.js';

interface Properties<C extends Listed> {
  readonly cases: readonly C[];
  readonly empty: string;
  readonly caption: string;
  readonly more?: (() => void) | undefined;
  /** In place of the stage and its deadline: what is to be done. */
  readonly act?: (listed: C) => { readonly label: string; readonly dueAt: string | null };
}

export const outcomeColors = { granted: 'success', refused: 'error', withdrawn: 'default' } as const;

/** Cases in rows; on a narrow screen each row is a card. */
export function CaseTable<C extends Listed>({ cases, empty, caption, more, act }: Properties<C>): ReactNode {
  const { t } = useWords();
  const definitions = useDefinitions(cases.map(({ round }) => round));
  if (cases.length === 0) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty} />;
  return (
    <>
      <table className="rows cases">
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t('case.title')}</th>
            <th scope="col">{t('case.applicant')}</th>
            <th scope="col">{act === undefined ? t('case.stage') : t('task.act')}</th>
            <th scope="col">{t('case.due')}</th>
          </tr>
        </thead>
        <tbody>
          {cases.map((listed) => (
            <Row
              key={`${listed.id} ${act?.(listed).label ?? ''}`}
              listed={listed}
              definition={definitions.get(listed.round)}
              zone={zoneOf(definitions, listed)}
              act={act?.(listed)}
            />
          ))}
        </tbody>
      </table>
      <ShowMore more={more} />
    </>
  );
}

interface RowProperties {
  readonly listed: Listed;
  readonly definition: Parameters<ReturnType<typeof useStageTitle>>[0];
  readonly zone: string;
  readonly act: { readonly label: string; readonly dueAt: string | null } | undefined;
}

function Row({ listed, definition, zone, act }: RowProperties): ReactNode {
  const { t, known } = useWords();
  const stageTitle = useStageTitle();
  const { id, title, number, institutionName, province, stage, stages, status, outcome, parentNumber } = listed;
  const dueAt = act === undefined ? listed.dueAt : act.dueAt;
  return (
    <tr>
      <td data-label={t('case.title')}>
        <Link to={`/cases/${id}`} className="row-title">
          {title}
        </Link>
        <div className="quiet number">{number}</div>
        {parentNumber !== null && <Tag color="purple">{t('subcase.of', { number: parentNumber })}</Tag>}
      </td>
      <td data-label={t('case.applicant')}>
        {institutionName === '' ? <span className="quiet">{t('case.blind')}</span> : institutionName}
        <div className="quiet">{known(`province.${province}`, province)}</div>
      </td>
      <td data-label={act === undefined ? t('case.stage') : t('task.act')}>
        {act === undefined ? (
          stages.map((one) => (
            <Tag key={one} color={status === 'open' ? 'processing' : outcomeColors[outcome ?? 'withdrawn']}>
              {stageTitle(definition, one)}
            </Tag>
          ))
        ) : (
          <>
            <Link to={`/cases/${id}`} className="ant-btn-like" aria-label={`${act.label}${t('list.colon')}${title}`}>
              {act.label}
            </Link>
            <div className="quiet">{stageTitle(definition, stage)}</div>
          </>
        )}
      </td>
      <td data-label={t('case.due')} className={dueAt === null || status === 'ended' ? 'absent' : undefined}>
        {dueAt === null || status === 'ended' ? <span className="quiet">—</span> : <Deadline at={dueAt} zone={zone} />}
      </td>
    </tr>
  );
}
