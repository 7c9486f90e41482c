import { expect, test } from '@jest/globals';
import { commandIdOf, derivedUuid, isUuid, uuidv7 } from '#kernel';

const timeOf = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
const now = Date.parse('2026-03-02T01:00:00.000Z');

test('a new id is a UUIDv7 of its instant, and no two are the same', () => {
  const ids = Array.from({ length: 2000 }, () => uuidv7(now));
  expect(ids.every((id) => isUuid(id) && id.charAt(14) === '7' && timeOf(id) === now)).toBe(true);
  expect(new Set(ids).size).toBe(2000);
});

test('ids of later instants sort later', () => {
  expect(uuidv7(now) < uuidv7(now + 1)).toBe(true);
});

test('a derived id is the same for the same parent and name, and another for any other', () => {
  const parent = uuidv7(now);
  expect(derivedUuid(parent, '0')).toBe(derivedUuid(parent, '0'));
  const others = [derivedUuid(parent, '0'), derivedUuid(parent, '1'), derivedUuid(uuidv7(now), '0'), parent];
  expect(new Set(others).size).toBe(4);
});

test('the child of a UUIDv7 keeps its time', () => {
  const child = derivedUuid(uuidv7(now), 'event');
  expect(isUuid(child)).toBe(true);
  expect(timeOf(child)).toBe(now);
});

test.each(['42.0', 'round-1/close', '', '5F2C8A90-0000-7000-8000-000000000000'])(
  'the child of %p, no UUIDv7, is a UUIDv8',
  (parent) => {
    const child = derivedUuid(parent, '0');
    expect(isUuid(child)).toBe(true);
    expect(child.charAt(14)).toBe('8');
  },
);

test.each([
  '',
  '5f2c8a90-0000-7000-8000-00000000000',
  '5F2C8A90-0000-7000-8000-000000000000',
  '5f2c8a90-0000-9000-8000-000000000000',
])('%p is not a UUID in its canonical form', (text) => {
  expect(isUuid(text)).toBe(false);
});

test('one key at two addresses, or of two senders, is two commands', () => {
  const key = 'a-key-of-a-client';
  const ids = [
    commandIdOf(key, 'person-1', 'case-a.1'),
    commandIdOf(key, 'person-1', 'case-a.2'),
    commandIdOf(key, 'person-1', 'round-a.1'),
    commandIdOf(key, 'person-2', 'case-a.1'),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(commandIdOf(key, 'person-1', 'case-a.1')).toBe(ids[0]);
});
