import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { assignedAndDiscarded, describedByName } from './assigning.js';
import { filledIn, mended } from './dean.js';
import { accepted, signedInOnce, writtenWithoutSession } from './entering.js';
import { englishSentence } from './languages.js';
import { adoptedOnceMended, amendmentPrepared } from './rules.js';
import { answerTo, countedAgain, leftAndFoundAgain, offeredAtOnce, remindedInBulk, searchBehindOverdue } from './secretary.js';
import { Console, visits } from './visitor.js';

let site: Console;
const round = 'gdmooc.demonstration';

beforeAll(async () => {
  site = await Console.open();
});

afterAll(async () => {
  await site.close();
});

const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

test('whoever opens a page signs in first and comes back to it', async () => {
  const [secretary] = await site.roles('secretariat');
  await visits(site.visitor(), async ({ page, ...visitor }) => {
    await page.goto(`${site.url}/rounds/${round}`);
    await page.waitForURL(/sign-in\?back=/);
    await page.getByText('Demonstration', { exact: true }).first().waitFor();
    await page.locator(`.person-button[data-person="${secretary?.person}"]`).click();
    await page.waitForURL(`${site.url}/rounds/${round}`);
    await page.getByRole('heading', { level: 1, name: /demonstration round/ }).waitFor();
    expect(visitor.faults).toEqual([]);
  });
});

test('a reviewer reviews from the keyboard alone, without learning whose application it is', async () => {
  const [reviewer] = await site.roles('expert-panel');
  await visits(site.as(reviewer), async (visitor) => {
    const { page } = visitor;
    const [task] = await visitor.tasks();
    expect(task).toMatchObject({ act: 'review', institutionName: '' });
    await page.getByRole('link', { name: `Review: ${task?.title}` }).focus();
    await page.keyboard.press('Enter');
    const scales = page.getByRole('slider').and(page.locator('[data-criterion]'));
    await scales.first().focus();
    for (const key of ['9', 'j', '8', 'ArrowDown', '7', 'j', '1', '0', 'k', 'j', 'j', '6', 'ArrowRight', 'j', '5'])
      await page.keyboard.press(key);
    const scored = await scales.evaluateAll((all) => all.map((scale) => scale.getAttribute('aria-valuenow')));
    expect(scored.join(' ')).toBe('9 8 7 10 7 5');
    // 9·15 + 8·25 + 7·20 + 10·15 + 7·15 + 5·10, of 100 points at 10 each.
    expect(await page.locator('output').innerText()).toContain('78.0');
    await page.keyboard.press('j');
    await page.keyboard.type('Sound and current.');
    await page.getByText('Draft saved').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Your review has been submitted.').waitFor();
    await visitor.isRidOf(task?.id);
    await visitor.go('/');
    expect(await page.getByText(task?.title ?? '', { exact: true }).count()).toBe(0);
  });
});

test("a dean's office applies with a file and keeps a receipt; what was written is shown and never run", async () => {
  const deans = await site.roles('deans-office');
  const hostile = '<img src=x onerror="document.title=\'taken\'"><b>课程</b>';
  await visits(site.as(deans.at(-1)), async (visitor) => {
    const { page } = visitor;
    await visitor.go(`/rounds/${round}/apply`);
    await filledIn(page, hostile, pdf);
    await mended(page);
    await page.waitForURL(/receipt$/);
    await page.getByText(createHash('sha256').update(pdf).digest('hex')).waitFor();
    const receipt = await page.locator('.receipt').innerText();
    for (const part of [/demonstration-[0-9A-F-]{14}/, /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/]) expect(receipt).toMatch(part);
    expect(receipt).toContain('Application 1, definition 1, charter 1');
    expect(receipt).toContain(hostile);
    await page.goBack();
    await page.getByText('An application of this course has been submitted in this round.').waitFor();
    await page.getByRole('link', { name: 'Submitted: show' }).click();
    await page.getByRole('heading', { level: 1, name: hostile }).waitFor();
    await page.getByRole('link', { name: /demonstration round/ }).click();
    await page.getByRole('link', { name: hostile }).waitFor();
    expect(await page.title()).not.toContain('taken');
    expect(await page.locator('main img, main script, main svg[onload]').count()).toBe(0);
  });
});

test('a check is passed, and whoever was typing meanwhile is told and keeps their words', async () => {
  const [secretary, officer] = await site.roles('secretariat');
  await visits(site.as(officer), async (late) => {
    const task = (await late.tasks()).find(({ act }) => act === 'check');
    await late.go(`/cases/${task?.id}`);
    await late.page.getByText('Return for correction').click();
    await late.page.getByLabel(/^Reason/).fill('The calendar is missing.');
    await late.page.getByText('Draft saved').waitFor();
    await late.page.reload();
    await late.page.getByRole('button', { name: 'Return it for correction' }).waitFor();
    await visits(site.as(secretary), async (visitor) => {
      const { page } = visitor;
      await page.getByRole('link', { name: `Check: ${task?.title}` }).click();
      await page.getByText('Pass', { exact: true }).click();
      await page.getByRole('button', { name: 'Pass the application' }).click();
      await page.getByText('Passed. The application has gone on to the next stage.').waitFor();
      await visitor.isRidOf(task?.id);
    });
    await late.page.getByText('This has changed since you read it.').waitFor();
    expect(await late.page.getByLabel(/^Reason/).inputValue()).toBe('The calendar is missing.');
    expect(await late.page.getByRole('button', { name: 'Return it for correction' }).isDisabled()).toBe(true);
    await late.page.getByRole('button', { name: 'Show the new state' }).click();
    await late.page.locator('.page-below').getByText('Expert review').waitFor();
  });
});

test('two windows on one draft: the second sees both texts and overwrites nothing; an ended session costs no word', async () => {
  const reviewer = (await site.roles('expert-panel')).find(({ tasks }) => tasks > 0);
  await visits(site.as(reviewer), async (visitor) => {
    const { page, context } = visitor;
    const task = (await visitor.tasks()).find(({ act }) => act === 'review');
    await visitor.go(`/cases/${task?.id}`);
    const other = await context.newPage();
    await other.goto(page.url());
    const comment = /^Comment/;
    await other.getByLabel(comment).waitFor();
    await page.getByLabel(comment).fill('From the first window.');
    await page.getByText('Draft saved').waitFor();
    await other.getByLabel(comment).fill('From the second window.');
    await other.getByText('This draft was changed in another window.').waitFor();
    const texts = await other.locator('.two-texts').innerText();
    expect(texts).toContain('From the first window.');
    expect(texts).toContain('From the second window.');
    await other.getByRole('button', { name: 'Go on with the other text' }).click();
    await other.getByText('Draft saved').waitFor();
    expect(await other.getByLabel(comment).inputValue()).toBe('From the first window.');
    expect(await writtenWithoutSession(other, reviewer?.person ?? '', task?.title ?? '')).toMatch(/^Written after/);
  });
});

test('switching the language switches every text, and no page mixes both', async () => {
  const [secretary] = await site.roles('secretariat');
  await visits(site.as(secretary, 'zh-CN'), async (visitor) => {
    const { page } = visitor;
    const places = ['recognised', 'publicity', 'committee', 'below-standard'];
    const shown = await Promise.all(places.map(async (at) => `/cases/${(await visitor.caseAt(at)).id}`));
    const paths = [
      '/rounds',
      '/',
      '/rounds/open',
      '/workflows/adopt',
      `/rounds/${round}`,
      `/rounds/${round}/board`,
      `/rounds/${round}/migrate`,
      '/incidents',
      '/meetings',
      '/account',
      ...shown,
      '/publicity',
      '/register',
      '/charter',
      '/sign-in',
      '/nowhere',
    ];
    const labels = page.locator('nav a, h2, label, th, dt, summary, button:not([lang])');
    for (const path of paths) {
      await visitor.follow(path);
      await visitor.unfold();
      const english = (await visitor.ownTexts()).filter((text) => englishSentence.test(text));
      await page.getByRole('button', { name: 'English' }).click();
      const chinese = (await labels.allInnerTexts()).filter((text) => /\p{Script=Han}/u.test(text));
      expect({ path, english, chinese }).toEqual({ path, english: [], chinese: [] });
      await page.getByRole('button', { name: '中文' }).click();
    }
  });
});

test('a member of the committee votes once, and is led on to what is due next', async () => {
  const members = await site.roles('committee');
  for (const member of members) {
    let voted = false;
    await visits(site.as(member), async (visitor) => {
      const { page } = visitor;
      const task = (await visitor.tasks()).find(({ act }) => act === 'vote');
      if (task === undefined) return;
      await page.getByRole('link', { name: `Vote: ${task.title}` }).click();
      await page.getByText(/^An open ballot: /).waitFor();
      await page.getByRole('radiogroup', { name: 'Vote' }).getByText('For').click();
      await page.getByRole('button', { name: 'Vote: For' }).click();
      await page.getByText('Your vote has been cast.').waitFor();
      // The case is read again after the vote; then there is nothing left to press.
      await page.getByRole('button', { name: /^Vote/ }).first().waitFor({ state: 'detached' });
      expect(await page.getByRole('button', { name: /^Vote/ }).count()).toBe(0);
      await visitor.goesOnFrom(task.id);
      expect(await offeredAtOnce(page, `${site.url}/rounds/${round}`)).toEqual(['Decision of the committee: Cast my vote']);
      voted = true;
    });
    if (voted) return;
  }
  throw new Error('nobody of the committee had a vote to cast');
});

test('anyone reads publicity, register and charter without signing in', async () => {
  await visits(site.visitor(), async (visitor) => {
    const { page } = visitor;
    for (const [path, word] of [
      ['/publicity', 'Open to objection'],
      ['/register', '岭南文化十讲'],
      ['/charter', 'Who may do what'],
    ] as const) {
      await visitor.go(path);
      await page.getByText(word).first().waitFor();
      expect(new URL(page.url()).pathname).toBe(path);
    }
  });
});

test('an earlier state of a case is shown as it was, and nothing can be done there', async () => {
  const [secretary] = await site.roles('secretariat');
  await visits(site.as(secretary), async (visitor) => {
    const { page } = visitor;
    const recognised = await visitor.caseAt('recognised');
    await visitor.go(`/cases/${recognised.id}`);
    const { case: now } = await visitor.read<{ case: { submittedAt: string } }>(`/v1/cases/${recognised.id}`);
    const before = await page.locator('.history .ant-timeline-item').count();
    const day = new Date(Date.parse(now.submittedAt) + 8 * 3_600_000).toISOString().slice(0, 10);
    await page.getByLabel('At the end of a day').fill(day);
    await page.getByText(`This is how it was at ${day}.`).waitFor();
    await page
      .locator('.page-below')
      .getByText(/Endorsement|Recommendation|Formal check|Expert review/)
      .waitFor();
    expect(await page.locator('.section-task, .more-acts').count()).toBe(0);
    await page
      .locator('.history .ant-timeline-item')
      .nth(before - 1)
      .waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Back to now' }).click();
    await page.locator('.page-below').getByText('Recognised').waitFor();
  });
});

test('an auditor finds what was decided on their first page, reads why and how it was, and may change nothing', async () => {
  const [auditor] = await site.roles('auditors');
  await visits(site.as(auditor), async (visitor) => {
    const { page } = visitor;
    const refused = await visitor.caseAt('below-standard');
    await page.getByRole('link', { name: refused.title }).click();
    await page.getByRole('heading', { name: /^Application, version/ }).waitFor();
    const ended = page.locator('.history .ant-timeline-item').first();
    await ended.locator('summary').click();
    await ended.getByText('Power').waitFor();
    expect(await page.locator('.section-task, .more-acts').count()).toBe(0);
    await page.getByRole('slider', { name: 'After this step' }).focus();
    await page.keyboard.press('Home');
    await page.getByText(/^This is how it was at/).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.locator('[role=slider][aria-valuenow="1"]:focus').waitFor();
    await visitor.go('/');
    await page.getByText('Objected to', { exact: true }).click();
    await page.getByRole('row', { name: /大湾区金融/ }).waitFor();
  });
});

test('an invitation opens the door once, to whoever holds it whole', async () => {
  const [secretary] = await site.roles('secretariat');
  const [reviewer] = await site.roles('expert-panel');
  let token = '';
  await visits(site.as(secretary), async (visitor) => {
    const { csrfToken } = await visitor.read<{ csrfToken: string }>('/v1/session');
    token = await visitor.invite(reviewer?.person ?? '', csrfToken);
  });
  await visits(site.visitor(), async (visitor) => {
    const { page } = visitor;
    await visitor.go(`/invitation#${token.slice(1)}`);
    await page.getByText('This address is not a whole invitation.').waitFor();
    await accepted(visitor, token, ['invited.reviewer', 'short']);
    await page.getByText('Choose a password of 12 to 128 characters').waitFor();
    await accepted(visitor, token, ['invited.reviewer', 'seven grey herons wade']);
    await signedInOnce(visitor, ['invited.reviewer', 'seven grey herons wade']);
    await page.waitForURL(`${site.url}/`);
    expect((await visitor.read<{ person: string }>('/v1/session')).person).toBe(reviewer?.person);
    await accepted(visitor, token, ['someone.else', 'five white storks stand']);
    await page.getByText('This invitation has been used or has expired.').waitFor();
  });
});

test('the secretariat opens a round for as many working days as the workflow says, and everyone reads who was given longer', async () => {
  const [secretary] = await site.roles('secretariat');
  const opened = 'gdmooc.autumn-second';
  await visits(site.as(secretary), async (visitor) => {
    const { page } = visitor;
    await visitor.go('/rounds');
    await page.getByRole('link', { name: 'Open a round' }).click();
    await page.getByLabel(/^Title in Chinese/).fill('秋季第二轮');
    await page.getByLabel(/^Title in English/).fill('Second round of autumn');
    await page.getByLabel(/^Address/).fill('autumn-second');
    await page.getByLabel(/^Seed/).fill('lottery of the day: 04 11 19 23 30');
    await page.getByText('Draft saved').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Open the round' }).click();
    await page.getByRole('heading', { level: 1, name: 'Second round of autumn' }).waitFor();
    const { round: kept } = await visitor.read<{ round: { closesAt: string } }>(`/v1/rounds/${opened}`);
    expect(kept.closesAt).toMatch(/T16:00:00\.000Z$/);
    await page.getByText('Grant an extension', { exact: true }).first().click();
    await page.getByLabel(/^University/).click();
    await page.locator('.ant-select-item-option').first().click();
    const longer = new Date(Date.parse(kept.closesAt) + 7 * 86_400_000).toISOString();
    await page.getByLabel(/^Last day/).fill(longer.slice(0, 10));
    await page.getByLabel(/^Reason/).fill('A flood closed the campus.');
    await page.getByRole('button', { name: 'Grant an extension' }).click();
    await page.getByRole('cell', { name: 'A flood closed the campus.' }).waitFor();
    await page.getByText(/It can be closed from/).waitFor();
  });
  const [dean] = await site.roles('deans-office');
  await visits(site.as(dean), async (visitor) => {
    await visitor.go('/rounds');
    expect(await visitor.page.getByRole('link', { name: 'Open a round' }).count()).toBe(0);
    await visitor.go(`/rounds/${opened}`);
    await visitor.page.getByRole('cell', { name: 'A flood closed the campus.' }).waitFor();
    expect(await visitor.page.getByText('Grant an extension').count()).toBe(0);
  });
});

test('the workflow is drawn with the case where it is, in the language of the reader', async () => {
  const [secretary] = await site.roles('secretariat');
  await visits(site.as(secretary), async (visitor) => {
    const { page } = visitor;
    const decided = await visitor.caseAt('committee');
    await visitor.go(`/cases/${decided.id}`);
    const here = page.locator('.drawing [aria-current=step]');
    await here.getByText('Here now').waitFor();
    expect(await here.evaluateAll((all) => all.map((shape) => shape.getAttribute('data-of')))).toEqual(['committee']);
    expect(await page.locator('.drawing .drawing-done').count()).toBeGreaterThan(2);
    await page.getByRole('button', { name: '中文' }).click();
    await page.locator('.drawing').getByText('秘书处').first().waitFor();
  });
});

test('a machine key is shown once and is worth nothing when it is revoked', async () => {
  const [secretary] = await site.roles('secretariat');
  await visits(site.as(secretary), async (visitor) => {
    const { page } = visitor;
    await visitor.go('/account');
    await page.getByText('This one').waitFor();
    await page.getByText('Issue a key', { exact: true }).first().click();
    await page.getByLabel(/^Name/).fill('nightly export');
    await page.getByLabel(/^Last day/).fill(new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10));
    await page.getByRole('button', { name: 'Issue a key' }).click();
    const token = await page.locator('code', { hasText: /^uak_/ }).innerText();
    const asked = async (): Promise<number> =>
      (await fetch(`${site.url}/v1/alliances/gdmooc/me`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await asked()).toBe(200);
    await visitor.go('/account');
    await page.getByText('nightly export').waitFor();
    expect(await page.getByText(token).count()).toBe(0);
    await page.getByRole('button', { name: 'Revoke the key “nightly export”' }).click();
    await page.getByText('You have no machine key.').waitFor();
    expect(await asked()).toBe(401);
  });
});

test('a secretary finds applications, acts on all of them at once after a preview, watches over the round, and has its votes counted again', async () => {
  const [secretary] = await site.roles('secretariat');
  await visits(site.as(secretary), async ({ page }) => {
    const address = `${site.url}/rounds/${round}`;
    expect(await remindedInBulk(page, address)).toMatch(/applications are decided/);
    expect(await searchBehindOverdue(page, address)).toBe('overdue:yes');
    expect(await answerTo(page, address, 'stage:panel overdue:yes reviews<3 province:广东')).toBe(200);
    const { left, found } = await leftAndFoundAgain(page, address);
    expect([left.rows, found]).toEqual([10, left]);
    expect(await countedAgain(page, address)).toMatch(/[1-9] of [1-9]\d* applications[^]*carried[^]*Quorum: \d of 9 ≥ 1/);
  });
});

test('the secretariat finds reviewers by name, says what keeps them from whom, and has an assignment computed from the keyboard', async () => {
  const [secretary] = await site.roles('secretariat');
  await visits(site.as(secretary), async (visitor) => {
    const { page } = visitor;
    const panel = { round, stage: 'expert-review' };
    expect(await describedByName(page, site.url, panel)).toMatch(/data mining[^]*深圳大学/);
    expect(await assignedAndDiscarded(page, site.url, panel)).toMatch(/On record/);
    await page.getByRole('button', { name: '中文' }).click();
    expect((await visitor.ownTexts()).filter((text) => englishSentence.test(text))).toEqual([]);
  });
});

test('the secretariat adopts a workflow once nothing is found of it; who may amend the charter only together is told what it takes', async () => {
  const [secretary] = await site.roles('secretariat');
  await visits(site.as(secretary), async ({ page }) => {
    const [found, line, told] = await adoptedOnceMended(page, site.url, 'workflows/shared-course-offer.yaml');
    expect(found).toMatch(/Found: 1[^]*pannel/);
    expect([line, told]).toEqual(['kind: pannel', '“Offer of a course for sharing”, version 1, has been adopted.']);
  });
  const [president] = await site.roles('assembly');
  await visits(site.as(president), async ({ page }) => {
    const { changes, told, file } = await amendmentPrepared(page, site.url);
    expect(changes).toMatch(/− {3}"transition": "keep"\n[^]*\+ {3}"transition": "move"/);
    expect(told).toMatch(/takes a resolution[^]*Quorum: 2\/3 of all seats[^]*entente amend gdmooc charter-2.json/);
    expect(JSON.parse(file)).toMatchObject({ transition: 'move' });
  });
});
