import { Button, InputNumber, Radio, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { DayField, Labelled } from '../parts/field.js';
import { Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { SearchField } from '../parts/search-field.js';
import { useSession } from '../session.js';
import { useCommand } from '../sending.js';
import type { PoolAnswer, PoolMember, Relation } from './pool.shapes.js';

export interface Pooled {
  /** `<alliance>.<round>.<stage>` */
  readonly id: string;
  /** Where the assignment is read. */
  readonly path: string;
  readonly pool: PoolAnswer;
  readonly onChanged: () => void;
}

/** Name and institution of somebody of the pool. */
export function usePersonName({ items }: PoolAnswer): (person: string) => string {
  const { say, t } = useWords();
  const known = new Map(items.map((one) => [one.person, one]));
  return (person) => {
    const { name, institutionName = null } = known.get(person) ?? {};
    return [name === undefined ? t('actor.erased') : say(name), ...(institutionName === null ? [] : [institutionName])].join(
      ' · ',
    );
  };
}

interface PickProperties {
  readonly label: string;
  readonly pool: PoolAnswer;
  readonly value: string | undefined;
  readonly onChange: (person: string | undefined) => void;
}

/** Somebody of the pool, found by name or institution; nothing to choose for who only speaks for themselves. */
function Reviewer({ label, pool, value, onChange }: PickProperties): ReactNode {
  const nameOf = usePersonName(pool);
  if (pool.as === 'reviewer') return null;
  return (
    <Labelled label={label} required>
      {(control) => (
        <Select
          {...control}
          showSearch={{ optionFilterProp: 'label' }}
          value={value ?? null}
          onChange={(person: string | null) => onChange(person ?? undefined)}
          options={pool.items.map(({ person }) => ({ value: person, label: nameOf(person) }))}
        />
      )}
    </Labelled>
  );
}

const ownOf = ({ as, items }: PoolAnswer): string | undefined => (as === 'reviewer' ? items[0]?.person : undefined);

function useAct({ id, onChanged }: Pooled) {
  const { send, sending, refusal } = useCommand();
  const act = async (name: string, data: object): Promise<boolean> => {
    const isDone = (await send({ context: 'assignment', id, name, data })) !== undefined;
    if (isDone) onChanged();
    return isDone;
  };
  return { act, sending, refusal };
}

/** What somebody knows, and how much they may be given. */
export function Describe(pooled: Pooled): ReactNode {
  const { t } = useWords();
  const { pool } = pooled;
  const [person, setPerson] = useState(ownOf(pool));
  const member = pool.items.find((one) => one.person === person);
  return (
    <Section title={t('pool.describe')}>
      <p className="quiet">{t('pool.describe-what')}</p>
      <Reviewer label={t('assignment.reviewer')} pool={pool} value={person} onChange={setPerson} />
      {member !== undefined && <Description key={member.person} {...pooled} member={member} />}
    </Section>
  );
}

function Description({ member, ...pooled }: Pooled & { readonly member: PoolMember }): ReactNode {
  const { t, say } = useWords();
  const { pool } = pooled;
  const [disciplines, setDisciplines] = useState(member.disciplines);
  const [expertise, setExpertise] = useState(member.expertise);
  const [most, setMost] = useState(member.most ?? null);
  const { act, sending, refusal } = useAct(pooled);
  const words = (of: 'disciplines' | 'expertise', value: readonly string[], onChange: (value: readonly string[]) => void) => (
    <Labelled label={t(`pool.${of}`)} hint={t(`pool.${of}-hint`)}>
      {(control) => (
        <Select
          {...control}
          mode="tags"
          value={[...value]}
          onChange={onChange}
          options={pool.choices[of].map((choice) => ({ value: choice.value, label: say(choice.label) }))}
        />
      )}
    </Labelled>
  );
  return (
    <>
      {words('expertise', expertise, setExpertise)}
      {words('disciplines', disciplines, setDisciplines)}
      <Labelled label={t('pool.most')} hint={t('pool.most-hint', { most: pool.maxLoad })}>
        {(control) => <InputNumber {...control} min={0} max={1000} precision={0} value={most} onChange={setMost} />}
      </Labelled>
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button
          type="primary"
          loading={sending}
          onClick={() =>
            void act('describe-reviewer', {
              ...(pool.as === 'keeper' ? { person: member.person } : {}),
              ...{ disciplines, expertise, ...(most === null ? {} : { most }) },
            })
          }
        >
          {t('pool.save')}
        </Button>
      </div>
    </>
  );
}

interface Institution {
  readonly code: string;
  readonly name: string;
}

interface Named {
  readonly person: string;
  readonly name: string;
  readonly institutionName: string | null;
}

const relations = ['formerly-at', 'co-author', 'supervised'] as const;

interface LeaderProperties extends Pooled {
  readonly value: string | undefined;
  readonly onChange: (person: string | undefined) => void;
}

/** A course leader, whom applications may name. */
function Leader({ pool, path, value, onChange }: LeaderProperties): ReactNode {
  const { t } = useWords();
  return (
    <SearchField<Named>
      label={t('pool.with')}
      hint={t(pool.as === 'keeper' ? 'pool.with-hint' : 'pool.with-whole')}
      path={(typed) => `${path}/named?name=${encodeURIComponent(typed)}`}
      option={({ person, name, institutionName }) => ({
        value: person,
        label: institutionName === null ? name : `${name} · ${institutionName}`,
      })}
      value={value}
      onChange={onChange}
    />
  );
}

/** Why somebody may not review certain applications. */
export function Declare(pooled: Pooled): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const { pool } = pooled;
  const [person, setPerson] = useState(ownOf(pool));
  const [relation, setRelation] = useState<Relation['relation']>('formerly-at');
  const [institution, setInstitution] = useState<string>();
  const [until, setUntil] = useState('');
  const [other, setOther] = useState<string>();
  const { act, sending, refusal } = useAct(pooled);
  const isFormer = relation === 'formerly-at';
  const isComplete = person !== undefined && (isFormer ? institution !== undefined && until !== '' : other !== undefined);
  const declare = async (): Promise<void> => {
    const data = isFormer ? { relation, institution, until } : { relation, with: other };
    if (!(await act('declare-relation', { ...data, ...(pool.as === 'keeper' ? { person } : {}) }))) return;
    setInstitution(undefined);
    setOther(undefined);
    setUntil('');
  };
  return (
    <Section title={t('pool.declare')}>
      <p className="quiet">{t('pool.declare-what')}</p>
      <Reviewer label={t('assignment.reviewer')} pool={pool} value={person} onChange={setPerson} />
      <Radio.Group
        aria-label={t('pool.relation')}
        value={relation}
        onChange={({ target }) => setRelation(target.value as Relation['relation'])}
        options={relations.map((one) => ({ value: one, label: t(`pool.${one}`) }))}
      />
      {isFormer ? (
        <>
          <SearchField<Institution>
            label={t('pool.institution')}
            path={(typed) => `/v1/alliances/${alliance?.id}/institutions?limit=20&name=${encodeURIComponent(typed)}`}
            option={({ code, name }) => ({ value: code, label: `${name} · ${code}` })}
            value={institution}
            onChange={setInstitution}
          />
          <DayField label={t('pool.until')} hint={t('pool.until-hint')} value={until} onChange={setUntil} required />
        </>
      ) : (
        <Leader {...pooled} value={other} onChange={setOther} />
      )}
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button type="primary" loading={sending} disabled={!isComplete} onClick={() => void declare()}>
          {t('pool.declare-do')}
        </Button>
      </div>
    </Section>
  );
}

/** Pairs who never sit on one panel of the round. */
export function KeepApart(pooled: Pooled): ReactNode {
  const { t } = useWords();
  const { pool } = pooled;
  const nameOf = usePersonName(pool);
  const [one, setOne] = useState<string>();
  const [other, setOther] = useState<string>();
  const { act, sending, refusal } = useAct(pooled);
  const keep = async (): Promise<void> => {
    if (!(await act('keep-apart', { one, other }))) return;
    setOne(undefined);
    setOther(undefined);
  };
  return (
    <Section title={t('pool.apart')}>
      <Reviewer label={t('pool.one')} pool={pool} value={one} onChange={setOne} />
      <Reviewer label={t('pool.other')} pool={pool} value={other} onChange={setOther} />
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button
          type="primary"
          loading={sending}
          disabled={one === undefined || other === undefined || one === other}
          onClick={() => void keep()}
        >
          {t('pool.apart-do')}
        </Button>
      </div>
      <ul className="plain">
        {pool.apart.map((pair) => (
          <li key={`${pair.one} ${pair.other}`}>
            {nameOf(pair.one)} – {nameOf(pair.other)}{' '}
            <Button size="small" disabled={sending} onClick={() => void act('allow-together', pair)}>
              {t('pool.together', { one: nameOf(pair.one), other: nameOf(pair.other) })}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
