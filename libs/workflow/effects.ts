import { categoryOf, type RecordedEvent } from '#kernel';
import type { CaseEvent } from './case.events.js';
import type { Case, CaseState } from './case.state.js';
import { type Definition, type EndCommand, stageOf } from './definition.js';
import type { Effect, Settlement } from './effect.js';
import { lastDeadline } from './round.decider.js';
import type { RoundState } from './round.state.js';
import { kindOf, stageKinds } from './stages/index.js';
import type { StageKind } from './stages/stage.js';

/** Id of the stream that an event stands in: what follows the category. */
const idOf = ({ stream }: Pick<RecordedEvent, 'stream'>): string => stream.slice(stream.indexOf('-') + 1);

/** The part of a round that takes applications; an extension begins it anew. */
const taking = (extensions: number) => ({ stage: 'submission', visit: extensions + 1 });

/**
 * What an event of a case or a round owes, in an order that never changes: the place in it is part of the effect's id.
 *
 * @param definition - the one that the stream is pinned to
 * @param after - the state of the event's stream just after it
 */
export function effectsOf(definition: Definition, after: CaseState | RoundState, event: RecordedEvent): readonly Effect[] {
  switch (categoryOf(event.stream)) {
    case 'case':
      return caseEffects(definition, after as Case, event);
    case 'round':
      return roundEffects(after as RoundState, event);
    default:
      return [];
  }
}

function roundEffects(round: RoundState, event: RecordedEvent): readonly Effect[] {
  if (round.status !== 'open') return [];
  return [
    {
      name: 'close',
      command: { context: 'round', id: idOf(event), type: 'CloseRound', data: {} },
      dueAt: lastDeadline(round),
      during: taking(round.extensions.length),
    },
  ];
}

/** What the log holds in streams of cases. */
const caseEvent = ({ type, data }: RecordedEvent): CaseEvent => ({ type, data }) as CaseEvent;

function caseEffects(definition: Definition, state: Case, recorded: RecordedEvent): readonly Effect[] {
  const event = caseEvent(recorded);
  if (event.type === 'CaseEnded') return endEffects(definition, state, recorded);
  if (event.type === 'CaseOpened' || event.type === 'ApplicationWithdrawn' || event.type === 'StageLeft') return [];
  const { stage: id, visit: number } = event.data;
  const visit = state.visits.find((candidate) => candidate.stage === id && candidate.visit === number);
  if (visit === undefined) return [];
  const stage = stageOf(definition, id);
  return kindOf(stage.kind)
    .effects({ definition, stage, visit, case: state }, event)
    .map(({ name, command, dueAt, of, needs }) => ({
      name,
      command: {
        context: 'case',
        id: idOf(recorded),
        type: command.type,
        data: { stage: id, visit: number, ...command.data },
      },
      ...(dueAt === undefined ? {} : { dueAt }),
      during: { stage: id, visit: number, ...(of === undefined ? {} : { of }) },
      ...(needs === undefined ? {} : { needs }),
    }));
}

function endEffects(definition: Definition, state: Case, event: RecordedEvent): readonly Effect[] {
  const commands = definition.ends[(event.data as { readonly end: string }).end]?.commands ?? [];
  return commands.map(({ context, type, data }) => ({
    name: 'conclude',
    command: { context, id: `${event.meta.alliance}.${state.subject}`, type, data: filled(data, state, event) },
  }));
}

const filled = (data: EndCommand['data'], state: Case, event: RecordedEvent): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, typeof value === 'object' ? valueFrom(value.from, state, event) : value]),
  );

/** @throws Error for a name that the check of definitions lets nobody adopt */
function valueFrom(from: string, state: Case, event: RecordedEvent): unknown {
  switch (from) {
    case 'case':
      return event.stream;
    case 'subject':
      return state.subject;
    case 'institution':
      return state.applicant.institution;
    case 'round':
      return state.round;
    case 'number':
      return state.number;
    default:
      if (from.startsWith('form.')) return state.form[from.slice('form.'.length)];
      throw new Error(`a case has no ${from}`);
  }
}

/** Which owed effects an event makes moot: the one whose command made it, and those of what it brings to an end. */
export function settles(event: RecordedEvent): Settlement {
  const commandId = event.meta.command;
  const category = categoryOf(event.stream);
  if (category === 'round') return event.type === 'RoundOpened' ? { commandId } : { commandId, allStages: true };
  if (category !== 'case') return { commandId };
  const known = caseEvent(event);
  switch (known.type) {
    case 'CaseEnded':
      return { commandId, allStages: true };
    case 'StageLeft':
      return { commandId, during: { stage: known.data.stage, visit: known.data.visit } };
    case 'CaseOpened':
    case 'ApplicationWithdrawn':
      return { commandId };
    default: {
      const { stage, visit } = known.data;
      const of = partSettled(known);
      return of === undefined ? { commandId } : { commandId, during: { stage, visit, of } };
    }
  }
}

/** Kinds share their events' names only where they mean the same, so the first that knows the event says it. */
function partSettled(event: CaseEvent): string | undefined {
  for (const kind of Object.values<StageKind>(stageKinds)) {
    const part = kind.settled(event);
    if (part !== undefined) return part;
  }
  return undefined;
}
