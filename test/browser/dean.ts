import type { Page } from 'playwright-core';

/** Registers a course and applies with it, at first with nothing, then with a wrong answer; every text would do harm if it were run. */
export async function filledIn(page: Page, title: string, pdf: Buffer): Promise<void> {
  await page.getByRole('button', { name: 'Register a course' }).click();
  await page.getByLabel(/^Title in Chinese/).fill(title);
  await page.getByLabel(/^Course leader/).fill('周<script>document.title="taken"</script>');
  await page.getByRole('button', { name: 'Register and go on' }).click();
  await page.getByRole('button', { name: 'Submit the application' }).click();
  await page.getByText('Fill this in.').first().waitFor();
  await page.getByLabel('No', { exact: true }).check();
  await page.getByLabel(/^Features/).fill('<svg onload="document.title=\'taken\'">');
  await page.getByLabel(/^Syllabus/).setInputFiles({ name: 'syllabus.pdf', mimeType: 'application/pdf', buffer: pdf });
  await page.getByText(/^Stored/).waitFor();
  await page.getByRole('button', { name: 'Submit the application' }).click();
}

/** A condition that is not met stands at the field that it reads, until that is mended; then the form is submitted again. */
export async function mended(page: Page): Promise<void> {
  const field = page.locator('.field').filter({ has: page.getByText(/^Part of the training plan/) });
  await field.getByText('The course must be part of the training plan, with credits.').waitFor();
  await page.getByLabel('Yes').check();
  await field.locator('.fault').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Submit the application' }).click();
}
