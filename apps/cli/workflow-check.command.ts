import type { Text } from '#kernel';
import {
  beyondNotices,
  carriedOut,
  checkFile,
  type Definition,
  type Finding,
  isRemark,
  type LoadedDefinition,
  loadDefinition,
  type Located,
  mappingFindings,
} from '#workflow';
import { contextsKnown } from '../server/contexts.js';
import { type Command, type Console, Failure, textOption } from './command.js';
import { charterAsked } from './workflow.charter.js';

export const workflowCheckCommand: Command = {
  words: ['workflow', 'check'],
  parameters: 'FILE... [--charter FILE | --alliance A] [--against OLDER-FILE]',
  about: {
    en: 'Proves workflow definitions before they are adopted, alone or under a charter; prints each finding with its line and its remedy.',
    zh: '在通过之前证明工作流定义的正确性（可同时对照章程），逐条列出问题所在行及改正办法。',
  },
  options: { charter: { type: 'string' }, alliance: { type: 'string' }, against: { type: 'string' } },
  takes: [1, 100],

  async run(files, options, console) {
    const charter = await charterAsked(options, console);
    let isSound = true;
    for (const file of files) {
      const { findings, definition } = await readable(file, () => checkFile(file, charter, contextsKnown));
      for (const found of findings) console.say(line(found, console));
      const unmapped = await transitionFindings(file, textOption(options, 'against'));
      for (const { code, path, text, remedy } of unmapped)
        console.say(`${file}: ${path}: ${code}: ${text[console.language]} ${remedy[console.language]}`);
      const refused = findings.filter((found) => !isRemark(found)).length + unmapped.length;
      if (refused > 0) isSound = false;
      console.tell(summary(file, refused, charter !== undefined)[console.language]);
      if (definition !== undefined && charter === undefined) console.tell(charterLeft(definition)[console.language]);
      const beyond = definition === undefined ? undefined : beyondNotices(definition, Date.now());
      if (beyond !== undefined) console.tell(beyond[console.language]);
    }
    return isSound ? 0 : 1;
  },
};

/** What a check without a charter leaves open. */
function charterLeft(definition: Definition): Text {
  const powers = carriedOut(definition, contextsKnown);
  const [en, zh] =
    powers.length === 0
      ? ['', '']
      : [
          `; it must name this workflow among the workflows of ${powers.join(', ')}`,
          `；章程须在 ${powers.join('、')} 职权的 workflows 中写入该工作流`,
        ];
  return {
    en: `${definition.id}: give --alliance or --charter to hold its powers against a charter${en}.`,
    zh: `${definition.id}：可用 --alliance 或 --charter 对照章程检查其职权${zh}。`,
  };
}

/** What is wrong with the transition clause of a version, against the version that it leads away from. */
async function transitionFindings(file: string, against: string | undefined): Promise<readonly Finding[]> {
  if (against === undefined) return [];
  const [older, newer] = await Promise.all([against, file].map((one) => readable(one, () => loadDefinition(one))));
  const { definition } = newer as LoadedDefinition;
  if (definition.transition === undefined) throw noTransition(file);
  return mappingFindings((older as LoadedDefinition).definition, definition, definition.transition.stages);
}

const noTransition = (file: string): Failure =>
  new Failure({
    en: `${file} carries no transition clause: open rounds keep the version they were opened under.`,
    zh: `${file} 没有过渡条款：已启动的轮次适用启动时的版本。`,
  });

/** Runs `work` on a file. @throws Failure where the file cannot be read */
export async function readable<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (failure) {
    const { code, message } = failure as NodeJS.ErrnoException;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw failure;
    throw new Failure({ en: `${file} cannot be read: ${message}`, zh: `无法读取 ${file}：${message}` });
  }
}

/** As compilers write it, so that editors can jump there. */
const line = (found: Located, { language }: Console): string => {
  const remark = { en: ' (remark)', zh: '（提示）' }[language];
  const told = [found.text[language], found.remedy[language]].join({ en: ' ', zh: '' }[language]);
  const detail = found.detail === undefined ? '' : `\n    ${found.detail}`;
  return `${found.file}:${found.line}:${found.column}: ${found.code}${isRemark(found) ? remark : ''}: ${told}${detail}`;
};

const summary = (file: string, refused: number, underCharter: boolean) =>
  refused > 0
    ? {
        en: `${file} cannot be adopted: ${refused} ${refused === 1 ? 'finding' : 'findings'}.`,
        zh: `${file} 不能通过：共 ${refused} 处问题。`,
      }
    : {
        en: `${file} is sound${underCharter ? ' under the charter' : ''}.`,
        zh: `${file}${underCharter ? '在该章程下' : ''}正确无误。`,
      };
