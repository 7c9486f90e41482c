import type { Page } from 'playwright-core';

/** A condition that is not met stands at the field that it reads, until that is mended; then the form is submitted again. */
export async function mended(page: Page): Promise<void> {
  const field = page.locator('.field').filter({ has: page.getByText(/^Part of the training plan/) });
  await field.getByText('The course must be part of the training plan, with credits.').waitFor();
  await page.getByLabel('Yes').check();
  await field.locator('.fault').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Submit the application' }).click();
}
