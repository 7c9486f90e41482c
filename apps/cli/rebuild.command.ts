import { rebuildAndCompare } from '#kernel';
import { type Command, UsageError } from './command.js';
import { withInstallation } from './installation.js';

export const rebuildCommand: Command = {
  words: ['rebuild'],
  parameters: '[VIEW] [--compare]',
  about: {
    en: 'Builds a view, or every view, from the log anew and swaps it in; with --compare, only compares it with the live one.',
    zh: '由日志重新构建一个或全部视图并替换；加 --compare 时只与现有视图比较。',
  },
  options: { compare: { type: 'boolean' } },
  takes: [0, 1],

  async run([name], { compare }, console) {
    return withInstallation(console, async ({ runner, followed, pool, store, clock }) => {
      const known = followed.map((view) => view.name);
      const chosen = known.filter((view) => name === undefined || view === name);
      if (chosen.length === 0) throw noSuchView(name ?? '', known);
      let different = false;
      for (const view of followed.filter((candidate) => compare === true && chosen.includes(candidate.name))) {
        const difference = await rebuildAndCompare({ pool, store, clock }, view);
        different ||= difference !== undefined;
        const equal = { en: 'equal', zh: '一致' }[console.language];
        console.say(`${view.name}: ${difference === undefined ? equal : JSON.stringify(difference)}`);
      }
      for (const view of compare === true ? [] : chosen) {
        await runner.rebuild(view);
        console.say({ en: `${view}: rebuilt.`, zh: `${view}：已重建。` }[console.language]);
      }
      return different ? 1 : 0;
    });
  },
};

const noSuchView = (name: string, known: readonly string[]): UsageError =>
  new UsageError({
    en: `There is no view "${name}"; there are: ${known.join(', ')}`,
    zh: `没有名为“${name}”的视图；现有视图：${known.join('、')}`,
  });
