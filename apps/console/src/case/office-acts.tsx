import { Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { useNames } from '../names.js';
import { Labelled } from '../parts/field.js';
import { ReasonField } from '../parts/reason.js';
import { useRead } from '../reading.js';
import { useSession } from '../session.js';
import type { CaseAnswer, Seat, Visit } from '../shapes.js';
import { More, Order } from './panel.js';
import { type ActProperties, useRoom, useTyping } from './room.js';

/** Hands the reader's task to a colleague, with a reason. */
export function TransferPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const nameOf = useNames(useRoom().answer.people);
  const [to, setTo] = useState<string>();
  const [reason, setReason] = useState('');
  const typing = useTyping(to === undefined && reason === '' ? 'untouched' : 'begun');
  return (
    <More title={t('act.transfer')}>
      <p className="quiet">{t('transfer.what')}</p>
      <Labelled label={t('transfer.to')} required>
        {(control) => (
          <Select
            {...control}
            value={to ?? null}
            onChange={setTo}
            options={(act.people ?? []).map((person) => ({ value: person, label: nameOf(person) }))}
          />
        )}
      </Labelled>
      <ReasonField value={reason} onChange={setReason} hint={t('reason.sealed')} />
      <Order
        command="transfer-task"
        data={{ stage: act.stage, part: act.part, to, reason: reason.trim() }}
        told={t('transfer.done')}
        ready={to !== undefined && reason.trim() !== ''}
        typing={typing}
      >
        {t('transfer.do')}
      </Order>
    </More>
  );
}

/** Gives a task that was handed over back to the organ. */
export function TakeBackPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { answer } = useRoom();
  const nameOf = useNames(answer.people);
  const [reason, setReason] = useState('');
  const typing = useTyping(reason === '' ? 'untouched' : 'begun');
  const open = answer.case.visits.find(({ stage, left }) => stage === act.stage && left === undefined);
  const handed = open?.handed?.find(({ part }) => part === act.part);
  return (
    <More title={t('act.take-back')}>
      {handed !== undefined && <p>{t('take-back.has', { name: nameOf(handed.to) })}</p>}
      <ReasonField value={reason} onChange={setReason} hint={t('reason.sealed')} />
      <Order
        command="take-back-task"
        data={{ stage: act.stage, part: act.part, reason: reason.trim() }}
        told={t('take-back.done')}
        ready={reason.trim() !== ''}
        typing={typing}
      >
        {t('take-back.do')}
      </Order>
    </More>
  );
}

/** Takes back the reader's own signature, answer, review or vote. */
export function RetractPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const nameOf = useNames(useRoom().answer.people);
  const isProxy = act.part?.startsWith('person-') === true;
  return (
    <More title={t('act.retract')}>
      <p className="quiet">{t('retract.what')}</p>
      {isProxy && <p>{t('retract.proxy', { name: nameOf(act.part ?? '') })}</p>}
      <Order
        command="retract-act"
        data={{ stage: act.stage, ...(act.part === undefined ? {} : { party: act.part }) }}
        told={t('retract.done')}
        ready
      >
        {t('retract.do')}
      </Order>
    </More>
  );
}

interface Sitting extends Seat {
  readonly person: string;
  readonly name?: { readonly en: string; readonly zh: string };
}

/** Lets people and organs of the alliance read the application. */
export function CopyPanel({ act }: ActProperties): ReactNode {
  const { t, say, known } = useWords();
  const { alliance } = useSession();
  const [people, setPeople] = useState<readonly string[]>([]);
  const [organs, setOrgans] = useState<readonly string[]>([]);
  const seats = useRead<{ items: readonly Sitting[] }>(alliance && `/v1/alliances/${alliance.id}/seats`).data?.items ?? [];
  const persons = new Map(seats.map(({ person, name }) => [person, name === undefined ? person : say(name)]));
  const groups = new Map(
    seats.map(({ organ, scope }) => [
      scope === null ? organ : `${organ} ${scope}`,
      `${known(`organ.${organ}`, organ)}${scope === null ? '' : ` ${scope}`}`,
    ]),
  );
  const named = organs.map((one) => {
    const [organ, scope] = one.split(' ');
    return { organ, ...(scope === undefined ? {} : { scope }) };
  });
  return (
    <More title={t('act.copy')}>
      <p className="quiet">{t('copy.what')}</p>
      <Many label={t('copy.people')} value={people} onChange={setPeople} options={persons} />
      <Many label={t('copy.organs')} value={organs} onChange={setOrgans} options={groups} />
      <Order
        command="copy-case"
        data={{ stage: act.stage, people, organs: named }}
        told={t('copy.done')}
        ready={people.length + organs.length > 0}
      >
        {t('copy.do')}
      </Order>
    </More>
  );
}

interface ManyProperties {
  readonly label: string;
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
  /** What is read, by what is sent. */
  readonly options: ReadonlyMap<string, string>;
}

/** Several of a list. */
export function Many({ label, value, onChange, options }: ManyProperties): ReactNode {
  return (
    <Labelled label={label}>
      {(control) => (
        <Select
          {...control}
          mode="multiple"
          optionFilterProp="label"
          value={[...value]}
          onChange={onChange}
          options={[...options].map(([one, read]) => ({ value: one, label: read }))}
        />
      )}
    </Labelled>
  );
}

/** Who has signed a check, who has refused and who has not answered yet. */
export function Signatures({ visit, answer: { people } }: { readonly visit: Visit; readonly answer: CaseAnswer }): ReactNode {
  const { t } = useWords();
  const nameOf = useNames(people);
  if (visit.signing === undefined) return null;
  const { signers, signatures } = visit.signing;
  return (
    <article className="review">
      <h3>{t('sign.title')}</h3>
      <ul className="plain scores">
        {signers.map(({ person }) => {
          const given = signatures.find((one) => one.person === person);
          const read = given === undefined ? 'sign.missing' : given.signed ? 'sign.yes' : 'sign.no';
          return (
            <li key={person}>
              {nameOf(person)} <strong>{t(read)}</strong> {given?.reason}
            </li>
          );
        })}
      </ul>
    </article>
  );
}
