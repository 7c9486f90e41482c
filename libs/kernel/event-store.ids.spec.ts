import { expect, test } from '@jest/globals';
import { StreamIds } from './event-store.ids.js';

const noteAll = (ids: StreamIds, stream: string, names: readonly string[]): void =>
  names.forEach((id, revision) => ids.of(stream).note(revision, id));

test('an id is known at the revision where it stands', () => {
  const ids = new StreamIds();
  noteAll(ids, 'thing-a', ['a0', 'a1']);
  expect(ids.of('thing-a').revisionOf('a1')).toBe(1);
  expect(ids.of('thing-b').revisionOf('a1')).toBeUndefined();
});

test('what is known has no gaps, and nothing is taken note of twice', () => {
  const ids = new StreamIds();
  noteAll(ids, 'thing-a', ['a0', 'a1']);
  ids.of('thing-a').note(3, 'a3');
  ids.of('thing-a').note(1, 'other');
  expect(ids.of('thing-a').length).toBe(2);
  expect(ids.of('thing-a').revisionOf('other')).toBeUndefined();
});

test('the stream used longest ago is forgotten first, and whole', () => {
  const ids = new StreamIds(4);
  noteAll(ids, 'thing-a', ['a0', 'a1']);
  noteAll(ids, 'thing-b', ['b0', 'b1']);
  ids.of('thing-a');
  noteAll(ids, 'thing-c', ['c0']);
  expect([ids.of('thing-b').length, ids.of('thing-a').length, ids.of('thing-c').length]).toEqual([0, 2, 1]);
});

test('a stream longer than the capacity is known whole while it is in use', () => {
  const ids = new StreamIds(2);
  noteAll(ids, 'thing-a', ['a0', 'a1', 'a2', 'a3']);
  expect(ids.of('thing-a').revisionOf('a0')).toBe(0);
});

test('a forgotten stream that is still being read stays right for its reader and does not count', () => {
  const ids = new StreamIds(2);
  const reading = ids.of('thing-a');
  reading.note(0, 'a0');
  noteAll(ids, 'thing-b', ['b0', 'b1']);
  reading.note(1, 'a1');
  expect(reading.revisionOf('a1')).toBe(1);
  expect([ids.of('thing-a').length, ids.of('thing-b').length]).toEqual([0, 2]);
});
