import {
  type AskingContext,
  type CharterInForce,
  charterStream,
  type DecisionContext,
  type DomainError,
  holds,
  organStream,
  type OrganSeats,
  publicOrgan,
  type Seat,
} from '#kernel';
import { caseStream, definitionOf } from './case.knowing.js';
import type { Case, CaseState } from './case.state.js';
import { type Definition, definitionStream, everyStage, type Owner } from './definition.js';
import { scopeOf } from './filled.js';
import { organOf, organStreamOf } from './organs.js';
import { kindOf } from './stages/index.js';
import { keeping, mayKnow, partners } from './wall.js';

type Asking = AskingContext & Pick<DecisionContext, 'now'>;

/** Whether the sender of a command may know of a case, from the seats that they hold now; streams that have to be read first. */
export function senderMayKnow(state: Case, asking: Asking): readonly string[] | boolean {
  const basics = [definitionStream(asking.alliance, state.definition.id), charterStream(asking.alliance)];
  if (!basics.every(asking.loaded)) return basics;
  const definition = definitionOf(state, asking);
  const offices = officesIn(definition, state, asking);
  const copied = state.copied.flatMap((one) => ('person' in one ? [] : [one]));
  const streamOf = ({ organ, scope }: (typeof copied)[number]): string => organStream(asking.alliance, organ, scope);
  const streams = [...offices.flatMap(({ stream }) => stream ?? []), ...copied.map(streamOf)];
  if (!streams.every(asking.loaded)) return streams;
  const own = (stream: string): readonly Seat[] =>
    asking.consulted<OrganSeats>(stream).seats.filter((seat) => seat.person === asking.actor && holds(seat, asking.now));
  return mayKnow(definition, state, {
    person: asking.actor,
    institutions: streams.flatMap(own).flatMap(({ institution }) => institution ?? []),
    powers: offices.filter(({ stream }) => stream === undefined || own(stream).length > 0),
    organs: copied.filter((one) => own(streamOf(one)).length > 0),
  });
}

/**
 * Whether the sender of a command may know of every case that it names; streams that have to be read first.
 *
 * @throws DomainError `refusal` of those that they may not know of, as of those that are not there
 */
export function senderMayKnowAll(
  ids: readonly string[],
  asking: Asking,
  refusal: (unknown: readonly string[]) => DomainError,
): readonly string[] | true {
  const answers = ids.map((id) => ({ id, known: mayKnowOf(id, asking) }));
  const wanted = new Set(answers.flatMap(({ known }) => (typeof known === 'object' ? known : [])));
  if (wanted.size > 0) return [...wanted];
  const unknown = answers.filter(({ known }) => known === false).map(({ id }) => id);
  if (unknown.length > 0) throw refusal(unknown);
  return true;
}

/** Whether the sender of a command may know of one at least of some cases; streams that have to be read first. */
export function senderMayKnowAny(ids: readonly string[], asking: Asking): readonly string[] | boolean {
  for (const id of ids) {
    const known = mayKnowOf(id, asking);
    if (known !== false) return known;
  }
  return false;
}

function mayKnowOf(id: string, asking: Asking): readonly string[] | boolean {
  if (!id.startsWith(`${asking.alliance}.`)) return false;
  const stream = caseStream(id);
  if (!asking.loaded(stream)) return [stream];
  const state = asking.consulted<CaseState>(stream);
  return state.status !== 'none' && senderMayKnow(state, asking);
}

interface Office {
  readonly power: string;
  readonly scope?: string;
  /** Undefined for what everyone who is signed in may do. */
  readonly stream: string | undefined;
}

/** Every power that may let somebody know of the case, and the organ that holds it here. */
function officesIn(definition: Definition, state: Case, asking: Asking): readonly Office[] {
  const charter = asking.consulted<CharterInForce>(charterStream(asking.alliance));
  return ownersIn(definition).flatMap((owner): Office[] => {
    const { power } = owner;
    if (organOf(charter, power) === publicOrgan) return [{ power, stream: undefined }];
    const scope = scopeOf(owner, state);
    const stream = organStreamOf(asking, power, scope);
    return stream === undefined ? [] : [{ power, ...(scope === undefined ? {} : { scope }), stream }];
  });
}

const ownersIn = (definition: Definition): readonly Owner[] => [
  { power: definition.subject.powers.submit, scope: 'institution' },
  ...keeping(definition).map((power) => ({ power })),
  ...everyStage(definition).flatMap((stage) => [
    ...partners(stage),
    ...kindOf(stage.kind)
      .powers(stage)
      .map((power) => ({ power, ...('scope' in stage && stage.scope !== undefined ? { scope: stage.scope } : {}) })),
  ]),
];
