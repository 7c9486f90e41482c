import { context } from '#kernel';
import { institutionDecider, organDecider } from './organisation.decider.js';
import { institutionShapes, organShapes } from './organisation.messages.js';

export const organContext = context(organDecider, organShapes);

export const institutionContext = context(institutionDecider, institutionShapes);
