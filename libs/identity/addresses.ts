import { isIP, isIPv4, isIPv6 } from 'node:net';

/** An address in one spelling: IPv4 inside IPv6 as IPv4, no zone, IPv6 compressed. */
export function plainAddress(address: string): string {
  const bare = address.replace(/%.*$/, '');
  if (!isIPv6(bare)) return bare;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  return mapped ?? new URL(`http://[${bare}]`).hostname.slice(1, -1);
}

/** As `plainAddress`; nothing where a proxy forwarded what is no address. */
export function knownAddress(address: string): string | null {
  const plain = plainAddress(address);
  return isIP(plain) === 0 ? null : plain;
}

/** Whose address it is for counting: an IPv4 address, or the /64 that one IPv6 customer has to himself. */
export function addressOfOneParty(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill('0');
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}

/** Whether a text is a network such as `10.0.0.0/8` or `2001:db8::/32`, or one address. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  if (rest.length > 0 || isIP(address) === 0 || address.includes('%')) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128));
}
