import { assign } from '#workflow';
import { roundOf } from '../test/support/assignment.js';
import { type Figure, figure } from './figure.js';

/** Seconds for a round of 5,000 cases, 1,000 reviewers and five each, against ten; and what was proven of the result. */
export async function* assignment(): AsyncGenerator<Figure> {
  for (const discipline of ['open', 'required'] as const) {
    const problem = roundOf({ cases: 5000, reviewers: 1000, wanted: 5, room: discipline === 'open' ? 1.2 : 2.5, discipline });
    const begin = performance.now();
    let [reports, late, last] = [0, 0, begin];
    const pulse = setInterval(() => ([late, last] = [Math.max(late, performance.now() - last - 10), performance.now()]), 10);
    const result = await assign(problem, { seed: 'bench', timeLimitMs: 600_000, onProgress: () => (reports += 1) });
    clearInterval(pulse);
    const seconds = (performance.now() - begin) / 1000;
    const name = `assignment of 5,000 × 1,000 × 5, discipline ${discipline}`;
    if (result.outcome === 'infeasible') throw new Error(result.text.en);
    yield figure(`${name}: time`, 's', seconds, 10);
    yield figure(`${name}: gap of the fit from its bound`, '%', 100 * result.fit.gap, 1);
    yield figure(`${name}: gap of the unevenness from its bound`, '%', 100 * result.unevenness.gap, 1);
    yield figure(`${name}: longest wait of the event loop`, 'ms', late, 100);
    yield figure(`${name}: reports of progress`, 'reports', reports, 5);
  }
}
