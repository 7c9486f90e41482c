import { recognitionContext, recognitionsView } from '#accreditation';
import { courseContext, coursesView } from '#catalogue';
import { charterContext, chartersView } from '#charter';
import { peopleView, personContext } from '#identity';
import type { Context, View } from '#kernel';
import { membershipContext, membershipsView } from '#membership';
import { institutionContext, institutionsView, organContext, seatsView } from '#organisation';
import {
  bulkContext,
  calendarContext,
  caseContext,
  assignmentContext,
  casesView,
  type ContextsKnown,
  definitionContextFor,
  meetingContext,
  meetingsView,
  incidentContext,
  rankingContext,
  roundContextFor,
  noticesContext,
  noticesView,
  placesContext,
  registrationContext,
  registrationsView,
  skipsView,
  standingContext,
} from '#workflow';
import { contextKnown } from './contexts-known.js';

export const definitionContext = definitionContextFor(() => contextsKnown);
export const roundContext = roundContextFor(() => contextsKnown);

/** Every context of the house: what commands there are, and where they go. */
export const allContexts: readonly Context[] = [
  charterContext,
  organContext,
  institutionContext,
  membershipContext,
  personContext,
  courseContext,
  recognitionContext,
  definitionContext,
  calendarContext,
  incidentContext,
  roundContext,
  rankingContext,
  assignmentContext,
  caseContext,
  meetingContext,
  standingContext,
  bulkContext,
  noticesContext,
  registrationContext,
  placesContext,
];

/** The same, as far as workflows may rest on them. */
export const contextsKnown: ContextsKnown = Object.fromEntries(
  allContexts.map((context) => [context.name, contextKnown(context)]),
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
