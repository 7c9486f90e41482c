import type { Text } from '#kernel';

type Row = readonly string[];

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const line = (row: Row): string => `| ${row.map(cell).join(' | ')} |`;

/** A table; none where there is no row. */
export const table = (head: Row, rows: readonly Row[]): readonly string[] =>
  rows.length === 0 ? [] : [line(head), line(head.map(() => '---')), ...rows.map(line), ''];

export const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

/** Both languages in one cell. */
export const both = ({ en, zh }: Text): string => `${zh}<br>${en}`;

/** A document under its title, in both languages. */
export const page = (title: Text, about: Text, body: readonly string[]): string =>
  [`# ${title.en} · ${title.zh}`, '', about.en, '', about.zh, '', ...body].join('\n').trimEnd() + '\n';
