import type { Command } from './command.js';
import { eraseCommand } from './erase.command.js';
import { amendCommand, foundCommand } from './found.command.js';
import { importCommand } from './import.command.js';
import { issueKeyCommand, revokeKeyCommand } from './key.command.js';
import { rebuildCommand } from './rebuild.command.js';
import { replayCommand } from './replay.command.js';
import { simulateCommand } from './simulate.command.js';
import { workflowAdoptCommand } from './workflow-adopt.command.js';
import { workflowCheckCommand } from './workflow-check.command.js';
import { workflowDrawCommand } from './workflow-draw.command.js';
import { workflowMigrateCommand } from './workflow-migrate.command.js';
import { workflowTestCommand } from './workflow-test.command.js';

export const commands: readonly Command[] = [
  foundCommand,
  amendCommand,
  importCommand,
  simulateCommand,
  replayCommand,
  rebuildCommand,
  eraseCommand,
  issueKeyCommand,
  revokeKeyCommand,
  workflowCheckCommand,
  workflowAdoptCommand,
  workflowMigrateCommand,
  workflowTestCommand,
  workflowDrawCommand,
];
