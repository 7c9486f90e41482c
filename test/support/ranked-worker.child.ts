import { rankedWorker } from './ranked-worker.js';

/** A worker in a process of its own, to be killed. */
const [url = '', at = ''] = process.argv.slice(2);
rankedWorker(url, Number(at)).begin();
process.on('disconnect', () => process.exit(0));
