import { expect, test } from '@jest/globals';
import { addressOfOneParty, isNetwork, plainAddress } from './addresses.js';

test('one address has one spelling', () => {
  expect(plainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(plainAddress('2001:0DB8:0:0:0:0:0:1')).toBe('2001:db8::1');
  expect(plainAddress('fe80::1%eth0')).toBe('fe80::1');
});

test('who has a whole IPv6 network cannot count as many', () => {
  expect(addressOfOneParty('192.0.2.1')).toBe('192.0.2.1');
  expect(addressOfOneParty('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
  expect(addressOfOneParty('2001:db8:1:2::9')).toBe('2001:db8:1:2::/64');
  expect(addressOfOneParty('2001:db8::9')).toBe('2001:db8:0:0::/64');
  expect(addressOfOneParty('::1')).toBe('0:0:0:0::/64');
});

test('a network is an address with so many bits', () => {
  for (const network of ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::/0']) expect(isNetwork(network)).toBe(true);
  for (const other of ['10.0.0.0/33', '10.0.0/8', 'x/8', '10.0.0.0/8/8', '10.0.0.0/', 'fe80::1%eth0/64', '::/129', '']) {
    expect(isNetwork(other)).toBe(false);
  }
});
