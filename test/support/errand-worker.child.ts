import { type QueueAddress } from '../../libs/workflow/runtime/index.js';
import { startErrandWorker } from './errand-worker.js';

/**
 * A worker in a process of its own, to be killed. With HANG=loads it stands still for ever in the middle of an effect that asks for loads.
 */
const url = process.env['ERRAND_DATABASE'];
const queue = process.env['ERRAND_QUEUE'];
if (url === undefined || queue === undefined) throw new Error('ERRAND_DATABASE and ERRAND_QUEUE are needed');

startErrandWorker({
  url,
  queue: JSON.parse(queue) as QueueAddress,
  loads: async (effect) => {
    process.stdout.write(`loads ${effect.id}\n`);
    return process.env['HANG'] === 'loads' ? new Promise<never>(() => undefined) : {};
  },
});
process.stdout.write('started\n');
