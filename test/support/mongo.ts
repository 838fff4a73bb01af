import { randomUUID } from 'node:crypto';
import { createConnection } from 'mongoose';
import { describe, inject, test } from 'vitest';
import type { MongoAnswer } from './mongo-broker.ts';
import { HOW_TO_GET_ONE } from './mongod.ts';

export type TestMongo = { readonly uri: string; readonly binary: string | null };

/**
 * Runs `suite` against the real MongoDB server of this test run. Where none can be had it says so loudly and how to get
 * one; with CI=true that is a failure.
 */
export async function describeWithMongo(name: string, suite: (mongo: TestMongo) => void): Promise<void> {
  const answer = await askBroker();
  if (!('problem' in answer)) {
    describe(name, () => suite(answer));
    return;
  }
  const words = `SKIPPED: "${name}" needs a MongoDB server and there is none (${answer.problem}). ${HOW_TO_GET_ONE}`;
  if (process.env['CI'] === 'true')
    test(name, () => {
      throw new Error(words);
    });
  else {
    process.stderr.write(`\n${words}\n`);
    test.skip(words);
  }
}

async function askBroker(): Promise<MongoAnswer> {
  const response = await fetch(inject('mongoBroker'));
  return (await response.json()) as MongoAnswer;
}

export type TestDatabase = {
  readonly url: string;
  /** Takes every record and leaves collections and indexes: much faster than a new database for every test. */
  readonly empty: () => Promise<void>;
  readonly drop: () => Promise<void>;
};

/** An empty database of its own on the same server. */
export function freshDatabase({ uri }: TestMongo): TestDatabase {
  const url = new URL(uri);
  url.pathname = `/shsm-test-${randomUUID()}`;
  // What is thrown away need not reach the disk first.
  const connection = createConnection(url.href, { writeConcern: { w: 1 } });
  return {
    url: url.href,
    empty: async () => {
      const { db } = await connection.asPromise();
      const collections = (await db?.collections()) ?? [];
      const kept = ['migrations'];
      await Promise.all(
        collections
          .filter(({ collectionName }) => !kept.includes(collectionName))
          .map((one) => one.deleteMany({})),
      );
    },
    drop: async () => {
      await (await connection.asPromise()).dropDatabase();
      await connection.close();
    },
  };
}
