import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import type { Text } from '#kernel';
import type { InstitutionFacts } from '#organisation';
import { provinceCodes } from './provinces.js';

export interface InstitutionRow {
  readonly code: string;
  readonly facts: InstitutionFacts;
}

/** What is wrong, or only strange, with a line of the file. Lines count from 1, the header included; 0 is the file as a whole. */
export interface Remark {
  readonly line: number;
  readonly text: Text;
}

export interface InstitutionsFile {
  readonly rows: readonly InstitutionRow[];
  /** With one of these nothing may be imported. */
  readonly faults: readonly Remark[];
  /** Worth a look; imported all the same. */
  readonly notes: readonly Remark[];
}

const columns = [
  'name',
  'moe_code',
  'school_code',
  'province',
  'supervising_dept',
  'city',
  'level',
  'remark',
  'province_code',
] as const;
type Column = (typeof columns)[number];
const optional: readonly Column[] = ['remark', 'province_code'];
type Cells = Readonly<Record<Column, string>>;

/** What nobody sees, what turns the direction of what follows it, and what stands where a character was lost. */
const unreadable = /[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufffd]/u;
const longest: Partial<Record<Column, number>> = { name: 100, supervising_dept: 100, city: 100, remark: 200 };
const levels: Readonly<Record<string, InstitutionFacts['level']>> = { 本科: 'undergraduate', 专科: 'vocational' };

const fault = (line: number, en: string, zh: string): Remark => ({ line, text: { en, zh } });
const failed = (remark: Remark): InstitutionsFile => ({ rows: [], faults: [remark], notes: [] });

/** Reads the Ministry's list as it is published: CSV, UTF-8, with a header. */
export function readInstitutions(bytes: Uint8Array): InstitutionsFile {
  const text = decoded(bytes);
  if (typeof text !== 'string') return failed(text);
  const records = recordsOf(text);
  if ('text' in records) return failed(records);
  const [header, ...lines] = records;
  if (header === undefined) return failed(fault(0, 'The file is empty.', '文件为空。'));
  const missing = columns.filter((column) => !optional.includes(column) && !header.cells.includes(column));
  if (missing.length > 0) {
    return failed(fault(header.line, `The header lacks: ${missing.join(', ')}.`, `表头缺少：${missing.join('、')}。`));
  }
  const double = header.cells.find((column, index) => header.cells.indexOf(column) !== index);
  if (double !== undefined) return failed(fault(header.line, `The header names "${double}" twice.`, `表头重复出现“${double}”。`));
  if (lines.length === 0) return failed(fault(0, 'The file holds a header and nothing else.', '文件只有表头，没有数据。'));
  return checked(
    lines.map(({ line, cells }) => ({
      line,
      given: cells.length,
      wanted: header.cells.length,
      cells: named(header.cells, cells),
    })),
  );
}

function decoded(bytes: Uint8Array): string | Remark {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const encoding = otherEncoding(bytes);
    if (encoding === undefined)
      return fault(0, 'The file is not UTF-8. Save it as "CSV UTF-8".', '文件不是 UTF-8 编码，请另存为“CSV UTF-8”。');
    const { name, iconv } = encoding;
    return fault(
      0,
      `The file is not UTF-8; it looks like ${name}. Save it as "CSV UTF-8", or run: iconv -f ${iconv} -t UTF-8 FILE > NEW`,
      `文件不是 UTF-8 编码，看起来是 ${name}。请另存为“CSV UTF-8”，或运行：iconv -f ${iconv} -t UTF-8 原文件 > 新文件`,
    );
  }
}

/** What spreadsheets write where nobody tells them to write UTF-8. */
function otherEncoding(bytes: Uint8Array): { readonly name: string; readonly iconv: string } | undefined {
  const mark = Buffer.from(bytes.subarray(0, 2)).toString('hex');
  if (mark === 'fffe' || mark === 'feff') return { name: 'UTF-16', iconv: 'UTF-16' };
  try {
    const isChinese = /[一-鿿]{2}/.test(new TextDecoder('gb18030', { fatal: true }).decode(bytes));
    return isChinese ? { name: 'GBK', iconv: 'GB18030' } : undefined;
  } catch {
    return undefined;
  }
}

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

function recordsOf(text: string): readonly Line[] | Remark {
  try {
    // With `info`, csv-parse hands out pairs, which its types do not say. `info.lines` is the last line of a record; a cell may hold line breaks,
    // of which it would count CRLF as two.
    const parsed = parse(text.replaceAll(/\r\n?/g, '\n'), {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
    return (parsed as unknown as readonly { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      line: info.lines,
      cells: record,
    }));
  } catch (failure) {
    if (!(failure instanceof CsvError)) throw failure;
    const line = Number(failure['lines'] ?? 0);
    return fault(
      line,
      `This is not CSV from here on (${failure.code}): is a quotation mark left open?`,
      `自此行起不是有效的 CSV（${failure.code}）：是否有引号未闭合？`,
    );
  }
}

const named = (header: readonly string[], cells: readonly string[]): Cells =>
  Object.fromEntries(columns.map((column) => [column, cells[header.indexOf(column)] ?? ''])) as Cells;

interface Given {
  readonly line: number;
  readonly given: number;
  readonly wanted: number;
  readonly cells: Cells;
}

function checked(lines: readonly Given[]): InstitutionsFile {
  const faults = lines.flatMap((line) => faultsOf(line).map(([en, zh]) => fault(line.line, en, zh)));
  const twice = (['moe_code', 'school_code', 'name'] as const).flatMap((column) => repeated(lines, column));
  const all = [...faults, ...twice].sort((one, other) => one.line - other.line);
  if (all.length > 0) return { rows: [], faults: all, notes: [] };
  return { rows: lines.map(({ cells }) => rowOf(cells)), faults: [], notes: lines.flatMap(strange) };
}

type Sentence = readonly [en: string, zh: string];

function faultsOf({ given, wanted, cells }: Given): readonly Sentence[] {
  if (given !== wanted)
    return [[`It has ${given} columns; the header has ${wanted}.`, `该行有 ${given} 列，表头有 ${wanted} 列。`]];
  const found: Sentence[] = [];
  for (const column of ['name', 'supervising_dept', 'city'] as const) {
    if (cells[column] === '') found.push([`"${column}" is empty.`, `“${column}”为空。`]);
  }
  for (const column of columns.filter((name) => unreadable.test(cells[name]))) {
    found.push([`"${column}" holds a character that cannot be seen, or was lost.`, `“${column}”含有不可见或已损坏的字符。`]);
  }
  for (const [column, most] of Object.entries(longest) as [Column, number][]) {
    if (cells[column].length > most)
      found.push([`"${column}" is longer than ${most} characters.`, `“${column}”超过 ${most} 个字符。`]);
  }
  if (!/^\d{10}$/.test(cells.moe_code)) found.push(damagedCode('moe_code', cells.moe_code, 10));
  if (!/^\d{5}$/.test(cells.school_code)) found.push(damagedCode('school_code', cells.school_code, 5));
  if (!Object.hasOwn(provinceCodes, cells.province)) {
    found.push([
      `"${cells.province}" is not a province as the Ministry writes it, 广东省 for one.`,
      `“${cells.province}”不是规范的省级行政区名称（例如“广东省”）。`,
    ]);
  }
  if (!Object.hasOwn(levels, cells.level))
    found.push([`The level is "${cells.level}"; it is 本科 or 专科.`, `办学层次为“${cells.level}”，应为“本科”或“专科”。`]);
  return found;
}

/** Codes are text. A spreadsheet that took them for numbers has eaten their zeros or written an exponent. */
const damagedCode = (column: string, value: string, digits: number): Sentence =>
  /^[\d.]+E\+?\d+$/i.test(value) || /^\d+$/.test(value)
    ? [
        `${column} is "${value}", not ${digits} digits: a spreadsheet seems to have taken the code for a number. Format the column as text.`,
        `${column} 为“${value}”，不是 ${digits} 位数字：电子表格可能把代码当成了数值，请将该列设为文本格式。`,
      ]
    : [`${column} is "${value}", not ${digits} digits.`, `${column} 为“${value}”，不是 ${digits} 位数字。`];

function repeated(lines: readonly Given[], column: 'moe_code' | 'school_code' | 'name'): readonly Remark[] {
  const first = new Map<string, number>();
  return lines.flatMap(({ line, cells }) => {
    const value = cells[column];
    const before = first.get(value);
    if (before === undefined) first.set(value, line);
    return before === undefined || value === ''
      ? []
      : [fault(line, `${column} "${value}" stands in line ${before} already.`, `${column}“${value}”已在第 ${before} 行出现。`)];
  });
}

const rowOf = (cells: Cells): InstitutionRow => ({
  code: cells.moe_code,
  facts: {
    name: cells.name,
    schoolCode: cells.school_code,
    // By name: an institution that moved keeps the old province in its code.
    province: provinceCodes[cells.province] as string,
    supervisor: cells.supervising_dept,
    city: cells.city,
    level: levels[cells.level] as InstitutionFacts['level'],
    ...(cells.remark === '' ? {} : { remark: cells.remark }),
  },
});

function strange({ line, cells }: Given): readonly Remark[] {
  const code = cells.province_code;
  if (code === '' || code === provinceCodes[cells.province]) return [];
  return [
    fault(
      line,
      `${cells.name} stands in ${cells.province} (${provinceCodes[cells.province]}), though its province code says ${code}; the name of the province counts.`,
      `${cells.name}位于${cells.province}（${provinceCodes[cells.province]}），而省份代码为 ${code}；以省份名称为准。`,
    ),
  ];
}
