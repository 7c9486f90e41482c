import type { Page } from 'playwright-core';
import type { Visitor } from './visitor.js';

type Credentials = readonly [login: string, password: string];

/** Opens an invitation and sets a name and a password. */
export async function accepted(visitor: Visitor, token: string, [login, password]: Credentials): Promise<void> {
  const { page } = visitor;
  await visitor.go('/publicity');
  await visitor.go(`/invitation#${token}`);
  await page.getByLabel('User name').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Set name and password' }).click();
}

/** Signs in with what has just been set. */
export async function signedInOnce({ page }: Visitor, [login, password]: Credentials): Promise<void> {
  await page.waitForURL(/sign-in\?invited/);
  await page.getByText('Your user name and password have been set.').waitFor();
  await page.getByLabel('User name').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Goes on with a review after the session has ended, signs in again and comes back to it. @returns the comment that stands there then */
export async function writtenWithoutSession(page: Page, person: string, title: string): Promise<string> {
  const comment = page.getByLabel(/^Comment/);
  await page.context().clearCookies();
  await comment.fill('Written after the session had ended.');
  await page.getByText('The draft could not be saved').waitFor();
  await page.getByRole('link', { name: 'My tasks' }).click();
  await page.locator(`.person-button[data-person="${person}"]`).click();
  await page.getByRole('link', { name: `Review: ${title}` }).click();
  await page.getByText('Draft saved').waitFor();
  return comment.inputValue();
}
