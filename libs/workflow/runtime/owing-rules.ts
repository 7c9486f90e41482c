import { categoryOf, type States } from '#kernel';
import { assignmentDecider } from '../assignment/assigning.decider.js';
import type { Assigning } from '../assignment/assigning.state.js';
import { bulkDecider } from '../bulk/bulk.decider.js';
import { bulkEffects } from '../bulk/bulk.effects.js';
import { calendarDecider, calendarEffects } from '../calendar/calendar.decider.js';
import { caseDecider } from '../case.decider.js';
import type { Case } from '../case.state.js';
import { type Definition, type DefinitionHistory, definitionStream, type Pinned } from '../definition.js';
import { pinnedDefinition } from '../pinned.js';
import { effectsOf, settles } from '../effects.js';
import { membershipEffects, membershipFollowed, standingDecider, standingEffects } from '../freeze/standing.decider.js';
import { meetingDecider } from '../meeting/meeting.decider.js';
import type { Meeting } from '../meeting/meeting.state.js';
import { type Notices, noticesDecider } from '../notices/notices.decider.js';
import { type Registration, registrationDecider } from '../registration/registration.decider.js';
import { rankingDecider } from '../ranking/ranking.decider.js';
import type { Ranking } from '../ranking/ranking.state.js';
import { roundDecider } from '../round.decider.js';
import type { Round } from '../round.state.js';
import type { OwingRules } from './rules.js';

/**
 * What cases and rounds owe under the definitions that they are pinned to.
 *
 * @param states - definitions must be registered with it
 */
export function owingRules(states: States): OwingRules {
  return {
    deciders: [
      caseDecider,
      // To fold what has happened, which rests on no context.
      roundDecider(() => ({})),
      rankingDecider,
      assignmentDecider,
      registrationDecider,
      noticesDecider,
      meetingDecider,
      standingDecider,
      membershipFollowed,
      bulkDecider,
      calendarDecider,
    ],
    // Memberships, calendars and orders are pinned to no workflow: what follows from them is the engine's own.
    workflowOf: (after) => (after as Partial<Pinning>).definition?.id ?? 'membership',
    effectsOf: async (event, after) => {
      if (categoryOf(event.stream) === 'membership') return membershipEffects(event);
      if (categoryOf(event.stream) === 'standing') return standingEffects(event);
      if (categoryOf(event.stream) === 'bulk') return bulkEffects(event);
      if (categoryOf(event.stream) === 'calendar') return calendarEffects(event);
      const known = after as Pinning;
      return effectsOf(await adopted(states, event.meta.alliance, known.definition), known, event);
    },
    settles,
  };
}

type Pinning = Meeting | Assigning | Case | Round | Ranking | Registration | Notices;

/** The definition that something is pinned to. A version never changes: any state that holds it will do, and the newest surely does. */
export async function adopted(states: States, alliance: string, pinned: Pinned): Promise<Definition> {
  const stream = definitionStream(alliance, pinned.id);
  const { state } = await states.load<DefinitionHistory>(stream);
  if (state.versions[pinned.version] !== undefined) return pinnedDefinition(state, pinned);
  return pinnedDefinition((await states.fresh<DefinitionHistory>(stream)).state, pinned);
}
