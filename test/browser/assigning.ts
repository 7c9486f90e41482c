import type { Page } from 'playwright-core';

interface Stage {
  readonly round: string;
  readonly stage: string;
}

/** Describes a reviewer, who is found by name, and declares where they worked, found by name too. @returns the row that is on record then */
export async function describedByName(page: Page, address: string, { round, stage }: Stage): Promise<string> {
  await page.goto(`${address}/rounds/${round}/stages/${stage}/pool`);
  const section = (name: string) => page.getByRole('region', { name });
  await section('Expertise and load')
    .getByRole('combobox', { name: /^Reviewer/ })
    .click();
  await found(page, 'He Qing');
  await section('Expertise and load')
    .getByRole('combobox', { name: /^Expertise/ })
    .click();
  await page.keyboard.type('data mining');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await section('Expertise and load').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'data mining' }).waitFor();
  const declare = section('Conflicts of interest');
  await declare.getByRole('combobox', { name: /^Reviewer/ }).click();
  await found(page, 'He Qing');
  await declare.getByRole('combobox', { name: /^Institution/ }).click();
  await found(page, '深圳', '深圳大学');
  await declare.getByLabel(/^Last day there/).fill(new Date(Date.now() - 86_400_000).toISOString().slice(0, 10));
  await declare.getByRole('button', { name: 'Declare it' }).click();
  await page.getByText(/^Worked there: 深圳大学/).waitFor();
  return page.getByRole('row', { name: /He Qingyue/ }).innerText();
}

/** Types what somebody or something is called, and takes what is offered for it once it is. */
async function found(page: Page, typed: string, called = typed): Promise<void> {
  await page.keyboard.type(typed);
  await page.locator('.ant-select-item-option:visible', { hasText: called }).first().click();
}

/** Has an assignment computed, from the keyboard, and discards it again. @returns what the page says of what it rests on */
export async function assignedAndDiscarded(page: Page, address: string, { round, stage }: Stage): Promise<string> {
  await page.goto(`${address}/rounds/${round}/stages/${stage}/assignment`);
  const compute = page.getByRole('button', { name: 'Compute an assignment' });
  await compute.focus();
  await page.keyboard.press('Enter');
  await page.getByText('Discard it', { exact: true }).first().waitFor();
  await page.getByText('No application waits for reviewers here now.').waitFor();
  const said = await page.locator('main').innerText();
  await page.locator('summary', { hasText: 'Discard it' }).click();
  await page.getByLabel(/^Reason/).fill('Looked at by the test.');
  await page.getByRole('button', { name: 'Discard it' }).click();
  await page.getByText('discarded').waitFor();
  return said;
}
