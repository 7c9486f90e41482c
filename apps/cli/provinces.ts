import { provinces } from '#workflow';

/** Two-digit codes of GB/T 2260 by the names that the Ministry's list uses. */
export const provinceCodes: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(provinces).map(([code, { zh }]) => [zh, code]),
);

export const provinceName = (code: string): string => provinces[code]?.zh ?? code;
