import type { Stage } from '../definition.js';
import { ballot } from './ballot.js';
import { check } from './check.js';
import { choice } from './choice.js';
import { confirmation } from './confirmation.js';
import { duty } from './duty.js';
import { notice } from './notice.js';
import { panel } from './panel.js';
import { publicity } from './publicity.js';
import { ranking } from './ranking.js';
import { registration } from './registration.js';
import { ruling } from './ruling.js';
import type { StageKind } from './stage.js';
import { statement } from './statement.js';

/** Every kind of stage that the engine knows. */
export const stageKinds = {
  check,
  panel,
  ballot,
  publicity,
  ranking,
  confirmation,
  duty,
  registration,
  notice,
  choice,
  statement,
  ruling,
} as const;

export const kindOf = (kind: Stage['kind']): StageKind => stageKinds[kind];
