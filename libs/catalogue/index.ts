export { type Course, courseDecider } from './catalogue.decider.js';
export {
  type CorrectCourse,
  type CourseCommand,
  type CourseEvent,
  type CourseFacts,
  type CourseKind,
  courseKinds,
  type RegisterCourse,
} from './catalogue.messages.js';
export { courseContext } from './catalogue.module.js';
export { type CourseRow, coursesView, findCourses } from './catalogue.views.js';
