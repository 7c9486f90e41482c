import { readFile } from 'node:fs/promises';
import { uuidv7 } from '#kernel';
import { type Command, type Console, Failure } from './command.js';
import { importInstitutions } from './import-institutions.js';
import { allianceOf, withInstallation } from './installation.js';
import { type InstitutionRow, readInstitutions, type Remark } from './institutions.file.js';

const shownAtMost = 100;

export const importCommand: Command = {
  words: ['import', 'institutions'],
  parameters: 'FILE [--alliance ID]',
  about: {
    en: "Registers the institutions of the Ministry's list (CSV, UTF-8). One bad line, and nothing is imported; the same list twice changes nothing, and finishes an import that was cut off.",
    zh: '登记教育部院校名单（CSV，UTF-8）。有一行错误则全部不导入；重复导入同一名单不产生变化，中断的导入再次执行即可补齐。',
  },
  options: { alliance: { type: 'string' } },
  takes: [1, 1],

  async run([file = ''], options, console) {
    const rows = await institutionsIn(file, console);
    if (rows === undefined) return 1;
    const { say, language } = console;
    const startedAt = performance.now();
    const { alliance, counts } = await withInstallation(console, async (engines) => {
      const chosen = await allianceOf(options, engines.store);
      return { alliance: chosen, counts: await importInstitutions(engines, chosen, rows, uuidv7(Date.now())) };
    });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const { registered, changed, unchanged } = counts;
    say(
      {
        en: `${alliance}: ${rows.length} institutions in ${seconds} s: ${registered} registered, ${changed} changed, ${unchanged} as before.`,
        zh: `${alliance}：${rows.length} 所院校，用时 ${seconds} 秒：新登记 ${registered}，变更 ${changed}，无变化 ${unchanged}。`,
      }[language],
    );
    return 0;
  },
};

/** The rows of a file, or undefined where it has faults; both are told. @throws Failure where there is no such file */
export async function institutionsIn(file: string, console: Console): Promise<readonly InstitutionRow[] | undefined> {
  const bytes = await readFile(file).catch((failure: NodeJS.ErrnoException) => {
    throw new Failure({ en: `${file} cannot be read: ${failure.message}`, zh: `无法读取 ${file}：${failure.message}` });
  });
  const { rows, faults, notes } = readInstitutions(bytes);
  tellAll(faults.length > 0 ? faults : notes, file, console);
  if (faults.length === 0) return rows;
  console.tell(
    { en: `${faults.length} faults; nothing was imported.`, zh: `共 ${faults.length} 处错误，未导入任何数据。` }[
      console.language
    ],
  );
  return undefined;
}

function tellAll(remarks: readonly Remark[], file: string, { tell, language }: Console): void {
  for (const { line, text } of remarks.slice(0, shownAtMost)) tell(`${line === 0 ? file : `${file}:${line}`}: ${text[language]}`);
  const more = remarks.length - shownAtMost;
  if (more > 0) tell({ en: `… and ${more} more.`, zh: `……另有 ${more} 处。` }[language]);
}
