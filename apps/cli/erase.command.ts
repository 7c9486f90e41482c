import type { Person } from '#identity';
import { uuidv7 } from '#kernel';
import { type Command, Failure } from './command.js';
import { withIdentity } from './installation.js';

export const eraseCommand: Command = {
  words: ['erase'],
  parameters: 'PERSON',
  about: {
    en: 'Erases what is kept about a person (person-…): their names, words and ways in. Cannot be undone; the log still verifies.',
    zh: '删除某人（person-…）的姓名、文字与登录方式。不可恢复；日志仍可验证。',
  },
  options: {},
  takes: [1, 1],

  run: ([person = ''], _options, console) =>
    withIdentity(console, async (identity, { states, clock }) => {
      const { state } = /^person-./.test(person) ? await states.load<Person>(person) : {};
      if (state?.alliance === undefined) {
        throw new Failure({ en: `There is no person "${person}".`, zh: `没有编号为“${person}”的人员。` });
      }
      await identity.erasure.erase(person, { kind: 'operator', alliance: state.alliance, commandId: uuidv7(clock.now()) });
      console.say({ en: `${person} has been erased.`, zh: `${person} 的资料已删除。` }[console.language]);
      return 0 as const;
    }),
};
