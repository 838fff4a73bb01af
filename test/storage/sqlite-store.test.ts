import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import { storeContract } from './store-contract.ts';

storeContract('the embedded store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shsm-store-'));
  return {
    open: async () => openSqliteStore({ path: join(folder, 'shsm.db') }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
});
