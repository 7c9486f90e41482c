import { Child } from './child.js';
import { childEnvironment } from './server.js';

/** A built worker on the database and data folder of a server with WORKER=none; it follows the log when this resolves. */
export async function startWorker(settings: Readonly<Record<string, string>>): Promise<Child> {
  const worker = Child.node(['--enable-source-maps', '--max-semi-space-size=64', 'dist/apps/worker/main.js'], {
    env: childEnvironment(settings),
  });
  await worker.says(/The worker follows the log/);
  return worker;
}
