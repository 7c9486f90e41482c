import { Alert, Empty } from 'antd';
import { type ReactNode, useEffect, useMemo } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useDefinitions } from '../definitions.js';
import { useDraft } from '../draft.js';
import { useWords } from '../language.js';
import { type Application, ApplicationForm } from '../parts/application-form.js';
import { Page, Read } from '../parts/page.js';
import { RoundCloses } from '../parts/round-link.js';
import { leadersOf } from '../persons.js';
import { usePages } from '../reading.js';
import { useCommand } from '../sending.js';
import { useOffices, useSession } from '../session.js';
import type { Course, Definition, FieldValue } from '../shapes.js';

/** The second step of an application: form and files of one course. */
export function ApplyFor(): ReactNode {
  const { t } = useWords();
  const { round = '', course: id = '' } = useParams();
  const { standing } = useSession();
  const institutions = useOffices();
  const definition = useDefinitions([round]).get(round);
  return (
    <Page
      title={t('apply')}
      above={<Link to={`/rounds/${round}/apply`}>{t('apply.which')}</Link>}
      below={<RoundCloses round={round} />}
    >
      {definition !== undefined &&
        institutions.map((institution) => (
          <OfInstitution key={institution} institution={institution} definition={definition} round={round} course={id} />
        ))}
      {standing !== undefined && institutions.length === 0 && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('apply.not-you')} />
      )}
    </Page>
  );
}

interface OfProperties {
  readonly institution: string;
  readonly definition: Definition;
  readonly round: string;
  readonly course: string;
}

/** Someone who works for two offices has two lists of courses; the course is in one of them. */
function OfInstitution({ institution, definition, round, course: id }: OfProperties): ReactNode {
  const { alliance } = useSession();
  const pages = usePages<Course>(
    `/v1/alliances/${alliance?.id ?? ''}/courses?institution=${institution}&round=${round}&limit=200`,
  );
  const course = pages.data?.find((candidate) => candidate.course === id);
  const { more } = pages;
  const listed = pages.data?.length;
  useEffect(() => {
    if (course === undefined) more?.();
  }, [listed]);
  return (
    <Read reading={pages}>
      {(courses) => {
        if (course === undefined) return null;
        if (course.case !== null) return <Submitted id={course.case} />;
        return (
          <CourseApplication institution={institution} definition={definition} round={round} course={course} courses={courses} />
        );
      }}
    </Read>
  );
}

/** Whoever comes back to the form finds where the application is. */
function Submitted({ id }: { readonly id: string }): ReactNode {
  const { t } = useWords();
  return (
    <Alert type="info" showIcon title={t('apply.already')} action={<Link to={`/cases/${id}`}>{t('apply.submitted')}</Link>} />
  );
}

/** What the register knows already need not be typed again. */
function prefilled({ fields }: Definition, { titleZh, kind, runs, leader }: Course): Application {
  const facts: Readonly<Record<string, FieldValue>> = { title: titleZh, kind, cycles: runs, leader };
  return { form: Object.fromEntries(fields.flatMap(({ id }) => (facts[id] === undefined ? [] : [[id, facts[id]]]))), files: [] };
}

function CourseApplication({
  institution,
  definition,
  round,
  course,
  courses,
}: Omit<OfProperties, 'course'> & { readonly course: Course; readonly courses: readonly Course[] }): ReactNode {
  const { t } = useWords();
  const navigate = useNavigate();
  const { send, sending, refusal } = useCommand();
  const id = `${round}.${course.course}`;
  const draft = useDraft<Application>(`application.${id}`, prefilled(definition, course));
  const people = useMemo(() => leadersOf(courses), [courses]);
  const submit = async ({ form, files }: Application): Promise<void> => {
    const receipt = await send({ context: 'case', id, name: 'submit-application', data: { institution, form, files } });
    if (receipt === undefined) return;
    await draft.discard();
    await navigate(`/cases/${receipt.stream.slice('case-'.length)}/receipt`);
  };
  return (
    <ApplicationForm
      definition={definition}
      draft={draft}
      refusal={refusal}
      sending={sending}
      submitLabel={t('apply.submit')}
      onSubmit={(application) => void submit(application)}
      people={people}
    />
  );
}
