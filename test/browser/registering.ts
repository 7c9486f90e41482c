import type { House } from '../support/house.js';
import { type Console, visits } from './visitor.js';

/**
 * Two people register for an event with one place; the first cancels, and the second, who has moved up, signs in.
 *
 * @returns what the organiser read in between
 */
export async function registeredInTurn(house: House, site: Console, event: string): Promise<string> {
  const path = `/cases/${event}`;
  const people = house.people.filter(({ seats }) => seats.some(({ organ }) => organ === 'expert-panel'));
  const [first = '', second = ''] = people.map(({ person }) => person);
  await visits(site.at(path, first), async ({ page }) => {
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByText('You have a place: number 1 of 1.').waitFor();
  });
  await visits(site.at(path, second), async ({ page }) => {
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByText('You wait, and are the first on the waiting list.').waitFor();
  });
  const read = await organised(house, site, path);
  await visits(site.at(path, first), async ({ page }) => {
    await page.getByRole('button', { name: 'Cancel my registration' }).click();
    await page.getByRole('tooltip').getByRole('button', { name: 'Cancel my registration' }).click();
    await page.getByText('Your registration is cancelled.').waitFor();
    await page.getByRole('button', { name: 'Register', exact: true }).waitFor();
  });
  await house.settled();
  await visits(site.at(path, second), async ({ page }) => {
    await page.getByText('You have a place: number 1 of 1.').waitFor();
    await page.getByRole('button', { name: /^Sign in to “day-1”/ }).click();
    await page.getByText('You have signed in to “day-1”.').waitFor();
  });
  return read;
}

/** The secretariat opens a session to sign in to. @returns what it reads of the registrations */
async function organised(house: House, site: Console, path: string): Promise<string> {
  let read = '';
  await visits(site.at(path, house.seat('secretariat', { role: 'chair' }).id), async ({ page }) => {
    const registrations = page.getByRole('region', { name: 'Registrations' });
    await registrations.getByRole('row').nth(2).waitFor();
    read = await registrations.innerText();
    await page.getByText('Open a session for signing in').click();
    await page.getByLabel(/^Name of the session/).fill('day-1');
    await page.getByRole('button', { name: 'Open it now' }).click();
    await page.getByText('The session is open for signing in.').waitFor();
  });
  return read;
}
