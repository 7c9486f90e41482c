import { DomainError } from '#kernel';

/** A refusal in both languages. */
export const refused = (
  code: `${string}.${string}`,
  en: string,
  zh: string,
  details: Readonly<Record<string, unknown>> = {},
): DomainError => new DomainError(code, { en, zh }, details);
