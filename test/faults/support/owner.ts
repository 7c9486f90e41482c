import { startPostgres } from '../../../libs/kernel/embedded.postgres.js';

// A process that owns the data folder it is given until a signal ends it, one way or the other.
const [dataDir = '', port] = process.argv.slice(2);
const log = (line: string): void => console.error(line);
try {
  const postgres = await startPostgres({ dataDir, log, ...(port && { port: Number(port) }) });
  process.on('SIGTERM', () => void postgres.stop().then(() => process.exit(0)));
  console.log(JSON.stringify({ url: postgres.url, pid: postgres.pid }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
