import { writeFile } from 'node:fs/promises';
import { bpmnOf, type Definition, layOut, loadDefinition, procedureOf, svgOf } from '#workflow';
import { type Command, Failure, textOption } from './command.js';
import { charterIn } from './found.command.js';
import { readable } from './workflow-check.command.js';
import { actorsOf } from './workflow.charter.js';

export const workflowDrawCommand: Command = {
  words: ['workflow', 'draw'],
  parameters: 'FILE [--out x.bpmn | --out x.svg] [--subcase NAME] [--charter FILE]',
  about: {
    en: 'Draws a workflow as BPMN 2.0 that bpmn.io opens, or as SVG, in the language of --lang; under a charter, with a lane for each organ.',
    zh: '将工作流绘制为 bpmn.io 可打开的 BPMN 2.0 或 SVG，文字语言由 --lang 指定；给出章程时按机构分泳道。',
  },
  options: { out: { type: 'string' }, subcase: { type: 'string' }, charter: { type: 'string' } },
  takes: [1, 1],

  async run([file = ''], options, { say, tell, language }) {
    const { definition: whole } = await readable(file, () => loadDefinition(file));
    const subcase = textOption(options, 'subcase');
    const definition = subcase === undefined ? whole : procedureNamed(whole, subcase);
    const charter = textOption(options, 'charter');
    const asked = { language, ...(charter === undefined ? {} : { actorOf: actorsOf(await charterIn(charter), language) }) };
    const out = textOption(options, 'out');
    if (out === undefined) {
      say(await bpmnOf(definition, asked));
      return 0;
    }
    const text = out.endsWith('.svg') ? svgOf(await layOut(definition, asked)) : await bpmnOf(definition, asked);
    await readable(out, () => writeFile(out, text));
    tell({ en: `${out} has been written.`, zh: `已写入 ${out}。` }[language]);
    return 0;
  },
};

function procedureNamed(definition: Definition, name: string): Definition {
  const names = Object.keys(definition.subcases ?? {});
  if (names.includes(name)) return procedureOf(definition, name);
  throw new Failure({
    en: `There is no sub-case ${name}; there is ${names.join(', ') || 'none'}.`,
    zh: `没有子案件 ${name}，现有：${names.join('、') || '无'}。`,
  });
}
