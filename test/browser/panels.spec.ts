import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { membershipContext } from '#membership';
import { eventually } from '../support/eventually.js';
import { Application, expectAccepted } from '../support/applications.js';
import { alliance, type House } from '../support/house.js';
import { Offices } from './offices.js';
import { declaredForAnother, orderedEquals, rankedWithout, spokenAndRevised } from './panel-talk.js';
import { registeredInTurn } from './registering.js';
import { draftedApart, putIntoForce } from './rules.js';
import { hindrancesToOpening } from './secretary.js';
import { chosen, Console, unfolded, type Visitor, visits } from './visitor.js';

const [sunYatSen, jinan, southChina, technology] = ['4144010558', '4144010559', '4144010561', '4144011845'];
const rankedUntil = '2026-05-31T16:00:00.000Z';

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
  await offices.openSigned('by-all', 'all');
  await offices.openSigned('by-any', 'any');
  await offices.openDiscussed('discussed');
  await offices.openRanked('ranked', rankedUntil);
});
afterAll(() => site.close());

const secretary = (): string => house.seat('secretariat', { role: 'chair' }).id ?? '';
const officer = (): string => house.seat('secretariat', { role: 'member' }).id ?? '';
const nameOf = (wanted: string): string => house.people.find(({ person }) => person === wanted)?.name.en ?? wanted;
const department = () => house.seat('provincial-department', { scope: '44' });
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

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

test('all of the secretariat sign, and who has signed takes it back while others have not; where any may, the first one passes it', async () => {
  const all = await Application.submitted(house, 'by-all', jinan);
  const sign = async ({ page }: Visitor): Promise<void> => {
    await page.getByText('Pass', { exact: true }).click();
    await page.getByRole('button', { name: 'Pass the application' }).click();
  };
  await visits(site.at(`/cases/${all.id}`, secretary()), async (visitor) => {
    const { page } = visitor;
    await page.getByText('0 of 2 have signed; 2 must.', { exact: false }).waitFor();
    await sign(visitor);
    await page.getByText('Your answer is on record; it goes on once enough have signed.').waitFor();
    const taking = await unfolded(visitor, 'Take back what I did here');
    await taking.getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('Taken back.').waitFor();
    await sign(visitor);
    await page
      .getByRole('region', { name: 'Formal check' })
      .getByText(`${nameOf(secretary())} signed`)
      .waitFor();
  });
  await visits(site.at(`/cases/${all.id}`, officer()), sign);
  expect((await all.ended()).id).toBe('accepted');
  const any = await Application.submitted(house, 'by-any', jinan);
  await visits(site.at(`/cases/${any.id}`, officer()), sign);
  expect((await any.ended()).id).toBe('accepted');
});

test('an applicant is given longer for a correction, and reads until when', async () => {
  const application = await Application.submitted(house, 'offices', southChina);
  await application.done(application.dean, 'pass-check', { stage: 'endorsement' });
  await application.done(department(), 'return-for-correction', { stage: 'recommendation', reason: 'The seal is missing.' });
  const path = `/cases/${application.id}`;
  await visits(site.at(path, department().id), async (visitor) => {
    const form = await unfolded(visitor, 'Give longer for the correction');
    await form.getByLabel(/^Last day/).fill('2026-05-15');
    await form.getByLabel(/^Reason/).fill('The campus is closed.');
    await form.getByRole('button', { name: 'Give longer for the correction' }).click();
    await visitor.page.getByText('The applicant has longer now.').waitFor();
  });
  await visits(site.at(path, application.dean.id), async ({ page }) => {
    const task = page.locator('.section-task').first();
    await task.getByText('The seal is missing.').waitFor();
    expect(await task.innerText()).toContain('15 May 2026 24:00');
  });
});

test('reviewers who have reviewed read each other by letters, speak and think again', async () => {
  const application = await Application.submitted(house, 'discussed', sunYatSen);
  const { assignments = [] } = await application.at('expert-review', (visit) => visit.assignments?.length === 2);
  const [one = '', two = ''] = assignments.map(({ reviewer }) => reviewer);
  await application.review(one, 0.9);
  await application.review(two, 0.3);
  const path = `/cases/${application.id}`;
  await visits(site.at(path, two), async ({ page }) => {
    expect(await spokenAndRevised(page)).toMatch(/You \(Reviewer [AB]\)[^]*31\.5/);
    expect(await page.locator('main').innerText()).not.toContain(nameOf(one));
  });
  await visits(site.at(path, one), async ({ page }) => {
    await page.getByText('The second unit is missing.').waitFor();
    await page.getByText(/^Revised: 30\.0 → 31\.5/).waitFor();
    expect(await page.locator('main').innerText()).not.toContain(nameOf(two));
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

test('a workflow that the amended charter no longer allows opens no round; a step that failed is tried again once its cause is mended, or skipped with a reason that stays on show', async () => {
  await offices.recognisesFor('appealed');
  for (const institution of [jinan, southChina]) {
    const application = await Application.submitted(house, 'short', institution);
    await application.done(application.secretary, 'pass-check', { stage: 'formal-check' });
  }
  const raised = async (): Promise<number> =>
    ((await house.person(secretary()).get(`/v1/alliances/${alliance}/incidents`)).body['items'] as object[]).length;
  await eventually(async () => (await raised()) === 2 || undefined);
  await visits(site.at('/rounds/open', secretary()), async (visitor) => {
    await chosen(visitor, /^Conducted by/, /^Procedure short/);
    const [hindrance, ...others] = await hindrancesToOpening(visitor.page);
    expect(hindrance).toMatch(/^The charter does not let this workflow carry out "recognise-course"/);
    expect(others).toEqual([]);
  });
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

test('an appeal is lodged on grounds that are offered, the council gives a ruling with its reason, and anyone who signs in may object to what follows', async () => {
  const application = await Application.register(house, 'appealed', jinan);
  const { dean } = application;
  const form = { title: '岭南古建筑', summary: '特色' };
  expectAccepted(await application.handIn(dean, { institution: jinan, form, files: [] }));
  const { id } = application;
  await offices.reviewed(id, 'review', 3);
  await application.ended();
  await visits(site.at(`/cases/${id}`, dean.id), async ({ page }) => {
    const lodge = page.getByRole('button', { name: 'Lodge the appeal' });
    await page.getByLabel(/^Statement/).fill('Annex three was not read.');
    expect(await lodge.isDisabled()).toBe(true);
    await page.getByLabel('Evidence was overlooked').check();
    await page.getByText('Draft saved').waitFor();
    await page.reload();
    await lodge.click();
    await page.getByText('Your appeal has been lodged.').waitFor();
    await page.getByRole('link', { name: 'Appeal (under way)' }).waitFor();
  });
  await offices.reviewed(`${id}.appeal.1`, 'second-review', 9);
  await visits(site.at(`/cases/${id}.appeal.1`, house.seat('council').id), async ({ page }) => {
    await page.getByText('Annex three was not read.').waitFor();
    await page.getByText(/opened against the end of .* \(Below the standard\)/).waitFor();
    await page.getByText('Sustained', { exact: true }).click();
    await page.getByLabel(/^Reason/).fill('Annex three was indeed not read.');
    await page.getByRole('button', { name: 'Give the ruling' }).click();
    await page.getByText('The ruling is on record.').waitFor();
  });
  await application.at('publicity');
  await visits(site.visitor(), async (visitor) => {
    await visitor.go('/publicity');
    await visitor.page.getByRole('link', { name: 'Raise an objection' }).click();
    await visitor.page.waitForURL(/sign-in\?back=/);
    expect(new URL(visitor.page.url()).searchParams.get('back')).toBe(`/cases/${id}#object`);
  });
  await visits(site.at(`/cases/${id}`, dean.id), async ({ page }) => {
    await page.locator('.page-below').getByText('Publicity').waitFor();
    await page.getByText(/^Superseded on appeal .*the case goes on at “Publicity”/).waitFor();
  });
});

test('a meeting is convened with what waits and called off; a proxy votes for who lodged it before; in a tie the deputy decides for a chair who stands back', async () => {
  const application = await Application.submitted(house, 'offices', sunYatSen);
  const { assignments = [] } = await application.toPanel();
  for (const { reviewer } of assignments) await application.review(reviewer);
  await application.at('committee', ({ awaited }) => awaited?.sitting === 1);
  const path = `/cases/${application.id}`;
  const convened = (place: string): Promise<void> =>
    visits(site.at(path, secretary()), async ({ page }) => {
      await page.getByLabel(/^Day of the meeting/).fill('2026-04-23');
      await page.getByLabel(/^Place/).fill(place);
      await page.getByRole('button', { name: 'Give notice (items: 1)' }).click();
      await page.getByText('Notice has been given.').waitFor();
    });
  await visits(site.at('/', house.seat('committee', { role: 'deputy' }).id), async ({ page }) => {
    const notices = page.getByRole('region', { name: 'Meetings of which notice was given' });
    await convened('Shenzhen');
    await notices.getByRole('link', { name: /Shenzhen/ }).waitFor();
    await visits(site.at('/meetings', secretary()), async (keeper) => {
      await keeper.page.getByRole('link', { name: /Shenzhen/ }).click();
      const form = await unfolded(keeper, 'Call the meeting off');
      await form.getByLabel(/^Reason/).fill('A typhoon is coming.');
      await form.getByRole('button', { name: 'Call the meeting off' }).click();
      await keeper.page.getByText('Called off: A typhoon is coming.').waitFor();
    });
    await notices.getByRole('listitem').filter({ hasText: 'Called off' }).getByText('A typhoon is coming.').waitFor();
  });
  await convened('Guangzhou');
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

test('a conflict that comes to light after the panel is declared by who keeps it; a ranking goes on without what stands still; equals are put in order by who may, and places are read with their quota', async () => {
  const apply = async (institution: string, title: string, share: number): Promise<Application> => {
    const application = await Application.register(house, 'ranked', institution);
    expectAccepted(await application.submit({ title }));
    const { assignments = [] } = await application.at('expert-review', (visit) => visit.assignments?.length === 1);
    if (share > 0) await application.review(assignments[0]?.reviewer ?? '', share);
    return application;
  };
  const best = await apply(jinan, 'Best', 1);
  await best.at('ranking');
  const partial = (await best.seen()).visits[0]?.assignments?.[0];
  await visits(site.at(`/cases/${best.id}`, secretary()), async (visitor) => {
    const form = await unfolded(visitor, "Declare somebody else's conflict of interest");
    await chosen(visitor, /^Whose/, nameOf(partial?.reviewer ?? ''));
    await declaredForAnother(visitor.page, form);
  });
  const { assignments: again = [] } = await best.at('expert-review', (visit) => visit.assignments?.at(-1)?.status === 'open');
  await best.review(again.at(-1)?.reviewer ?? '', 1);
  await apply(sunYatSen, 'One', 0.8);
  await apply(southChina, 'Other', 0.8);
  await apply(technology, 'Still', 0);
  await house.operator(membershipContext, technology, 'SuspendMember', { clause: '第九条', reason: '逾期未缴会费。' });
  await house.settled();
  await house.moveTo(Date.parse(rankedUntil) + 1_000);
  await house.settled();
  const path = `/rounds/${alliance}.ranked/stages/ranking/ranking`;
  await visits(site.at(path, secretary()), async ({ page }) => {
    await rankedWithout(page, 'Still');
    expect(await page.getByRole('button', { name: 'Record this order' }).count()).toBe(0);
  });
  const impartial = house.holders('committee').find(({ institution }) => institution === '4144010590')?.person;
  await visits(site.at(path, impartial), async ({ page }) => {
    const before = await page.getByRole('region', { name: 'Equal at the cut' }).getByRole('link').allInnerTexts();
    const places = await orderedEquals(page);
    expect(places).toEqual([
      expect.stringMatching(/Best[^]*100\.00[^]*selected/),
      expect.stringMatching(new RegExp(`${before[1]}[^]*selected`)),
      expect.stringMatching(new RegExp(`${before[0]}[^]*in reserve`)),
    ]);
  });
});

test('whoever finds no place waits, moves up when somebody cancels, and signs in', async () => {
  const event = await offices.openTraining(jinan, 1);
  expect(await registeredInTurn(house, site, event)).toMatch(/2 registered for 1 places: 0 left, 1 waiting\.[^]*waits/);
}, 30_000);

test('of two alliances, people are in the one in which they sit, and what they draft there stays out of the other; who may amend the charter alone puts it into force', async () => {
  await offices.foundBeside('another', 'Another alliance');
  await visits(site.at('/charter', house.seat('assembly').id), async (visitor) => {
    expect(await draftedApart(visitor, 'Another alliance')).toEqual({ workflow: ['', 'id: drafted'], charter: [false, true] });
    expect(await putIntoForce(visitor.page)).toMatch(/^Version \d+ of the charter is in force\.$/);
  });
});
