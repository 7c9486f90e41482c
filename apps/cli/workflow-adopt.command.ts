import { uuidv7 } from '#kernel';
import { loadDefinition } from '#workflow';
import { definitionContext } from '../server/contexts.js';
import { type Command } from './command.js';
import { withInstallation } from './installation.js';
import { readable } from './workflow-check.command.js';

export const workflowAdoptCommand: Command = {
  words: ['workflow', 'adopt'],
  parameters: 'ALLIANCE FILE',
  about: {
    en: 'Adopts a workflow for an alliance, where its charter lets the operator do so, under the same proof as whoever adopts it over HTTP.',
    zh: '为联盟通过一项工作流，须章程允许运营方办理；所作证明与经 HTTP 通过时相同。',
  },
  options: {},
  takes: [2, 2],

  async run([alliance = '', file = ''], _options, console) {
    const { definition } = await readable(file, () => loadDefinition(file));
    const { id, version } = definition;
    await withInstallation(console, ({ handling }) =>
      handling.handle(
        definitionContext,
        `${alliance}.${id}`,
        { type: 'AdoptDefinition', data: { definition } },
        { kind: 'operator', alliance, commandId: uuidv7(Date.now()) },
      ),
    );
    console.say(
      { en: `${alliance} has adopted ${id}, version ${version}.`, zh: `${alliance} 已通过 ${id} 第 ${version} 版。` }[
        console.language
      ],
    );
    return 0;
  },
};
