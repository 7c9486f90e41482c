import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Application, expectAccepted, openRound, refusedWith } from '../support/applications.js';
import { alliance, House } from '../support/house.js';

const [jinan, southChina] = ['4144010559', '4144010561'];
const round = 'reviewing';
const stage = 'expert-review';
const hourMs = 3_600_000;

let house: House;
beforeAll(async () => {
  house = await House.open();
  await openRound(house, round, '2026-09-30T16:00:00.000Z');
});
afterAll(() => house.close());

interface Line {
  readonly at: string;
  readonly type: string;
  readonly explanation?: {
    readonly inputs: object;
    readonly excluded: readonly object[];
    readonly arithmetic: readonly object[];
  };
}

const timelineOf = async ({ secretary, id }: Application): Promise<readonly Line[]> =>
  (await secretary.get(`/v1/cases/${id}/timeline`)).body['items'] as Line[];

/** When something of a kind happened, to the hour. */
const hoursOf = async (application: Application, wanted: string): Promise<readonly string[]> =>
  (await timelineOf(application)).filter(({ type }) => type === wanted).map(({ at }) => hourOf(at));
const hourOf = (at: string): string => at.slice(0, 13);

/** Whether whoever runs the round finds an application among the panels of its province that are late with their reviews. */
async function foundLate({ secretary, id }: Application): Promise<boolean> {
  const q = encodeURIComponent('stage:panel overdue:yes reviews<3 province:广东');
  const { body } = await secretary.get(`/v1/alliances/${alliance}/cases?q=${q}`);
  return (body['items'] as readonly { readonly id: string }[]).some((item) => item.id === id);
}

const leaves = (organ: string, person: string) =>
  house
    .seat('secretariat', { role: 'chair' })
    .post(`/v1/organ/${alliance}.${organ}/end-seat`, { person, reason: '任期内调离。' });

test('a reviewer works for the applicant’s institution: cannot be assigned', async () => {
  const own = house.holders('expert-panel').filter(({ institution }) => institution === jinan);
  const application = await Application.submitted(house, round, jinan);
  const { assignments = [] } = await application.toPanel();
  const [assigned = ''] = assignments.map(({ reviewer }) => reviewer);
  expect(own.length).toBeGreaterThan(0);
  for (const { person } of own) {
    expect(assignments.map(({ reviewer }) => reviewer)).not.toContain(person);
    const barred = {
      status: 409,
      body: { code: 'case.reviewer-barred', details: { barred: [{ person, because: 'same-institution' }] } },
    };
    const period = { from: new Date(house.clock.now()).toISOString(), until: new Date(house.clock.now() + hourMs).toISOString() };
    const tried = [
      await application.act(application.secretary, 'add-reviewer', { stage, reviewer: person, reason: '增补。' }),
      await application.act(application.secretary, 'transfer-review', {
        stage,
        reviewer: assigned,
        to: person,
        reason: '转交。',
      }),
      await application.act(application.secretary, 'appoint-substitute', {
        stage,
        reviewer: assigned,
        substitute: person,
        ...period,
      }),
    ];
    for (const answer of tried) expect(answer).toMatchObject(barred);
    expect((await house.person(person).get(`/v1/cases/${application.id}`)).status).toBe(404);
  }
});

test('who leads the course is told to those who read the application in full, and to no reviewer', async () => {
  const application = await Application.register(house, round, jinan);
  expectAccepted(await application.submit({ leader: application.leader }));
  const { assignments = [] } = await application.toPanel();
  const readers = [application.dean, application.secretary, house.person(assignments[0]?.reviewer ?? '')];
  const read = await Promise.all(readers.map((reader) => reader.get(`/v1/cases/${application.id}`)));
  expect(read.map(({ status, text }) => [status, text.includes('容闳')])).toEqual([
    [200, true],
    [200, true],
    [200, false],
  ]);
});

test('a conflict is declared after scoring: the score is excluded and kept, a replacement is drawn; results are means, not sums', async () => {
  const application = await Application.submitted(house, round, jinan);
  const { assignments: drawn = [] } = await application.toPanel();
  const partial = drawn[0]?.reviewer ?? '';
  await application.review(partial);
  await application.done(house.person(partial), 'declare-conflict', { stage: 'expert-review', ground: '与课程负责人合著。' });
  const { assignments = [] } = await application.at('expert-review', (visit) => visit.assignments?.length === drawn.length + 1);
  expect(assignments[0]).toMatchObject({ reviewer: partial, status: 'conflicted', review: { total: [100, 1] } });
  expect((await house.person(partial).get(`/v1/cases/${application.id}`)).status).toBe(404);
  for (const { reviewer, status } of assignments) if (status === 'open') await application.review(reviewer, 0.5);
  // With the excluded hundred the mean would reach the pass mark of 60.
  expect(await application.ended()).toMatchObject({ outcome: 'refused' });
  const judged = (await timelineOf(application)).findLast(({ type }) => type === 'StageLeft');
  expect(judged?.explanation?.excluded).toHaveLength(1);
  expect(JSON.stringify(judged?.explanation?.arithmetic)).toContain('50');
});

test('a reviewer is late: reminder, then escalation, then replacement, each on its date, each exactly once', async () => {
  const application = await Application.submitted(house, round, jinan);
  const { assignments = [] } = await application.toPanel();
  const [late] = assignments;
  if (late === undefined) throw new Error('nobody was drawn');
  const found = await foundLate(application);
  for (const instant of [late.remindAt, late.escalateAt]) await house.passTo(instant);
  const foundOnceReported = await foundLate(application);
  expect({ found, foundOnceReported }).toEqual({ found: false, foundOnceReported: true });
  await house.passTo(late.replaceAt);
  await application.at('expert-review', ({ assignments: now = [] }) => now.length === 2 * assignments.length);
  const instants = { ReviewerReminded: late.remindAt, ReviewEscalated: late.escalateAt, ReviewerReplaced: late.replaceAt };
  for (const [done, instant] of Object.entries(instants))
    expect(await hoursOf(application, done)).toEqual(assignments.map(() => hourOf(instant)));
});

test('a reviewer is late: reminder, escalation and replacement, each exactly once, also when the worker was down on that date', async () => {
  const application = await Application.submitted(house, round, jinan);
  const { assignments = [] } = await application.toPanel();
  const [late] = assignments;
  if (late === undefined) throw new Error('nobody was drawn');
  const back = new Date(Date.parse(late.replaceAt) + hourMs).toISOString();
  await house.awayUntil(back);
  await application.at(stage, ({ assignments: now = [] }) => now.length === 2 * assignments.length);
  await house.settled();
  for (const done of ['ReviewerReminded', 'ReviewEscalated', 'ReviewerReplaced'])
    expect(await hoursOf(application, done)).toEqual(assignments.map(() => hourOf(back)));
});

test('a reviewer leaves the committee in the middle of a round: finished reviews stand, open ones are drawn again; the quorum base follows the charter', async () => {
  const application = await Application.submitted(house, round, jinan);
  const { assignments = [] } = await application.toPanel();
  const [done = '', open = '', stays = ''] = assignments.map(({ reviewer }) => reviewer);
  await application.review(done);
  for (const person of [done, open]) expectAccepted(await leaves('expert-panel', person));
  const barred = await house
    .person(open)
    .post(`/v1/case/${application.id}/submit-review`, { stage, scores: [], vetoes: [], comment: '无' });
  expect(refusedWith(barred)).toEqual({ status: 403, code: 'authority.no-seat' });
  await house.passTo(assignments[0]?.remindAt ?? '');
  const { assignments: now = [] } = await application.at(stage, (visit) => visit.assignments?.length === 4);
  expect(now.map(({ reviewer, status }) => [reviewer, status])).toEqual([
    [done, 'submitted'],
    [open, 'replaced'],
    [stays, 'open'],
    [expect.any(String), 'open'],
  ]);
  expect(await hoursOf(application, 'ReviewerReminded')).toHaveLength(1);
  for (const { reviewer, status } of now) if (status === 'open') await application.review(reviewer, 0.7);
  const { sittings = [] } = await application.at('committee', (visit) => visit.sittings?.length === 1);
  const judged = (await timelineOf(application)).findLast(({ type }) => type === 'StageLeft');
  expect(judged?.explanation).toMatchObject({
    inputs: { reviews: [{ assignment: assignments[0]?.id, total: [100, 1] }, { total: [70, 1] }, { total: [70, 1] }] },
    arithmetic: [
      { what: 'complete-reviews', actual: [3, 1] },
      { what: 'mean', actual: [80, 1] },
    ],
  });

  const electors = await application.electors();
  expect(electors).toHaveLength(8);
  const [voted = '', silent = '', ...others] = electors;
  expectAccepted(await application.vote(voted, 'for'));
  for (const person of [voted, silent]) expectAccepted(await leaves('committee', person));
  expect(refusedWith(await application.vote(silent, 'for')).status).toBe(404);
  for (const person of others.slice(0, 5)) expectAccepted(await application.vote(person, 'for'));
  await house.passTo(sittings[0]?.closesAt ?? '');
  await application.at('publicity');
  const decided = (await timelineOf(application)).findLast(({ type }) => type === 'StageLeft');
  // The base is the eligible seats held when the vote was opened; the next vote counts those held then.
  expect(decided?.explanation).toMatchObject({
    inputs: { rule: { quorum: { of: 'eligible-seats' } }, seats: 9, eligible: 8, for: 6 },
    arithmetic: [
      { what: 'quorum', actual: [6, 8], holds: true },
      { what: 'majority', actual: [6, 6] },
    ],
  });
  const next = await Application.submitted(house, round, southChina);
  expect((await next.toBallot()).sittings?.[0]?.seats).toHaveLength(7);
});
