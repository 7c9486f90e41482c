import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { charterContext } from '#charter';
import { type Case, type Definition, loadDefinition } from '#workflow';
import { definitionContext } from '../../apps/server/contexts.js';
import { modelCharter } from '../../apps/server/demonstration.charter.js';
import { eventually } from '../support/eventually.js';
import { Random } from '../faults/support/fuzz/random.js';
import { factsOfCase } from '../proof/facts.js';
import { Maker, typesOf } from '../proof/maker.js';
import { Application, expectAccepted, openRound } from '../support/applications.js';
import { alliance, House } from '../support/house.js';
import { namingPapers } from '../support/papers.js';

const [jinan, southChina] = ['4144010559', '4144010561'];
const round = `${alliance}.change`;
const text = { en: 'Rounds that are open move to the new rules.', zh: '已启动的轮次适用新办法。' };

let house: House;
let first: Definition;
beforeAll(async () => {
  house = await House.open();
  await openRound(house, 'change', '2026-06-30T16:00:00.000Z');
  const { body } = await house.nobody().get(`/v1/rounds/${round}/definition`);
  first = (await loadDefinition(`workflows/${String(body['id'])}.yaml`)).definition;
});
afterAll(() => house.close());

const adopt = (version: number, more: object): Promise<void> =>
  house.operator(definitionContext, first.id, 'AdoptDefinition', {
    definition: { ...first, version, title: { en: `Version ${version}`, zh: `第 ${version} 版` }, ...more },
  });

const versionOf = async (application: Application): Promise<unknown> => {
  const { body } = await application.secretary.get(`/v1/cases/${application.id}`);
  return (body['definition'] as { version: number }).version;
};

const charterOf = async ({ secretary, id }: Application): Promise<unknown> =>
  ((await secretary.get(`/v1/cases/${id}`)).body['case'] as { charter: number }).charter;

test('the charter or the workflow changes in the middle of a round: open rounds keep the version they were opened under, unless the change carries a transition clause', async () => {
  const application = await Application.submitted(house, 'change', jinan);
  const { secretary, dean, entry } = application;
  const act = { to: first.version + 1, cases: [entry] };

  await adopt(first.version + 1, {});
  const dryRun = (to: number, who = secretary) => who.post(`/v1/rounds/${round}/migration`, { to });
  expect((await dryRun(first.version + 1)).body['code']).toBe('round.no-transition');
  expect((await secretary.post(`/v1/round/${round}/migrate-cases`, act)).body['code']).toBe('round.no-transition');
  expect(await versionOf(application)).toBe(first.version);

  const title = { zh: '粤港澳大湾区慕课联盟', en: 'MOOC alliance' };
  await house.operator(charterContext, '', 'AdoptCharter', {
    document: { ...modelCharter(title), transition: 'keep' },
  });
  const moved = { ...act, to: first.version + 2, charter: 2 };

  const stages = Object.fromEntries(first.stages.map(({ id }) => [id, { then: 'carried', to: id }]));
  await adopt(first.version + 2, { transition: { appliesTo: 'open-rounds', from: first.version, text, stages } });
  expect(await versionOf(application)).toBe(first.version);
  expect((await secretary.post(`/v1/round/${round}/migrate-cases`, moved)).body['code']).toBe('round.charter-kept');

  expect((await dryRun(first.version + 2, dean)).status).toBe(404);
  const foreseen = await eventually(async () => {
    const { status, body } = await dryRun(first.version + 2);
    return status === 200 && (body['items'] as object[]).length > 0 ? body : undefined;
  });
  expect(foreseen).toMatchObject({ clause: text, counts: { moves: 1, hindered: 0 }, items: [{ case: entry, fate: 'moves' }] });
  expect(await versionOf(application)).toBe(first.version);

  const { dueAt } = await application.at(first.stages[0]?.id ?? '');
  expect((await dean.post(`/v1/round/${round}/migrate-cases`, { ...act, to: first.version + 2 })).status).toBe(403);
  expectAccepted(await secretary.post(`/v1/round/${round}/migrate-cases`, { ...act, to: first.version + 2 }));
  await eventually(async () => ((await versionOf(application)) === first.version + 2 ? true : undefined));
  expect((await application.at(first.stages[0]?.id ?? '')).dueAt).toBe(dueAt);
  const { body: timeline } = await dean.get(`/v1/cases/${application.id}/timeline`);
  const lines = timeline['items'] as { type: string; at: string; text: { zh: string } }[];
  expect(lines.find(({ type }) => type === 'CaseMigrated')?.text.zh).toContain(text.zh);
  const { body: then } = await secretary.get(`/v1/cases/${application.id}?asOf=${encodeURIComponent(lines[0]?.at ?? '')}`);
  expect(then['definition']).toMatchObject({ version: first.version, title: first.title });
  const { body: kept } = await house.nobody().get(`/v1/rounds/${round}/definition`);
  expect(kept['version']).toBe(first.version + 2);
  expect(await charterOf(application)).toBe(1);

  await house.operator(charterContext, '', 'AdoptCharter', { document: { ...modelCharter(title), transition: 'move' } });
  await adopt(first.version + 3, { transition: { appliesTo: 'open-rounds', from: first.version + 2, text, stages } });
  expect(await charterOf(application)).toBe(1);
  expectAccepted(await secretary.post(`/v1/round/${round}/migrate-cases`, { ...act, to: first.version + 3, charter: 3 }));
  await eventually(async () => ((await charterOf(application)) === 3 ? true : undefined));
});

test('over HTTP, too, what is illegal in a state is refused with 409 and leaves no event', async () => {
  const application = await Application.submitted(house, 'change', southChina);
  const [entry] = first.stages;
  await application.at(entry?.id ?? '');
  const read = async () => (await application.secretary.get(`/v1/cases/${application.id}`)).body;
  const before = await read();
  const maker = new Maker(new Random(7));
  // The secretariat may let others read a case at any time.
  for (const type of typesOf('case').filter((one) => one !== 'CopyCase')) {
    const state = before['case'] as Case;
    const about = { definition: first, state, visit: state.visits[0], now: house.clock.now() };
    const data = namingPapers(maker.data('case', type, factsOfCase(type, about)));
    const command = type.replaceAll(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
    const { status, body } = await application.act(application.secretary, command, data);
    expect([type, body['code'], [403, 404, 409].includes(status)]).toEqual([type, expect.any(String), true]);
  }
  expect((await read())['revision']).toBe(before['revision']);
});

test('whoever may resolve incidents sees them, and nobody else learns that there are any', async () => {
  const path = `/v1/alliances/${alliance}/incidents`;
  expect((await house.seat('secretariat', { role: 'chair' }).get(path)).body).toEqual({ items: [] });
  expect((await house.outsider().get(path)).status).toBe(404);
});
