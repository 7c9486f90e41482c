import { InMemoryVault } from '#kernel';
import { vaultContract } from './vault.contract.js';

vaultContract('memory', async () => ({ vault: new InMemoryVault(), close: async () => undefined }));
