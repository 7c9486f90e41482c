import type { EventStore } from './event-store.js';
import type { Origin, Vault } from './vault.js';

const anHourMs = 3_600_000;
const atOnce = 500;

/**
 * Takes out of the vault what a process left there that died before its event: nobody knows of it, so no erasure would be asked for.
 *
 * @param olderThanMs - far longer than any command takes; an hour unless told
 * @returns how many values were forgotten
 */
export async function sweepVault(vault: Vault, store: EventStore, olderThanMs = anHourMs): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const found = await vault.unproved(olderThanMs, atOnce);
    const known = await Promise.all(found.map((one) => isThere(store, one)));
    const orphans = found.filter((_one, index) => known[index] !== true).map(({ digest }) => digest);
    await vault.prove(found.filter((_one, index) => known[index] === true).map(({ digest }) => digest));
    await vault.forget(orphans);
    forgotten += orphans.length;
    if (found.length < atOnce) return forgotten;
  }
}

const isThere = async (store: EventStore, { stream, event }: Origin): Promise<boolean> =>
  (await store.find(stream, event)) !== undefined;
