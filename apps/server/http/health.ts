import type { Engines } from '../engines.js';
import { DoorRefusal } from './problem.js';

const askedAgainAfterMs = 1_000;
const answersWithinMs = 2_000;

/** Whether the engines answer: asked once a second at most, however many ask. */
export class Answering {
  private asked = { at: -Infinity, answer: Promise.resolve<readonly string[]>([]) };

  constructor(private readonly engines: Pick<Engines, 'store' | 'pool'>) {}

  /** What does not answer: `log`, `database`. */
  missing(): Promise<readonly string[]> {
    const at = performance.now();
    if (at - this.asked.at >= askedAgainAfterMs) this.asked = { at, answer: this.ask() };
    return this.asked.answer;
  }

  private async ask(): Promise<readonly string[]> {
    const { store, pool } = this.engines;
    const [log, database] = await Promise.all([answers(store.head()), answers(pool.query('select 1'))]);
    return [...(log ? [] : ['log']), ...(database ? [] : ['database'])];
  }
}

async function answers(asked: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), answersWithinMs);
  });
  const answered = asked.then(
    () => true,
    () => false,
  );
  return Promise.race([answered, tooLate]).finally(() => clearTimeout(timer));
}

/** What is missing, by its name in the design; never an address. */
export const notReady = (missing: readonly string[]): DoorRefusal =>
  new DoorRefusal(
    503,
    'server.not-ready',
    {
      en: `The server runs, but ${missing.join(' and ')} does not answer. It serves again by itself once that is back.`,
      zh: `服务进程在运行，但以下部分无响应：${missing.join('、')}。恢复后服务会自动继续。`,
    },
    { missing },
    { 'retry-after': '1' },
  );
