import type { ReadRoute } from '../http/read-route.js';
import { allianceReads } from './alliance.reads.js';
import { bulkReads } from './bulk.reads.js';
import { assignmentPoolReads } from './assignment.pool.reads.js';
import { assignmentReads } from './assignment.reads.js';
import { calendarReads } from './calendar.reads.js';
import { caseReads } from './case.reads.js';
import { charterReads } from './charter.reads.js';
import { courseReads } from './course.reads.js';
import { demonstrationReads } from './demonstration.reads.js';
import { definitionReads } from './definition.reads.js';
import { deskReads } from './desk.reads.js';
import type { Doors } from './doors.js';
import { drawingReads } from './drawing.reads.js';
import { fileReads } from './file.reads.js';
import { incidentReads } from './incident.reads.js';
import { meetingReads } from './meeting.reads.js';
import { migrationReads } from './migration.reads.js';
import { publicReads } from './public.reads.js';
import { rankingReads } from './ranking.reads.js';
import { registrationReads } from './registration.reads.js';
import { roundReads } from './round.reads.js';
import { whatIfReads } from './what-if.reads.js';

/** Every read route there is. */
export const allReads = (doors: Doors): readonly ReadRoute[] => [
  ...allianceReads(doors),
  ...charterReads(doors),
  ...roundReads(doors),
  ...calendarReads(doors),
  ...assignmentReads(doors),
  ...assignmentPoolReads(doors),
  ...rankingReads(doors),
  ...migrationReads(doors),
  ...whatIfReads(doors),
  ...incidentReads(doors),
  ...meetingReads(doors),
  ...definitionReads(doors),
  ...drawingReads(doors),
  ...caseReads(doors),
  ...bulkReads(doors),
  ...registrationReads(doors),
  ...publicReads(doors),
  ...courseReads(doors),
  ...deskReads(doors),
  ...fileReads(doors),
  ...demonstrationReads(doors),
];
