import { expect, test } from '@jest/globals';
import { isOwnPath } from '../../apps/console/src/own-path.js';

const origin = 'https://entente.example.edu';

test('whoever signs in is led back to a page of this site', () => {
  for (const path of ['/', '/rounds/gdmooc.demonstration?show=late#board', '/cases/%2F%2Fevil.example'])
    expect([path, isOwnPath(path, origin)]).toEqual([path, true]);
});

test('nobody is led to another site by an address that only looks like a path', () => {
  const others = ['https://evil.example', 'rounds', '//evil.example', '/\\evil.example', '/\t/evil.example', '/\n\\evil.example'];
  for (const path of [null, '', ...others]) expect([path, isOwnPath(path, origin)]).toEqual([path, false]);
});
