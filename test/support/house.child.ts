import { startServer } from '../../apps/server/server.js';
import { readSettings } from '../../apps/server/settings.js';
import { MovableClock } from './movable-clock.js';

/** What the test tells its server: where the clock goes, or that it is over. */
export type Order = { readonly order: 'move' | 'hold'; readonly atMs: number } | { readonly order: 'end' };

const [databaseUrl = '', dataDir = '', at = '', worker = ''] = process.argv.slice(2);
const clock = new MovableClock(Date.parse(at));
const settings = readSettings({ PORT: '0', DEMO: 'true', LOG_LEVEL: 'warn', DATA_DIR: dataDir });
const server = await startServer({ ...settings, databaseUrl, worker: worker === 'none' ? 'none' : 'inside' }, clock);

process.on('message', (order: Order) => {
  switch (order.order) {
    case 'move':
      clock.moveTo(order.atMs);
      break;
    case 'hold':
      clock.holdAt(order.atMs);
      break;
    case 'end':
      void server.close().then(() => process.disconnect());
      return;
  }
  process.send?.({ done: order.order });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: server.url, routes: server.routes });
