import { expect } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium as playwright, type Page } from 'playwright-core';
import type { Clock } from '#kernel';
import { eventually } from '../support/eventually.js';
import { type ServerOptions, ServerUnderTest } from '../faults/support/server.js';
import { House } from '../support/house.js';

export interface Role {
  readonly person: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly seats: readonly { readonly organ: string; readonly scope: string | null }[];
  readonly tasks: number;
}

export interface Listed {
  readonly id: string;
  readonly title: string;
  readonly institutionName: string;
  readonly stage: string;
  readonly status: string;
  readonly act?: string;
}

/**
 * As the package says, but for one process for all pages, which ends with the first of them, for open doors between sites, and for a
 * drawing of pages on a graphics processor that is not there: it makes the end of every visit take half a second and more.
 */
const browserArguments = [
  ...chromium.args.filter(
    (argument) =>
      !['--single-process', '--disable-web-security', '--allow-running-insecure-content'].includes(argument) &&
      !/-gpu|angle|swiftshader|use-gl/.test(argument),
  ),
  '--disable-gpu',
  '--no-sandbox',
];

/** A server with the demonstration, and a real browser before it. */
export class Console {
  /** By language, windows that somebody has left: emptied, but the console's programs need not be compiled again in them. */
  private readonly left = { 'en-GB': [] as Page[], 'zh-CN': [] as Page[] };

  private constructor(
    /** The name under which the server knows itself: a request from a page of another one is refused. */
    readonly url: string,
    private readonly browser: Browser,
    private readonly dispose: () => Promise<void>,
    private readonly clock?: Clock,
  ) {}

  /** The built server, in the time of day. */
  static async open(options: ServerOptions = {}): Promise<Console> {
    await built();
    const server = await ServerUnderTest.start(options);
    return new Console(`http://localhost:${server.port}`, await launched(), () => server.dispose());
  }

  /** A house whose clock can be moved: pages take it for the time of day, too. */
  static async inHouse(): Promise<{ readonly house: House; readonly site: Console }> {
    // A server knows the files that were there when it started.
    await built();
    const house = await House.open();
    return { house, site: new Console(house.url, await launched(), () => house.close(), house.clock) };
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.dispose();
  }

  /** Someone who has never been here. */
  async visitor(locale: 'en-GB' | 'zh-CN' = 'en-GB'): Promise<Visitor> {
    const page = this.left[locale].pop() ?? (await this.window(locale));
    if (this.clock !== undefined) await page.context().clock.setFixedTime(this.clock.now());
    return new Visitor(this.url, page, (emptied) => this.left[locale].push(emptied));
  }

  private async window(locale: string): Promise<Page> {
    const context = await this.browser.newContext({
      locale,
      timezoneId: 'Asia/Shanghai',
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: 900 },
    });
    context.setDefaultTimeout(30_000);
    return context.newPage();
  }

  /** Whom a visitor may be, those with most to do first. */
  async roles(organ: string): Promise<readonly Role[]> {
    const items = await eventually(async () => {
      const answer = await fetch(`${this.url}/v1/demonstration`);
      return answer.ok ? ((await answer.json()) as { items: readonly Role[] }).items : undefined;
    });
    return items.filter(({ seats }) => (seats[0]?.organ ?? 'nobody') === organ).toSorted((one, other) => other.tasks - one.tasks);
  }

  /** Signed in as somebody, at a page. */
  async at(path: string, person = '', locale: 'en-GB' | 'zh-CN' = 'en-GB'): Promise<Visitor> {
    const visitor = await this.visitor(locale);
    await visitor.context.request.post(`${this.url}/v1/sign-in/demonstration`, { data: { person } });
    await visitor.go(path);
    return visitor;
  }

  /** Signed in as one of them, at their tasks. */
  async as(role: Role | undefined, locale: 'en-GB' | 'zh-CN' = 'en-GB'): Promise<Visitor> {
    if (role === undefined) throw new Error('the demonstration has nobody of that kind');
    return this.at('/', role.person, locale);
  }
}

const built = () => promisify(execFile)(process.execPath, ['scripts/build.mjs', 'console']);

const launched = async (): Promise<Browser> =>
  playwright.launch({ executablePath: await chromium.executablePath(), args: browserArguments, headless: true });

export class Visitor {
  /** What the pages' own programs failed at. */
  readonly faults: string[] = [];
  readonly context: BrowserContext;
  private readonly noted = (error: Error): void => void this.faults.push(error.message);

  constructor(
    private readonly url: string,
    readonly page: Page,
    private readonly handOn: (emptied: Page) => void,
  ) {
    this.context = page.context();
    page.on('pageerror', this.noted);
  }

  /** Goes without a trace, to a page without programs: the window is the next one's. */
  async leave(): Promise<void> {
    await Promise.all(this.context.pages().map((page) => (page === this.page ? page.goto(`${this.url}/health`) : page.close())));
    const window = await this.context.newCDPSession(this.page);
    await window.send('Storage.clearDataForOrigin', { origin: this.url, storageTypes: 'all' });
    await window.detach();
    this.page.off('pageerror', this.noted);
    this.handOn(this.page);
  }

  async go(path: string): Promise<void> {
    await this.page.goto(this.url + path);
    await this.settled();
  }

  /** As if a link to another page had been followed: without loading the console anew. */
  async follow(path: string): Promise<void> {
    const before = await this.page.title();
    await this.page.evaluate(`history.pushState(null, '', '${path}'); dispatchEvent(new PopStateEvent('popstate'))`);
    await eventually(
      () => this.page.title(),
      (title) => title !== before,
    );
    await this.settled();
  }

  /** Until nothing is being loaded any more. */
  async settled(): Promise<void> {
    await this.page.locator('h1').waitFor();
    await this.page.locator('.ant-skeleton, .ant-spin').first().waitFor({ state: 'detached' });
  }

  /** What the server tells this visitor. */
  async read<T>(path: string): Promise<T> {
    const answer = await this.context.request.get(this.url + path);
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** The token of an invitation that this visitor gives someone. */
  async invite(person: string, csrfToken: string): Promise<string> {
    const answer = await this.context.request.post(`${this.url}/v1/person/${person.replace(/^person-/, '')}/invitation`, {
      data: {},
      headers: { 'x-csrf-token': csrfToken, origin: this.url, 'entente-alliance': 'gdmooc' },
    });
    const { token = '' } = (await answer.json()) as { token?: string };
    if (token === '') throw new Error(`no invitation: ${answer.status()} ${await answer.text()}`);
    return token;
  }

  /** Waits until a case is no task of theirs any more: lists follow the log. */
  async isRidOf(id: string | undefined): Promise<void> {
    await eventually(
      () => this.tasks(),
      (tasks) => tasks.every((task) => task.id !== id),
    );
  }

  async tasks(): Promise<readonly Listed[]> {
    return (await this.read<{ items: readonly Listed[] }>('/v1/alliances/gdmooc/tasks')).items;
  }

  /** Follows what the page leads on to once something is done: the most urgent of what is left. */
  async goesOnFrom(done: string): Promise<void> {
    const next = (await this.tasks()).find(({ id }) => id !== done);
    await this.page.getByRole('link', { name: next?.title ?? 'Back to my tasks' }).click();
    await this.page.waitForURL(next === undefined ? `${this.url}/` : `**/cases/${next.id}`);
  }

  /** Some case of the demonstration that stands there. */
  async caseAt(stage: string): Promise<Listed> {
    const { items } = await this.read<{ items: readonly Listed[] }>('/v1/alliances/gdmooc/cases?limit=200');
    const found = items.find((one) => one.stage === stage);
    if (found === undefined) throw new Error(`nothing of the demonstration stands at ${stage}`);
    return found;
  }

  /** Opens what is folded. */
  async unfold(): Promise<void> {
    await this.page.evaluate(`for (const folded of document.querySelectorAll('details')) folded.open = true`);
  }

  /** All that can be read on the page, one text node a line, but for what people wrote and hashes. */
  async ownTexts(): Promise<readonly string[]> {
    return this.page.evaluate<readonly string[]>(ownTexts);
  }
}

/** Runs in the page: text nodes but for what people wrote, hashes, and what says that it is in another language. */
const ownTexts = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (text !== '' && parent.closest('code, script, style, .prose, .row-title, [lang]:not(html)') === null) texts.push(text);
  }
  return texts;
})()`;

/** Every visitor ends without a fault of the pages' own programs. */
export async function visits(visitor: Promise<Visitor>, story: (visitor: Visitor) => Promise<void>): Promise<void> {
  const someone = await visitor;
  try {
    await story(someone);
    expect(someone.faults).toEqual([]);
  } catch (failure) {
    await someone.context.close();
    throw failure;
  }
  await someone.leave();
}

/** Opens what is folded away under a title; what stands in it. */
export async function unfolded({ page }: Visitor, title: string | RegExp) {
  const folded = page.locator('details.more-acts', { has: page.locator('summary', { hasText: title }) });
  // By the keyboard: what is still being read above it moves it away from under a pointer.
  await folded.locator('summary').first().press('Enter');
  return folded;
}

/** Chooses an option of a field. */
export async function chosen({ page }: Visitor, field: RegExp, option: string | RegExp): Promise<void> {
  const box = page.getByRole('combobox', { name: field });
  const shown = page.locator('.ant-select').filter({ has: box }).getByText(option);
  await eventually(async () => {
    await box.click();
    const offered = page.locator('.ant-select-item-option:visible').filter({ hasText: option }).first();
    const taken = offered.click({ timeout: 3_000 }).then(() => shown.waitFor({ timeout: 3_000 }));
    return taken.then(
      () => true,
      () => undefined,
    );
  });
}
