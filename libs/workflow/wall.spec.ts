import { expect, test } from '@jest/globals';
import { DomainError } from '#kernel';
import { applicant, assigned, broughtTo, otherInstitution, review, type TestRound } from '../../test/support/round.js';
import { frozenCase } from './freeze/freeze.case.js';
import { caseContext, mayKnow, shownTo, type Definition, standing, timelineFor, type Viewer } from '#workflow';

const viewer = (person: string, powers: readonly (string | readonly [string, string])[], institution?: string): Viewer => ({
  person,
  institutions: institution === undefined ? [] : [institution],
  powers: powers.map((held) => (typeof held === 'string' ? { power: held } : { power: held[0], scope: held[1] })),
});
const office = viewer('dean', [['submit-application', applicant]], applicant);
const otherOffice = viewer('other-dean', [['submit-application', otherInstitution]], otherInstitution);
const secretary = viewer('secretary', ['manage-panel', 'check-application']);
const province = viewer('province', [['recommend-application', '11']]);
const otherProvince = viewer('other-province', [['recommend-application', '44']]);
const member = viewer('member-1', ['decide-recognition', 'rule-on-objection'], 'i-3');
const ownMember = viewer('own-member', ['decide-recognition'], applicant);
const ownExpert = viewer('expert-own', ['review-application'], applicant);
const stranger = viewer('stranger', []);
const expert = (person: string) => viewer(person, ['review-application'], 'i-x');

const standings = async (round: TestRound, ...viewers: readonly Viewer[]) => {
  const state = await round.state();
  return viewers.map((one) => standing(round.definition, state, one));
};

test('each learns of a case when it comes to them, and not before', async () => {
  const endorsing = await broughtTo('endorsement');
  const everyone = [office, otherOffice, secretary, province, otherProvince, member, stranger] as const;
  expect(await standings(endorsing, ...everyone)).toEqual([
    'applicant',
    undefined,
    'keeper',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  const recommending = await broughtTo('recommendation');
  expect(await standings(recommending, province, otherProvince)).toEqual(['checker', undefined]);
  const deciding = await broughtTo('committee');
  expect(await standings(deciding, member, stranger)).toEqual(['judge', undefined]);
  const shown = await broughtTo('publicity');
  expect(await standings(shown, stranger, otherOffice)).toEqual(['public', 'public']);
});

test('whoever audits reads a case from its first day as those who keep it do', async () => {
  const auditor = viewer('auditor', ['audit-cases']);
  for (const stage of ['endorsement', 'expert-review', 'committee']) {
    const round = await broughtTo(stage);
    const state = await round.state();
    expect(shownTo(round.definition, state, auditor)).toEqual(shownTo(round.definition, state, secretary));
  }
  const own = viewer('own-auditor', ['audit-cases', 'review-application'], applicant);
  expect(await standings(await broughtTo('expert-review'), own)).toEqual([undefined]);
});

test('whoever judges and works for the applicant never learns that the case exists, not even when it is public', async () => {
  for (const stage of ['expert-review', 'committee', 'publicity']) {
    const round = await broughtTo(stage);
    expect(await standings(round, ownExpert, ownMember)).toEqual([undefined, undefined]);
  }
});

test('the applicant’s own office sees its application, also when one of its people is a reviewer elsewhere', async () => {
  const round = await broughtTo('expert-review');
  const both = viewer('dean', [['submit-application', applicant], 'review-application'], applicant);
  expect(await standings(round, both)).toEqual(['applicant']);
});

test('a reviewer sees the cases assigned to them, and none after declaring a conflict', async () => {
  const round = await broughtTo('expert-review');
  const [first] = (await assigned(round)) as [string];
  const idle = ['expert-1', 'expert-2', 'expert-3', 'expert-4', 'expert-5'].find((person) => person !== first) as string;
  expect(await standings(round, expert(first), expert('expert-9'))).toEqual(['reviewer', undefined]);
  await round.act(first, 'DeclareConflict', { stage: 'expert-review', ground: '师生关系' });
  expect(await standings(round, expert(first))).toEqual([undefined]);
  expect(mayKnow(round.definition, await round.state(), expert(idle))).toBe((await assigned(round)).includes(idle));
});

test('who declared a conflict while others reviewed does not learn that the case is before their own organ', async () => {
  const round = await broughtTo('expert-review');
  await round.act('secretary', 'DeclareConflict', { stage: 'expert-review', person: member.person, ground: '师生关系' });
  for (const reviewer of await assigned(round)) await round.act(reviewer, 'SubmitReview', review(8));
  await round.settle();
  const other = viewer('member-2', ['decide-recognition'], 'i-4');
  expect(await standings(round, member, other)).toEqual([undefined, 'judge']);
});

test('a double-blind reviewer is shown nothing that names the applicant, nor any other reviewer', async () => {
  const round = await broughtTo('expert-review');
  const [first, second] = (await assigned(round)) as [string, string];
  await round.act(second, 'SubmitReview', review(8));
  const text = JSON.stringify(shownTo(round.definition, await round.state(), expert(first)));
  for (const name of [applicant, '示例大学', '课程特色', 'person-1', 'dean', second, 'course-1'])
    expect(text).not.toContain(name);
  expect(text).toContain('大学物理');
  expect(text).toContain(first);
});

test('a double-blind reviewer does not read through which checks an application came, nor in whose words it was withdrawn', async () => {
  const round = await broughtTo('expert-review');
  const [first = ''] = await assigned(round);
  await round.act('dean', 'WithdrawApplication', { reason: '示例大学撤回' });
  const lines = timelineFor(round.definition, await round.state(), await round.history(), expert(first));
  expect(lines.map(({ type }) => type)).toEqual(['CaseOpened', 'StageEntered', 'ApplicationWithdrawn', 'CaseEnded']);
  expect(lines[1]?.text.en).toContain('expert-review');
  expect(JSON.stringify(lines.map(({ text, explanation }) => ({ text, explanation })))).not.toContain('示例大学');
});

test('an applicant is shown no reviewer, and no review while it is under way', async () => {
  const round = await broughtTo('expert-review');
  const reviewers = await assigned(round);
  await round.act(reviewers[0] as string, 'SubmitReview', review(8));
  const during = JSON.stringify(shownTo(round.definition, await round.state(), office));
  for (const reviewer of reviewers) expect(during).not.toContain(reviewer);
  expect(during).not.toContain('"total"');
  for (const reviewer of reviewers.slice(1)) await round.act(reviewer, 'SubmitReview', review(1));
  const afterwards = JSON.stringify(shownTo(round.definition, await round.state(), office));
  for (const reviewer of reviewers) expect(afterwards).not.toContain(reviewer);
  expect(afterwards).toContain('"total"');
});

test('the public is shown neither reviews nor votes nor objectors nor files', async () => {
  const round = await broughtTo('publicity');
  await round.act('objector', 'RaiseObjection', {
    stage: 'publicity',
    name: '王小明',
    contact: '12345',
    statement: '不实',
    evidence: [{ sha256: 'e'.repeat(64), bytes: 1, mediaType: 'application/pdf' }],
  });
  const shown = shownTo(round.definition, await round.state(), stranger);
  expect(shown).toMatchObject({ as: 'public', files: [], form: { title: '大学物理' }, applicant: { name: '示例大学' } });
  expect(shown?.visits.map(({ kind }) => kind)).toEqual(['publicity']);
  const text = JSON.stringify(shown);
  for (const name of ['expert-', 'member-', 'objector"', 'chair', 'dean']) expect(text).not.toContain(name);
});

test('a secret ballot shows each member their own vote only', async () => {
  const round = await broughtTo('committee', {
    rule: {
      quorum: { atLeast: [2, 3], of: 'all-seats' },
      majority: { over: [1, 2], of: 'votes-cast' },
      tie: 'not-carried',
      secret: true,
    },
  });
  await round.act('chair', 'CastVote', { stage: 'committee', choice: 'against' });
  await round.act('member-1', 'CastVote', { stage: 'committee', choice: 'for' });
  const ballot = shownTo(round.definition, await round.state(), member)?.visits.find(({ kind }) => kind === 'ballot');
  expect(ballot).toMatchObject({ sittings: [{ votes: [{ person: 'member-1', choice: 'for' }] }] });
});

test('a reviewer who must not know the applicant does not read it in the refusal of any act', async () => {
  const change = (definition: Definition): Definition => ({
    ...definition,
    stages: definition.stages.map((stage) => (stage.kind === 'panel' ? { ...stage, blind: 'double' } : stage)),
  });
  const round = await broughtTo('expert-review', { change });
  const [reviewer = ''] = await assigned(round);
  await round.place(`membership-a.${applicant}`, { status: 'suspended' });
  const { text, details } = frozenCase({ ...(await round.state()), frozen: { at: '2026-03-20T00:00:00.000Z' } });
  expect(JSON.stringify([text, details])).not.toContain(applicant);
  for (const type of Object.keys(caseContext.shapes))
    for (const { id: stage } of round.definition.stages) {
      const data = {
        stage,
        reason: '',
        institution: otherInstitution,
        form: {},
        files: [],
        choice: 'for',
        scores: [],
        vetoes: [],
      };
      const sent = round.act(reviewer, type, { ...data, comment: '意见', ground: '任职', from: 1, to: 2, stages: {} });
      const failure: unknown = await sent.catch((thrown: unknown) => thrown);
      if (!(failure instanceof DomainError)) continue;
      expect(JSON.stringify([failure.text, failure.details])).not.toContain(applicant);
      expect(JSON.stringify([failure.text, failure.details])).not.toContain('示例大学');
    }
});
