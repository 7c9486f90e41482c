import { beforeEach, describe, expect, test } from '@jest/globals';
import { DomainError } from '#kernel';
import { type BallotVisit, meetingContext } from '#workflow';
import { application, broughtTo, addressOf, caseId, review, type TestRound, usualSeats } from '../../../test/support/round.js';
import { type Rule, usualRule } from '../../../test/support/round.charter.js';

const stage = 'committee';
const rule: Rule = { ...usualRule, notice: { workingDays: 3 }, proxies: { perHolder: 1, countForQuorum: true } };
/** The round comes to its vote on Monday, 2 March 2026. */
const [opensAt, closesAt] = ['2026-03-05T16:00:00.000Z', '2026-03-06T10:00:00.000Z'];
const notice = { agenda: [{ case: caseId, stage }], opensAt, closesAt, place: '广州' };

let round: TestRound;
const meeting = (person: string, type: string, data: object = {}, id = 'a.march') =>
  round.send(person, meetingContext, id, type, data);
const convened = (data: object = notice) => meeting('secretary', 'ConveneMeeting', data);
const vote = (person: string, more: object = {}) => round.act(person, 'CastVote', { stage, choice: 'for', ...more });
const codeOf = async (sent: Promise<unknown>): Promise<string> => {
  const failure: unknown = await sent.then(
    () => 'accepted',
    (thrown: unknown) => thrown,
  );
  return failure instanceof DomainError ? failure.code : String(failure);
};
const ballot = async (): Promise<BallotVisit> =>
  (await round.state()).visits.find((visit): visit is BallotVisit => visit.kind === 'ballot') as BallotVisit;

const seats = {
  ...usualSeats,
  'a.committee': [
    { person: 'chair', role: 'chair', institution: 'i-1' },
    { person: 'person-deputy', role: 'deputy', institution: 'i-2' },
    { person: 'member-1', institution: 'i-3' },
    { person: 'person-2', institution: 'i-4' },
    { person: 'person-3', institution: 'i-5' },
  ],
} as const;

beforeEach(async () => {
  round = await broughtTo(stage, { rule, seats });
});

/** Another application, as far as the vote. */
async function comeToVote(course: string): Promise<void> {
  const id = addressOf(course);
  await round.act('dean', 'SubmitApplication', application, `a.spring.${course}`);
  await round.act('dean', 'PassCheck', { stage: 'endorsement' }, id);
  await round.act('province', 'PassCheck', { stage: 'recommendation' }, id);
  await round.act('secretary', 'PassCheck', { stage: 'formal-check' }, id);
  await round.settle();
  const { visits } = await round.state(id);
  const reviewers = visits.flatMap((visit) => (visit.kind === 'panel' ? visit.assignments : [])).map(({ reviewer }) => reviewer);
  for (const reviewer of reviewers) await round.act(reviewer, 'SubmitReview', review(8), id);
  await round.settle();
}

describe('where the charter wants an organ to meet', () => {
  test('nothing is put to the vote without a meeting, and what is put to none is reported as overdue', async () => {
    expect((await ballot()).sittings).toEqual([]);
    expect((await ballot()).awaited).toMatchObject({ sitting: 1, notice: 3 });
    expect(await codeOf(round.act('secretary', 'OpenBallot', { stage }))).toBe('case.needs-meeting');
    expect(await codeOf(vote('chair'))).toBe('case.voting-closed');
    await round.until((await ballot()).awaited?.dueAt ?? '');
    await round.settle();
    expect((await ballot()).overdue).toEqual(['meeting.1']);
  });

  test('a meeting is convened with its agenda and with the notice that the charter asks for, to the millisecond', async () => {
    expect(await codeOf(convened({ ...notice, opensAt: '2026-03-05T15:59:59.999Z' }))).toBe('meeting.notice-too-short');
    expect(await codeOf(convened({ ...notice, closesAt: opensAt }))).toBe('meeting.ends-first');
    expect(await codeOf(convened({ ...notice, agenda: [{ case: 'a.spring.none', stage }] }))).toBe('case.not-found');
    expect(await codeOf(convened({ ...notice, agenda: [{ case: 'b.spring.course-1', stage }] }))).toBe('case.not-found');
    expect(await codeOf(convened({ ...notice, agenda: [...notice.agenda, { case: 'b.spring.course-1', stage }] }))).toBe(
      'case.not-found',
    );
    expect(await codeOf(convened({ ...notice, agenda: [{ case: caseId, stage: 'publicity' }] }))).toBe('meeting.not-a-ballot');
    expect(await codeOf(meeting('chair', 'ConveneMeeting', notice))).toBe('authority.no-seat');
    expect(await codeOf(convened())).toBe('accepted');
    expect(await codeOf(convened())).toBe('meeting.convened');
  });

  test('an item stands on an agenda once', async () => {
    expect(await codeOf(convened({ ...notice, agenda: [...notice.agenda, ...notice.agenda] }))).toBe('meeting.twice-on-agenda');
  });

  test('whoever may not know of an application cannot tell by an agenda whether there is one', async () => {
    const none = addressOf('course-9');
    for (const person of ['person-stranger', 'expert-9']) {
      const told = (id: string) => codeOf(meeting(person, 'ConveneMeeting', { ...notice, agenda: [{ case: id, stage }] }));
      expect([await told(caseId), await told(none)]).toEqual(['case.not-found', 'case.not-found']);
      const both = { ...notice, agenda: [...notice.agenda, { case: none, stage }] };
      expect(await codeOf(meeting(person, 'ConveneMeeting', both))).toBe('case.not-found');
    }
    const dean = { ...notice, agenda: [{ case: caseId, stage: 'publicity' }] };
    expect(await codeOf(meeting('dean', 'ConveneMeeting', dean))).toBe('meeting.not-a-ballot');
  });

  test('whoever a meeting does not concern cannot tell by a command whether there is one', async () => {
    await convened();
    const commands = [
      ['LodgeProxy', { holder: 'chair' }],
      ['RevokeProxy', {}],
      ['CallOffMeeting', { reason: '场地不可用' }],
    ] as const;
    for (const [type, data] of commands) {
      for (const person of ['person-stranger', 'expert-9', 'dean'])
        for (const id of ['a.march', 'a.none']) expect(await codeOf(meeting(person, type, data, id))).toBe('meeting.not-found');
    }
    expect(await codeOf(meeting('chair', 'CallOffMeeting', { reason: '场地不可用' }))).toBe('authority.no-seat');
    expect(await codeOf(meeting('secretary', 'LodgeProxy', { holder: 'chair' }))).toBe('authority.no-seat');
  });

  test('whom a conflict keeps from the whole agenda cannot tell by a command whether there is a meeting', async () => {
    await comeToVote('course-2');
    await round.act('secretary', 'DeclareConflict', { stage, person: 'member-1', ground: '合著' });
    await convened();
    const longer = { ...notice, agenda: [...notice.agenda, { case: addressOf('course-2'), stage }] };
    await meeting('secretary', 'ConveneMeeting', longer, 'a.april');
    for (const [type, data] of [
      ['LodgeProxy', { holder: 'person-deputy' }],
      ['RevokeProxy', {}],
      ['CallOffMeeting', { reason: '场地不可用' }],
    ] as const)
      for (const id of ['a.march', 'a.none']) expect(await codeOf(meeting('member-1', type, data, id))).toBe('meeting.not-found');
    expect(await codeOf(meeting('member-1', 'LodgeProxy', { holder: 'person-deputy' }, 'a.april'))).toBe('accepted');
  });

  test('whoever is kept from most of an agenda may still give a proxy for the rest', async () => {
    const others = ['course-2', 'course-3', 'course-4', 'course-5', 'course-6'];
    for (const course of others) await comeToVote(course);
    for (const id of [caseId, ...others.slice(0, 4).map(addressOf)])
      await round.act('secretary', 'DeclareConflict', { stage, person: 'member-1', ground: '合著' }, id);
    await convened({ ...notice, agenda: [caseId, ...others.map(addressOf)].map((id) => ({ case: id, stage })) });
    expect(await codeOf(meeting('member-1', 'LodgeProxy', { holder: 'person-deputy' }))).toBe('accepted');
  });

  test('the ballots of the agenda open with the meeting and close with it', async () => {
    await convened();
    expect(await codeOf(round.act('secretary', 'OpenBallot', { stage, meeting: 'a.march' }))).toBe('case.meeting-not-in-session');
    await round.until(opensAt);
    expect((await ballot()).sittings).toMatchObject([{ sitting: 1, meeting: 'a.march', closesAt }]);
    for (const { person } of seats['a.committee']) await vote(person);
    await round.settle();
    expect((await round.state()).visits.at(-1)?.stage).toBe('publicity');
  });

  test('an item that was not on the agenda of the notice cannot be put to the vote', async () => {
    await convened();
    await round.until(opensAt);
    const late = addressOf('course-2');
    await comeToVote('course-2');
    expect(await codeOf(round.act('secretary', 'OpenBallot', { stage, meeting: 'a.march' }, late))).toBe('case.not-on-agenda');
    expect(await codeOf(round.act('secretary', 'OpenBallot', { stage, meeting: 'b.march' }, late))).toBe('case.not-on-agenda');
    expect(await round.types(late)).not.toContain('BallotOpened');
  });

  test('a meeting without a quorum decides nothing, and another one is convened', async () => {
    await convened();
    await round.until(opensAt);
    await vote('chair');
    await round.until(closesAt);
    expect(await ballot()).toMatchObject({ sittings: [{ inquorate: {} }], awaited: { sitting: 2 } });
    expect(await codeOf(round.act('secretary', 'OpenBallot', { stage, meeting: 'a.march' }))).toBe('case.needs-meeting');
    const again = { ...notice, opensAt: '2026-03-12T01:00:00.000Z', closesAt: '2026-03-12T10:00:00.000Z' };
    await meeting('secretary', 'ConveneMeeting', again, 'a.again');
    await round.until(again.opensAt);
    expect((await ballot()).sittings).toMatchObject([{}, { sitting: 2, meeting: 'a.again' }]);
  });

  test('what went home before the meeting is passed over', async () => {
    await convened();
    await round.act('dean', 'WithdrawApplication', { reason: '另有安排' });
    await round.until(closesAt);
    expect(round.refused).toEqual([]);
  });
});

describe('a meeting is called off', () => {
  const off = (data: object = { reason: '台风停课。' }) => meeting('secretary', 'CallOffMeeting', data);

  test('before it begins: the reason is on record at every item, its proxies lapse, and the items wait for another', async () => {
    await convened();
    await meeting('member-1', 'LodgeProxy', { holder: 'person-deputy' });
    expect(await codeOf(meeting('chair', 'CallOffMeeting', { reason: '台风停课。' }))).toBe('authority.no-seat');
    const { awaited } = await ballot();
    await off();
    await round.settle();
    expect(await codeOf(off())).toBe('meeting.called-off');
    expect(await codeOf(meeting('member-1', 'LodgeProxy', { holder: 'person-deputy' }))).toBe('meeting.called-off');
    expect((await round.history()).at(-1)).toMatchObject({
      type: 'BallotCalledOff',
      data: { stage, meeting: 'a.march', reason: '台风停课。' },
    });
    expect(await ballot()).toMatchObject({ sittings: [], awaited });
    await round.until(closesAt);
    expect((await ballot()).sittings).toEqual([]);
    expect(round.refused).toEqual([]);
  });

  test('while it sits: the votes that were cast lapse, and the next meeting votes anew, as often as the rule allows', async () => {
    await convened();
    await meeting('member-1', 'LodgeProxy', { holder: 'person-deputy' });
    await round.until(opensAt);
    await vote('chair');
    await vote('person-deputy', { proxyOf: 'member-1' });
    await off();
    // From that instant on, though the ballot itself has not been told.
    expect(await codeOf(vote('person-2'))).toBe('case.voting-closed');
    await round.settle();
    expect(await ballot()).toMatchObject({
      sittings: [{ votes: [{ person: 'chair' }, { person: 'member-1' }], calledOff: { reason: '台风停课。' } }],
      awaited: { sitting: 2, notice: 3 },
    });
    expect(await codeOf(round.act('chair', 'RetractAct', { stage }))).toBe('case.nothing-to-retract');
    await round.until(closesAt);
    expect(await round.types()).not.toContain('BallotInquorate');
    const again = { ...notice, opensAt: '2026-03-12T01:00:00.000Z', closesAt: '2026-03-12T10:00:00.000Z' };
    await meeting('secretary', 'ConveneMeeting', again, 'a.again');
    await round.until(again.opensAt);
    for (const { person } of seats['a.committee']) await vote(person);
    await round.settle();
    expect((await round.state()).visits.at(-1)?.stage).toBe('publicity');
  });

  test('what it has voted on to the end stands', async () => {
    await convened();
    await round.until(opensAt);
    for (const [index, { person }] of seats['a.committee'].entries())
      await vote(person, { choice: index < 2 ? 'for' : index < 4 ? 'against' : 'abstain' });
    expect((await ballot()).sittings[0]?.tie).toBeDefined();
    await off();
    await round.settle();
    expect(await round.types()).not.toContain('BallotCalledOff');
    await round.act('chair', 'BreakTie', { stage, choice: 'for' });
    await round.settle();
    expect((await round.state()).visits.at(-1)?.stage).toBe('publicity');
  });

  test('once it has ended, its decisions stand', async () => {
    await convened();
    await round.until(closesAt);
    expect(await codeOf(off())).toBe('meeting.over');
  });
});

describe('a proxy', () => {
  test('that was lodged before the meeting votes for its giver: both are on record, and it counts as the charter says', async () => {
    await convened();
    await meeting('member-1', 'LodgeProxy', { holder: 'person-deputy' });
    await round.until(opensAt);
    await vote('person-deputy', { proxyOf: 'member-1', choice: 'against' });
    const [event] = (await round.history()).filter(({ type }) => type === 'VoteCast');
    expect(event).toMatchObject({ data: { person: 'member-1', proxy: 'person-deputy' }, meta: { actor: 'person-deputy' } });
    expect(await codeOf(vote('person-deputy', { proxyOf: 'member-1' }))).toBe('case.already-voted');
    expect(await codeOf(vote('member-1'))).toBe('case.already-voted');
    await vote('person-deputy');
    await vote('chair');
    await vote('person-2');
    await round.until(closesAt);
    const left = (await round.history()).find(
      ({ type, data }) => type === 'StageLeft' && (data as { stage: string }).stage === stage,
    );
    expect(left?.data).toMatchObject({
      outcome: 'carried',
      explanation: { inputs: { meeting: 'a.march', byProxy: 1 }, arithmetic: [{ actual: [4, 5] }, { actual: [3, 4] }] },
    });
  });

  test('is voted under by its holder, who takes back what they cast, and votes again; its giver does not', async () => {
    await convened();
    await meeting('member-1', 'LodgeProxy', { holder: 'person-deputy' });
    await round.until(opensAt);
    await vote('person-deputy');
    await vote('person-deputy', { proxyOf: 'member-1', choice: 'against' });
    const retract = (person: string, more: object = {}) => codeOf(round.act(person, 'RetractAct', { stage, ...more }));
    expect(await retract('member-1')).toBe('case.nothing-to-retract');
    expect(await retract('chair', { party: 'member-1' })).toBe('case.nothing-to-retract');
    expect(await retract('person-deputy', { party: 'member-1' })).toBe('accepted');
    expect(await retract('person-deputy', { party: 'member-1' })).toBe('case.nothing-to-retract');
    expect((await ballot()).sittings[0]?.votes).toMatchObject([{ person: 'person-deputy', choice: 'for' }]);
    await vote('person-deputy', { proxyOf: 'member-1' });
    expect(await retract('person-deputy')).toBe('accepted');
    expect((await ballot()).sittings[0]?.votes).toMatchObject([{ person: 'member-1', choice: 'for', proxy: 'person-deputy' }]);
  });

  test('does not make a quorum where the charter says so', async () => {
    round = await broughtTo(stage, { rule: { ...rule, proxies: { perHolder: 1, countForQuorum: false } }, seats });
    await convened();
    await meeting('member-1', 'LodgeProxy', { holder: 'person-deputy' });
    await round.until(opensAt);
    await vote('person-deputy', { proxyOf: 'member-1' });
    for (const person of ['person-deputy', 'chair', 'person-2']) await vote(person);
    await round.until(closesAt);
    expect((await ballot()).sittings[0]).toMatchObject({ inquorate: { arithmetic: [{ actual: [3, 5] }] } });
  });

  test('that was not lodged before the meeting, or whose scope does not hold the item, is refused', async () => {
    await convened();
    await meeting('member-1', 'LodgeProxy', { holder: 'person-deputy' });
    await meeting('member-1', 'RevokeProxy');
    await round.until(opensAt);
    expect(await codeOf(meeting('member-1', 'LodgeProxy', { holder: 'person-deputy' }))).toBe('meeting.begun');
    expect(await codeOf(vote('person-deputy', { proxyOf: 'member-1' }))).toBe('case.no-proxy');
    expect(await codeOf(vote('person-2', { proxyOf: 'member-1' }))).toBe('case.no-proxy');
  });

  test('holds what its scope names, and nothing else of the agenda', async () => {
    await comeToVote('course-2');
    const other = addressOf('course-2');
    await convened({ ...notice, agenda: [...notice.agenda, { case: other, stage }] });
    await meeting('member-1', 'LodgeProxy', { holder: 'person-deputy', cases: [caseId] });
    await round.until(opensAt);
    const forMember = { stage, choice: 'for', proxyOf: 'member-1' };
    expect((await round.refusal('person-deputy', 'CastVote', forMember, other)).code).toBe('case.no-proxy');
    await round.act('person-deputy', 'CastVote', forMember);
  });

  test('whose holder has left the organ by the time of the meeting gives nobody a vote', async () => {
    await convened();
    await meeting('member-1', 'LodgeProxy', { holder: 'person-3' });
    await round.seat(
      'a.committee',
      seats['a.committee'].filter(({ person }) => person !== 'person-3'),
    );
    await round.until(opensAt);
    expect((await ballot()).sittings[0]).toMatchObject({ proxies: [] });
  });

  test('does not hold what is not on the agenda', async () => {
    await convened();
    const cases = [addressOf('course-2')];
    expect(await codeOf(meeting('member-1', 'LodgeProxy', { holder: 'person-deputy', cases: ['b.spring.course-1'] }))).toBe(
      'meeting.not-on-agenda',
    );
    expect(await codeOf(meeting('member-1', 'LodgeProxy', { holder: 'person-deputy', cases }))).toBe('meeting.not-on-agenda');
    expect(await codeOf(meeting('member-1', 'LodgeProxy', { holder: 'person-deputy', cases: [caseId] }))).toBe('accepted');
  });

  test('is given to one who sits there, by one who holds none, and is not passed on', async () => {
    await convened();
    const give = (giver: string, holder: string) => codeOf(meeting(giver, 'LodgeProxy', { holder }));
    expect(await give('secretary', 'person-deputy')).toBe('authority.no-seat');
    expect(await give('member-1', 'person-stranger')).toBe('meeting.no-such-holder');
    expect(await give('person-deputy', 'person-deputy')).toBe('meeting.no-such-holder');
    expect(await give('member-1', 'person-deputy')).toBe('accepted');
    expect(await give('member-1', 'person-2')).toBe('meeting.proxy-lodged');
    expect(await give('person-deputy', 'person-2')).toBe('meeting.proxy-of-proxy');
    expect(await give('chair', 'person-deputy')).toBe('meeting.proxies-full');
  });

  test('of a member who is recused votes no more than its giver would, and one who is recused votes for nobody', async () => {
    await convened();
    await meeting('member-1', 'LodgeProxy', { holder: 'person-deputy' });
    await meeting('chair', 'LodgeProxy', { holder: 'person-2' });
    await round.until(opensAt);
    await round.act('secretary', 'DeclareConflict', { stage, person: 'member-1', ground: '合著' });
    expect(await codeOf(vote('person-deputy', { proxyOf: 'member-1' }))).toBe('case.recused');
    await vote('person-2', { proxyOf: 'chair' });
    await round.act('secretary', 'DeclareConflict', { stage, person: 'person-2', ground: '师生' });
    expect(await codeOf(vote('person-2', { proxyOf: 'chair' }))).toBe('case.not-found');
    await vote('person-deputy');
    await round.until(closesAt);
    expect((await ballot()).sittings[0]?.inquorate?.arithmetic).toMatchObject([{ actual: [1, 5] }]);
  });
});

describe('the membership of a voter’s institution is suspended', () => {
  test('from that instant on its people do not vote, in person or by proxy; what they voted before stands; reinstated, they vote again', async () => {
    await convened();
    await meeting('member-1', 'LodgeProxy', { holder: 'person-deputy' });
    await round.until(opensAt);
    await vote('chair');
    await round.place('membership-a.i-1', { status: 'suspended' });
    await round.place('membership-a.i-3', { status: 'suspended' });
    expect(await codeOf(vote('person-deputy', { proxyOf: 'member-1' }))).toBe('case.member-suspended');
    expect((await ballot()).sittings[0]?.votes).toMatchObject([{ person: 'chair' }]);
    await round.place('membership-a.i-3', { status: 'member' });
    await vote('person-deputy', { proxyOf: 'member-1' });
    expect((await ballot()).sittings[0]?.votes).toHaveLength(2);
  });

  test('whose membership is suspended when the ballot opens is recused from it', async () => {
    await convened();
    await round.place('membership-a.i-1', { status: 'suspended' });
    await round.until(opensAt);
    expect((await ballot()).sittings[0]?.recused).toEqual([{ person: 'chair', because: 'suspended' }]);
  });
});
