import { type AskingContext, charterStream, type Decider, notFound } from '#kernel';
import { definitionOf, viewerOf, wallStreams } from '../case.knowing.js';
import type { CaseState } from '../case.state.js';
import { definitionStream } from '../definition.js';
import type { IncidentCommand, IncidentEvent, IncidentRaised } from '../incident.messages.js';
import { refused } from '../refusal.js';
import { isWalled } from '../wall.js';

/** The state of `incident-<alliance>.<id of the effect's command>`. */
export type IncidentState =
  { readonly status: 'none' } | ({ readonly status: 'open' | 'retried' | 'skipped' | 'settled' } & IncidentRaised);

type Incident = Exclude<IncidentState, { readonly status: 'none' }>;

/** An effect that needs somebody: raised by the engine, tried again or skipped by whoever the charter names. */
export const incidentDecider: Decider<IncidentCommand, IncidentEvent, IncidentState> = {
  category: 'incident',
  parts: 2,
  permits: {
    RaiseIncident: 'operate-workflow',
    SettleIncident: 'operate-workflow',
    RetryEffect: resolving,
    SkipEffect: resolving,
  },
  initialState: { status: 'none' },

  consults(_command, state, asking) {
    const stream = caseOf(state, asking);
    if (stream === undefined) return [];
    if (!asking.loaded(stream)) return [stream, charterStream(asking.alliance)];
    const found = asking.consulted<CaseState>(stream);
    if (found.status === 'none') return [stream];
    const definition = definitionStream(asking.alliance, found.definition.id);
    return asking.loaded(definition) ? [stream, definition, ...wallStreams(found, asking)] : [stream, definition];
  },

  decide(command, state) {
    switch (command.type) {
      case 'RaiseIncident':
        return state.status === 'open' || state.status === 'skipped'
          ? []
          : [{ type: 'IncidentRaised', data: raised(command.data) }];
      case 'SettleIncident':
        return state.status === 'open' || state.status === 'retried' ? [{ type: 'IncidentSettled', data: {} }] : [];
      case 'RetryEffect':
        mustBeOpen(state);
        return [{ type: 'EffectRetried', data: {} }];
      case 'SkipEffect':
        mustBeOpen(state);
        return [{ type: 'EffectSkipped', data: { reason: command.data.reason } }];
    }
  },

  evolve(state, event) {
    if (event.type === 'IncidentRaised') return { status: 'open', ...event.data };
    if (state.status === 'none') return state;
    switch (event.type) {
      case 'EffectRetried':
        return { ...state, status: 'retried' };
      case 'EffectSkipped':
        return { ...state, status: 'skipped' };
      case 'IncidentSettled':
        return { ...state, status: 'settled' };
    }
  },
};

/** The stream of the case that a step follows from, or would be carried out on; undefined where it is about none. */
export function caseConcerned({ stream, command }: Pick<IncidentRaised, 'stream' | 'command'>): string | undefined {
  if (stream.startsWith('case-')) return stream;
  return command.context === 'case' ? `case-${command.id}` : undefined;
}

/** The case that an incident is about, where somebody sends the command who may have to be kept from it. */
const caseOf = (state: IncidentState, { actor }: Pick<AskingContext, 'actor'>): string | undefined =>
  state.status === 'none' || actor === 'engine' || actor === 'operator' ? undefined : caseConcerned(state);

/** An incident of a case is known to whoever may know of the case. */
function resolving(_command: IncidentCommand, state: IncidentState, asking: AskingContext) {
  if (state.status === 'none') throw notFound('incident');
  const stream = caseOf(state, asking);
  if (stream !== undefined && isHidden(asking.consulted<CaseState>(stream), asking)) throw notFound('incident');
  return { power: 'resolve-incidents' };
}

function isHidden(state: CaseState, asking: AskingContext): boolean {
  if (state.status === 'none') return true;
  const definition = definitionOf(state, asking);
  return isWalled(definition, state, viewerOf(definition, state, asking));
}

const raised = ({
  effect,
  command: { context, id, type },
  stream,
  workflow,
  code,
  attempts,
}: IncidentRaised): IncidentRaised => ({
  effect,
  command: { context, id, type },
  stream,
  workflow,
  code,
  attempts,
});

function mustBeOpen(state: IncidentState): asserts state is Incident {
  if (state.status === 'open') return;
  throw refused(
    'incident.not-open',
    'This step does not wait for anybody: it has been tried again, skipped or carried out. Read the list again.',
    '该步骤目前无需处理：已重试、跳过或完成。请重新读取列表。',
    { status: state.status },
  );
}
