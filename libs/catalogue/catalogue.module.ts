import { context } from '#kernel';
import { courseDecider } from './catalogue.decider.js';
import { courseShapes } from './catalogue.messages.js';

export const courseContext = context(courseDecider, courseShapes);
