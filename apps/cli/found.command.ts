import { readFile } from 'node:fs/promises';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { type CharterDocument, charterContext } from '#charter';
import { uuidv7 } from '#kernel';
import { type Command, Failure } from './command.js';
import { withInstallation } from './installation.js';

export const foundCommand: Command = {
  words: ['found'],
  parameters: 'ALLIANCE CHARTER',
  about: {
    en: 'Founds an alliance under a short id by adopting its first charter: a JSON file.',
    zh: '以通过首部章程（JSON 文件）的方式成立联盟，并指定其简短代码。',
  },
  options: {},
  takes: [2, 2],

  async run([alliance = '', file = ''], _options, console) {
    if (!/^[a-z][a-z0-9]{1,31}$/.test(alliance)) {
      throw new Failure({
        en: 'An alliance is named by 2 to 32 lower-case letters and digits.',
        zh: '联盟代码为 2 至 32 个小写字母和数字。',
      });
    }
    const document = await charterIn(file);
    await withInstallation(console, ({ handling }) =>
      handling.handle(
        charterContext,
        alliance,
        { type: 'AdoptCharter', data: { document } },
        { kind: 'operator', alliance, commandId: uuidv7(Date.now()) },
      ),
    );
    console.say({ en: `${alliance} has been founded.`, zh: `联盟 ${alliance} 已成立。` }[console.language]);
    return 0;
  },
};

/** The charter in a JSON file. @throws Failure where it is none */
export async function charterIn(file: string): Promise<CharterDocument> {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(file, 'utf8'));
  } catch (failure) {
    throw new Failure({ en: `${file} is not a charter: ${String(failure)}`, zh: `${file} 不是章程文件：${String(failure)}` });
  }
  const Shape = charterContext.shapes['AdoptCharter'] as new () => object;
  const command = plainToInstance(Shape, { document });
  const faults = await validate(command, { whitelist: true, forbidNonWhitelisted: true });
  if (faults.length > 0) {
    const told = faults.flatMap((fault) => sentences(fault, '')).join('\n');
    throw new Failure({ en: `${file} is not a charter:\n${told}`, zh: `${file} 不是章程文件：\n${told}` });
  }
  return document as CharterDocument;
}

const sentences = ({ property, constraints = {}, children = [] }: ValidationError, path: string): readonly string[] => [
  ...Object.values(constraints).map((sentence) => `${path}${property}: ${sentence}`),
  ...children.flatMap((child) => sentences(child, `${path}${property}.`)),
];
