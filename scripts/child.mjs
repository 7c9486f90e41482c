import { spawn } from 'node:child_process';
import { once } from 'node:events';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program to its end. A signal that comes meanwhile goes on to it, and ends this process when the program has ended: nothing is
 * left working that nobody waits for.
 *
 * @param {(pid: number) => void} [started]
 * @returns {Promise<number | null>} its exit code
 * @throws {Error} where it could not be started
 */
export async function ran(program, args, options, started = () => undefined) {
  const child = spawn(program, args, { stdio: 'inherit', ...options });
  let isEnding = false;
  const passOn = (signal) => {
    isEnding = true;
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, passOn);
  try {
    if (child.pid !== undefined) started(child.pid);
    const [code] = await once(child, 'close');
    if (isEnding) process.exit(0);
    return code;
  } finally {
    for (const signal of signals) process.off(signal, passOn);
  }
}
