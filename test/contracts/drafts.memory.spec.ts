import { InMemoryDrafts, InMemoryVault } from '#kernel';
import { draftsContract } from './drafts.contract.js';

draftsContract('memory', async () => {
  const vault = new InMemoryVault();
  return { drafts: new InMemoryDrafts(vault), vault, close: async () => undefined };
});
