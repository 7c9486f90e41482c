import { context } from '#kernel';
import { recognitionDecider } from './accreditation.decider.js';
import { recognitionShapes } from './accreditation.messages.js';

export const recognitionContext = context(recognitionDecider, recognitionShapes);
