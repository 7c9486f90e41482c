import type { RecordedEvent } from '#kernel';
import type { CaseEvent, Definition, Stage } from '#workflow';
import type { Cast } from './rehearsal.temper.js';

/** A case as those who act in it know it. */
export interface Known {
  readonly id: string;
  /** What it runs under. */
  readonly definition: Definition;
  readonly subject: string;
  readonly institution: string;
  readonly province: string;
  readonly form: CaseOpened['form'];
  readonly files: unknown;
  readonly applicant: CaseOpened['applicant'];
}

type CaseOpened = Extract<CaseEvent, { type: 'CaseOpened' }>['data'];

export type Heard = RecordedEvent<CaseEvent>;
export type Told<T extends CaseEvent['type']> = RecordedEvent<Extract<CaseEvent, { type: T }>>;

export function stageIn({ definition }: Known, id: string): Stage {
  const stage = definition.stages.find((candidate) => candidate.id === id);
  if (stage === undefined) throw new Error(`${definition.id} has no stage ${id}`);
  return stage;
}

/** Who rules on objections that are raised at a stage. */
export function rulersOf({ committee, council }: Cast, known: Known, id: string): readonly string[] {
  const stage = stageIn(known, id);
  return stage.kind === 'publicity' && stage.ruling.power === 'decide-appeal' ? council : committee;
}

/** Ended, or recognised for years that no rehearsal waits for. */
export const isDecision = ({ type, data }: Heard): boolean =>
  type === 'CaseEnded' || (type === 'StageEntered' && (data as Told<'StageEntered'>['data']).kind === 'duty');
