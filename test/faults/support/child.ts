import { type ChildProcess, execFile, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '../../support/eventually.js';

/** A process under test: what it says, when it ends, and a way to end it. */
export class Child {
  private said = '';
  private readonly ended: Promise<number | NodeJS.Signals>;

  private constructor(private readonly process: ChildProcess) {
    for (const stream of [process.stdout, process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    this.ended = once(process, 'close').then(([code, signal]: (number | NodeJS.Signals | null)[]) => code ?? signal ?? 'SIGKILL');
  }

  static node(args: readonly string[], options: SpawnOptions = {}): Child {
    return new Child(spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Runs a TypeScript file of the sources, with no build between. */
  static script(file: string, args: readonly string[] = [], options: SpawnOptions = {}): Child {
    return Child.node(['--conditions=entente-source', '--import', './test/support/typescript.mjs', file, ...args], options);
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Everything written so far, to standard output and standard error. */
  get output(): string {
    return this.said;
  }

  /** Waits for a text and returns the first group of it, or all of it. */
  async says(text: RegExp): Promise<string> {
    const said = await eventually(
      () => {
        if (!text.test(this.said)) this.mustLive();
        return this.said;
      },
      (output) => text.test(output),
    );
    const [all, first] = text.exec(said) as RegExpExecArray;
    return first ?? all;
  }

  /** @throws Error with all that it said, when it has ended */
  mustLive(): void {
    const { exitCode, signalCode } = this.process;
    if (exitCode !== null || signalCode !== null)
      throw new Error(`The process ended (${String(exitCode ?? signalCode)}):\n${this.said}`);
  }

  /** The exit code, or the signal that it died of. */
  async end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    if (signal) this.process.kill(signal);
    return this.ended;
  }
}

/** Ended processes that nobody has waited for do not count. */
export async function isAlive(pid: number): Promise<boolean> {
  return new Promise((resolve) =>
    execFile('ps', ['-o', 'stat=', '-p', String(pid)], (_, state) => resolve(state.trim() !== '' && !state.startsWith('Z'))),
  );
}
