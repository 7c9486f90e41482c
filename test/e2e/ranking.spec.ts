import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { membershipContext } from '#membership';
import { type Definition, loadDefinition } from '#workflow';
import { definitionContext } from '../../apps/server/contexts.js';
import { cursorOf } from '../../apps/server/reads/schemas.js';
import { eventually } from '../support/eventually.js';
import { Application, expectAccepted, openRound } from '../support/applications.js';
import type { Answer, Caller } from '../support/caller.js';
import { alliance, House } from '../support/house.js';
import { Listening } from '../support/listening.js';
import { threeOfAll } from '../support/ranking-stage.js';
import { renamed } from '../support/renamed.js';

interface Place {
  readonly id: string;
  readonly place: number;
  readonly of: number;
  readonly result: string;
}

interface RankingRead {
  readonly as: string;
  readonly status: string;
  readonly items: readonly Place[];
  readonly waiting: readonly { readonly subject: string; readonly because?: string }[];
  readonly cells: readonly object[];
  readonly passedOver: number;
  readonly tie?: { readonly decides: boolean; readonly items: readonly { readonly subject: string }[] };
}

const round = 'ranked';
const path = `/v1/rounds/${alliance}.${round}/stages/ranking/ranking`;
const order = (name: string): string => `/v1/ranking/${alliance}.${round}.ranking/${name}`;
const [own, jinan, technology, normal] = ['4144010558', '4144010559', '4144010561', '4144010574'] as const;

let house: House;
let secretary: Caller;
/** What a judge reads before any case has come. */
let unopened: string;
/** The best, two equals for one place, one whose member is suspended, and one as good as the best that is withdrawn. */
let best: Application, equal: Application, other: Application, frozen: Application, gone: Application;

/** The shipped recognition with a ranking before the committee: two are selected. */
async function rankedDefinition(): Promise<Definition> {
  const { definition } = await loadDefinition('workflows/alliance-recognition.yaml');
  const at = definition.stages.findIndex(({ kind }) => kind === 'ballot');
  const stages = definition.stages.map((stage) =>
    stage.kind === 'panel' ? { ...stage, on: { ...stage.on, recommended: 'ranking' } } : stage,
  );
  const ranking = { ...threeOfAll, on: { selected: 'committee', 'not-selected': 'beyond-quota' } };
  const named = renamed(definition, 'ranked-recognition');
  return {
    ...named,
    stages: stages.toSpliced(at, 0, ranking),
    ends: { ...named.ends, 'beyond-quota': { title: { en: 'Beyond the quota', zh: '超出名额' }, outcome: 'refused' } },
  };
}

async function reviewed(application: Application, share: number): Promise<Application> {
  const { assignments = [] } = await application.toPanel();
  for (const { reviewer } of assignments) await application.review(reviewer, share);
  await application.at('ranking');
  return application;
}

const read = async (who: Caller): Promise<Answer & { readonly ranking: RankingRead }> => {
  const answer = await who.get(path);
  return { ...answer, ranking: JSON.parse(answer.text) as RankingRead };
};
const status = async (who: Caller): Promise<number> => (await who.get(path)).status;

beforeAll(async () => {
  house = await House.open();
  const definition = await rankedDefinition();
  await house.operator(definitionContext, definition.id, 'AdoptDefinition', { definition });
  secretary = house.seat('secretariat', { role: 'chair' });
  const closesAt = new Date(house.clock.now() + 86_400_000).toISOString();
  await openRound(house, round, closesAt, { id: definition.id, version: 1 });
  unopened = (await read(impartial())).text;
  frozen = await Application.submitted(house, round, technology);
  best = await reviewed(await Application.submitted(house, round, jinan), 1);
  equal = await reviewed(await Application.submitted(house, round, own), 0.8);
  other = await reviewed(await Application.submitted(house, round, jinan), 0.8);
  gone = await reviewed(await Application.submitted(house, round, normal), 1);
  await gone.done(gone.dean, 'withdraw-application', { reason: '课程负责人调离。' });
  await house.operator(membershipContext, technology, 'SuspendMember', { clause: '第九条', reason: '逾期未缴会费。' });
  await house.settled();
  await house.moveTo(Date.parse(closesAt) + 1_000);
  await house.settled();
}, 180_000);
afterAll(() => house.close());

const conflicted = (): Caller =>
  house.person(house.holders('committee').find(({ institution }) => institution === own)?.person ?? '');
const impartial = (): Caller =>
  house.person(house.holders('committee').find(({ institution }) => institution === '4144010590')?.person ?? '');

test('while it waits, who keeps it reads for whom; nobody else learns that there is anything', async () => {
  const { ranking } = await read(secretary);
  expect(ranking).toMatchObject({ as: 'keeper', status: 'collecting', items: [] });
  expect(ranking.waiting).toEqual([
    expect.objectContaining({ subject: frozen.entry, because: 'suspended', since: expect.any(String), stage: 'endorsement' }),
  ]);
  const judged = await read(impartial());
  expect(judged.ranking).toMatchObject({ as: 'judge', status: 'collecting', items: [], waiting: [], cells: [] });
  expect((await read(conflicted())).text).toBe(judged.text);
  expect(judged.text).toBe(unopened);
  const others = [best.dean, equal.dean, house.outsider(), house.seat('expert-panel')];
  expect(await Promise.all(others.map(status))).toEqual(others.map(() => 404));
  expect(await status(house.nobody())).toBe(401);
});

test('only who keeps the ranking goes on without an application that stands still, and says why', async () => {
  const data = { subjects: [frozen.entry], reason: '秘书处第 3 号会议纪要' };
  for (const who of [best.dean, impartial(), conflicted(), house.outsider()])
    expect((await who.post(order('rank-without'), data)).status).toBe(403);
  const wrong = await secretary.post(order('rank-without'), { ...data, subjects: [best.entry] });
  expect([wrong.status, wrong.body['code']]).toEqual([409, 'ranking.not-standing-still']);
  const listening = await Listening.begin(house, secretary, `/v1/alliances/${alliance}/live`);
  const walled = await Listening.begin(house, conflicted(), `/v1/alliances/${alliance}/live`);
  expectAccepted(await secretary.post(order('rank-without'), data));
  await listening.until(({ data: { ranking } }) => ranking === `${alliance}.${round}.ranking`);
  await openRound(house, 'ranked-after', '2026-06-30T16:00:00.000Z');
  await walled.until(({ data: { round: opened } }) => opened === `${alliance}.ranked-after`);
  expect(walled.text).not.toContain('.ranking');
  for (const one of [listening, walled]) one.stop();
  await house.settled();
  expect((await read(secretary)).ranking).toMatchObject({ status: 'tied', passedOver: 1 });
});

test('equals are put in order by who may, and who works for one of them is told what everyone is told who has nothing to decide', async () => {
  const { ranking } = await read(impartial());
  expect(ranking.tie).toMatchObject({ decides: true });
  expect(ranking.tie?.items.map(({ subject }) => subject).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
    [equal.entry, other.entry].toSorted((a, b) => (a < b ? -1 : 1)),
  );
  expect((await read(secretary)).ranking.tie).toMatchObject({ decides: false });
  const { ranking: kept, text } = await read(conflicted());
  expect(kept).toMatchObject({ as: 'judge', status: 'ranked', items: [{ id: best.id }] });
  for (const term of [equal.entry, other.entry, 'tie']) expect(text).not.toContain(term);
  const data = { order: [other.entry, equal.entry], resolution: '2026-3' };
  const refused = await conflicted().post(order('decide-tie'), data);
  expect([refused.status, refused.body['code']]).toEqual([409, 'ranking.no-tie']);
  expectAccepted(await impartial().post(order('decide-tie'), data));
  await house.settled();
  const { items } = (await read(secretary)).ranking;
  expect(items.map(({ id, result }) => [id, result])).toEqual([
    [best.id, 'selected'],
    [other.id, 'selected'],
    [equal.id, 'reserve'],
  ]);
});

test('an application is withdrawn in the middle of its review: it leaves the ranking and the quota', async () => {
  const { ranking, text } = await read(secretary);
  expect(text).not.toContain(gone.entry);
  // Three places: of the best, of the one that stands still, and of one of the equals.
  expect(ranking.items.map(({ of }) => of)).toEqual([3, 3, 3]);
  expect(ranking.cells).toMatchObject([{ places: 3, taken: 3, kept: 1 }]);
  expect((await gone.seen()).end).toMatchObject({ id: 'withdrawn' });
});

test('nobody reads by content, count or order what a conflict of interest keeps from them', async () => {
  await other.at('committee');
  // Whoever judges reads the order of those that they know of, and nothing of how many there are.
  const order = async (who: Caller) => {
    const { ranking, text } = await read(who);
    expect(ranking).toMatchObject({ as: 'judge', status: 'ranked', waiting: [], cells: [], passedOver: 0 });
    expect(text).not.toContain('counted');
    return ranking.items.map(({ id, place, of }) => [id, place, of]);
  };
  expect(await order(impartial())).toEqual([
    [best.id, 1, 3],
    [other.id, 2, 3],
    [equal.id, 3, 3],
  ]);
  expect(await order(conflicted())).toEqual([
    [best.id, 1, 2],
    [other.id, 2, 2],
  ]);
  const from = async (who: Caller, { id }: Application) => (await who.get(`${path}?limit=1&cursor=${cursorOf(id)}`)).body;
  expect(await from(impartial(), best)).toMatchObject({ items: [{ id: other.id }], next: cursorOf(other.id) });
  for (const unknown of [equal, frozen]) expect(await from(conflicted(), unknown)).toMatchObject({ code: 'request.cursor' });
  const about = async (who: Caller, application: Application): Promise<string> =>
    `${(await who.get(`/v1/cases/${application.id}`)).text} ${(await who.get(`/v1/cases/${application.id}/timeline`)).text}`;
  for (const told of [secretary, best.dean]) expect(await about(told, best)).toMatch(/Place 1 of 3/);
  for (const judge of [impartial(), conflicted()]) {
    const seen = await about(judge, best);
    expect(seen).toContain(best.entry);
    expect(seen).not.toMatch(/Place \d|第 \d+ 名|"of":3|"place":/);
    for (const term of [equal.entry, frozen.entry]) expect(seen).not.toContain(term);
  }
  const reviewer = house.person((await best.seen()).visits.flatMap(({ assignments = [] }) => assignments)[0]?.reviewer ?? '');
  expect(await about(reviewer, best)).not.toMatch(/Place \d|第 \d+ 名/);
});

test('once results are public, everyone reads who was selected and in which order, and nothing of the others', async () => {
  for (const application of [best, other]) await application.carried();
  await house.settled();
  const { ranking, text } = await read(house.outsider());
  expect(ranking).toMatchObject({ as: 'public', waiting: [] });
  expect(ranking.items.map(({ id, place, of }) => [id, place, of])).toEqual([
    [best.id, 1, 2],
    [other.id, 2, 2],
  ]);
  for (const hidden of [equal.entry, frozen.entry, 'raw', 'reviewer']) expect(text).not.toContain(hidden);
  const open = await eventually(async () => {
    const answer = await house.outsider().get(`/v1/cases/${best.id}/timeline`);
    return answer.status === 200 ? answer.text : undefined;
  });
  expect(open).not.toMatch(/Place \d|第 \d+ 名/);
});
