import { startTraveller } from './traveller.js';

/** A worker for journeys in a process of its own, to be killed. Says how long it took to open, once it has looked through what is owed. */
const url = process.env['JOURNEY_DATABASE'];
if (url === undefined) throw new Error('JOURNEY_DATABASE is needed');
const begin = performance.now();
const traveller = startTraveller(url);
while (!traveller.isReady()) await new Promise((resolve) => setTimeout(resolve, 2));
process.send?.({ openedInMs: performance.now() - begin });
