import { context } from '#kernel';
import { charterDecider } from './charter.decider.js';
import { charterShapes } from './charter.messages.js';

export const charterContext = context(charterDecider, charterShapes);
