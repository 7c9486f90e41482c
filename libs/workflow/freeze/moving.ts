const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Every instant in a value. */
export function instantsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return instantPattern.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(instantsIn) : [];
}

/** A value with every instant in it that has moved. */
export function withMoved<T>(value: T, moved: ReadonlyMap<string, string>): T {
  return movedIn(value, moved) as T;
}

function movedIn(value: unknown, moved: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return moved.get(value) ?? value;
  if (Array.isArray(value)) return value.map((one) => movedIn(one, moved));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, movedIn(one, moved)]));
}
