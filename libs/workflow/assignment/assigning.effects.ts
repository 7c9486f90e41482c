import type { Envelope } from '#kernel';
import type { Effect, Settlement } from '../effect.js';
import type { AssignmentEvent } from './assigning.messages.js';
import type { Assigning } from './assigning.state.js';

const part = (request: number) => ({ stage: 'assignment', visit: 1, of: `request ${request}` });

/** What an assignment owes after an event: its computation, and once adopted, a panel to every case. */
export function assigningEffects(state: Assigning, event: AssignmentEvent, { meta, stream }: Envelope): readonly Effect[] {
  if (event.type === 'AssignmentRequested') {
    const { request } = event.data;
    const id = stream.slice(stream.indexOf('-') + 1);
    const command = { context: 'assignment', id, type: 'RecordAssignment', data: { request } };
    return [{ name: 'compute', command, needs: 'assignment', during: part(request) }];
  }
  if (event.type !== 'AssignmentAdopted') return [];
  const { request } = event.data;
  const panels = state.requests.find((one) => one.request === request)?.panels ?? [];
  return panels.map(({ subject, visit }) => ({
    name: 'assign',
    command: {
      context: 'case',
      id: `${meta.alliance}.${state.round}.${subject}`,
      type: 'AssignReviewers',
      data: { stage: state.stage, visit, assignment: request },
    },
  }));
}

/** A request that is discarded is not computed any more. */
export const assigningSettles = (event: AssignmentEvent): Settlement['during'] =>
  event.type === 'AssignmentDiscarded' ? part(event.data.request) : undefined;
