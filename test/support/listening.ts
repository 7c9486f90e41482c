import { eventually } from './eventually.js';
import type { Caller } from './caller.js';
import type { House } from './house.js';

export interface Heard {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, string>>;
}

/** Somebody who listens to server-sent events. */
export class Listening {
  readonly heard: Heard[] = [];
  /** Every byte that came. */
  text = '';
  private isOver = false;

  private constructor(
    readonly headers: Headers,
    private readonly ending: AbortController,
  ) {}

  static async begin(house: House, who: Caller, path: string, fields: Record<string, string> = {}): Promise<Listening> {
    const ending = new AbortController();
    const response = await fetch(new URL(path, house.url), { headers: await who.identified(fields), signal: ending.signal });
    if (response.status !== 200 || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
    const listening = new Listening(response.headers, ending);
    void listening.follow(response.body);
    return listening;
  }

  /** Waits for an event that is as it should be. */
  async until(isMeant: (heard: Heard) => boolean): Promise<Heard> {
    return eventually(() => this.heard.find(isMeant));
  }

  /** Waits until the server has ended it. */
  async ended(): Promise<void> {
    await eventually(
      () => this.isOver,
      (isOver) => isOver,
    );
  }

  stop(): void {
    this.ending.abort();
  }

  private async follow(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) {
        this.text += decoder.decode(chunk, { stream: true });
        this.heard.splice(0, this.heard.length, ...heardIn(this.text));
      }
    } catch {
      // Stopped from here.
    }
    this.isOver = true;
  }
}

const heardIn = (text: string): readonly Heard[] =>
  [...text.matchAll(/id: (\d+)\nevent: (\w+)\ndata: (.*)\n\n/g)].map(([, id = '', event = '', data = '{}']) => ({
    id,
    event,
    data: JSON.parse(data) as Record<string, string>,
  }));
