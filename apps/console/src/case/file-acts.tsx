import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { useZoneName } from '../parts/deadline.js';
import { DayField, TextField } from '../parts/field.js';
import { FileField } from '../parts/file-field.js';
import { Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import type { FileKept } from '../shapes.js';
import type { FileCorrection } from '../shapes.offices.js';
import { endOfDay } from '../time.js';
import { Many } from './office-acts.js';
import { Due, More } from './panel.js';
import { type ActProperties, useCaseCommand, useRoom } from './room.js';

/** The files of the form by their slots. */
function useSlots(): ReadonlyMap<string, string> {
  const { say } = useWords();
  const { definition } = useRoom().answer;
  return new Map(definition.files.map(({ id, label }) => [id, say(label)]));
}

const openIn = (corrections: readonly FileCorrection[] | undefined): FileCorrection | undefined =>
  corrections?.find(({ ended }) => ended === undefined);

/** The applicant asks to replace files after the deadline. */
export function RequestFilesPanel(): ReactNode {
  const { t } = useWords();
  const { reload, done } = useRoom();
  const options = useSlots();
  const [slots, setSlots] = useState<readonly string[]>([]);
  const [reason, setReason] = useState('');
  const { send, sending, refusal } = useCaseCommand();
  const submit = async (): Promise<void> => {
    if ((await send('request-file-correction', { slots, reason: reason.trim() })) === undefined) return;
    done({ text: t('files.asked') });
    reload();
  };
  return (
    <More title={t('act.request-files')}>
      <Many label={t('files.which')} value={slots} onChange={setSlots} options={options} />
      <TextField label={t('files.reason')} value={reason} onChange={setReason} required rows={2} maxLength={2000} />
      <Refused refusal={refusal} onReload={reload} />
      <div className="buttons">
        <Button loading={sending} disabled={slots.length === 0 || reason.trim() === ''} onClick={() => void submit()}>
          {t('files.ask')}
        </Button>
      </div>
    </More>
  );
}

/** Whoever keeps the procedure grants the files asked for, until a day, or denies. */
export function GrantFilesPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const zoneName = useZoneName();
  const { answer, reload, done } = useRoom();
  const options = useSlots();
  const asked = openIn(answer.case.fileCorrections);
  const [lastDay, setLastDay] = useState('');
  const [reason, setReason] = useState('');
  const { send, sending, refusal } = useCaseCommand();
  if (asked === undefined) return null;
  const { request, slots } = asked;
  const { zone } = answer.definition;
  const answered = async (name: string, data: object): Promise<void> => {
    if ((await send(name, { request, reason: reason.trim(), ...data }, answer.revision)) === undefined) return;
    done({ text: t('files.answered') });
    reload();
  };
  const files = slots.map((slot) => options.get(slot) ?? slot).join(t('list.comma'));
  return (
    <Section title={t('act.grant-files')} tone="task" extra={<Due act={act} />}>
      <p className="prose">{t('files.asked-for', { files, reason: asked.reason })}</p>
      <DayField
        label={t('files.until')}
        hint={t('files.until-hint', { zone: zoneName(zone) })}
        value={lastDay}
        onChange={setLastDay}
      />
      <TextField label={t('files.reason')} value={reason} onChange={setReason} required rows={2} maxLength={2000} />
      <Refused refusal={refusal} onReload={reload} />
      <div className="buttons">
        <Button
          type="primary"
          loading={sending}
          disabled={lastDay === '' || reason.trim() === ''}
          onClick={() => void answered('grant-file-correction', { slots, until: endOfDay(lastDay, zone) })}
        >
          {t('files.grant')}
        </Button>
        <Button loading={sending} disabled={reason.trim() === ''} onClick={() => void answered('deny-file-correction', {})}>
          {t('files.deny')}
        </Button>
      </div>
    </Section>
  );
}

/** The applicant replaces the files that were granted. */
export function ReplaceFilesPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const { answer, reload, done } = useRoom();
  const options = useSlots();
  const asked = openIn(answer.case.fileCorrections);
  const [chosen, setChosen] = useState<Readonly<Record<string, Omit<FileKept, 'slot'> | undefined>>>({});
  const { send, sending, refusal } = useCaseCommand();
  if (asked?.granted === undefined) return null;
  const files = Object.entries(chosen).flatMap(([slot, file]) => (file === undefined ? [] : [{ slot, ...file }]));
  const submit = async (): Promise<void> => {
    if ((await send('replace-files', { request: asked.request, files })) === undefined) return;
    done({ text: t('files.replaced') });
    reload();
  };
  return (
    <Section title={t('act.replace-files')} tone="task" extra={<Due act={act} />}>
      <p className="prose">{asked.granted.reason}</p>
      {asked.granted.slots.map((slot) => (
        <FileField
          key={slot}
          label={options.get(slot) ?? slot}
          value={chosen[slot]}
          onChange={(file) => setChosen({ ...chosen, [slot]: file })}
        />
      ))}
      <Refused refusal={refusal} onReload={reload} />
      <div className="buttons">
        <Button type="primary" loading={sending} disabled={files.length === 0} onClick={() => void submit()}>
          {t('files.replace')}
        </Button>
      </div>
    </Section>
  );
}
