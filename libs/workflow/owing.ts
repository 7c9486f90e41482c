import { type States, type Views } from '#kernel';
import { caseDecider } from './case.decider.js';
import type { Case } from './case.state.js';
import { casesView } from './cases.view.js';
import { type Definition, type DefinitionHistory, definitionStream, type Pinned, pinnedDefinition } from './definition.js';
import { effectsOf, settles } from './effects.js';
import { roundDecider } from './round.decider.js';
import type { Round } from './round.state.js';
import type { Loads, OwingRules } from './runtime/index.js';

/** What cases and rounds owe, as the runtime asks for it. Definitions come from the log, by the version that was pinned. */
export const owingRules = (states: States): OwingRules => ({
  deciders: [caseDecider, roundDecider],
  effectsOf: async (event, after) => {
    const state = after as Case | Round;
    return effectsOf(await adopted(states, event.meta.alliance, state.definition), state, event);
  },
  workflowOf: (after) => (after as Case | Round).definition.id,
  settles: (event, effect) => {
    const { during, allStages } = settles(event);
    if (effect.during === undefined) return false;
    if (allStages === true) return true;
    return (
      during !== undefined &&
      during.stage === effect.during.stage &&
      during.visit === effect.during.visit &&
      (during.of === undefined || during.of === effect.during.of)
    );
  },
});

/** The definition that something is pinned to; read afresh where this process has not seen it adopted yet. */
export async function adopted(states: States, alliance: string, pinned: Pinned): Promise<Definition> {
  const stream = definitionStream(alliance, pinned.id);
  const known = await states.load<DefinitionHistory>(stream);
  const { state } = pinned.version in known.state.versions ? known : await states.fresh<DefinitionHistory>(stream);
  return pinnedDefinition(state, pinned);
}

/** How many reviews each person has open in the round of a case. */
export const openReviews =
  (views: Views): Loads =>
  async ({ command, alliance }) => {
    const round = command.id.slice(0, command.id.indexOf('.', alliance.length + 1));
    const rows = await views.read(casesView, (sql, schema) =>
      sql.query<{ reviewer: string; open: number }>(
        `select substr(t.holder, 8) as reviewer, count(*)::int as open from ${schema}.task t join ${schema}."case" c on c.id = t.case_id
         where c.round = $1 and t.act = 'review' group by t.holder`,
        [round],
      ),
    );
    return Object.fromEntries(rows.map(({ reviewer, open }) => [reviewer, open]));
  };
