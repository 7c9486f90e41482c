import { context } from '#kernel';
import { membershipDecider } from './membership.decider.js';
import { membershipShapes } from './membership.messages.js';

export const membershipContext = context(membershipDecider, membershipShapes);
