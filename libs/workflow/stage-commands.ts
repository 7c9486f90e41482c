import { DomainError } from '#kernel';
import type { StageCommand } from './case.messages.js';
import { type Owner, returner, type Stage } from './definition.js';
import { kindOf } from './stages/index.js';

/** The commands that a stage takes from people, with the power that each needs. What needs a part of the stage to be named is asked of the first. */
export const commandsAt = (stage: Stage): readonly (Owner & { readonly type: StageCommand['type'] })[] => [
  ...(stage.return === undefined ? [] : [{ type: 'SendBack' as const, ...returner(stage) }]),
  ...kindOf(stage.kind).commands.flatMap((type) => {
    const part = 'parties' in stage ? { party: stage.parties[0]?.id } : {};
    const command = { type, data: { stage: stage.id, ...part } } as StageCommand;
    try {
      return [{ type, ...kindOf(stage.kind).owner(command, stage, 'person') }];
    } catch (failure) {
      if (failure instanceof DomainError) return [];
      throw failure;
    }
  }),
];
