const placeholder = /\{([A-Za-z0-9.]+)\}/g;

/** The names that a template leaves to be filled in. */
export const placeholdersIn = (template: string): readonly string[] =>
  [...template.matchAll(placeholder)].map(([, name]) => name as string);

/** A template with its values; a name without a value stands as it is written. */
export const filledIn = (template: string, values: Readonly<Record<string, unknown>>): string =>
  template.replaceAll(placeholder, (whole, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
