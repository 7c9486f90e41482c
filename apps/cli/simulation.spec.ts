import { expect, test } from '@jest/globals';
import { InMemoryEventStore } from '#kernel';
import { loadDefinition } from '#workflow';
import { workflowFile } from '../server/demonstration.js';
import type { InstitutionRow } from './institutions.file.js';
import { refusalRows } from './simulation.hostile.js';
import { simulateAccreditation } from './simulation.js';

const provinces = ['44', '11', '51', '65'];
const institutions: readonly InstitutionRow[] = Array.from({ length: 12 }, (_, index) => ({
  code: `41440105${String(index).padStart(2, '0')}`,
  facts: {
    name: `第${index}大学`,
    schoolCode: `105${String(index).padStart(2, '0')}`,
    province: provinces[index % provinces.length] as string,
    supervisor: index % 2 === 0 ? '教育部' : '广东省',
    city: '某市',
    level: 'undergraduate',
  },
}));

async function simulated(seed: number, applications = 20) {
  const { definition } = await loadDefinition(workflowFile('course-accreditation'));
  const store = new InMemoryEventStore();
  const result = await simulateAccreditation({ store, definition, institutions, applications, seed });
  return { result, store };
}

test('the same seed makes the same log, byte for byte; another seed another one', async () => {
  const [first, again, other] = [await simulated(7), await simulated(7), await simulated(8)];
  expect(again.result).toEqual(first.result);
  expect(other.result.hash).not.toBe(first.result.hash);
});

test('a simulated round comes to its end: every application is decided, and the engine is refused nothing', async () => {
  const { result, store } = await simulated(9, 40);
  expect(result.cases).toHaveLength(40);
  expect(result.incidents).toEqual([]);
  const count = (outcome: string): number => result.cases.filter((one) => one.outcome === outcome).length;
  expect(count('open')).toBe(0);
  expect(count('granted')).toBeGreaterThan(5);
  expect(count('refused')).toBeGreaterThan(2);
  const { events } = await store.readAll(0n, { limit: 100_000 });
  expect(events).toHaveLength(result.events);
  expect(events.filter(({ type }) => type === 'RecognitionGranted')).toHaveLength(count('granted'));
  const [register, more] = [refusalRows(result.refusals), result.hostile];
  const counts = Object.fromEntries([...register, ...more].map(({ name, count: times }) => [name.en, times]));
  expect(counts).toMatchObject({
    'submitted in the last millisecond': 1,
    'submitted in the millisecond after the deadline, and refused': 1,
    'submitted twice, in another kind, and refused': 1,
    'acts of a suspended member, refused': 1,
    'not eligible, and refused with the rule': 1,
    'files replaced after the deadline without a grant, refused': 1,
    'files replaced by grant after the deadline': 1,
    "reviewers who looked for their own university's, answered as if it were not there": 1,
  });
  for (const row of ['appeals out of time, refused', 'appeals without a ground that there is, refused', 'appeals granted'])
    expect(counts[row]).toBeGreaterThan(0);
  expect(counts['appeals lodged']).toBe((counts['appeals granted'] ?? 0) + (counts['appeals dismissed'] ?? 0));
  const happened = more.filter(({ count: times }) => times > 0).map(({ name }) => name.en);
  expect(happened).toEqual(
    expect.arrayContaining([
      'conflicts declared after scoring',
      'reviewers replaced because they left',
      'withdrawn while it was reviewed',
      'substitutes who reviewed',
      'panels that discussed',
      'reviews revised after hearing the others',
    ]),
  );
  const instants = events.map(({ meta }) => meta.recordedAt);
  expect(instants).toEqual(instants.toSorted());
});
