import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, sha256 } from '#kernel';

describe('canonical JSON', () => {
  test('is the example of RFC 8785, section 3.2.2 and 3.2.3', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('sorts members by UTF-16 code units, as RFC 8785 does', () => {
    const value = { '\u20ac': 5, '\r': 1, '\ufb33': 7, 1: 2, '\u{1f600}': 6, '\u0080': 3, '\u00f6': 4 };
    expect([...canonicalJson(value).matchAll(/:(\d)/g)].map(([, n]) => Number(n))).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('is one text per value, whatever the order of insertion', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      }),
    );
  });

  test('reads back as the value, and comes out the same again', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  test('leaves out what is absent, and keeps what a class instance holds', () => {
    class Vote {
      readonly choice = 'for';
      readonly reason = undefined;
    }
    expect(canonicalJson({ b: undefined, a: new Vote() })).toBe('{"a":{"choice":"for"}}');
  });

  test.each([
    undefined,
    1n,
    Number.NaN,
    Infinity,
    () => 1,
    Symbol('x'),
    '\ud800',
    { '\udfff': 1 },
    'a\0b',
    { '\0': 1 },
    [undefined],
  ])('refuses %p, which the log cannot hold', (value) => {
    expect(() => canonicalJson([value])).toThrow(TypeError);
  });
});

test('a digest is of the UTF-8 bytes', () => {
  expect(sha256('联盟', 'hex')).toBe(sha256(Buffer.from('联盟', 'utf8'), 'hex'));
  expect(sha256('abc', 'hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
