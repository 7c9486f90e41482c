// `npm start`.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { fail, installed, root } from './installed.mjs';

/** npm does not take its child along when it is killed: the server must not stay behind without anybody to stop it. */
function endWithNpm() {
  if (process.env.npm_lifecycle_event !== 'start') return;
  const launcher = process.ppid;
  setInterval(() => {
    if (process.ppid !== launcher) process.kill(process.pid, 'SIGTERM');
  }, 250).unref();
}

process.chdir(root);
endWithNpm();
await installed(async () => {
  const { built } = await import('./build.mjs');
  const what = await built();
  if (what.length > 0) console.log(`Built ${what.join(' and ')}.\n构建完成。`);
});
if (!existsSync(join(root, 'dist', 'apps', 'server', 'main.js')))
  fail('apps/server/main.ts is missing: this clone is not complete.', '缺少 apps/server/main.ts：克隆不完整。');
process.setSourceMapsEnabled(true);
// From Node 22 on: a warm start parses nothing twice.
module.enableCompileCache?.(join(root, '.entente', 'compiled'));
await import('../dist/apps/server/main.js');
