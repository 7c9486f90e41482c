import { expect, test } from '@jest/globals';
import { loadDefinition } from '#workflow';
import { roundContext } from '../../../apps/server/contexts.js';
import { application, TestRound } from '../../../test/support/round.js';
import { china } from '../calendar/china.js';
import { explain } from '../explain.js';
import { deadline, unannouncedYear } from '../deadline.js';
import { beyondNotices } from './horizon.js';

const { definition } = await loadDefinition('workflows/alliance-recognition.yaml');
const last = Math.max(...Object.keys(china.years).map(Number));
const lateThatYear = Date.parse(`${last}-12-29T02:00:00.000Z`);

test('a deadline in a year whose holidays are not announced is counted by weekdays, and the year is named', () => {
  const dueAt = deadline(definition, lateThatYear, 10);
  const end = new Date(Date.parse(dueAt) - 1 + 8 * 3_600_000);
  expect(unannouncedYear(definition, dueAt)).toBe(last + 1);
  expect([0, 6]).not.toContain(end.getUTCDay());
  expect(unannouncedYear(definition, `${last}-12-31T16:00:00.000Z`)).toBeUndefined();
  expect(unannouncedYear(definition, `${last}-12-31T16:00:00.001Z`)).toBe(last + 1);
});

test('the check says that a round opened now would come to such a year', () => {
  expect(beyondNotices(definition, lateThatYear)?.en).toContain(`deadlines in ${last + 1}`);
  expect(beyondNotices(definition, lateThatYear)?.zh).toContain(`${last + 1} 年`);
  expect(beyondNotices(definition, Date.parse(`${last}-01-05T02:00:00.000Z`))).toBeUndefined();
});

test('the history of a case says which deadline was counted so, also after the notice is out', async () => {
  const round = await TestRound.open();
  await round.until(new Date(lateThatYear).toISOString());
  await round.send('secretary', roundContext, 'a.late', 'OpenRound', {
    definition: { id: definition.id, version: definition.version },
    title: { en: 'Late', zh: '年末' },
    opensAt: new Date(round.clock.now()).toISOString(),
    seed: 'seven',
  });
  const { stream } = await round.act('dean', 'SubmitApplication', application, 'a.late.course-1');
  const id = stream.slice('case-'.length);
  const entered = (await round.history(id)).find(({ type }) => type === 'StageEntered');
  expect(entered?.data).toMatchObject({ unannounced: last + 1 });
  const [, line] = explain(await round.history(id));
  expect(line?.text.zh).toContain(`${last + 1} 年放假安排尚未公布`);
});
