import type { Stage } from '../definition.js';
import { ballot } from './ballot.js';
import { check } from './check.js';
import { panel } from './panel.js';
import { publicity } from './publicity.js';
import type { StageKind } from './stage.js';

/** Every kind of stage that the engine knows. */
export const stageKinds = { check, panel, ballot, publicity } as const;

export const kindOf = (kind: Stage['kind']): StageKind => stageKinds[kind];
