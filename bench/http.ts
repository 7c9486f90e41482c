import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { uuidv7 } from '#kernel';
import { ServerUnderTest } from '../test/faults/support/server.js';
import { compare, type Figure } from './figure.js';
import { answeredPerSecond } from './load.js';

/** A committee at work, and the evening of a deadline. */
const occasions = [32, 128];
const seconds = 4;

const facts = {
  name: '某某大学',
  schoolCode: '10000',
  province: '44',
  supervisor: '广东省',
  city: '广州市',
  level: 'undergraduate',
};
const institutions = 1_000;
const address = (index: number): string => `/v1/institution/gdmooc.${5_000_000_000 + index}/register-institution`;

let corrections = 0;
const correction = (): string => JSON.stringify({ ...facts, remark: `第${(corrections += 1)}次更正` });

/** Requests that correct the facts of one institution after the other. */
function correcting(url: string, headers: Readonly<Record<string, string>>): () => string {
  const always = Object.entries({ host: new URL(url).host, 'content-type': 'application/json', ...headers });
  const head = always.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  let sent = 0;
  return () => {
    const body = correction();
    const own = `idempotency-key: ${uuidv7(Date.now())}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    return `POST ${address((sent += 1) % institutions)} HTTP/1.1\r\n${head}${own}\r\n${body}`;
  };
}

/** As the log's own figure has it: streams of some events, which the server has met. */
async function registered(url: string, headers: Readonly<Record<string, string>>): Promise<void> {
  for (let index = 0; index < institutions; index += 1) {
    const { ok, status } = await fetch(url + address(index), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: correction(),
    });
    if (!ok) throw new Error(`registering: ${status}`);
  }
}

/** A session of the demonstration's secretary, who may register institutions. */
async function signedIn(url: string): Promise<Record<string, string>> {
  const { people } = (await (await fetch(`${url}/v1/sign-in/demonstration`)).json()) as { people: { person: string }[] };
  for (const { person } of people) {
    const answer = await fetch(`${url}/v1/sign-in/demonstration`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ person }),
    });
    const { csrfToken } = (await answer.json()) as { csrfToken: string };
    const cookie = answer.headers.getSetCookie().flatMap((field) => (/^entente=[^;]+/.exec(field) ?? [])[0] ?? [])[0] ?? '';
    const me = (await (await fetch(`${url}/v1/alliances/gdmooc/me`, { headers: { cookie } })).json()) as {
      powers: { power: string }[];
    };
    if (me.powers.some(({ power }) => power === 'register-institution')) return { cookie, 'x-csrf-token': csrfToken };
  }
  throw new Error('the demonstration has nobody who may register institutions');
}

/** Accepted HTTP commands per second, from request to durable event, against a bare NestJS POST that validates by the same rules. */
export async function* http(): AsyncGenerator<Figure> {
  const floor = fork(fileURLToPath(new URL('http-floor.ts', import.meta.url)), { stdio: 'inherit' });
  const [floorUrl] = (await once(floor, 'message')) as [string];
  const server = await ServerUnderTest.start({ environment: { LOG_LEVEL: 'error' } });
  try {
    const headers = await signedIn(server.url);
    await registered(server.url, headers);
    for (const connections of occasions) {
      const accepted = (url: string) => () => answeredPerSecond({ url, connections, seconds, next: correcting(url, headers) });
      yield await compare(
        `accepted commands over HTTP, ${connections} connections`,
        '/s',
        accepted(floorUrl),
        accepted(server.url),
      );
    }
  } finally {
    floor.disconnect();
    await server.stop();
    await server.dispose();
  }
}
