import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { likeness, worthALook } from './similar.js';

test.each([
  ['大学物理', '《大学物理》'],
  ['大学物理', '大学物理（一）'],
  ['岭南古建筑', '岭南古建筑鉴赏'],
  ['数据结构与算法', '数据结构和算法'],
  ['Linear Algebra', 'linear  algebra II'],
  ['Ｃ语言程序设计', 'C语言程序设计'],
])('“%s” and “%s” are shown to a person as near', (one, other) => {
  expect(likeness(one, other)).toBeGreaterThanOrEqual(worthALook);
});

test.each([
  ['大学物理', '大学英语'],
  ['岭南古建筑', '岭南文化十讲'],
  ['高等数学', '线性代数'],
  ['数', '数学'],
  ['', ''],
])('“%s” and “%s” are not', (one, other) => {
  expect(likeness(one, other)).toBeLessThan(worthALook);
});

test('likeness goes both ways, is one for a title and itself, and never leaves 0 to 1', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
      expect(likeness(one, other)).toBe(likeness(other, one));
      expect(likeness(one, other)).toBeGreaterThanOrEqual(0);
      expect(likeness(one, other)).toBeLessThanOrEqual(1);
      expect([0, 1]).toContain(likeness(one, one));
    }),
  );
});
