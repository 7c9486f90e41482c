import { context } from '#kernel';
import { personDecider } from './identity.decider.js';
import { personShapes } from './identity.messages.js';

export const personContext = context(personDecider, personShapes);
