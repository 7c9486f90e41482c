import { connect, type Socket } from 'node:net';

export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** The next request, as it goes over the wire. */
  readonly next: () => string;
}

/**
 * Requests answered 200 per second, over each connection one after the other.
 *
 * It shares the machine with what it measures, so it takes little of it: a common client takes as much of a processor for a request as a
 * server does.
 * @throws Error where one is answered otherwise or a connection ends
 */
export async function answeredPerSecond({ url, connections, seconds, next }: Load): Promise<number> {
  const begin = performance.now();
  const running = Array.from({ length: connections }, async () => new Connection(url, next).run(begin + seconds * 1000));
  const answered = (await Promise.all(running)).reduce((sum, count) => sum + count, 0);
  return answered / ((performance.now() - begin) / 1000);
}

class Connection {
  private readonly socket: Socket;
  private answered = 0;
  private received = '';

  constructor(
    url: string,
    private readonly next: () => string,
  ) {
    const { hostname, port } = new URL(url);
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true });
  }

  /** How many were answered when the time was over. */
  async run(until: number): Promise<number> {
    try {
      return await new Promise<number>((resolve, reject) => {
        this.socket.once('error', reject).once('close', () => reject(new Error('the server hung up')));
        this.socket.once('connect', () => this.send());
        this.socket.on('data', (chunk) => {
          try {
            if (!this.isAnswered(chunk)) return;
            this.answered += 1;
            if (performance.now() < until) this.send();
            else resolve(this.answered);
          } catch (failure) {
            reject(failure as Error);
          }
        });
      });
    } finally {
      this.socket.destroy();
    }
  }

  private send(): void {
    this.socket.write(this.next());
  }

  private isAnswered(chunk: Buffer): boolean {
    this.received += chunk.toString('latin1');
    const body = this.received.indexOf('\r\n\r\n') + 4;
    if (body < 4) return false;
    if (!this.received.startsWith('HTTP/1.1 200 ')) throw new Error(`refused: ${this.received}`);
    const length = /^content-length: (\d+)\r$/im.exec(this.received)?.[1];
    if (length === undefined) throw new Error(`an answer without its length: ${this.received}`);
    if (this.received.length < body + Number(length)) return false;
    this.received = '';
    return true;
  }
}
