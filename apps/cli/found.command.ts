import { readFile } from 'node:fs/promises';
import { type CharterDocument, charterContext } from '#charter';
import { type CharterInForce, charterStream, type Language, type Shape, uuidv7 } from '#kernel';
import type { Fault } from '../server/http/problem.js';
import { ShapePipe } from '../server/http/shape.pipe.js';
import { type Command, type Console, Failure } from './command.js';
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
    await adopt(alliance, file, console, (version) => (version === 0 ? undefined : foundedAlready(alliance)));
    console.say({ en: `${alliance} has been founded.`, zh: `联盟 ${alliance} 已成立。` }[console.language]);
    return 0;
  },
};

export const amendCommand: Command = {
  words: ['amend'],
  parameters: 'ALLIANCE CHARTER',
  about: {
    en: 'Puts an amended charter (a JSON file) into force, on which the alliance has resolved, where its charter lets the operator do so. GET /v1/alliances/ALLIANCE/charter holds the one in force, as "document".',
    zh: '使联盟已议决的章程修订案（JSON 文件）生效，须现行章程允许运营方办理。现行章程见 GET /v1/alliances/联盟/charter 的 document。',
  },
  options: {},
  takes: [2, 2],

  async run([alliance = '', file = ''], _options, console) {
    const version = await adopt(alliance, file, console, (before) => (before === 0 ? notFounded(alliance) : undefined));
    console.say(
      { en: `Version ${version} of the charter of ${alliance} is in force.`, zh: `${alliance} 章程第 ${version} 版已生效。` }[
        console.language
      ],
    );
    return 0;
  },
};

/** Adopts a charter, as the operator, and gives its version. @throws Failure where none is in the file, or `hindrance` finds one */
async function adopt(
  alliance: string,
  file: string,
  console: Console,
  hindrance: (version: number) => Failure | undefined,
): Promise<number> {
  const document = await charterIn(file);
  return withInstallation(console, async ({ handling, states }) => {
    const version = async () => (await states.fresh<CharterInForce>(charterStream(alliance))).state.version;
    const hindered = hindrance(await version());
    if (hindered !== undefined) throw hindered;
    const operator = { kind: 'operator', alliance, commandId: uuidv7(Date.now()) } as const;
    await handling.handle(charterContext, alliance, { type: 'AdoptCharter', data: { document } }, operator);
    return version();
  });
}

const foundedAlready = (alliance: string): Failure =>
  new Failure({
    en: `${alliance} has a charter already. To amend it: entente amend ${alliance} CHARTER`,
    zh: `${alliance} 已有章程。如需修订：entente amend ${alliance} 章程文件`,
  });

const notFounded = (alliance: string): Failure =>
  new Failure({
    en: `${alliance} has no charter yet. To found it: entente found ${alliance} CHARTER`,
    zh: `${alliance} 尚无章程。如需成立：entente found ${alliance} 章程文件`,
  });

/** The charter in a JSON file. @throws Failure where it is none */
export async function charterIn(file: string): Promise<CharterDocument> {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(file, 'utf8'));
  } catch (failure) {
    throw new Failure({ en: `${file} is not a charter: ${String(failure)}`, zh: `${file} 不是章程文件：${String(failure)}` });
  }
  const faults = new ShapePipe(charterContext.shapes['AdoptCharter'] as Shape).faults({ document });
  if (faults.length > 0) throw notACharter(file, faults);
  return document as CharterDocument;
}

function notACharter(file: string, faults: readonly Fault[]): Failure {
  const told = (language: Language): string => faults.map(({ path, text }) => `${path} ${text[language]}`).join('\n');
  return new Failure({ en: `${file} is not a charter:\n${told('en')}`, zh: `${file} 不是章程文件：\n${told('zh')}` });
}
