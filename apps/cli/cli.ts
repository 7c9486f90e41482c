import { inspect, parseArgs } from 'node:util';
import { DataFolderInUse, DomainError, type Language, type Text, UnavailableError } from '#kernel';
import { Hindrance } from '../server/lifetime.js';
import { SettingsError } from '../server/settings.js';
import { type Command, type Console, Failure, UsageError } from './command.js';
import { commands } from './commands.js';

const everywhere = { lang: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

/**
 * Runs one command line.
 *
 * @returns the exit code: 0 done, 1 refused or failed, 2 not understood
 */
export async function entente(words: readonly string[], io: Omit<Console, 'language'>): Promise<0 | 1 | 2> {
  let language = languageOf(io.environment);
  try {
    language = askedLanguage(words) ?? language;
    const command = commands.find((candidate) => candidate.words.every((word, index) => words[index] === word));
    if (command === undefined) return withoutCommand(words, language, io);
    const { values, positionals } = parsed(command, words.slice(command.words.length));
    if (values['help'] === true) {
      io.say(usageOf(command, language));
      return 0;
    }
    const [least, most] = command.takes;
    if (positionals.length < least || positionals.length > most) throw wrongCount(command);
    return await command.run(positionals, values, { ...io, language });
  } catch (failure) {
    return complain(failure, language, io);
  }
}

function parsed(command: Command, args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...command.options, ...everywhere },
      allowPositionals: true,
      strict: true,
    }) as {
      values: Record<string, string | boolean | undefined>;
      positionals: string[];
    };
  } catch (failure) {
    const { code, message } = failure as NodeJS.ErrnoException;
    if (code?.startsWith('ERR_PARSE_ARGS') !== true) throw failure;
    const usage = `entente ${command.words.join(' ')} ${command.parameters}`;
    throw new UsageError({ en: `${message}\nUsage: ${usage}`, zh: `无法识别的参数：${message}\n用法：${usage}` });
  }
}

const wrongCount = ({ words, parameters }: Command): UsageError =>
  new UsageError({
    en: `Usage: entente ${words.join(' ')} ${parameters}`,
    zh: `用法：entente ${words.join(' ')} ${parameters}`,
  });

function askedLanguage(words: readonly string[]): Language | undefined {
  const at = words.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  if (at < 0) return undefined;
  const asked = words[at]?.slice('--lang='.length) || words[at + 1];
  if (asked === 'zh' || asked === 'en') return asked;
  throw new UsageError({ en: '--lang is zh or en.', zh: '--lang 只能是 zh 或 en。' });
}

const languageOf = ({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Language =>
  (LC_ALL || LC_MESSAGES || LANG || '').toLowerCase().startsWith('zh') ? 'zh' : 'en';

function withoutCommand(words: readonly string[], language: Language, io: Omit<Console, 'language'>): 0 | 2 {
  const given = words.filter((word) => !word.startsWith('-') && word !== 'zh' && word !== 'en');
  const asked = words.includes('--help') || words.includes('-h') || given[0] === 'help';
  const write = asked ? io.say : io.tell;
  if (!asked && given.length > 0) {
    write({ en: `There is no command "${given.join(' ')}".`, zh: `没有“${given.join(' ')}”命令。` }[language]);
  }
  const heading: Text = {
    en: 'Usage: entente COMMAND [--lang zh|en] [--help]',
    zh: '用法：entente 命令 [--lang zh|en] [--help]',
  };
  write(`${heading[language]}\n\n${commands.map((command) => usageOf(command, language)).join('\n')}`);
  return asked ? 0 : 2;
}

const usageOf = ({ words, parameters, about }: Command, language: Language): string =>
  `  entente ${words.join(' ')} ${parameters}\n      ${about[language]}`;

function complain(failure: unknown, language: Language, { tell }: Omit<Console, 'language'>): 1 | 2 {
  if (failure instanceof UsageError) {
    tell(failure.text[language]);
    return 2;
  }
  if (failure instanceof SettingsError) {
    for (const { text } of failure.problems) tell(text[language]);
    return 2;
  }
  if (failure instanceof DomainError) tell(`${failure.text[language]} (${failure.code})`);
  else if (failure instanceof Failure || failure instanceof Hindrance) tell(failure.text[language]);
  else if (failure instanceof UnavailableError || failure instanceof DataFolderInUse) tell(unavailable(failure)[language]);
  else tell(inspect(failure));
  return 1;
}

const unavailable = ({ message }: Error): Text => ({
  en: `${message}. Nothing is known to be lost; run the command again.`,
  zh: `暂时无法完成：${message}。请重新运行该命令。`,
});
