import { afterAll } from 'vitest';
import { openMongoStore } from '../../src/storage/mongo/open.ts';
import { describeWithMongo, freshDatabase } from '../support/mongo.ts';
import { storeContract } from './store-contract.ts';

await describeWithMongo('on a replica set', (mongo) => {
  const { url, empty, drop } = freshDatabase(mongo);
  afterAll(drop);
  storeContract('the MongoDB store', async () => ({
    open: () => openMongoStore({ url }),
    remove: empty,
  }));
});
