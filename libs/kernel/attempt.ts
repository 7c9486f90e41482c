import { actorOf, type Caller, type Grant, principalOf } from './authority.js';
import { canonicalJson, sha256 } from './canonical.js';
import type { AnyDecider } from './decider.js';
import { DomainError } from './errors.js';
import { derivedUuid } from './identifiers.js';
import type { EventMeta, Message } from './message.js';

/** A command on its way to a stream. */
export interface Order {
  readonly decider: AnyDecider;
  readonly stream: string;
  readonly id: string;
  /** The id that its sender gave. */
  readonly sentTo: string;
  readonly command: Message;
  readonly caller: Caller;
  readonly now: number;
}

/** A command as the log may keep it: personal data sealed. */
export interface Attempt extends Order {
  readonly digest: string;
}

/** @throws DomainError for what the log cannot keep */
export const stated = (order: Order): Attempt => ({ digest: digestOf(order), ...order });

function digestOf({ stream, command: { data, type } }: Order): string {
  try {
    return sha256(canonicalJson({ data, stream, type }));
  } catch (failure) {
    if (!(failure instanceof TypeError)) throw failure;
    const text = {
      en: 'A text holds NUL or half a character, or a number is not one: mend it and send it again.',
      zh: '文本含有 NUL 或残缺字符，或数值无效，请更正后重新提交。',
    };
    throw new DomainError('command.not-text', text);
  }
}

export const firstEventId = ({ caller }: Order): string => derivedUuid(caller.commandId, '0');

/**
 * Its members stand in canonical order, as those of the envelope do: such a text is made in one go.
 *
 * What is spread stands last, here and wherever a command comes by: members after a spread cost microseconds on Node 20.
 */
export function metaOf({ caller, digest, now }: Attempt, grant: Grant): EventMeta {
  const { alliance, causation, commandId: command } = caller;
  const { onBehalfOf, power, proof } = grant;
  const actor = actorOf(caller);
  const principal = principalOf(caller);
  const recordedAt = new Date(now).toISOString();
  const under = principal === actor ? { power, proof, recordedAt } : { power, principal, proof, recordedAt };
  const order = {
    charter: grant.charter,
    command,
    correlation: caller.correlation ?? command,
    digest,
    ...(onBehalfOf === undefined ? under : { onBehalfOf, ...under }),
  };
  return { actor, alliance, ...(causation === undefined ? order : { causation, ...order }) };
}
