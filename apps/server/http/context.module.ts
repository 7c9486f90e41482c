import { Inject, Module, type Type } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Caller, CommandHandling, type Context, type Message, type Receipt } from '#kernel';

/** A command addressed to one stream of a context. Each context has a subclass, because CommandBus routes by class, not by type tag. */
export abstract class Addressed extends Command<Receipt> {
  constructor(
    readonly id: string,
    readonly command: Message,
    readonly caller: Caller,
  ) {
    super();
  }
}

/** A context as Nest knows it: what the command bus takes for it, and the module that answers. */
export interface ContextModule {
  readonly context: Context;
  readonly Address: new (id: string, command: Message, caller: Caller) => Addressed;
  readonly module: Type;
}

/** Wires a context to the command bus: one address, one handler, whatever the number of its commands. */
export function contextModule(context: Context): ContextModule {
  class Address extends Addressed {}
  Object.defineProperty(Address, 'name', { value: `${context.name}Address` });

  @CommandHandler(Address)
  class Handler implements ICommandHandler<Addressed, Receipt> {
    constructor(@Inject(CommandHandling) private readonly handling: CommandHandling) {}

    execute({ id, command, caller }: Addressed): Promise<Receipt> {
      return this.handling.handle(context, id, command, caller);
    }
  }

  @Module({ providers: [Handler] })
  class CommandsModule {}
  Object.defineProperty(CommandsModule, 'name', { value: `${context.name}Module` });
  return { context, Address, module: CommandsModule };
}
