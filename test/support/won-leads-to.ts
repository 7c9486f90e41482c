import type { Definition } from '#workflow';

/** The definition, with appeals that are won leading to that stage or end. */
export const wonLeadsTo = (by: string, definition: Definition): Definition => ({
  ...definition,
  subcases: Object.fromEntries(
    Object.entries(definition.subcases ?? {}).map(([name, subcase]) => [
      name,
      subcase.kind === 'appeal' ? { ...subcase, ends: { ...subcase.ends, granted: { ...granted, by } } } : subcase,
    ]),
  ),
});

const granted = { title: { en: 'Appeal granted', zh: '申诉成立' }, result: 'superseded' } as const;
