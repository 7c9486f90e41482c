import type { Caller, Clock, CommandHandling, EventStore, Receipt, Vault } from '#kernel';
import { personContext } from './identity.module.js';

/** Whatever keeps something of a person beside the log and the vault: accounts, sessions, keys. */
export interface ForgetsPeople {
  /** Removes all of it. Twice is once. */
  forget(person: string): Promise<void>;
}

const retryMs = 1_000;

/**
 * Erases people.
 *
 * First `PersonErased` goes to the log, under a power and on record; then the ways in, the key and every value under it go. The other
 * way round, a refused command would have destroyed what nobody was allowed to destroy. A crash in between leaves an erasure on record
 * that is not carried out: `follow` carries it out at the next start, and again whenever a backup has brought the values back.
 */
export class Erasure {
  constructor(
    private readonly commands: CommandHandling,
    private readonly log: Pick<EventStore, 'subscribe'>,
    private readonly vault: Vault,
    private readonly clock: Clock,
    private readonly keepers: readonly ForgetsPeople[],
    /** Has this process know that a person may no longer act. */
    private readonly shut: (person: string) => Promise<unknown>,
  ) {}

  /**
   * Erases a person and returns when nothing is left. Safe to repeat, also after a failure.
   *
   * @throws DomainError when the charter or the rule says no; nothing was erased
   */
  async erase(person: string, caller: Caller): Promise<Receipt> {
    const receipt = await this.commands.handle(
      personContext,
      person.replace(/^person-/, ''),
      { type: 'ErasePerson', data: {} },
      caller,
    );
    await this.carryOut(person);
    return receipt;
  }

  /**
   * Carries out every erasure in the log, then each new one, until `signal` aborts; who is disabled in another process is out here too.
   *
   * @param report - takes failures; what is owed stays owed and is tried again
   */
  async follow(signal: AbortSignal, report: (failure: unknown) => void): Promise<void> {
    let through = 0n;
    while (!signal.aborted) {
      try {
        for await (const slice of this.log.subscribe(through, { limit: 500, categories: ['person'], signal })) {
          for (const { type, stream } of slice.events) {
            if (type === 'PersonErased' || type === 'PersonDisabled') await this.shut(stream);
            if (type === 'PersonErased') await this.carryOut(stream);
          }
          through = slice.through;
        }
      } catch (failure) {
        report(failure);
        await this.clock.waitUntil(this.clock.now() + retryMs, signal);
      }
    }
  }

  private async carryOut(person: string): Promise<void> {
    for (const keeper of this.keepers) await keeper.forget(person);
    await this.vault.erase(person);
  }
}
