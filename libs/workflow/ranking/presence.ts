import { type CaseState, openVisits } from '../case.state.js';
import { type Definition, leadsOn } from '../definition.js';

/** Whether a stage can be reached from another, itself included. */
export function leadsTo({ stages }: Definition, from: string, to: string): boolean {
  const reached = new Set([from]);
  for (const id of reached) for (const next of stages.filter((stage) => stage.id === id).flatMap(leadsOn)) reached.add(next);
  return reached.has(to);
}

/** Whether a case waits at a stage, can still come there, or cannot. */
export function presence(definition: Definition, state: CaseState, stage: string): 'here' | 'coming' | 'out' {
  const open = openVisits(state);
  if (open.some((visit) => visit.stage === stage)) return 'here';
  return open.some((visit) => leadsTo(definition, visit.stage, stage)) ? 'coming' : 'out';
}
