import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';
import { type Finding, finding } from './finding.js';
import { notYaml } from './yaml-slips.js';

/** Where something stands in a file: both from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A YAML file as its author sees it: what it says, and where it says it. */
export interface YamlFile {
  readonly value: unknown;
  /** What keeps it from being read, as findings at their own places. */
  readonly faults: readonly Located[];
  /** The place of a JSON Pointer: the key it ends in, the item of a list, or the nearest thing around it that is there. */
  readonly at: (pointer: string) => Place;
}

/** A finding, and where it stands. */
export type Located = Finding & Place;

/** Reads YAML from text. Never throws for what the text says. */
export function yamlFile(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const read = valueOf(document);
  return {
    value: read.value,
    faults: 'fault' in read ? [{ ...read.fault, ...placeOf(read.offset) }] : [],
    at: (pointer) => placeOf(offsetOf(document, segments(pointer))),
  };
}

interface Unread {
  readonly value: undefined;
  readonly fault: Finding;
  /** Where in the text. */
  readonly offset: number;
}

/** What follows a slip of syntax mostly follows from it: the first is told. Aliases can make a small text endless. */
function valueOf(document: Document.Parsed): { readonly value: unknown } | Unread {
  const [error] = document.errors;
  if (error !== undefined) {
    const detail = error.message.split(' at line ')[0] as string;
    return { value: undefined, fault: { ...notYaml(error.code), detail }, offset: error.pos[0] };
  }
  const repeated = repeatedKey(document);
  if (repeated !== undefined) {
    const detail = `Map keys must be unique: ${String(repeated.value)}`;
    return { value: undefined, fault: { ...notYaml('DUPLICATE_KEY'), detail }, offset: repeated.range?.[0] ?? 0 };
  }
  try {
    const value: unknown = document.toJS();
    JSON.stringify(value);
    return { value };
  } catch {
    return { value: undefined, fault: endless, offset: 0 };
  }
}

/** A key that stands twice in its map. The parser would compare each with all before it, which takes seconds where there are thousands. */
function repeatedKey(document: Document.Parsed): Scalar | undefined {
  let found: Scalar | undefined;
  visit(document, {
    Map(_key, { items }) {
      const seen = new Set<unknown>();
      found = items.flatMap(({ key }) => (isScalar(key) ? key : [])).find(({ value }) => seen.size === seen.add(value).size);
      return found === undefined ? undefined : visit.BREAK;
    },
  });
  return found;
}

const endless = finding(
  'not-yaml',
  '/',
  ['An alias (*name) repeats itself without end.', '别名（*name）无休止地重复。'],
  ['Write it out where it belongs.', '请在各处写出完整内容。'],
);

const segments = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .filter((part) => part !== '')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

function offsetOf(document: Document, path: readonly string[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === part) : undefined;
    const next = pair === undefined ? (isSeq(node) ? node.items[Number(part)] : undefined) : (pair as Pair<Node, Node>).value;
    if (pair === undefined && next === undefined) return offset;
    offset = startOf(pair?.key) ?? startOf(next) ?? offset;
    node = next;
  }
  return offset;
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

interface Included {
  /** Where in the definition it stands. */
  readonly pointer: string;
  readonly file: YamlFile;
}

/** A definition's file and the rubrics that it takes in from beside it, as one value with places. @throws Error where it cannot be read */
export const readSource = async (path: string): Promise<YamlFile> => sourceOf(path, await readFile(path, 'utf8'), onDisk);

/**
 * As `readSource`, of a text that may stand anywhere. Never throws for what it says.
 *
 * @param read - the text of a file by its path, as the definition's own path leads to it; undefined where there is none
 */
export async function sourceOf(path: string, text: string, read: ReadText): Promise<YamlFile> {
  const main = yamlFile(text, path);
  const faults: Located[] = [...main.faults];
  const included: Included[] = [];
  const take = async (value: unknown, pointer: string): Promise<unknown> => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return Promise.all(value.map((item, index) => take(item, `${pointer}/${index}`)));
    const { file } = value as { readonly file?: unknown };
    if (/\/rubric$|\/rubrics\/of\/[^/]+$/.test(pointer) && typeof file === 'string') {
      const rubric = await beside(join(dirname(path), file), read, { ...main.at(`${pointer}/file`), pointer });
      faults.push(...rubric.faults);
      included.push({ pointer, file: rubric });
      return rubric.value;
    }
    const entries = Object.entries(value).map(async ([name, inner]) => [name, await take(inner, `${pointer}/${name}`)] as const);
    return Object.fromEntries(await Promise.all(entries));
  };
  const value = await take(main.value, '');
  const at = (pointer: string): Place => {
    const inner = included.find((one) => pointer.startsWith(`${one.pointer}/`));
    return inner === undefined ? main.at(pointer) : inner.file.at(pointer.slice(inner.pointer.length));
  };
  return { value, faults, at };
}

type ReadText = (path: string) => Promise<string | undefined>;

async function onDisk(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (failure) {
    if (!['ENOENT', 'EISDIR', 'ENOTDIR'].includes((failure as NodeJS.ErrnoException).code ?? '')) throw failure;
    return undefined;
  }
}

async function beside(path: string, read: ReadText, named: Place & { readonly pointer: string }): Promise<YamlFile> {
  const text = await read(path);
  if (text !== undefined) return yamlFile(text, path);
  const { pointer, ...place } = named;
  const missing = finding(
    'file-missing',
    pointer,
    [`There is no file ${path}.`, `文件 ${path} 不存在。`],
    ['Name a file beside the definition.', '请写与定义文件同处的文件。'],
  );
  return { value: undefined, faults: [{ ...missing, ...place }], at: () => place };
}
