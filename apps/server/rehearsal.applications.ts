import { type Definition, formFacts, languageOf } from '#workflow';
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
  /** As its credits and its kind ask for unless told. */
  readonly hours?: number;
  readonly onlineHours?: number;
  readonly practiceHours?: number;
}

const hoursPerCredit = 16;

/** Registers a course, with hours that its kind asks for. */
export const registerCourse = (scene: Scene, dean: string, { id, institution, ...course }: CourseToSubmit) =>
  scene.as(dean, 'course', id, { type: 'RegisterCourse', data: { institution, ...described(course) } });

/** Corrects what is registered of a course. */
export const correctCourse = (scene: Scene, dean: string, { id, institution: _offered, ...course }: CourseToSubmit) =>
  scene.as(dean, 'course', id, { type: 'CorrectCourse', data: described(course) });

function described(course: Omit<CourseToSubmit, 'id' | 'institution'>) {
  const { hours = Math.round(course.credits * hoursPerCredit) } = course;
  return {
    hours,
    ...(course.kind === 'blended' ? { onlineHours: Math.round(hours * 0.3) } : {}),
    ...(course.kind === 'social-practice' ? { practiceHours: Math.ceil(hours * 0.75) } : {}),
    ...course,
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
  const form = formFor(definition, course);
  const papers = papersFor(definition, form, course);
  for (const { pdf } of papers) await scene.handIn(dean, pdf);
  const files = papers.map(({ slot, pdf }) => ({ slot, ...fileDescribed(pdf) }));
  const data = { institution: course.institution, form, files };
  await scene.as(dean, 'case', `${round}.${course.id}`, { type: 'SubmitApplication', data });
}

type Form = Readonly<Record<string, string | number | boolean>>;

function formFor(definition: Definition, course: CourseToSubmit): Form {
  const whole = Object.fromEntries(definition.subject.fields.map((field) => [field.id, valueFor(field, course)]));
  const asked = definition.subject.fields.filter(({ when }) => isAsked(definition, when, whole));
  return Object.fromEntries(asked.map(({ id }) => [id, whole[id] as string | number | boolean]));
}

/** Whether something is asked of an application, by what its form says. */
const isAsked = (definition: Definition, when: string | undefined, form: Form): boolean =>
  when === undefined || languageOf(definition).holds(when, formFacts(form));

function valueFor(field: Definition['subject']['fields'][number], course: CourseToSubmit): string | number | boolean {
  switch (field.type) {
    case 'text':
      return field.id === 'title' ? course.title.zh : `${course.title.zh}：${field.label.zh}`.slice(0, field.maxLength);
    case 'integer':
      return field.id === 'leaderApplications' ? 1 : Math.min(field.max, Math.max(field.min, course.runs));
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

const papersFor = (definition: Definition, form: Form, { id }: CourseToSubmit) =>
  definition.subject.files
    .filter(({ required, when }) => required === true && isAsked(definition, when, form))
    .map(({ id: slot }) => ({ slot, pdf: pdfSaying(`${slot} of course ${id}`) }));
