import type { Context } from '#kernel';
import type { ContextKnown } from '#workflow';
import { ShapePipe } from './http/shape.pipe.js';

/** A context as the check of workflows knows it. */
export const contextKnown = ({ decider, shapes }: Context): ContextKnown => ({
  commands: Object.fromEntries(
    Object.entries(shapes).map(([type, shape]) => {
      const [power, door] = [powerOf(decider, type), new ShapePipe(shape)];
      return [type, { ...(power === undefined ? {} : { power }), faults: (data) => door.faults(data) }];
    }),
  ),
});

/** What a permit says that looks at the command alone; nothing where it looks at states. */
function powerOf({ permits }: Context['decider'], type: string): string | undefined {
  const permit = permits[type];
  if (permit === undefined || typeof permit === 'string') return permit;
  try {
    return permit(
      { type, data: {} },
      {},
      {
        alliance: 'a',
        id: 'a',
        actor: 'person',
        loaded: () => true,
        consulted: () => {
          throw new Error('a state decides');
        },
      },
    ).power;
  } catch {
    return undefined;
  }
}
