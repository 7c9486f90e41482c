import { recognitionModule, recognitionsView } from '#accreditation';
import { courseModule, coursesView } from '#catalogue';
import { charterModule, chartersView } from '#charter';
import { peopleView, personModule } from '#identity';
import type { ContextModule, View } from '#kernel';
import { membershipModule, membershipsView } from '#membership';
import { institutionModule, institutionsView, organModule, seatsView } from '#organisation';
import {
  bulkModule,
  calendarModule,
  caseModule,
  assignmentModule,
  casesView,
  meetingModule,
  meetingsView,
  definitionModule,
  incidentModule,
  rankingModule,
  roundModule,
  noticesModule,
  noticesView,
  placesModule,
  registrationModule,
  registrationsView,
  skipsView,
  standingModule,
} from '#workflow';

/** Every context of the house: what commands there are, and where they go. */
export const contextModules: readonly ContextModule[] = [
  charterModule,
  organModule,
  institutionModule,
  membershipModule,
  personModule,
  courseModule,
  recognitionModule,
  definitionModule,
  calendarModule,
  incidentModule,
  roundModule,
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
