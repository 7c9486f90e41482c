/** An exact number: numerator and denominator. Scores and majorities are never rounded. */
export type Fraction = readonly [number, number];

const divisor = (a: number, b: number): number => (b === 0 ? Math.abs(a) : divisor(b, a % b));

/** The fraction in lowest terms. @throws RangeError for a zero denominator or what a double cannot count exactly */
export function fraction(numerator: number, denominator: number): Fraction {
  if (denominator === 0 || !Number.isSafeInteger(numerator) || !Number.isSafeInteger(denominator))
    throw new RangeError(`${numerator}/${denominator} is not an exact fraction`);
  const common = divisor(numerator, denominator) * Math.sign(denominator);
  return [numerator / common || 0, denominator / common];
}

export const sum = (terms: readonly Fraction[]): Fraction =>
  terms.reduce(([an, ad], [bn, bd]) => fraction(an * bd + bn * ad, ad * bd), [0, 1]);

/** The mean of at least one term: never the sum, so that fewer reviews do not punish. */
export const mean = (terms: readonly Fraction[]): Fraction => {
  const [numerator, denominator] = sum(terms);
  return fraction(numerator, denominator * terms.length);
};

/** Negative, zero or positive, as a is less than, equal to or greater than b. */
export const compare = ([an, ad]: Fraction, [bn, bd]: Fraction): number => an * bd - bn * ad;
