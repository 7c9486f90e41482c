import { type Envelope, officeOf } from '#kernel';
import type { Effect, Settlement } from '../effect.js';
import type { BulkEvent, BulkOrdered } from './bulk.messages.js';
import { commandOf } from './bulk.parts.js';

const step = (part: number) => ({ stage: 'parts', visit: 1, of: String(part) });

/** Every step of an order, each under the authority of whoever gave it. */
export function bulkEffects(event: Envelope): readonly Effect[] {
  if (event.type !== 'BulkOrdered') return [];
  const ordered = event.data as BulkOrdered;
  const { actor, charter, proof } = event.meta;
  const onBehalfOf = officeOf(event.meta);
  const { by: principal, permit } = ordered;
  return ordered.parts.map((part, index): Effect => {
    const { type, data } = commandOf(ordered, part);
    return {
      name: ordered.act,
      command: { context: 'case', id: part.case, type, data: { ...data } },
      during: step(index),
      ordered: {
        actor,
        principal,
        ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
        under: { permit, charter, proof: [...proof, event.id] },
        revision: part.revision,
      },
      otherwise: { context: 'bulk', id: event.stream.slice('bulk-'.length), type: 'NoteOvertaken', data: { part: index } },
    };
  });
}

/** A step that was overtaken is no longer owed. */
export const bulkSettles = ({ type, data }: BulkEvent): Pick<Settlement, 'during'> =>
  type === 'PartOvertaken' ? { during: step(data.part) } : {};
