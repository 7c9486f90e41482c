const number = (name: string, usual: number): number => Number(process.env[name] ?? usual);

const usually = { runs: 30, steps: 60, seed: 20260302 };
const isUsual = process.env['PROOF_RUNS'] === undefined;

/**
 * How long, and from which seed: `PROOF_RUNS` histories of `PROOF_STEPS` steps from `PROOF_SEED` on. The short form, in which every kept
 * world has its turn, is the same every time; the long one (`npm run proof`) is another.
 */
export const proof = {
  runs: number('PROOF_RUNS', usually.runs),
  steps: number('PROOF_STEPS', usually.steps),
  seed: number('PROOF_SEED', isUsual ? usually.seed : Math.floor(Math.random() * 2 ** 30)),
};

/** Whether so many histories come to what most of them come to, and to everything that there is. */
export const isWhole = proof.runs >= usually.runs && proof.steps >= usually.steps;
export const isLong = proof.runs >= 300 && proof.steps >= usually.steps;
