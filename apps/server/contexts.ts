import { recognitionModule, recognitionsView } from '#accreditation';
import { courseModule, coursesView } from '#catalogue';
import { charterModule, chartersView } from '#charter';
import { peopleView, personModule } from '#identity';
import { contextModule, type ContextModule, type View } from '#kernel';
import { membershipModule, membershipsView } from '#membership';
import { institutionModule, institutionsView, organModule, seatsView } from '#organisation';
import {
  bulkModule,
  calendarModule,
  caseModule,
  assignmentModule,
  casesView,
  type ContextsKnown,
  definitionContextFor,
  meetingModule,
  meetingsView,
  incidentModule,
  rankingModule,
  roundContextFor,
  noticesModule,
  noticesView,
  placesModule,
  registrationModule,
  registrationsView,
  skipsView,
  standingModule,
} from '#workflow';
import { contextKnown } from './contexts-known.js';

export const definitionContext = definitionContextFor(() => contextsKnown);
export const roundContext = roundContextFor(() => contextsKnown);

/** Every context of the house: what commands there are, and where they go. */
export const contextModules: readonly ContextModule[] = [
  charterModule,
  organModule,
  institutionModule,
  membershipModule,
  personModule,
  courseModule,
  recognitionModule,
  contextModule(definitionContext),
  calendarModule,
  incidentModule,
  contextModule(roundContext),
  rankingModule,
  assignmentModule,
  caseModule,
  meetingModule,
  standingModule,
  bulkModule,
  noticesModule,
  registrationModule,
  placesModule,
];

/** The same, as far as workflows may rest on them. */
export const contextsKnown: ContextsKnown = Object.fromEntries(
  contextModules.map(({ context }) => [context.name, contextKnown(context)]),
);

/** Every read model, but what is owed: that one belongs to the workflow runtime. */
export const views: readonly View[] = [
  chartersView,
  seatsView,
  institutionsView,
  membershipsView,
  peopleView,
  coursesView,
  recognitionsView,
  casesView,
  noticesView,
  registrationsView,
  meetingsView,
  skipsView,
];
