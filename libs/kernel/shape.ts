import { registerDecorator } from 'class-validator';
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

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Years that an alliance has to do with: whatever is counted from a date, it stays one that every database and program can write. */
const years = { from: 1900, to: 2999 };

/** Whether a text is an instant of these years: a day that the calendar has, a time, and where on earth that is. */
export function isInstant(text: unknown): boolean {
  if (typeof text !== 'string' || !instantPattern.test(text) || Number.isNaN(Date.parse(text))) return false;
  const year = new Date(text).getUTCFullYear();
  if (year < years.from || year > years.to) return false;
  const day = text.slice(0, 10);
  // `Date` would take the 30th of February for one in March.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** Whether a text is a day that the calendar has, as YYYY-MM-DD: other forms of ISO 8601 (2026-W16-1) name a day in another way. */
export function isDay(text: unknown): text is string {
  return typeof text === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(text) && isInstant(`${text}T00:00:00Z`);
}

/** A field that holds a day. */
export const IsDay = (): PropertyDecorator => holding('isDay', isDay);

/** A field that holds an instant in ISO 8601, with Z or an offset: without one it would be another instant on every machine. */
export const IsInstant = (): PropertyDecorator => holding('isInstant', isInstant);

function holding(name: string, validate: (text: unknown) => boolean): PropertyDecorator {
  return (target, field) => {
    registerDecorator({ name, target: target.constructor, propertyName: String(field), validator: { validate } });
  };
}
