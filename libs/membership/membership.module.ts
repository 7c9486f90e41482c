import { context, contextModule } from '#kernel';
import { membershipDecider } from './membership.decider.js';
import { membershipShapes } from './membership.messages.js';

export const membershipContext = context(membershipDecider, membershipShapes);
export const membershipModule = contextModule(membershipContext);
