import { type AskingContext, type DecisionContext, type Decider, notFound, type Permit } from '#kernel';
import { caseStream } from '../case.knowing.js';
import type { Case, CaseState, RegistrationVisit } from '../case.state.js';
import {
  type Definition,
  type DefinitionHistory,
  definitionStream,
  type Pinned,
  type RegistrationStage,
  stageOf,
} from '../definition.js';
import { pinnedDefinition } from '../pinned.js';
import { refused } from '../refusal.js';
import { isPublished } from '../wall.js';
import type { Registered, RegistrationCommand, RegistrationEvent } from '../registration.messages.js';
import type { Places } from './places.decider.js';

/** One person's registration for one event: the state of `registration-<alliance>.<round>.<entry>.<person>`. */
export interface Registration {
  readonly status: 'none' | 'registered' | 'cancelled';
  /** Id of the event of the last registration. */
  readonly registration: string;
  readonly case: string;
  readonly definition: Pinned;
  readonly sessions: readonly string[];
}

/**
 * Registers on a stream of one's own, so that thousands do at once without meeting. Who has a place follows from the order of the log
 * (see `places.ts`); what is asked here is only whether registrations are taken.
 */
export const registrationDecider: Decider<RegistrationCommand, RegistrationEvent, Registration> = {
  category: 'registration',
  parts: [4, Infinity],
  permits: { Register: byStage, CancelRegistration: byStage, SignIn: byStage },
  initialState: {
    status: 'none',
    registration: '',
    case: '',
    definition: { id: '', version: 0, hash: '' },
    sessions: [],
  },

  consults(command, _state, asking) {
    const { caseId } = addressOf(asking.id);
    const event = caseStream(caseId);
    const first = command.type === 'SignIn' ? [event, placesStream(caseId)] : [event];
    if (!asking.loaded(event)) return first;
    const known = asking.consulted<CaseState>(event);
    return known.status === 'none' ? first : [...first, definitionStream(asking.alliance, known.definition.id)];
  },

  decide(command, state, context) {
    const { caseId, person } = addressOf(context.id);
    if (person !== context.actor) throw notYours();
    const event = eventOf(context);
    switch (command.type) {
      case 'Register':
        return registered(state, event, { case: caseId, person }, context);
      case 'CancelRegistration':
        mustBeRegistered(state);
        if (state.sessions.length > 0) throw signedInAlready();
        return [{ type: 'RegistrationCancelled', data: { registration: state.registration } }];
      case 'SignIn':
        mustBeRegistered(state);
        return signedIn(command.data.session, state, event, context);
    }
  },

  foldsFacts: true,
  evolve(state, event, { id }) {
    switch (event.type) {
      case 'Registered':
        return { status: 'registered', registration: id, case: event.data.case, definition: event.data.definition, sessions: [] };
      case 'RegistrationCancelled':
        return { ...state, status: 'cancelled' };
      case 'SignedIn':
        return { ...state, sessions: [...state.sessions, event.data.session] };
    }
  },
};

export const placesStream = (caseId: string): string => `places-${caseId}`;

function addressOf(id: string): { readonly caseId: string; readonly person: string } {
  const dot = id.lastIndexOf('.');
  return { caseId: id.slice(0, dot), person: id.slice(dot + 1) };
}

interface Event {
  readonly open: Case;
  readonly definition: Definition;
  readonly stage: RegistrationStage;
  readonly visit: RegistrationVisit;
}

type Asking = Pick<AskingContext, 'alliance' | 'id' | 'consulted'>;

/** @throws DomainError registration.not-found, registration.none-taken */
function eventOf(asking: Asking): Event {
  const state = asking.consulted<CaseState>(caseStream(addressOf(asking.id).caseId));
  if (state.status === 'none' || !isPublished(state)) throw notFound('registration');
  const visit = state.visits.find((one): one is RegistrationVisit => one.kind === 'registration' && one.left === undefined);
  if (state.status !== 'open' || visit === undefined) throw noneTaken();
  const history = asking.consulted<DefinitionHistory>(definitionStream(asking.alliance, state.definition.id));
  const definition = pinnedDefinition(history, state.definition);
  return { open: state, definition, stage: stageOf(definition, visit.stage) as RegistrationStage, visit };
}

function byStage(_command: RegistrationCommand, _state: Registration, asking: AskingContext): Permit {
  return { power: eventOf(asking).stage.power };
}

function registered(
  { status }: Registration,
  { open, stage, visit }: Event,
  who: Pick<Registered, 'case' | 'person'>,
  { now }: DecisionContext,
): readonly RegistrationEvent[] {
  if (status === 'registered') {
    throw refused('registration.already-registered', 'You are registered for this.', '您已报名，无需重复报名。');
  }
  if (open.frozen !== undefined) throw noneTaken();
  if (visit.closed !== undefined || now >= Date.parse(visit.dueAt as string)) {
    throw refused(
      'registration.too-late',
      `Registrations were taken until just before ${visit.dueAt}.`,
      `报名截止时间为 ${visit.dueAt}。`,
      { dueAt: visit.dueAt },
    );
  }
  return [{ type: 'Registered', data: { ...who, definition: open.definition, places: placesOffered(stage, open) } }];
}

/** How many places there are. */
export const placesOffered = ({ places }: RegistrationStage, { form }: Pick<Case, 'form'>): number =>
  typeof places === 'number' ? places : Math.max(0, Math.min(5000, Number(form[places.from.slice('form.'.length)] ?? 0)));

function mustBeRegistered({ status }: Registration): void {
  if (status === 'registered') return;
  throw refused('registration.not-registered', 'You are not registered for this.', '您尚未报名。');
}

function signedIn(
  session: string,
  { registration, sessions }: Registration,
  { visit }: Event,
  { id, now, consulted }: DecisionContext,
): readonly RegistrationEvent[] {
  const open = visit.sessions.find((one) => one.session === session);
  if (open === undefined || now >= Date.parse(open.until)) {
    throw refused('registration.no-session', 'This session is not open for signing in.', '该场次目前不接受签到。', {
      session,
      ...(open === undefined ? {} : { until: open.until }),
    });
  }
  if (consulted<Places>(placesStream(addressOf(id).caseId)).given[registration] === undefined) {
    throw refused(
      'registration.waiting',
      'You are on the waiting list and have no place yet; you move up when someone cancels.',
      '您仍在候补名单中，尚未获得名额；有人取消后将依次递补。',
    );
  }
  return sessions.includes(session) ? [] : [{ type: 'SignedIn', data: { registration, session } }];
}

const notYours = () =>
  refused('registration.not-yours', 'You register, cancel and sign in for yourself only.', '只能为本人报名、取消或签到。');

const noneTaken = () => refused('registration.none-taken', 'No registrations are taken here now.', '目前不接受报名。');

const signedInAlready = () =>
  refused('registration.signed-in', 'You have signed in; who was there cannot cancel.', '您已签到，不能再取消报名。');
