import { Button, Empty } from 'antd';
import { type ReactNode, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useWords } from '../language.js';
import { Page, Read, Section, ShowMore } from '../parts/page.js';
import { RoundCloses, RoundLink } from '../parts/round-link.js';
import { usePages } from '../reading.js';
import { useOffices, useSession } from '../session.js';
import type { Course } from '../shapes.js';
import { CourseForm } from './course-form.js';

/** The first step of an application: which course. */
export function Apply(): ReactNode {
  const { t } = useWords();
  const round = useParams()['round'] as string;
  const { standing } = useSession();
  const institutions = useOffices();
  return (
    <Page title={t('apply')} above={<RoundLink round={round} />} below={<RoundCloses round={round} />}>
      {standing !== undefined && institutions.length === 0 && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('apply.not-you')} />
      )}
      {institutions.map((institution) => (
        <Courses key={institution} institution={institution} round={round} />
      ))}
    </Page>
  );
}

function Courses({ institution, round }: { readonly institution: string; readonly round: string }): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const navigate = useNavigate();
  const [registering, setRegistering] = useState(false);
  const pages = usePages<Course>(
    `/v1/alliances/${alliance?.id ?? ''}/courses?institution=${institution}&round=${round}`,
    () => true,
  );
  return (
    <>
      <Section title={t('apply.which')}>
        <Read reading={pages}>{(courses) => <CourseList courses={courses} round={round} more={pages.more} />}</Read>
      </Section>
      <Section title={t('course.new')}>
        {registering ? (
          <CourseForm institution={institution} onRegistered={(course) => void navigate(`/rounds/${round}/apply/${course}`)} />
        ) : (
          <Button onClick={() => setRegistering(true)}>{t('course.register')}</Button>
        )}
      </Section>
    </>
  );
}

interface ListProperties {
  readonly courses: readonly Course[];
  readonly round: string;
  readonly more: (() => void) | undefined;
}

function CourseList({ courses, round, more }: ListProperties): ReactNode {
  const { t, known } = useWords();
  if (courses.length === 0) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('apply.no-courses')} />;
  return (
    <>
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">{t('case.title')}</th>
            <th scope="col">{t('course.leader')}</th>
            <th scope="col">{t('apply.state')}</th>
          </tr>
        </thead>
        <tbody>
          {courses.map(({ course, titleZh, titleEn, kind, credits, leaderName, case: submitted }) => {
            return (
              <tr key={course}>
                <td data-label={t('case.title')}>
                  <span className="row-title">{titleZh}</span>
                  <div className="quiet">
                    {[titleEn, known(`kind.${kind}`, kind), t('course.credits-are', { credits })].filter(Boolean).join(' · ')}
                  </div>
                </td>
                <td data-label={t('course.leader')}>{leaderName}</td>
                <td data-label={t('apply.state')}>
                  {submitted === null ? (
                    <Link
                      to={`/rounds/${round}/apply/${course}`}
                      className="ant-btn-like"
                      aria-label={`${t('apply.with')}${t('list.colon')}${titleZh}`}
                    >
                      {t('apply.with')}
                    </Link>
                  ) : (
                    <Link to={`/cases/${submitted}`}>{t('apply.submitted')}</Link>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <ShowMore more={more} />
    </>
  );
}
