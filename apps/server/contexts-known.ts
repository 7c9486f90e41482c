import { getMetadataStorage } from 'class-validator';
import { type Context, personalFieldsOf, type Shape } from '#kernel';
import type { ContextKnown } from '#workflow';
import { ShapePipe } from './http/shape.pipe.js';

/** A context as the check of workflows knows it. */
export const contextKnown = ({ decider, shapes }: Context): ContextKnown => ({
  facts: Object.fromEntries(Object.values(shapes).flatMap(factsOf)),
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

type Kind = ContextKnown['facts'][string];

/** By the first of these that a field is checked with. What is sealed, or holds further fields, no condition reads. */
const kinds: Readonly<Record<string, Kind>> = {
  isInt: 'int',
  isNumber: 'double',
  isBoolean: 'bool',
  isString: 'string',
  isIn: 'string',
  matches: 'string',
  isDay: 'string',
  isInstant: 'string',
  isUuid: 'string',
};

function factsOf(shape: Shape): readonly (readonly [string, Kind])[] {
  const sealed = personalFieldsOf(shape);
  return getMetadataStorage()
    .getTargetValidationMetadatas(shape, '', false, false)
    .flatMap(({ propertyName, name = '' }) => {
      const kind = kinds[name];
      return kind === undefined || sealed.includes(propertyName) ? [] : [[propertyName, kind] as const];
    });
}
