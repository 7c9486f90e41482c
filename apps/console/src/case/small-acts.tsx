import { Checkbox, Radio } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { useNames } from '../names.js';
import { TextField } from '../parts/field.js';
import { Section } from '../parts/page.js';
import { ReasonField } from '../parts/reason.js';
import { useSession } from '../session.js';
import type { CaseAnswer, Sitting } from '../shapes.js';
import { Choice, Due, More, Order } from './panel.js';
import { type ActProperties, useRoom, useTyping } from './room.js';

const choices = ['for', 'against', 'abstain'] as const;

const sittingAt = ({ case: { visits } }: CaseAnswer, stage: string): Sitting | undefined =>
  visits.findLast((visit) => visit.stage === stage)?.sittings?.at(-1);

/** Whose vote one may still cast: one's own, and those of members whose proxy one holds. */
function votersFor(sitting: Sitting | undefined, own: string | undefined): readonly string[] {
  const givers = (sitting?.proxies ?? []).filter(({ holder }) => holder === own).map(({ giver }) => giver);
  const all = own === undefined ? givers : [own, ...givers];
  return all.filter((voter) => sitting?.votes.some(({ person }) => person === voter) !== true);
}

/** A vote in a ballot, one's own or as a proxy. */
export function VotePanel({ act }: ActProperties): ReactNode {
  const { t, say } = useWords();
  const { answer } = useRoom();
  const nameOf = useNames(answer.people);
  const { standing } = useSession();
  const [choice, setChoice] = useState<(typeof choices)[number]>();
  const [chosen, setChosen] = useState<string>();
  const sitting = sittingAt(answer, act.stage);
  const voters = votersFor(sitting, standing?.person);
  const voter = chosen !== undefined && voters.includes(chosen) ? chosen : voters[0];
  const stage = answer.definition.stages.find(({ id }) => id === act.stage);
  const title = stage === undefined ? t('act.vote') : `${t('act.vote')}${t('list.colon')}${say(stage.title)}`;
  return (
    <Section title={title} tone="task" extra={<Due act={act} />}>
      <p className="quiet">{t(sitting?.rule.secret === true ? 'vote.secret' : 'vote.open')}</p>
      {voters.some((one) => one !== standing?.person) && (
        <Radio.Group
          aria-label={t('vote.whose')}
          value={voter}
          onChange={({ target }) => setChosen(String(target.value))}
          options={voters.map((value) => ({ value, label: value === standing?.person ? t('vote.own') : nameOf(value) }))}
        />
      )}
      <Choice
        label={t('act.vote')}
        value={choice}
        onChange={setChoice}
        options={choices.map((value) => ({ value, label: t(`vote.${value}`) }))}
      />
      <Order
        command="cast-vote"
        data={{ stage: act.stage, choice, ...(voter === standing?.person ? {} : { proxyOf: voter }) }}
        told={t('vote.done')}
        ready={choice !== undefined}
        tone="primary"
      >
        {choice === undefined ? t('vote.choose') : t('vote.cast', { choice: t(`vote.${choice}`) })}
      </Order>
    </Section>
  );
}

/** The chair's casting vote. */
export function TiePanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const [choice, setChoice] = useState<'for' | 'against'>();
  const typing = useTyping(choice === undefined ? 'untouched' : 'begun');
  return (
    <Section title={t('act.break-tie')} tone="task" extra={<Due act={act} />}>
      <Choice
        label={t('act.break-tie')}
        value={choice}
        onChange={setChoice}
        options={(['for', 'against'] as const).map((value) => ({ value, label: t(`vote.${value}`) }))}
      />
      <Order
        command="break-tie"
        data={{ stage: act.stage, choice }}
        told={t('vote.done')}
        ready={choice !== undefined}
        typing={typing}
        tone="primary"
      >
        {choice === undefined ? t('vote.choose') : t('vote.cast', { choice: t(`vote.${choice}`) })}
      </Order>
    </Section>
  );
}

/** Whoever keeps a ballot reminds those who have not voted. */
export function RemindPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  return (
    <More title={t('act.remind-voters')}>
      <p className="quiet">{t('remind-voters.what')}</p>
      <Order command="send-reminder" data={{ stage: act.stage, of: act.part }} told={t('remind-voters.done')} ready>
        {t('act.remind-voters')}
      </Order>
    </More>
  );
}

/** A conflict of interest excludes whoever declares it from the case: said before, and confirmed. */
export function ConflictPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const [ground, setGround] = useState('');
  const [sure, setSure] = useState(false);
  return (
    <More title={t('act.declare-conflict')}>
      <p>{t('conflict.excludes')}</p>
      <TextField label={t('conflict.ground')} value={ground} onChange={setGround} required rows={2} maxLength={2000} />
      <Checkbox checked={sure} onChange={({ target }) => setSure(target.checked)}>
        {t('conflict.sure')}
      </Checkbox>
      <Order
        command="declare-conflict"
        data={{ stage: act.stage, ground: ground.trim() }}
        told={t('conflict.done')}
        ready={sure && ground.trim() !== ''}
        tone="danger"
      >
        {t('conflict.do')}
      </Order>
    </More>
  );
}

/** The applicant goes home. */
export function WithdrawPanel(): ReactNode {
  const { t } = useWords();
  const [reason, setReason] = useState('');
  const [sure, setSure] = useState(false);
  return (
    <More title={t('act.withdraw')}>
      <ReasonField value={reason} onChange={setReason} />
      <Checkbox checked={sure} onChange={({ target }) => setSure(target.checked)}>
        {t('withdraw.sure')}
      </Checkbox>
      <Order
        command="withdraw-application"
        data={{ reason: reason.trim() }}
        told={t('withdraw.done')}
        ready={sure && reason.trim() !== ''}
        tone="danger"
      >
        {t('withdraw.do')}
      </Order>
    </More>
  );
}
