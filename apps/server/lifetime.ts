import { setTimeout as wait } from 'node:timers/promises';
import { DataFolderInUse, type Text } from '#kernel';
import { SettingsError } from './settings.js';

const STOPPED_WITHIN_MS = 20_000;

/** A start that cannot succeed until somebody changes something: told without a stack trace. */
export class Hindrance extends Error {
  override readonly name = 'Hindrance';
  constructor(readonly text: Text) {
    super(text.en);
  }
}

/** What a process has started, and how it ends. */
export interface Lifetime {
  /** What was started last is stopped first. */
  onEnd(stop: () => Promise<void>): void;
  /** Stops everything and ends the process; only the first call counts. */
  end(code: number): void;
}

/**
 * Runs a process until a signal ends it: exit code 0 after a signal, 1 when it could not start, or not stop in time.
 *
 * Never rejects. A signal that comes during the start stops what has been started by then.
 */
export async function live(start: (lifetime: Lifetime) => Promise<void>): Promise<void> {
  const stack: (() => Promise<void>)[] = [];
  let ending = false;
  const lifetime: Lifetime = {
    onEnd: (stop) => void stack.push(stop),
    // Signals come twice, the terminal's own and npm's copy of it: once is enough.
    end: (code) => {
      if (ending) return;
      ending = true;
      ended(stack).then(
        () => process.exit(code),
        (error: unknown) => {
          complain(error);
          process.exit(1);
        },
      );
    },
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => lifetime.end(0));
  try {
    await start(lifetime);
  } catch (error) {
    if (!ending) complain(error);
    lifetime.end(1);
  }
}

async function ended(stack: (() => Promise<void>)[]): Promise<void> {
  const all = (async () => {
    for (let stop = stack.pop(); stop; stop = stack.pop()) await stop();
  })();
  const tooLong = wait(STOPPED_WITHIN_MS, undefined, { ref: false }).then(() => {
    throw new Error(`Stopping took more than ${String(STOPPED_WITHIN_MS / 1000)} s.`);
  });
  await Promise.race([all, tooLong]);
}

/** One sentence for the person at the terminal, in both languages. */
export function tell({ en, zh }: Text): void {
  console.log(`${en}\n${zh}`);
}

export function complain(error: unknown): void {
  if (error instanceof Hindrance) console.error(`${error.text.en}\n${error.text.zh}`);
  else if (error instanceof SettingsError) console.error(error.message);
  else if (error instanceof DataFolderInUse)
    console.error(`${error.message}\n${error.dataDir} 正被 ${error.owner} 使用：请先停止它，或另选 DATA_DIR。`);
  else console.error(error);
}
