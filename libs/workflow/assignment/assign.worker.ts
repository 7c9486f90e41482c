import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerAnswer } from './assign.js';
import { compute } from './compute.js';
import type { AssignmentProblem } from './problem.js';
import { loadSolver } from './solver.js';

const { problem, seed } = workerData as { readonly problem: AssignmentProblem; readonly seed: string };
const answer = (message: WorkerAnswer): void => parentPort?.postMessage(message);

answer({ result: compute(await loadSolver(), problem, seed, (share) => answer({ share })) });
