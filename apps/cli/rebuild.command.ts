import { eventsBehind, rebuildAndCompare, type View, type ViewSources } from '#kernel';
import { type Command, type Console, UsageError } from './command.js';
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
      if (compare === true) {
        const asked = followed.filter((view) => chosen.includes(view.name));
        return (await compared({ pool, store, clock }, asked, console)) ? 0 : 1;
      }
      for (const view of chosen) {
        await runner.rebuild(view);
        console.say({ en: `${view}: rebuilt.`, zh: `${view}：已重建。` }[console.language]);
      }
      return 0;
    });
  },
};

/** Says of each view how it differs from the log. @returns whether none does */
async function compared(sources: ViewSources, views: readonly View[], { say, language }: Console): Promise<boolean> {
  let isEqual = true;
  for (const view of views) {
    const difference = await rebuildAndCompare(sources, view);
    const behind = difference === undefined ? await stillBehind(sources, view) : 0;
    isEqual &&= difference === undefined && behind === 0;
    const whole = { en: 'equal', zh: '一致' };
    const part = {
      en: `equal as far as it has got, and ${behind} events behind the log: start a server, and where one runs, see why it is stuck`,
      zh: `已处理部分一致，但落后日志 ${behind} 个事件：请启动服务；如服务正在运行，请检查该视图为何停滞`,
    };
    say(`${view.name}: ${difference === undefined ? (behind === 0 ? whole : part)[language] : JSON.stringify(difference)}`);
  }
  return isEqual;
}

/** A view that is followed takes an event within milliseconds. */
const followedWithinMs = 2_000;

async function stillBehind(sources: ViewSources, view: View): Promise<number> {
  const until = sources.clock.now() + followedWithinMs;
  for (;;) {
    const behind = await eventsBehind(sources, view);
    if (behind === 0 || sources.clock.now() >= until) return behind;
    await sources.clock.waitUntil(sources.clock.now() + 50);
  }
}

const noSuchView = (name: string, known: readonly string[]): UsageError =>
  new UsageError({
    en: `There is no view "${name}"; there are: ${known.join(', ')}`,
    zh: `没有名为“${name}”的视图；现有视图：${known.join('、')}`,
  });
