import 'reflect-metadata';
import { openEngines, requireQueue } from '../server/engines.js';
import { Hindrance, live, tell } from '../server/lifetime.js';
import { readSettings } from '../server/settings.js';

// Follows the log beside servers that have WORKER=none; any number of workers may run.
void live(async (lifetime) => {
  const settings = readSettings(process.env);
  const { databaseUrl } = settings;
  if (databaseUrl === undefined) {
    throw new Hindrance({
      en: 'DATABASE_URL is missing: a worker of its own needs the database of its servers.',
      zh: '缺少 DATABASE_URL：独立的 worker 需要与服务器使用同一个数据库。',
    });
  }
  await requireQueue(settings);
  const engines = await openEngines({ ...settings, databaseUrl });
  lifetime.onEnd(() => engines.close());
  engines.follow((failure) => console.error(failure));
  tell({ en: 'The worker follows the log.', zh: 'worker 正在跟随日志。' });
});
