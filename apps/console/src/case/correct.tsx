import { Alert } from 'antd';
import { type ReactNode, useMemo } from 'react';
import { useNavigate } from 'react-router';
import { useDraft } from '../draft.js';
import { useWords } from '../language.js';
import { peopleNames } from '../names.js';
import { type Application, ApplicationForm } from '../parts/application-form.js';
import { Section } from '../parts/page.js';
import { Due } from './panel.js';
import { type ActProperties, useCaseCommand, useRoom } from './room.js';

/** The applicant's correction: the same form again, as it was handed in, with the reason above it. */
export function CorrectPanel({ act }: ActProperties): ReactNode {
  const { t, language } = useWords();
  const { answer } = useRoom();
  const navigate = useNavigate();
  const { id, definition, case: shown, people } = answer;
  const { send, sending, refusal } = useCaseCommand();
  const draft = useDraft<Application>(`correction.${id}.${act.stage}.${shown.version}`, { form: shown.form, files: shown.files });
  const inForm = useMemo(() => {
    const said = Object.values(shown.form);
    return new Map([...peopleNames(people, language)].filter(([person]) => said.includes(person)));
  }, [people, language, shown.form]);
  const correction = shown.visits
    .filter(({ stage, left }) => stage === act.stage && left === undefined)
    .flatMap(({ corrections }) => corrections ?? [])
    .findLast(({ ended }) => ended === undefined);
  const submit = async (application: Application): Promise<void> => {
    if ((await send('resubmit-application', { stage: act.stage, ...application })) === undefined) return;
    await draft.discard();
    await navigate(`/cases/${id}/receipt`);
  };
  return (
    <Section title={t('act.correct')} tone="task" extra={<Due act={act} />}>
      {correction !== undefined && (
        <Alert
          type="warning"
          showIcon
          title={t('correct.reason')}
          description={<span className="prose">{correction.reason}</span>}
        />
      )}
      <ApplicationForm
        definition={definition}
        draft={draft}
        refusal={refusal}
        sending={sending}
        submitLabel={t('correct.submit')}
        onSubmit={(application) => void submit(application)}
        people={inForm}
      />
    </Section>
  );
}
