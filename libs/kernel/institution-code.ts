/** Regions whose institutions are on no list of the Ministry: their code begins with the region's (ISO 3166-1), an abbreviation follows. */
const regions = { HK: '81', MO: '82' } as const;

/** The code of an institution: the Ministry's ten digits, or HK or MO with an abbreviation that the alliance gives it (`HKCUHK`, `MOUM`). */
export const institutionCode = /^(?:\d{10}|(?:HK|MO)[A-Z0-9]{2,12})$/;

/** Whether a code is one of the Ministry's list. */
export const isMinistryCode = (code: string): boolean => /^\d{10}$/.test(code);

/** The province (GB/T 2260) that a code stands for; undefined for the Ministry's, whose digits mean places only by custom. */
export const provinceOfCode = (code: string): string | undefined => regions[code.slice(0, 2) as keyof typeof regions];
