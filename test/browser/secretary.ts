import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';

/** By the keyboard: what is still being read above it moves it away from under a pointer. */
const actsOnAll = (page: Page): Promise<void> => page.getByText('Act on all that are found').press('Enter');

/** Searches, mends the search that was not understood, and reminds the reviewers of all that are found. @returns what the page says then */
export async function remindedInBulk(page: Page, address: string): Promise<string> {
  await page.goto(address);
  const box = page.getByRole('searchbox', { name: 'Search applications' });
  await box.fill('stage:expert-revue');
  await box.press('Enter');
  await page.getByText(/At character 7 of the search/).waitFor();
  await box.fill('环节:expert-review status:open');
  // What is read for a search is asked for once the page has been drawn for it.
  const found = page.waitForResponse((answer) => answer.url().includes(encodeURIComponent('status:open')));
  await box.press('Enter');
  await found;
  await actsOnAll(page);
  await page.getByRole('combobox', { name: /What is to be done/ }).click();
  await page.getByText(/: Remind the reviewers$/).click();
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByText(/^It would be done to \d+ applications/).waitFor();
  await page.getByText('A reviewer was reminded.').waitFor();
  await page.getByRole('button', { name: /^Decide all \d+$/ }).click();
  return page.getByText(/applications are decided/).innerText();
}

/** @returns the search that the board's number of late applications leads to */
export async function searchBehindOverdue(page: Page, address: string): Promise<string> {
  await page.goto(`${address}/board`);
  await page.getByRole('heading', { name: "Secretary's board" }).waitFor();
  await page.getByRole('cell', { name: 'Formal check', exact: true }).waitFor();
  await page.getByRole('link', { name: /Overdue/ }).click();
  await page.waitForURL(/q=overdue/);
  return page.getByRole('searchbox', { name: 'Search applications' }).inputValue();
}

/** From the page of a round, asks what its votes would have come to if everybody had to take part. @returns what is found */
export async function countedAgain(page: Page, address: string): Promise<string> {
  await page.goto(address);
  await page.getByRole('link', { name: 'Decision of the committee: what if…' }).click();
  const ask = page.getByRole('button', { name: 'Count again' });
  await page.getByLabel(/^Quorum, at least/).fill('all');
  await page.getByText('Give a share in this form.').waitFor();
  await page.getByLabel(/^Quorum, at least/).fill('1/1');
  await page.getByRole('combobox', { name: /^Quorum, of/ }).click();
  await page.getByText('all seats', { exact: true }).click();
  await ask.click();
  await page.waitForURL(/quorum=1%2F1&quorumOf=all-seats/);
  await page.getByText('no quorum, voted on again').first().waitFor();
  return page.locator('main').innerText();
}

/** @returns with what status a search that is typed into the page of a round is answered */
export async function answerTo(page: Page, address: string, search: string): Promise<number> {
  await page.goto(address);
  const box = page.getByRole('searchbox', { name: 'Search applications' });
  await box.fill(search);
  const found = page.waitForResponse((answer) => new URL(answer.url()).searchParams.get('q') === search);
  await box.press('Enter');
  return (await found).status();
}

/** Fills in what a round needs beside its workflow, and tries to open it. @returns what stands in the way */
export async function hindrancesToOpening(page: Page): Promise<readonly string[]> {
  await page.getByLabel(/^Title in Chinese/).fill('再次');
  await page.getByLabel(/^Title in English/).fill('Once more');
  await page.getByLabel(/^Address/).fill('once-more');
  await page.getByLabel(/^Seed/).fill('lottery of the day: 04 11 19 23 30');
  await page.getByRole('button', { name: 'Open the round' }).click();
  const findings = page.getByRole('alert').getByRole('listitem');
  await findings.first().waitFor();
  return findings.allInnerTexts();
}

interface Place {
  readonly rows: number;
  readonly scrolled: number;
}

/** Reads on in the list of a round, opens its last case and goes back. @returns where the list was left, and where it is found again */
export async function leftAndFoundAgain(page: Page, address: string): Promise<{ readonly left: Place; readonly found: Place }> {
  // Pages of five: a demonstration has no long lists.
  await page.route('**/cases?*', (route) => route.continue({ url: `${route.request().url()}&limit=5` }));
  await page.goto(address);
  await page.getByRole('button', { name: 'Show more' }).click();
  const rows = page.locator('table.cases tbody tr');
  await rows.nth(9).getByRole('link').scrollIntoViewIfNeeded();
  const place = async (): Promise<Place> => ({ rows: await rows.count(), scrolled: await page.evaluate('Math.round(scrollY)') });
  const left = await place();
  await rows.nth(9).getByRole('link').click();
  await page.waitForURL(/\/cases\//);
  await page.goBack();
  const found = await eventually(place, ({ rows, scrolled }) => rows === left.rows && scrolled === left.scrolled);
  await page.unroute('**/cases?*');
  return { left, found };
}

/** @returns what may be done on this page to all that are found */
export async function offeredAtOnce(page: Page, address: string): Promise<readonly string[]> {
  await page.goto(address);
  await actsOnAll(page);
  await page.getByRole('combobox', { name: /What is to be done/ }).click();
  const options = page.locator('.ant-select-item-option');
  await options.first().waitFor();
  return options.allInnerTexts();
}
