import { Worker } from 'node:worker_threads';
import { UnavailableError } from '#kernel';
import { refused } from '../refusal.js';
import { checked } from './canonical.js';
import { compute } from './compute.js';
import type { AssignmentProblem, AssignmentResult, Infeasible } from './problem.js';
import { loadSolver } from './solver.js';

export interface AssignOptions {
  /** Decides between equals; published before anyone could profit from choosing it. */
  readonly seed: string;
  /** When to give up. Never changes a result: there is one or none. */
  readonly timeLimitMs: number;
  /** Share that is done, 0 to 1, never falling. */
  readonly onProgress?: (share: number) => void;
  /** Gives it up, without a result. */
  readonly signal?: AbortSignal;
}

export type WorkerAnswer = { readonly share: number } | { readonly result: AssignmentResult | Infeasible };

const source = import.meta.url.endsWith('.ts') ? 'assign.worker.ts' : 'assign.worker.js';

/**
 * Assigns reviewers to every case of a round at once, in a thread of its own: best fit first, then even loads, then by lot.
 * All or nothing. The same problem (in whatever order), seed and solver give the same bytes, on any machine.
 *
 * @throws DomainError `assignment.malformed`; `assignment.too-long` after `timeLimitMs`
 * @throws UnavailableError where it is given up
 */
export async function assign(
  problem: AssignmentProblem,
  { seed, timeLimitMs, onProgress, signal }: AssignOptions,
): Promise<AssignmentResult | Infeasible> {
  const worker = new Worker(new URL(source, import.meta.url), { workerData: { problem: checked(problem), seed } });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new UnavailableError('the assignment has been given up')), { once: true });
      timer = setTimeout(() => reject(tooLong(timeLimitMs)), timeLimitMs);
      worker.on('message', (answer: WorkerAnswer) => ('share' in answer ? onProgress?.(answer.share) : resolve(answer.result)));
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`the assignment's thread ended with ${code} and without a result`)));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** As `assign`, in this thread: for simulation and for proof, where nothing else waits. */
export async function assignHere(
  problem: AssignmentProblem,
  { seed, onProgress }: AssignOptions,
): Promise<AssignmentResult | Infeasible> {
  return compute(await loadSolver(), checked(problem), seed, onProgress);
}

const tooLong = (timeLimitMs: number) =>
  refused(
    'assignment.too-long',
    `No assignment was proven within ${timeLimitMs / 1000} seconds. Allow more time, or divide the round by discipline.`,
    `在 ${timeLimitMs / 1000} 秒内未能完成分配计算。请延长时限，或按学科拆分后再计算。`,
    { timeLimitMs },
  );
