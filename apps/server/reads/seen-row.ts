import { type CaseRow, caseRow, type CaseState, type DefinitionHistory, definitionStream, pinnedDefinition } from '#workflow';
import type { Doors } from './doors.js';

/** A case as lists would show it, from its state as the log has it now; undefined where there is no case. */
export async function seenRow(doors: Doors, state: CaseState, alliance: string): Promise<CaseRow | undefined> {
  if (state.status === 'none') return undefined;
  const { state: history } = await doors.states.load<DefinitionHistory>(definitionStream(alliance, state.definition.id));
  return caseRow(pinnedDefinition(history, state.definition), state);
}
