import type { Definition } from '#workflow';
import { described as fileDescribed, pdfSaying } from './rehearsal.papers.js';
import type { Scene } from './rehearsal.scene.js';

/** A course as a dean's office registers it: the data of `RegisterCourse`. */
export interface CourseToSubmit {
  /** UUID. */
  readonly id: string;
  readonly institution: string;
  readonly title: { readonly zh: string; readonly en?: string };
  readonly kind: 'online' | 'offline' | 'blended' | 'virtual-simulation' | 'social-practice';
  readonly discipline: string;
  readonly credits: number;
  readonly runs: number;
  readonly leader: string;
  readonly leaderName: string;
}

const hoursPerCredit = 16;

/** Registers a course, with hours that its kind asks for. */
export const registerCourse = (scene: Scene, dean: string, { id, institution, ...course }: CourseToSubmit) =>
  scene.as(dean, 'course', id, { type: 'RegisterCourse', data: { institution, ...described(course) } });

/** Corrects what is registered of a course. */
export const correctCourse = (scene: Scene, dean: string, { id, institution: _offered, ...course }: CourseToSubmit) =>
  scene.as(dean, 'course', id, { type: 'CorrectCourse', data: described(course) });

function described(course: Omit<CourseToSubmit, 'id' | 'institution'>) {
  const hours = Math.round(course.credits * hoursPerCredit);
  return {
    ...course,
    hours,
    ...(course.kind === 'blended' ? { onlineHours: Math.round(hours * 0.3) } : {}),
    ...(course.kind === 'social-practice' ? { practiceHours: Math.ceil(hours * 0.75) } : {}),
  };
}

/** Submits a registered course to a round with a complete form: every field and file that the definition asks for. */
export async function submitCourse(
  scene: Scene,
  dean: string,
  round: string,
  definition: Definition,
  course: CourseToSubmit,
): Promise<void> {
  const papers = papersFor(definition, course);
  for (const { pdf } of papers) await scene.handIn(dean, pdf);
  const files = papers.map(({ slot, pdf }) => ({ slot, ...fileDescribed(pdf) }));
  const data = { institution: course.institution, form: formFor(definition, course), files };
  await scene.as(dean, 'case', `${round}.${course.id}`, { type: 'SubmitApplication', data });
}

function formFor(
  { subject: { fields } }: Definition,
  course: CourseToSubmit,
): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(fields.map((field) => [field.id, valueFor(field, course)]));
}

function valueFor(field: Definition['subject']['fields'][number], course: CourseToSubmit): string | number | boolean {
  switch (field.type) {
    case 'text':
      return field.id === 'title' ? course.title.zh : `${course.title.zh}：${field.label.zh}`.slice(0, field.maxLength);
    case 'integer':
      return Math.min(field.max, Math.max(field.min, course.runs));
    case 'boolean':
      return true;
    case 'date':
      return '2022-09-01';
    case 'person':
      return course.leader;
    case 'institution':
      return course.institution;
    case 'choice': {
      const values = field.choices.map(({ value }) => value);
      return values.includes(course.kind) ? course.kind : (values[0] as string);
    }
  }
}

const papersFor = ({ subject: { files } }: Definition, { id }: CourseToSubmit) =>
  files.filter(({ required }) => required === true).map(({ id: slot }) => ({ slot, pdf: pdfSaying(`${slot} of course ${id}`) }));
