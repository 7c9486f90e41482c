import { type AnyDecider, type CharterHistory, type Decider, type OrganSeats, type PersonCaller, uuidv7 } from '#kernel';

export interface AllianceOptions {
  /** Who sits in the assembly, and until when; everyone for ever unless told. */
  readonly seats?: readonly { readonly person: string; readonly until: string }[];
}

const everyone: OrganSeats['seats'] = Array.from({ length: 100 }, (_, index) => `person-${index}`).map((person) => ({
  person,
  role: 'member',
  from: '2020-01-01T00:00:00.000Z',
  until: '2120-01-01T00:00:00.000Z',
  granted: `seat-of-${person}`,
}));

/** Deciders whose streams, still empty, already hold an alliance `a`: an assembly that may apply and close, and the engine too. */
export function alliance({ seats }: AllianceOptions): readonly AnyDecider[] {
  const clause = { organ: 'assembly', workflows: ['review'] };
  const charter: Decider<never, never, Omit<CharterHistory, 'versions'>> = {
    category: 'charter',
    permits: {},
    initialState: {
      version: 1,
      adoption: 'adoption',
      organs: { assembly: { scope: 'alliance' } },
      powers: { apply: clause, close: clause },
      rules: {},
    },
    decide: () => [],
    evolve: (state) => state,
  };
  const given = seats?.map(({ person, until }) => ({
    ...(everyone[0] as (typeof everyone)[0]),
    person,
    until,
    granted: `seat-of-${person}`,
  }));
  const organ: Decider<never, never, OrganSeats> = {
    category: 'organ',
    permits: {},
    initialState: { seats: given ?? everyone },
    decide: () => [],
    evolve: (state) => state,
  };
  return [charter, organ] as unknown as readonly AnyDecider[];
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
