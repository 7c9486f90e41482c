export { type Institution, institutionDecider, organDecider } from './organisation.decider.js';
export type {
  EndSeat,
  FillSeat,
  InstitutionCommand,
  InstitutionEvent,
  InstitutionFacts,
  InstitutionRenamed,
  OrganCommand,
  OrganEvent,
  RegisterInstitution,
  SeatEnded,
  SeatFilled,
  SeatRole,
} from './organisation.messages.js';
export { institutionContext, organContext } from './organisation.module.js';
export {
  findInstitutions,
  type InstitutionRow,
  institutionsView,
  seatsOf,
  seatsOn,
  seatsView,
  type SeatRow,
} from './organisation.views.js';
