import type { Shape } from './decider.js';

const onWhatWasRead = new WeakSet<Shape>();

/**
 * Marks a command that decides on what its sender has read: the door asks for If-Match, so that of two who decide at once
 * the second reads again first.
 */
export function DecidesOnWhatWasRead(): ClassDecorator {
  return (shape) => {
    onWhatWasRead.add(shape as unknown as Shape);
  };
}

export const decidesOnWhatWasRead = (shape: Shape): boolean => onWhatWasRead.has(shape);
