import { DomainError } from './errors.js';

/** What whoever may not know is told, as everyone is told of what is not there. */
export const notFound = (category: string): DomainError =>
  new DomainError(`${category}.not-found`, { en: 'There is nothing here under this address.', zh: '此地址下没有内容。' });

export const commandIdReused = (): DomainError =>
  new DomainError('command.id-reused', {
    en: 'This idempotency key was used before for another command. Send a new key with a new command.',
    zh: '该幂等键已用于另一条指令，新指令请使用新的键。',
  });

export const staleRevision = (expected: number, actual: number): DomainError =>
  new DomainError(
    'command.stale-revision',
    {
      en: 'This has been changed since you opened it. Read it again and decide on what it says now.',
      zh: '您打开之后内容已有变更，请重新读取后再作决定。',
    },
    { expected, actual },
  );
