import { type Decider, DomainError, sealed } from '#kernel';
import type { CorrectCourse, CourseCommand, CourseEvent, CourseFacts } from './catalogue.messages.js';

/** A course as its institution describes it: `course-<alliance>.<uuid>`. */
export interface Course {
  readonly facts?: CourseFacts & { readonly institution: string };
}

const refusal = (code: `course.${string}`, en: string, zh: string): DomainError => new DomainError(code, { en, zh });

export const courseDecider: Decider<CourseCommand, CourseEvent, Course> = {
  category: 'course',
  parts: 2,
  permits: {
    RegisterCourse: ({ data: { institution } }) => ({ power: 'register-course', scope: institution }),
    CorrectCourse: (_command, { facts }) => ({ power: 'register-course', ...(facts && { scope: facts.institution }) }),
  },
  initialState: {},

  decide(command, { facts }) {
    switch (command.type) {
      case 'RegisterCourse': {
        if (facts !== undefined) {
          throw refusal(
            'course.already-registered',
            'This course is registered already; send a correction.',
            '该课程已登记，请提交更正。',
          );
        }
        checkHours(command.data);
        const { institution, ...description } = command.data;
        return [{ type: 'CourseRegistered', data: { institution, ...factsOf(description) } }];
      }
      case 'CorrectCourse':
        if (facts === undefined) throw refusal('course.not-found', 'This course is not registered.', '该课程尚未登记。');
        checkHours(command.data);
        return [{ type: 'CourseCorrected', data: factsOf(command.data) }];
    }
  },

  evolve({ facts }, event) {
    switch (event.type) {
      case 'CourseRegistered':
        return { facts: event.data };
      case 'CourseCorrected':
        return { facts: { ...event.data, institution: facts?.institution ?? '' } };
    }
  },
};

const factsOf = (description: Pick<CorrectCourse, keyof CorrectCourse>): CourseFacts => ({
  ...description,
  leaderName: sealed(description.leaderName),
});

/** A blended course teaches 20 to 50 per cent of its hours online; a social practice course, 70 per cent and more in practice. */
function checkHours({ kind, hours, onlineHours = 0, practiceHours = 0 }: CorrectCourse): void {
  if (onlineHours > hours || practiceHours > hours) {
    throw refusal(
      'course.hours-exceeded',
      'A part of the hours cannot be more than all of them.',
      '线上或实践学时不能超过总学时。',
    );
  }
  if (kind === 'blended' && (onlineHours * 10 < hours * 2 || onlineHours * 10 > hours * 5)) {
    throw refusal(
      'course.not-blended',
      'A blended course teaches between 20 and 50 per cent of its hours online; correct the hours or the kind.',
      '线上线下混合式课程的线上学时应占总学时的 20%–50%，请更正学时或课程类型。',
    );
  }
  if (kind === 'social-practice' && practiceHours * 10 < hours * 7) {
    throw refusal(
      'course.too-little-practice',
      'A social practice course spends at least 70 per cent of its hours in practice; correct the hours or the kind.',
      '社会实践课程的实践学时应不少于总学时的 70%，请更正学时或课程类型。',
    );
  }
}
