import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { useZoneName } from '../parts/deadline.js';
import { DayField } from '../parts/field.js';
import { FileField } from '../parts/file-field.js';
import { Section } from '../parts/page.js';
import { ReasonField } from '../parts/reason.js';
import type { FileKept } from '../shapes.js';
import type { FileCorrection } from '../shapes.offices.js';
import { endOfDay } from '../time.js';
import { Many } from './office-acts.js';
import { Due, More, Order } from './panel.js';
import { type ActProperties, useRoom, useTyping } from './room.js';

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
  const options = useSlots();
  const [slots, setSlots] = useState<readonly string[]>([]);
  const [reason, setReason] = useState('');
  return (
    <More title={t('act.request-files')}>
      <Many label={t('files.which')} value={slots} onChange={setSlots} options={options} />
      <ReasonField value={reason} onChange={setReason} />
      <Order
        command="request-file-correction"
        data={{ slots, reason: reason.trim() }}
        told={t('files.asked')}
        ready={slots.length > 0 && reason.trim() !== ''}
      >
        {t('files.ask')}
      </Order>
    </More>
  );
}

/** Whoever keeps the procedure grants the files asked for, until a day, or denies. */
export function GrantFilesPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const zoneName = useZoneName();
  const { answer } = useRoom();
  const options = useSlots();
  const asked = openIn(answer.case.fileCorrections);
  const [lastDay, setLastDay] = useState('');
  const [reason, setReason] = useState('');
  const typing = useTyping(reason === '' ? 'untouched' : 'begun');
  if (asked === undefined) return null;
  const { request, slots } = asked;
  const { zone } = answer.definition;
  const files = slots.map((slot) => options.get(slot) ?? slot).join(t('list.comma'));
  const answered = { request, reason: reason.trim() };
  return (
    <Section title={t('act.grant-files')} tone="task" extra={<Due act={act} />}>
      <p className="prose">{t('files.asked-for', { files, reason: asked.reason })}</p>
      <DayField
        label={t('files.until')}
        hint={t('files.until-hint', { zone: zoneName(zone) })}
        value={lastDay}
        onChange={setLastDay}
      />
      <ReasonField value={reason} onChange={setReason} />
      <Order
        command="grant-file-correction"
        data={{ ...answered, slots, ...(lastDay === '' ? {} : { until: endOfDay(lastDay, zone) }) }}
        told={t('files.answered')}
        ready={lastDay !== '' && reason.trim() !== ''}
        typing={typing}
        tone="primary"
      >
        {t('files.grant')}
      </Order>
      <Order
        command="deny-file-correction"
        data={answered}
        told={t('files.answered')}
        ready={reason.trim() !== ''}
        typing={typing}
        tone="danger"
      >
        {t('files.deny')}
      </Order>
    </Section>
  );
}

/** The applicant replaces the files that were granted. */
export function ReplaceFilesPanel({ act }: ActProperties): ReactNode {
  const { t } = useWords();
  const options = useSlots();
  const asked = openIn(useRoom().answer.case.fileCorrections);
  const [chosen, setChosen] = useState<Readonly<Record<string, Omit<FileKept, 'slot'> | undefined>>>({});
  if (asked?.granted === undefined) return null;
  const files = Object.entries(chosen).flatMap(([slot, file]) => (file === undefined ? [] : [{ slot, ...file }]));
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
      <Order
        command="replace-files"
        data={{ request: asked.request, files }}
        told={t('files.replaced')}
        ready={files.length > 0}
        tone="primary"
      >
        {t('files.replace')}
      </Order>
    </Section>
  );
}
