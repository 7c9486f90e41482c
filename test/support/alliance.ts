import { type AnyDecider, type OrganSeats, type PersonCaller, uuidv7 } from '#kernel';
import { stateOnly } from './state-only.js';

export interface AllianceOptions {
  /** Who sits in the assembly, and until when; everyone for ever unless told. */
  readonly seats?: readonly { readonly person: string; readonly until: string }[];
}

const seatOf = (person: string): OrganSeats['seats'][number] => ({
  person,
  role: 'member',
  from: '2020-01-01T00:00:00.000Z',
  until: '2120-01-01T00:00:00.000Z',
  granted: `seat-of-${person}`,
});

const everyone = Array.from({ length: 100 }, (_, index) => seatOf(`person-${index}`));

/** Deciders whose streams, still empty, already hold an alliance `a`: an assembly that may apply and close, and the engine too. */
export function alliance({ seats }: AllianceOptions): readonly AnyDecider[] {
  const clause = { organ: 'assembly', workflows: ['review'] };
  const charter = {
    version: 1,
    adoption: 'adoption',
    organs: { assembly: { scope: 'alliance' } },
    powers: { apply: clause, close: clause },
    rules: {},
  };
  const given = seats?.map(({ person, until }) => ({ ...seatOf(person), until }));
  return [stateOnly('charter', charter), stateOnly('organ', { seats: given ?? everyone })];
}

/** A person who sends a new command. */
export const caller = (person: string, more: Partial<PersonCaller> = {}): PersonCaller => ({
  kind: 'person',
  alliance: 'a',
  commandId: uuidv7(Date.parse('2026-03-02T01:00:00.000Z')),
  actor: person,
  principal: person,
  ...more,
});
