import { Button, InputNumber, Select } from 'antd';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { Labelled, TextField } from '../parts/field.js';
import { faultsOf, Refused } from '../parts/refused.js';
import { useCommand } from '../sending.js';
import { useSession } from '../session.js';

const kinds = ['online', 'offline', 'blended', 'virtual-simulation', 'social-practice'] as const;
const disciplines = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '13'] as const;

interface Course {
  readonly zh: string;
  readonly en: string;
  readonly kind: (typeof kinds)[number];
  readonly discipline: string;
  readonly credits: number;
  readonly hours: number;
  readonly onlineHours: number;
  readonly practiceHours: number;
  readonly runs: number;
  readonly leaderName: string;
}

const blank: Course = {
  zh: '',
  en: '',
  kind: 'online',
  discipline: '08',
  credits: 2,
  hours: 32,
  onlineHours: 10,
  practiceHours: 24,
  runs: 2,
  leaderName: '',
};

interface Properties {
  readonly institution: string;
  readonly onRegistered: (course: string) => void;
}

/** Registers a course, which an application is about. */
export function CourseForm({ institution, onRegistered }: Properties): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const [course, setCourse] = useState(blank);
  const [ids] = useState(() => ({ course: crypto.randomUUID(), leader: `person-${crypto.randomUUID()}` }));
  const { send, sending, refusal } = useCommand();
  const faults = refusal === undefined ? new Map<string, string>() : faultsOf(refusal);
  const change = (part: Partial<Course>): void => setCourse({ ...course, ...part });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { zh, en, onlineHours, practiceHours, kind, ...facts } = course;
    const data = {
      ...facts,
      kind,
      title: { zh, ...(en === '' ? {} : { en }) },
      institution,
      leader: ids.leader,
      ...(kind === 'blended' ? { onlineHours } : {}),
      ...(kind === 'social-practice' ? { practiceHours } : {}),
    };
    const receipt = await send({ context: 'course', id: `${alliance?.id ?? ''}.${ids.course}`, name: 'register-course', data });
    if (receipt !== undefined) onRegistered(ids.course);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="form">
      <TextField
        label={t('course.title-zh')}
        value={course.zh}
        onChange={(zh) => change({ zh })}
        required
        maxLength={100}
        fault={faults.has('title') ? t('fault.missing') : undefined}
      />
      <TextField label={t('course.title-en')} value={course.en} onChange={(en) => change({ en })} maxLength={200} />
      <TextField
        label={t('course.leader')}
        value={course.leaderName}
        onChange={(leaderName) => change({ leaderName })}
        required
        maxLength={100}
        fault={faults.has('leaderName') ? t('fault.missing') : undefined}
      />
      <Choices course={course} change={change} />
      <Numbers course={course} change={change} />
      <Refused refusal={refusal} />
      <Button
        type="primary"
        htmlType="submit"
        loading={sending}
        disabled={course.zh.trim() === '' || course.leaderName.trim() === ''}
      >
        {t('course.register-and-go')}
      </Button>
    </form>
  );
}

interface PartProperties {
  readonly course: Course;
  readonly change: (part: Partial<Course>) => void;
}

function Choices({ course, change }: PartProperties): ReactNode {
  const { t } = useWords();
  return (
    <div className="field-row">
      <Labelled label={t('course.kind')} required>
        {(control) => (
          <Select
            {...control}
            value={course.kind}
            onChange={(kind) => change({ kind })}
            options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
          />
        )}
      </Labelled>
      <Labelled label={t('course.discipline')} required>
        {(control) => (
          <Select
            {...control}
            value={course.discipline}
            onChange={(discipline) => change({ discipline })}
            options={disciplines.map((value) => ({ value, label: `${value} ${t(`discipline.${value}`)}` }))}
          />
        )}
      </Labelled>
    </div>
  );
}

function Numbers({ course, change }: PartProperties): ReactNode {
  const { t } = useWords();
  const number = (name: 'credits' | 'hours' | 'runs' | 'onlineHours' | 'practiceHours', min: number, step = 1): ReactNode => (
    <Labelled label={t(`course.${name}`)} required>
      {(control) => (
        <InputNumber
          {...control}
          min={min}
          max={600}
          step={step}
          value={course[name]}
          onChange={(value) => change({ [name]: value ?? min })}
        />
      )}
    </Labelled>
  );
  return (
    <div className="field-row">
      {number('credits', 0.25, 0.5)}
      {number('hours', 1)}
      {course.kind === 'blended' && number('onlineHours', 0)}
      {course.kind === 'social-practice' && number('practiceHours', 0)}
      {number('runs', 0)}
    </div>
  );
}
