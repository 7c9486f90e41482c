import type { Locator, Page } from 'playwright-core';

/** Says something to the panel, and gives the review anew with another score for one criterion. @returns what stands side by side then */
export async function spokenAndRevised(page: Page): Promise<string> {
  await page.getByRole('heading', { name: 'What was said' }).waitFor();
  await page.getByLabel(/^Say something to the others/).fill('The second unit is missing.');
  await page.getByRole('button', { name: 'Send to the panel' }).click();
  await page.getByText('The panel can read it now.').waitFor();
  await page.getByRole('listitem').filter({ hasText: 'The second unit is missing.' }).waitFor();
  await page.locator('summary', { hasText: 'Revise my review' }).click();
  const first = page.getByRole('slider').and(page.locator('[data-criterion]')).first();
  await first.focus();
  await page.keyboard.press('4');
  await page.getByLabel(/^Why you think otherwise now/).fill('I had missed the annex.');
  await page.getByRole('button', { name: 'Replace my review' }).click();
  await page.getByText('Your review has been revised; the last version counts.').waitFor();
  await page.getByText(/^Revised: /).waitFor();
  return page.getByRole('table', { name: 'Scores side by side' }).innerText();
}

/** Has a ranking go on without what stands still. */
export async function rankedWithout(page: Page, title: string): Promise<void> {
  const waiting = page.getByRole('region', { name: 'Waited for' });
  const goOn = waiting.getByRole('button', { name: /^Go on without/ });
  await waiting.getByLabel(/^Why the ranking does not wait/).fill('Minutes no. 3.');
  if (await goOn.isEnabled()) throw new Error('it may go on without nobody');
  await waiting.getByRole('checkbox', { name: title }).check();
  await goOn.click();
  await page.getByRole('heading', { name: 'Equal at the cut' }).waitFor();
}

/** Puts the second of two equals before the first. @returns the rows of the ranking, the best first */
export async function orderedEquals(page: Page): Promise<readonly string[]> {
  await page.getByRole('button', { name: /^Before the one above/ }).click();
  await page.getByLabel(/^Number of the resolution/).fill('2026-3');
  await page.getByRole('button', { name: 'Record this order' }).click();
  const rows = page.getByRole('table', { name: 'Places' }).locator('tbody tr');
  await rows.filter({ hasText: 'in reserve' }).waitFor();
  return rows.allInnerTexts();
}

/** Declares the conflict of interest of whoever has been chosen. */
export async function declaredForAnother(page: Page, form: Locator): Promise<void> {
  await form.getByLabel(/^Ground/).fill('They wrote the textbook together.');
  await form.getByRole('button', { name: 'Declare the conflict' }).click();
  await page.getByText('The conflict of interest is on record.').waitFor();
}
