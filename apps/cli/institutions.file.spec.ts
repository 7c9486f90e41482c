import { expect, test } from '@jest/globals';
import { readInstitutions } from './institutions.file.js';

const header = 'seq,name,moe_code,school_code,province,province_code,supervising_dept,city,level,remark';
const line = (changes: Partial<Record<string, string>> = {}): string => {
  const cells: Record<string, string> = {
    seq: '1',
    name: '北京大学',
    moe_code: '4111010001',
    school_code: '10001',
    province: '北京市',
    province_code: '11',
    supervising_dept: '教育部',
    city: '北京市',
    level: '本科',
    remark: '',
  };
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return Object.values({ ...cells, ...Object.fromEntries(given) }).join(',');
};
const read = (...lines: readonly string[]) => readInstitutions(Buffer.from([header, ...lines].join('\n'), 'utf8'));
const faultsIn = (...lines: readonly string[]) => read(...lines).faults.map((fault) => `${fault.line}: ${fault.text.en}`);

test('a line of the Ministry becomes the facts of an institution; codes stay text', () => {
  const { rows, faults, notes } = read(
    line(),
    line({
      name: '上饶幼专',
      moe_code: '3636000312',
      school_code: '00312',
      province: '江西省',
      province_code: '36',
      level: '专科',
      remark: '民办',
    }),
  );
  expect(faults).toEqual([]);
  expect(notes).toEqual([]);
  expect(rows).toEqual([
    {
      code: '4111010001',
      facts: {
        name: '北京大学',
        schoolCode: '10001',
        province: '11',
        supervisor: '教育部',
        city: '北京市',
        level: 'undergraduate',
      },
    },
    {
      code: '3636000312',
      facts: {
        name: '上饶幼专',
        schoolCode: '00312',
        province: '36',
        supervisor: '教育部',
        city: '北京市',
        level: 'vocational',
        remark: '民办',
      },
    },
  ]);
});

test('a byte order mark, CRLF and columns in another order change nothing', () => {
  const text =
    '﻿name,level,city,supervising_dept,province,school_code,moe_code\r\n北京大学,本科,北京市,教育部,北京市,10001,4111010001\r\n';
  expect(readInstitutions(Buffer.from(text)).rows).toEqual(read(line()).rows);
});

test('an institution that moved is in the province it stands in, not in the one of its code', () => {
  const { rows, notes } = read(
    line({ name: '吉利学院', moe_code: '4111012802', school_code: '12802', province: '四川省', city: '成都市' }),
  );
  expect(rows[0]?.facts.province).toBe('51');
  expect(notes).toEqual([
    expect.objectContaining({ line: 2, text: expect.objectContaining({ zh: expect.stringContaining('吉利学院') }) }),
  ]);
});

test('a bad line is reported with its number and reason, and then nothing is imported', () => {
  const { rows } = read(line(), line({ name: '' }));
  expect(rows).toEqual([]);
  expect(faultsIn(line(), line({ name: '', moe_code: '4111010002', school_code: '10002' }))).toEqual(['3: "name" is empty.']);
  expect(faultsIn(line({ province: '北京' }))).toEqual([expect.stringContaining('2: "北京" is not a province')]);
  expect(faultsIn(line({ level: '研究生' }))).toEqual(['2: The level is "研究生"; it is 本科 or 专科.']);
  expect(faultsIn(`${line()},more`)).toEqual(['2: It has 11 columns; the header has 10.']);
  // A right-to-left override, a zero-width space, a control character, and what a lossy conversion leaves.
  for (const bad of ['北京\u202e大学', '北京\u200b大学', '北\0京大学', '北\ufffd大学'])
    expect(faultsIn(line({ name: bad }))).toEqual(['2: "name" holds a character that cannot be seen, or was lost.']);
  expect(faultsIn(line({ name: '大'.repeat(101) }))).toEqual(['2: "name" is longer than 100 characters.']);
});

test.each(['\n', '\r\n', '\r'])('lines are counted as an editor counts them, whatever ends them', (end) => {
  const broken = line({ remark: `"民${end}办"` });
  const text = [header, line(), broken, '', line({ level: '研究生' })].join(end);
  const { faults } = readInstitutions(Buffer.from(text));
  const inLine = (number: number): readonly string[] =>
    faults.filter((fault) => fault.line === number).map(({ text: { en } }) => en);
  expect(inLine(4)[0]).toContain('"remark" holds');
  expect(inLine(6)[0]).toContain('The level');
});

test('a code that a spreadsheet took for a number is recognised as such', () => {
  expect(faultsIn(line({ moe_code: '4.11101E+09' }))).toEqual([expect.stringContaining('a spreadsheet')]);
  expect(faultsIn(line({ school_code: '312' }))).toEqual([expect.stringContaining('a spreadsheet')]);
  expect(faultsIn(line({ moe_code: 'A111010001' }))).toEqual(['2: moe_code is "A111010001", not 10 digits.']);
});

test('nobody stands in the list twice, by code or by name', () => {
  const other = { name: '另一所', moe_code: '4111010002', school_code: '10002' };
  const twice = (column: keyof typeof other) => faultsIn(line(), line({ ...other, [column]: undefined }));
  expect(twice('moe_code')).toEqual(['3: moe_code "4111010001" stands in line 2 already.']);
  expect(twice('school_code')).toEqual(['3: school_code "10001" stands in line 2 already.']);
  expect(twice('name')).toEqual(['3: name "北京大学" stands in line 2 already.']);
});

test('a file in GBK is refused with a hint', () => {
  // "name" in GBK: 北京大学.
  const gbk = Buffer.concat([
    Buffer.from(`${header}\n1,`),
    Buffer.from([0xb1, 0xb1, 0xbe, 0xa9, 0xb4, 0xf3, 0xd1, 0xa7]),
    Buffer.from(',4111010001\n'),
  ]);
  expect(readInstitutions(gbk).faults).toEqual([
    { line: 0, text: { en: expect.stringContaining('looks like GBK'), zh: expect.stringContaining('看起来是 GBK') } },
  ]);
});

test('a file in UTF-16, as spreadsheets save "Unicode text", is refused with a hint that helps', () => {
  const utf16 = Buffer.from(`\ufeff${header}\n${line()}\n`, 'utf16le');
  for (const file of [utf16, Buffer.from(utf16).swap16()])
    expect(readInstitutions(file).faults).toEqual([
      { line: 0, text: { en: expect.stringContaining('iconv -f UTF-16'), zh: expect.stringContaining('UTF-16') } },
    ]);
  expect(readInstitutions(Buffer.from([0xff, 0xff, 0x80])).faults[0]?.text.en).toBe(
    'The file is not UTF-8. Save it as "CSV UTF-8".',
  );
});

test('what is no list at all is refused as a whole', () => {
  expect(readInstitutions(Buffer.from('')).faults[0]?.text.en).toBe('The file is empty.');
  expect(readInstitutions(Buffer.from('name,city\na,b\n')).faults[0]?.text.en).toContain('The header lacks: moe_code');
  expect(read().faults[0]?.text.en).toContain('a header and nothing else');
  expect(readInstitutions(Buffer.from(`${header},name\n`)).faults[0]?.text.en).toBe('The header names "name" twice.');
  expect(read('1,"北京大学,4111010001').faults[0]?.text.en).toContain('quotation mark');
});
