import { canonicalJson, sha256 } from '#kernel';
import { assign } from '#workflow';
import { roundOf } from './assignment.js';

/** Assigns a round and says what came of it: a digest, the progress, and how often the thread that asked could turn meanwhile. */
const [cases, reviewers, timeLimitMs] = process.argv.slice(2).map(Number) as [number, number, number];
const problem = roundOf({ cases, reviewers, wanted: 3, room: 1.3, discipline: 'open' });
const shares: number[] = [];
let turns = 0;
const pulse = setInterval(() => (turns += 1), 5);
try {
  const result = await assign(problem, { seed: 'published', timeLimitMs, onProgress: (share) => shares.push(share) });
  console.log(JSON.stringify({ digest: sha256(canonicalJson(result)), outcome: result.outcome, shares, turns }));
} catch (error) {
  console.log(JSON.stringify({ refused: (error as { readonly code?: string }).code }));
}
clearInterval(pulse);
