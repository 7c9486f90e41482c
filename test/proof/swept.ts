import type {
  AssignmentCommand,
  AssigningState,
  BulkCommand,
  BulkState,
  Calendar,
  DefinitionCommand,
  DefinitionHistory,
  MeetingCommand,
  MeetingState,
  NoticesCommand,
  RankingCommand,
  RankingState,
  RoundCommand,
  RoundState,
} from '#workflow';
import type { RecognitionCommand } from '../../libs/accreditation/accreditation.messages.js';
import type { Recognition } from '../../libs/accreditation/accreditation.decider.js';
import type { CalendarCommand } from '../../libs/workflow/calendar/calendar.messages.js';
import type { StandingCommand } from '../../libs/workflow/freeze/freeze.messages.js';
import type { Frozen } from '../../libs/workflow/freeze/standing.decider.js';
import type { IncidentCommand } from '../../libs/workflow/incident.messages.js';
import type { IncidentState } from '../../libs/workflow/incidents/incident.decider.js';
import type { Notices } from '../../libs/workflow/notices/notices.decider.js';
import type { PlacesCommand, RegistrationCommand } from '../../libs/workflow/registration.messages.js';
import type { Places } from '../../libs/workflow/registration/places.decider.js';
import type { Registration } from '../../libs/workflow/registration/registration.decider.js';

/** What streams beside those of cases fold to, and the commands that they take. */
export interface StateOf {
  readonly round: RoundState;
  readonly ranking: RankingState;
  readonly meeting: MeetingState;
  readonly assignment: AssigningState;
  readonly bulk: BulkState;
  readonly incident: IncidentState;
  readonly registration: Registration;
  readonly places: Places;
  readonly notices: Notices;
  readonly standing: Frozen;
  readonly definition: DefinitionHistory;
  readonly calendar: Calendar;
  readonly recognition: Recognition;
}

export interface CommandsOf {
  readonly round: RoundCommand;
  readonly ranking: RankingCommand;
  readonly meeting: MeetingCommand;
  readonly assignment: AssignmentCommand;
  readonly bulk: BulkCommand;
  readonly incident: IncidentCommand;
  readonly registration: RegistrationCommand;
  readonly places: PlacesCommand;
  readonly notices: NoticesCommand;
  readonly standing: StandingCommand;
  readonly definition: DefinitionCommand;
  readonly calendar: CalendarCommand;
  readonly recognition: RecognitionCommand;
}

export type Swept = keyof StateOf;
