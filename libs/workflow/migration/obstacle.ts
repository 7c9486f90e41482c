import type { Text } from '#kernel';

/** Why something cannot be carried over to another version of its workflow. */
export interface Obstacle {
  readonly code: string;
  readonly text: Text;
}

export const obstacle = (code: string, en: string, zh: string): Obstacle => ({ code, text: { en, zh } });
