import type { Random } from './random.js';

const mediaTypes = [
  'text/plain',
  'application/xml',
  'application/json; charset=latin1',
  'application/json;charset=utf-16',
  'application/json, text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'application/octet-stream',
  'a/b',
  ';',
];

/** What some parsers take for a number, and what is none or more than one. */
const rawNumbers = [
  '1e400',
  '-1e400',
  '1e-400',
  '-0',
  '9007199254740993',
  '1'.repeat(400),
  `0.${'3'.repeat(400)}`,
  '007',
  '+1',
  '.5',
  '1.',
  '0x10',
  '1_000',
  'NaN',
  'Infinity',
  '一',
];

/** Not UTF-8: no beginning, no end, too long a form, half a surrogate, beyond Unicode, the other byte order. */
const brokenBytes = [[0xff], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xfe, 0xff, 0, 0x7b]];

/** Fields that a proxy would add, from whoever likes to be taken for another. */
const proxyFields: Readonly<Record<string, readonly string[]>> = {
  'x-forwarded-for': [
    '127.0.0.1',
    '10.0.0.1, 203.0.113.7',
    '::1',
    '[2001:db8::1]:443',
    'fe80::1%eth0',
    '999.1.1.1',
    'unknown',
    "1' or '1'='1",
    ', ,,',
    '1.1.1.1,'.repeat(500),
  ],
  forwarded: ['for=127.0.0.1;proto=https;host=evil.example', 'for="[::1]"', ';;=,'],
  'x-forwarded-host': ['evil.example', '', '://'],
  'x-forwarded-proto': ['https', 'javascript', 'https,http'],
  'x-real-ip': ['127.0.0.1', 'a'.repeat(1_000)],
};

/** What goes wrong between a sender and a server, whatever is sent. */
export class Wire {
  constructor(private readonly random: Random) {}

  wrongMediaType(): string {
    return this.random.oneOf(mediaTypes);
  }

  proxied(): Readonly<Record<string, string>> {
    const name = this.random.oneOf(Object.keys(proxyFields));
    return { [name]: this.random.oneOf(proxyFields[name] ?? []) };
  }

  /** JSON as nobody writes it, or not quite JSON. */
  spoiled(json: string): string | Uint8Array {
    const { random } = this;
    const wrongs = [
      () => json.slice(0, random.below(json.length)),
      () => `${'['.repeat(2_000)}${json}`,
      () => `\ufeff${json}`,
      () => `${json}${json}`,
      () => this.withNumber(json),
      () => this.withNumber(json),
      () => this.broken(json),
      () => this.broken(json),
    ];
    return random.oneOf(wrongs)();
  }

  /** A number in it, or anything where there is none, in another notation. */
  private withNumber(json: string): string {
    const { random } = this;
    const places = [...json.matchAll(/(?<=[:[,])(?:-?\d+(?:\.\d+)?|"[^"\\]*"|true|false|null)(?=[,\]}])/g)];
    if (places.length === 0) return random.oneOf(rawNumbers);
    const numbers = places.filter(([text]) => /^-?\d/.test(text));
    const { 0: text, index } = random.oneOf(numbers.length > 0 ? numbers : places);
    return `${json.slice(0, index)}${random.oneOf(rawNumbers)}${json.slice(index + text.length)}`;
  }

  private broken(json: string): Uint8Array {
    const bytes = Buffer.from(json);
    const place = this.random.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, place), Buffer.from(this.random.oneOf(brokenBytes)), bytes.subarray(place)]);
  }
}
