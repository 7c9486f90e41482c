import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { foldedSum } from './folded.js';

/**
 * Adds to FOLDED what is missing: the hash of what each kept history folds to. Whoever means an old event to fold otherwise from now on
 * deletes the lines of its histories, and runs it:
 *
 *   node --conditions=entente-source --import ./test/support/typescript.mjs test/golden/fold.ts
 */
const folder = new URL('.', import.meta.url);
const sums = new URL('FOLDED', folder);
const known = existsSync(sums) ? readFileSync(sums, 'utf8').split('\n') : [];

const linesOf = (name: string): readonly string[] => readFileSync(new URL(name, folder), 'utf8').split('\n').slice(0, -1);
const foldedAs = (name: string): string =>
  known.find((line) => line.endsWith(`  ${name}`)) ?? `${foldedSum(linesOf(name))}  ${name}`;

const histories = readdirSync(new URL('histories/', folder)).toSorted();
writeFileSync(sums, histories.map((name) => `${foldedAs(`histories/${name}`)}\n`).join(''));
