import { Button, Checkbox, Radio } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { useNames } from '../names.js';
import { TextField } from '../parts/field.js';
import { Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { useSession } from '../session.js';
import type { CaseAnswer } from '../shapes.js';
import { Due, More, Outdated } from './panel.js';
import { type ActProperties, useCaseCommand, useTyping, useRoom } from './room.js';

const choices = ['for', 'against', 'abstain'] as const;

/** Whose vote one may still cast: one's own, and those of members whose proxy one holds. */
function votersFor({ case: { visits } }: CaseAnswer, stage: string, own: string | undefined): readonly string[] {
  const sitting = visits.findLast((visit) => visit.stage === stage)?.sittings?.at(-1);
  const givers = (sitting?.proxies ?? []).filter(({ holder }) => holder === own).map(({ giver }) => giver);
  const all = own === undefined ? givers : [own, ...givers];
  return all.filter((voter) => sitting?.votes.some(({ person }) => person === voter) !== true);
}

/** A vote in a ballot. It is final. */
export function VotePanel({ act }: ActProperties): ReactNode {
  const { t, say } = useWords();
  const { answer, reload, done } = useRoom();
  const nameOf = useNames(answer.people);
  const [choice, setChoice] = useState<(typeof choices)[number]>();
  const { standing } = useSession();
  const voters = votersFor(answer, act.stage, standing?.person);
  const [chosen, setChosen] = useState<string>();
  const voter = chosen ?? voters[0];
  const { send, sending, refusal } = useCaseCommand();
  const stage = answer.definition.stages.find(({ id }) => id === act.stage);
  const submit = async (): Promise<void> => {
    if (
      (await send('cast-vote', { stage: act.stage, choice, ...(voter === standing?.person ? {} : { proxyOf: voter }) })) ===
      undefined
    )
      return;
    done({ text: t('vote.done') });
    reload();
  };
  return (
    <Section title={stage === undefined ? t('act.vote') : say(stage.title)} tone="task" extra={<Due act={act} />}>
      <p className="quiet">{t('vote.final')}</p>
      {voters.some((one) => one !== standing?.person) && (
        <Radio.Group
          aria-label={t('vote.whose')}
          value={voter}
          onChange={({ target }) => setChosen(String(target.value))}
          options={voters.map((value) => ({
            value,
            label: value === standing?.person ? t('vote.own') : nameOf(value),
          }))}
        />
      )}
      <Radio.Group
        aria-label={t('act.vote')}
        optionType="button"
        value={choice}
        onChange={({ target }) => setChoice(target.value as (typeof choices)[number])}
        options={choices.map((value) => ({ value, label: t(`vote.${value}`) }))}
      />
      <Refused refusal={refusal} onReload={reload} />
      <div className="buttons">
        <Button type="primary" loading={sending} disabled={choice === undefined} onClick={() => void submit()}>
          {choice === undefined ? t('vote.choose') : t('vote.cast', { choice: t(`vote.${choice}`) })}
        </Button>
      </div>
    </Section>
  );
}

/** The chair's casting vote. */
export function TiePanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { reload, done } = useRoom();
  const [choice, setChoice] = useState<'for' | 'against'>();
  const { send, sending, refusal } = useCaseCommand();
  const { revision, outdated } = useTyping(choice === undefined ? 'untouched' : 'begun');
  const submit = async (): Promise<void> => {
    if ((await send('break-tie', { stage: act.stage, choice }, revision)) === undefined) return;
    done({ text: t('vote.done') });
    reload();
  };
  return (
    <Section title={t('act.break-tie')} tone="task" extra={<Due act={act} />}>
      <Radio.Group
        aria-label={t('act.break-tie')}
        optionType="button"
        value={choice}
        onChange={({ target }) => setChoice(target.value as 'for' | 'against')}
        options={(['for', 'against'] as const).map((value) => ({ value, label: t(`vote.${value}`) }))}
      />
      <Outdated refusal={refusal} />
      <div className="buttons">
        <Button type="primary" loading={sending} disabled={choice === undefined || outdated} onClick={() => void submit()}>
          {choice === undefined ? t('vote.choose') : t('vote.cast', { choice: t(`vote.${choice}`) })}
        </Button>
      </div>
    </Section>
  );
}

/** The secretary draws again where there were too few reviewers. */
export function AssignPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { reload, done } = useRoom();
  const { send, sending, refusal } = useCaseCommand();
  const submit = async (): Promise<void> => {
    if ((await send('assign-reviewers', { stage: act.stage })) === undefined) return;
    done({ text: t('assign.done') });
    reload();
  };
  return (
    <Section title={t('act.assign')} tone="task">
      <p>{t('assign.what')}</p>
      <Refused refusal={refusal} onReload={reload} />
      <Button type="primary" loading={sending} onClick={() => void submit()}>
        {t('assign.do')}
      </Button>
    </Section>
  );
}

/** A conflict of interest excludes whoever declares it from the case: said before, and confirmed. */
export function ConflictPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { reload, done } = useRoom();
  const [ground, setGround] = useState('');
  const [sure, setSure] = useState(false);
  const { send, sending, refusal } = useCaseCommand();
  const submit = async (): Promise<void> => {
    if ((await send('declare-conflict', { stage: act.stage, ground: ground.trim() })) === undefined) return;
    done({ text: t('conflict.done') });
    reload();
  };
  return (
    <More title={t('act.declare-conflict')}>
      <p>{t('conflict.excludes')}</p>
      <TextField label={t('conflict.ground')} value={ground} onChange={setGround} required rows={2} maxLength={2000} />
      <Checkbox checked={sure} onChange={({ target }) => setSure(target.checked)}>
        {t('conflict.sure')}
      </Checkbox>
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button danger loading={sending} disabled={!sure || ground.trim() === ''} onClick={() => void submit()}>
          {t('conflict.do')}
        </Button>
      </div>
    </More>
  );
}

/** The applicant goes home. */
export function WithdrawPanel(): ReactNode {
  const { t } = useWords();
  const { reload, done } = useRoom();
  const [reason, setReason] = useState('');
  const [sure, setSure] = useState(false);
  const { send, sending, refusal } = useCaseCommand();
  const submit = async (): Promise<void> => {
    if ((await send('withdraw-application', { reason: reason.trim() })) === undefined) return;
    done({ text: t('withdraw.done') });
    reload();
  };
  return (
    <More title={t('act.withdraw')}>
      <TextField
        label={t('check.reason')}
        hint={t('check.reason-hint')}
        value={reason}
        onChange={setReason}
        required
        rows={2}
        maxLength={2000}
      />
      <Checkbox checked={sure} onChange={({ target }) => setSure(target.checked)}>
        {t('withdraw.sure')}
      </Checkbox>
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button danger loading={sending} disabled={!sure || reason.trim() === ''} onClick={() => void submit()}>
          {t('withdraw.do')}
        </Button>
      </div>
    </More>
  );
}
