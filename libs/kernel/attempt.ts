import { actorOf, type Caller, type Grant } from './authority.js';
import { canonicalJson, sha256 } from './canonical.js';
import type { AnyDecider } from './decider.js';
import { derivedUuid } from './identifiers.js';
import type { EventMeta, Message } from './message.js';

/** A command on its way to a stream. */
export interface Order {
  readonly decider: AnyDecider;
  readonly stream: string;
  readonly id: string;
  readonly command: Message;
  readonly caller: Caller;
  readonly now: number;
}

/** A command as the log may keep it: personal data sealed. */
export interface Attempt extends Order {
  readonly digest: string;
}

export const stated = (order: Order): Attempt => {
  const { stream, command } = order;
  return { ...order, digest: sha256(canonicalJson({ data: command.data, stream, type: command.type })) };
};

export const firstEventId = ({ caller }: Order): string => derivedUuid(caller.commandId, '0');

export const behalf = (caller: Caller): { onBehalfOf?: string } => {
  if (!('principal' in caller)) return {};
  const other = caller.onBehalfOf ?? (caller.principal === caller.actor ? undefined : caller.principal);
  return other === undefined ? {} : { onBehalfOf: other };
};

/** Its members stand in canonical order, as those of the envelope do: such a text is made in one go. */
export function metaOf({ caller, digest, now }: Attempt, grant: Grant): EventMeta {
  return {
    actor: actorOf(caller),
    alliance: caller.alliance,
    ...(caller.causation === undefined ? {} : { causation: caller.causation }),
    charter: grant.charter,
    command: caller.commandId,
    correlation: caller.correlation ?? caller.commandId,
    digest,
    ...behalf(caller),
    power: grant.power,
    proof: grant.proof,
    recordedAt: new Date(now).toISOString(),
  };
}
