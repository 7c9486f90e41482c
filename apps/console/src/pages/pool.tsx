import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { useDefinitions, useStageTitle } from '../definitions.js';
import { useWords } from '../language.js';
import { Page, Read, Section } from '../parts/page.js';
import { RoundLink } from '../parts/round-link.js';
import { useRead } from '../reading.js';
import { Declare, Describe, KeepApart, usePersonName } from '../round/pool-forms.js';
import type { PoolAnswer, PoolMember } from '../round/pool.shapes.js';

/** Who may review in a round: what they know, how much they take, what keeps them from which applications. */
export function PoolPage(): ReactNode {
  const { t } = useWords();
  const { round = '', stage = '' } = useParams();
  const definition = useDefinitions([round]).get(round);
  const stageTitle = useStageTitle();
  const id = `${round}.${stage}`;
  const path = `/v1/rounds/${round}/stages/${stage}/assignment`;
  const reading = useRead<PoolAnswer>(`${path}/pool`, ({ assignment }) => assignment === id);
  return (
    <Page
      title={t(reading.data?.as === 'reviewer' ? 'round.own-pool' : 'pool.of', { stage: stageTitle(definition, stage) })}
      above={<RoundLink round={round} />}
      below={
        reading.data?.as === 'keeper' && (
          <Link to={`/rounds/${round}/stages/${stage}/assignment`}>
            {t('assignment.of', { stage: stageTitle(definition, stage) })}
          </Link>
        )
      }
    >
      <Read reading={reading}>
        {(pool) => (
          <>
            <Known pool={pool} />
            <Describe id={id} path={path} pool={pool} onChanged={reading.reload} />
            <Declare id={id} path={path} pool={pool} onChanged={reading.reload} />
            {pool.as === 'keeper' && <KeepApart id={id} path={path} pool={pool} onChanged={reading.reload} />}
          </>
        )}
      </Read>
    </Page>
  );
}

const isKnown = ({ disciplines, expertise, most, relations }: PoolMember): boolean =>
  disciplines.length + expertise.length + relations.length > 0 || most !== undefined;

/** What is on record so far. */
function Known({ pool }: { readonly pool: PoolAnswer }): ReactNode {
  const { t } = useWords();
  const nameOf = usePersonName(pool);
  const known = pool.items.filter(isKnown);
  return (
    <Section title={t('pool.known')}>
      <p className="quiet">
        {pool.as === 'keeper'
          ? t('pool.count', { known: known.length, all: pool.items.length })
          : known.length === 0 && t('pool.nothing-known')}
      </p>
      {known.length > 0 && (
        <table className="rows">
          <caption className="unseen">{t('pool.known')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('assignment.reviewer')}</th>
              <th scope="col">{t('pool.expertise')}</th>
              <th scope="col">{t('pool.most')}</th>
              <th scope="col">{t('pool.relations')}</th>
            </tr>
          </thead>
          <tbody>
            {known.map((member) => (
              <MemberRow key={member.person} pool={pool} member={member} name={nameOf(member.person)} />
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

interface RowProperties {
  readonly pool: PoolAnswer;
  readonly member: PoolMember;
  readonly name: string;
}

function MemberRow({ pool, member, name }: RowProperties): ReactNode {
  const { t, say } = useWords();
  const { disciplines, expertise, most, relations } = member;
  const choices = new Map(
    [...pool.choices.disciplines, ...pool.choices.expertise].map(({ value, label }) => [value, say(label)]),
  );
  return (
    <tr>
      <td data-label={t('assignment.reviewer')}>{name}</td>
      <td data-label={t('pool.expertise')}>
        {[...expertise, ...disciplines].map((word) => (
          <Tag key={word}>{choices.get(word) ?? word}</Tag>
        ))}
      </td>
      <td data-label={t('pool.most')}>{most ?? pool.maxLoad}</td>
      <td data-label={t('pool.relations')}>
        {relations.map((one) => (
          <div key={JSON.stringify(one)}>
            {t(`pool.${one.relation}`)}
            {t('list.colon')}
            {one.institutionName ?? one.institution ?? one.withName ?? t('form.person-kept')}
            {one.until !== undefined && ` (${one.until})`}
          </div>
        ))}
      </td>
    </tr>
  );
}
