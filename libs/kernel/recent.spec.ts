import { expect, test } from '@jest/globals';
import { Recent } from './recent.js';

test('what is used again and again is never forgotten', () => {
  const recent = new Recent<number>(10);
  recent.set('charter', 1);
  for (let n = 0; n < 1_000; n += 1) {
    recent.set(`case-${n}`, n);
    expect(recent.get('charter')).toBe(1);
  }
});

test('no more than the capacity is kept, and no less than half of it', () => {
  const recent = new Recent<number>(100);
  for (let n = 0; n < 1_000; n += 1) recent.set(`case-${n}`, n);
  const kept = Array.from({ length: 1_000 }, (_, n) => recent.get(`case-${n}`)).filter((value) => value !== undefined);
  expect(kept.length).toBeLessThanOrEqual(100);
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, n) => 1_000 - kept.length + n));
  expect(kept.length).toBeGreaterThanOrEqual(50);
});

test('the last value of a key is the one that counts', () => {
  const recent = new Recent<number>(4);
  for (const value of [1, 2, 3]) recent.set('a', value);
  for (const other of ['b', 'c', 'd']) recent.set(other, 0);
  recent.set('a', 4);
  expect(recent.get('a')).toBe(4);
});
