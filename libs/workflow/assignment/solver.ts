import { createRequire } from 'node:module';
import type { Highs } from 'highs';

/** The package tells the types of its CommonJS half only, so that half is loaded. A solver is some 20 MB until a programme is solved. */
export const loadSolver: () => Promise<Highs> = createRequire(import.meta.url)('highs');
