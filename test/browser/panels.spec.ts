import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../faults/support/child.js';
import { Application, expectAccepted, type SeenCase } from '../support/applications.js';
import { alliance, type House } from '../support/house.js';
import { Offices } from './offices.js';
import { Console, type Visitor, visits } from './visitor.js';

const [sunYatSen, jinan, southChina] = ['4144010558', '4144010559', '4144010561'];

let house: House;
let site: Console;
let offices: Offices;
beforeAll(async () => {
  ({ house, site } = await Console.inHouse());
  offices = await Offices.open(house);
  await offices.recognisesFor('appealed', 'short');
  await offices.openReturning('offices');
  await offices.openAppealed('appealed');
  await offices.openShort('short');
}, 90_000);
afterAll(() => site.close(), 20_000);

const secretary = (): string => house.seat('secretariat', { role: 'chair' }).id ?? '';
const officer = (): string => house.seat('secretariat', { role: 'member' }).id ?? '';
const nameOf = (wanted: string): string => house.people.find(({ person }) => person === wanted)?.name.en ?? wanted;
const department = () => house.seat('provincial-department', { scope: '44' });
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

/** Opens what is folded away under a title; what stands in it. */
async function unfolded({ page }: Visitor, title: string | RegExp) {
  const folded = page.locator('details.more-acts', { has: page.locator('summary', { hasText: title }) });
  await folded.locator('summary').first().click();
  return folded;
}

async function chosen({ page }: Visitor, field: RegExp, option: string | RegExp): Promise<void> {
  const box = page.getByRole('combobox', { name: field });
  const shown = page.locator('.ant-select').filter({ has: box }).getByText(option);
  await eventually(async () => {
    await box.click();
    await page.locator('.ant-select-item-option:visible').filter({ hasText: option }).first().click();
    return shown.waitFor({ timeout: 2_000 }).then(
      () => true,
      () => undefined,
    );
  });
}

test('the province sends an application back by a form: whereto and why are asked, and those there read it', async () => {
  const application = await Application.submitted(house, 'offices', southChina);
  await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
  await visits(site.at(`/cases/${application.id}`, department().id), async (visitor) => {
    const form = await unfolded(visitor, /^Send back from/);
    const send = form.getByRole('button', { name: 'Send it back' });
    expect(await send.isDisabled()).toBe(true);
    await form.getByLabel(/^Reason/).fill('The seal is missing.');
    await send.click();
    await visitor.page.getByText('Sent back to “Endorsement by the university”.').waitFor();
  });
  await visits(site.at(`/cases/${application.id}`, application.dean.id), async ({ page }) => {
    await page.getByText('The seal is missing.').first().waitFor();
    await page.getByRole('button', { name: 'Choose a verdict' }).waitFor();
  });
});

test('whoever keeps the procedure hands a task to a colleague and takes it back, and lets others read the application', async () => {
  const application = await Application.submitted(house, 'offices', jinan);
  await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
  await application.done(department(), 'pass-check', { stage: 'recommendation' });
  const path = `/cases/${application.id}`;
  await visits(site.at(path, secretary()), async (visitor) => {
    const { page } = visitor;
    const isTheirs = async (): Promise<boolean> => (await visitor.tasks()).some(({ id }) => id === application.id);
    await unfolded(visitor, 'Hand over to a colleague');
    await chosen(visitor, /^To/, nameOf(officer()));
    await page
      .getByLabel(/^Reason/)
      .last()
      .fill('Away this week.');
    await page.getByRole('button', { name: 'Hand over' }).click();
    await page.getByText('Handed over.').waitFor();
    await eventually(async () => !(await isTheirs()) || undefined);
    const taking = await unfolded(visitor, 'Take a task back');
    await taking.getByLabel(/^Reason/).fill('Back again.');
    await taking.getByRole('button', { name: 'Take back' }).click();
    await page.getByText('Taken back.').waitFor();
    await eventually(async () => (await isTheirs()) || undefined);
    await unfolded(visitor, 'Copy to others');
    await chosen(visitor, /^Organs/, /^Council/);
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByText('Copied.').waitFor();
  });
  await visits(site.at('/', house.seat('council').id), async ({ page }) => {
    const copied = page.getByRole('region', { name: 'Copied to me' });
    await copied.getByRole('link').first().click();
    await page.waitForURL(`${site.url}${path}`);
    await page.getByRole('heading', { name: /^Application, version/ }).waitFor();
    expect(await page.locator('.section-task, .more-acts').count()).toBe(0);
  });
});

test('a file is replaced after the deadline only by grant: asked for, granted until a day, replaced', async () => {
  const application = await Application.submitted(house, 'offices', sunYatSen);
  await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
  await application.done(department(), 'pass-check', { stage: 'recommendation' });
  const path = `/cases/${application.id}`;
  await visits(site.at(path, application.dean.id), async (dean) => {
    const asking = await unfolded(dean, 'Ask to replace files');
    await chosen(dean, /^Files/, 'Syllabus');
    await asking.getByLabel(/^Reason/).fill('An old version was uploaded.');
    await asking.getByRole('button', { name: 'Ask', exact: true }).click();
    await dean.page.getByText('Your request was sent.').waitFor();
    await visits(site.at(path, secretary()), async ({ page }) => {
      const answering = page.getByRole('region', { name: 'Answer a request to replace files' });
      await answering.getByText('An old version was uploaded.').waitFor();
      await answering.getByLabel(/^Last day/).fill('2026-04-24');
      await answering.getByLabel(/^Reason/).fill('It is so.');
      await answering.getByRole('button', { name: 'Grant', exact: true }).click();
      await page.getByText('Answered.').waitFor();
    });
    const replacing = dean.page.getByRole('region', { name: 'Replace files' });
    await replacing.getByLabel(/^Syllabus/).setInputFiles({ name: 'syllabus.pdf', mimeType: 'application/pdf', buffer: pdf });
    await replacing.getByText(/^Stored/).waitFor();
    await replacing.getByRole('button', { name: 'Replace', exact: true }).click();
    await dean.page.getByRole('heading', { name: 'Application, version 2' }).waitFor();
    expect(await replacing.count()).toBe(0);
  });
});

test('open cases move to another version only after a dry run that says what becomes of each', async () => {
  const { version } = await offices.adoptNext();
  const versionNow = async (): Promise<number> =>
    ((await house.nobody().get(`/v1/rounds/${alliance}.offices/definition`)).body as { version: number }).version;
  await visits(site.at(`/rounds/${alliance}.offices`, secretary()), async (visitor) => {
    const { page } = visitor;
    await page.getByRole('link', { name: 'Move to another version' }).click();
    await chosen(visitor, /^Version to move to/, `Version ${version}`);
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByText('Open rounds move to the new rules.').waitFor();
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(2);
    expect(await versionNow()).toBe(version - 1);
    await page.getByRole('button', { name: /^Move \d+ cases now$/ }).click();
    await page.getByText(/^Resolved\./).waitFor();
    await eventually(async () => (await versionNow()) === version || undefined);
  });
});

test('a step that failed is tried again once its cause is mended, or skipped with a reason that stays on show', async () => {
  await offices.recognisesFor('appealed');
  for (const institution of [jinan, southChina]) {
    const application = await Application.submitted(house, 'short', institution);
    await application.done(application.secretary, 'pass-check', { stage: 'formal-check' });
  }
  const raised = async (): Promise<number> =>
    ((await house.person(secretary()).get(`/v1/alliances/${alliance}/incidents`)).body['items'] as object[]).length;
  await eventually(async () => (await raised()) === 2 || undefined);
  await visits(site.at(`/rounds/${alliance}.short/board`, secretary()), async (visitor) => {
    const { page } = visitor;
    await page.getByRole('link', { name: /^2\s*Steps that did not come about/ }).click();
    const steps = page.getByRole('table', { name: 'Steps that did not come about' }).locator('tbody tr');
    const [mended, given] = [steps.first(), steps.nth(1)];
    await given.getByText('Skip', { exact: true }).first().click();
    await given.getByLabel(/^Why it is skipped/).fill('Entered by hand.');
    await given.getByRole('button', { name: 'Skip' }).click();
    const skipped = page.getByRole('region', { name: 'Skipped' });
    await skipped.getByText('Entered by hand.').waitFor();
    expect(await skipped.innerText()).toContain(nameOf(secretary()));
    await offices.recognisesFor('appealed', 'short');
    await mended.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Nothing waits for anybody.').waitFor();
    await page.reload();
    await skipped.getByText('Carry out the outcome').waitFor();
  });
  await visits(site.at('/incidents', house.outsider().id), async ({ page }) => {
    await page.getByText(/There is nothing here/).waitFor();
  });
});

async function reviewedBy(id: string, stage: string, points: number): Promise<void> {
  const panel = await eventually(async () => {
    const { status, body } = await house.person(secretary()).get(`/v1/cases/${id}`);
    const { assignments = [] } = (status === 200 ? (body['case'] as SeenCase).visits[0] : undefined) ?? {};
    return assignments.length === 2 ? assignments : undefined;
  });
  const review = { stage, scores: [{ criterion: 'merit', points }], vetoes: [], comment: '评审意见。' };
  for (const { reviewer } of panel) expectAccepted(await house.person(reviewer).post(`/v1/case/${id}/submit-review`, review));
}

test('an appeal is lodged on grounds that are offered, and the council gives a ruling with its reason', async () => {
  const application = await Application.register(house, 'appealed', jinan);
  const { dean, id } = application;
  const form = { title: '岭南古建筑', summary: '特色' };
  expectAccepted(await dean.post(`/v1/case/${id}/submit-application`, { institution: jinan, form, files: [] }));
  await reviewedBy(id, 'review', 3);
  await application.ended();
  await visits(site.at(`/cases/${id}`, dean.id), async ({ page }) => {
    const lodge = page.getByRole('button', { name: 'Lodge the appeal' });
    await page.getByLabel(/^Statement/).fill('Annex three was not read.');
    expect(await lodge.isDisabled()).toBe(true);
    await page.getByLabel('Evidence was overlooked').check();
    await lodge.click();
    await page.getByText('Your appeal has been lodged.').waitFor();
    await page.getByRole('link', { name: 'Appeal (under way)' }).waitFor();
  });
  await reviewedBy(`${id}.appeal.1`, 'second-review', 9);
  await visits(site.at(`/cases/${id}.appeal.1`, house.seat('council').id), async ({ page }) => {
    await page.getByText('Annex three was not read.').waitFor();
    await page.getByText('Sustained', { exact: true }).click();
    await page.getByLabel(/^Reason/).fill('Annex three was indeed not read.');
    await page.getByRole('button', { name: 'Give the ruling' }).click();
    await page.getByText('The ruling is on record.').waitFor();
  });
  expect((await application.ended()).id).toBe('recognised');
});

test('a meeting is convened with what waits; a proxy votes for who lodged it before; in a tie the deputy decides for a chair who stands back', async () => {
  const application = await Application.submitted(house, 'offices', sunYatSen);
  const { assignments = [] } = await application.toPanel();
  for (const { reviewer } of assignments) await application.review(reviewer);
  await application.at('committee', ({ awaited }) => awaited?.sitting === 1);
  const path = `/cases/${application.id}`;
  await visits(site.at(path, secretary()), async ({ page }) => {
    await page.getByLabel(/^Day of the meeting/).fill('2026-04-23');
    await page.getByLabel(/^Place/).fill('Guangzhou');
    await page.getByRole('button', { name: 'Give notice with 1 items' }).click();
    await page.getByText('Notice has been given.').waitFor();
  });
  const members = house.holders('committee').filter(({ institution }) => institution !== sunYatSen);
  const deputy = house.seat('committee', { role: 'deputy' }).id ?? '';
  const [giver = '', holder = '', ...others] = members.map(({ person }) => person).filter((person) => person !== deputy);
  await visits(site.at('/meetings', giver), async (visitor) => {
    const { page } = visitor;
    await page.getByRole('link', { name: /Guangzhou/ }).click();
    await page.getByRole('heading', { name: 'Agenda' }).waitFor();
    await page.getByRole('combobox', { name: /^Who votes for me/ }).click();
    const name = nameOf(holder);
    await page.locator('.ant-select-item-option').filter({ hasText: name }).first().click();
    await page.getByRole('button', { name: 'Lodge the proxy' }).click();
    await page.getByText(`${name} votes for ${nameOf(giver)}`).waitFor();
  });
  await house.passTo('2026-04-23T01:00:00.000Z');
  await application.at('committee', ({ sittings = [] }) => sittings.length === 1);
  await visits(site.at(path, holder), async ({ page }) => {
    for (const [whose, choice] of [
      ['My own', 'For'],
      [nameOf(giver), 'Against'],
    ] as const) {
      await page.getByRole('radio', { name: whose }).check();
      await page.getByRole('radiogroup', { name: 'Vote', exact: true }).getByText(choice, { exact: true }).click();
      await page.getByRole('button', { name: `Vote: ${choice}` }).click();
      await page.getByText('Your vote has been cast.').waitFor();
      await page.getByText(`${nameOf(whose === 'My own' ? holder : giver)} ${choice}`).waitFor();
    }
  });
  for (const [index, person] of [...others, deputy].entries())
    expectAccepted(await application.vote(person, index === others.length ? 'abstain' : index % 2 === 0 ? 'for' : 'against'));
  await application.at('committee', ({ sittings = [] }) => sittings.at(-1)?.tie !== undefined);
  await visits(site.at(path, deputy), async ({ page }) => {
    const casting = page.getByRole('region', { name: 'Casting vote' });
    await casting.getByText('Against', { exact: true }).click();
    await casting.getByRole('button', { name: 'Vote: Against' }).click();
    await page.getByText('Your vote has been cast.').waitFor();
  });
  expect((await application.ended()).id).toBe('declined');
});
