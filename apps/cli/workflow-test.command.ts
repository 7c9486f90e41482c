import { type Command, type Console, textOption } from './command.js';
import { charterIn } from './found.command.js';
import { type Ran, runScenarios } from './scenario/scenario.run.js';
import { readable } from './workflow-check.command.js';

export const workflowTestCommand: Command = {
  words: ['workflow', 'test'],
  parameters: 'FILE... [--charter FILE]',
  about: {
    en: 'Plays the scenarios written beside a definition (x.test.yaml) in virtual time, through the real rules, under the model charter (amended so that it names the workflow) or under another as it is; prints what went otherwise, with its line.',
    zh: '在虚拟时间中按真实规则运行定义旁的场景文件（x.test.yaml），默认采用示范章程（视同已将该工作流写入章程），也可指定其他章程，逐条指出与预期不符之处及其所在行。',
  },
  options: { charter: { type: 'string' } },
  takes: [1, 100],

  async run(files, options, console) {
    const own = textOption(options, 'charter');
    const charter = own === undefined ? undefined : await charterIn(own);
    const ran: Ran[] = [];
    for (const file of files) ran.push(...(await readable(file, () => runScenarios(file, charter))));
    for (const one of ran) console.say(line(one, console));
    const failed = ran.filter((one) => one.failed !== undefined).length;
    console.tell(
      {
        en: `${ran.length} ${ran.length === 1 ? 'scenario' : 'scenarios'}, ${failed} failed.`,
        zh: `共 ${ran.length} 个场景，${failed} 个未通过。`,
      }[console.language],
    );
    return failed > 0 ? 1 : 0;
  },
};

function line({ name, milliseconds, failed }: Ran, { language }: Console): string {
  if (failed === undefined)
    return { en: `ok (${milliseconds} ms): ${name}`, zh: `通过（${milliseconds} 毫秒）：${name}` }[language];
  const { file, line: row, column, expected, actual } = failed;
  return {
    en: `${file}:${row}:${column}: ${name}\n  expected: ${expected.en}\n  was:      ${actual.en}`,
    zh: `${file}:${row}:${column}: ${name}\n  预期：${expected.zh}\n  实际：${actual.zh}`,
  }[language];
}
