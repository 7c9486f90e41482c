import type { EventStore, Views } from '#kernel';
import { casesView } from '../cases.view.js';
import type { CaseOpened } from '../case.events.js';
import type { Lookup } from './dispatcher.js';
import type { DueEffect } from './owed.js';

/** The institution that a command is about: `<alliance>.<institution>`. */
const institutionOf = ({ command, alliance }: DueEffect): string => command.id.slice(alliance.length + 1);

/** Every open case of an institution, from the view of cases. */
export const applicationsOf =
  (views: Views): Lookup =>
  async (effect, atLeast) => {
    const rows = await views.read(
      casesView,
      (sql, schema) =>
        sql.query<{ id: string }>(
          `select id from ${schema}."case" where institution = $1 and starts_with(id, $2) and status = 'open' order by id`,
          [institutionOf(effect), `${effect.alliance}.`],
        ),
      atLeast,
    );
    return { cases: rows.map(({ id }) => id) };
  };

/** As `applicationsOf`, from the log itself: for simulation and for proof. */
export const applicationsInLog =
  (store: EventStore): Lookup =>
  async (effect) => {
    const theirs = new Set<string>();
    const ended = new Set<string>();
    for (let after = 0n; ;) {
      const { events, through } = await store.readAll(after, { limit: 1_000, categories: ['case'] });
      for (const { type, stream, data, meta } of events) {
        const id = stream.slice('case-'.length);
        if (type === 'CaseEnded') ended.add(id);
        if (type === 'CaseReopened') ended.delete(id);
        if (meta.alliance !== effect.alliance || (type !== 'CaseOpened' && type !== 'SubcaseOpened')) continue;
        if ((data as Pick<CaseOpened, 'applicant'>).applicant.institution === institutionOf(effect)) theirs.add(id);
      }
      if (through === after) return { cases: [...theirs].filter((id) => !ended.has(id)).toSorted() };
      after = through;
    }
  };
