import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { chosen, type Visitor } from './visitor.js';

/** Pastes a workflow with a slip in it, goes to the line that is named, mends it and adopts it. @returns what was found, and what the page says at last */
export async function adoptedOnceMended(
  page: Page,
  url: string,
  path: string,
): Promise<readonly [found: string, line: string, told: string]> {
  const sound = await readFile(path, 'utf8');
  await page.goto(`${url}/rounds`);
  await page.getByRole('link', { name: 'Adopt a workflow' }).click();
  const text = page.getByLabel(/^Workflow \(YAML\)/);
  const check = page.getByRole('button', { name: 'Check', exact: true });
  await text.fill(sound.replace('kind: panel', 'kind: pannel'));
  await check.click();
  const found = await page.getByRole('alert').innerText();
  await page.getByRole('button', { name: /^Line \d+$/ }).click();
  const line = await page.evaluate<string>('getSelection().toString()');
  await text.fill('');
  await page.locator('input[type=file]').first().setInputFiles(path);
  await check.click();
  await page.getByText('Nothing keeps it from being adopted.').waitFor();
  await page.getByRole('button', { name: 'Adopt version 1' }).click();
  return [found, line.trim(), await page.getByText(/has been adopted/).innerText()];
}

/** Changes a clause of the charter in force. @returns what would change, what it takes, and the document that can be downloaded */
export async function amendmentPrepared(
  page: Page,
  url: string,
): Promise<{ readonly changes: string; readonly told: string; readonly file: string }> {
  await page.goto(`${url}/charter`);
  await page.getByRole('link', { name: 'Amend the charter' }).click();
  const text = page.getByLabel(/^Charter \(JSON\)/);
  const inForce = await text.inputValue();
  const show = page.getByRole('button', { name: 'Show what would change' });
  await text.fill(inForce.replace('"scope": "alliance",', '"scope": "alliance"'));
  await show.click();
  await page.getByText('This is not JSON').waitFor();
  const { powers, ...rest } = JSON.parse(inForce) as { readonly powers: readonly object[] };
  await text.fill(JSON.stringify({ ...rest, powers: powers.map((clause) => ({ ...clause, workflows: [] })) }));
  await show.click();
  await page.getByText('No round could be opened any more').waitFor();
  await text.fill(inForce.replace('"transition": "keep"', '"transition": "move"'));
  await show.click();
  const changes = await page.locator('.differences').innerText();
  const arrives = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the amended charter' }).click();
  const file = await readFile(await (await arrives).path(), 'utf8');
  return { changes, told: await page.locator('.section-task').innerText(), file };
}

/** Drafts a workflow and an amendment, and looks for them in another alliance. @returns what stands there, and what stands here again */
export async function draftedApart(visitor: Visitor, another: string) {
  const { page } = visitor;
  const own = await page
    .locator('.head .ant-select')
    .getByText(/^Greater Bay Area/)
    .innerText();
  const seenIn = async (path: string, field: RegExp, draft: (before: string) => string): Promise<readonly string[]> => {
    await visitor.follow(path);
    const text = page.getByLabel(field);
    await text.fill(draft(await text.inputValue()));
    await page.getByText('Draft saved').waitFor();
    const seen: string[] = [];
    for (const alliance of [another, own]) {
      await chosen(visitor, /^Alliance/, alliance);
      await visitor.settled();
      seen.push(await text.inputValue());
    }
    return seen;
  };
  const workflow = await seenIn('/workflows/adopt', /^Workflow \(YAML\)/, () => 'id: drafted');
  const amended = await seenIn('/charter/amend', /^Charter \(JSON\)/, (inForce) => inForce.replace('"keep"', '"move"'));
  return { workflow, charter: amended.map((text) => text.includes('"transition": "move"')) };
}

/** @returns what the page says once the amendment that stands there is in force */
export async function putIntoForce(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Show what would change' }).click();
  await page.getByRole('button', { name: /^Put version \d+ into force$/ }).click();
  return page.getByText(/is in force\.$/).innerText();
}
