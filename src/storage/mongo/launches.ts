import type { LoginTransaction } from '../../domain/launch.ts';
import type { Session } from '../../domain/person.ts';
import type { LaunchStore } from '../../domain/ports.ts';
import { type Database, LIGHTLY } from './connection.ts';

/** Only that a login is spent waits for a majority: what a failover may take of the rest, one more launch brings back. */
export function launchStore({ models }: Database): LaunchStore {
  const { logins, sessions } = models;
  return {
    openLogin: async (login) => {
      await logins.collection.insertOne({ ...login }, LIGHTLY);
    },
    login: (stateHash) => logins.findOne({ stateHash }, { _id: 0 }).lean<LoginTransaction>(),
    spendLogin: async (stateHash, at) => {
      const { modifiedCount } = await logins.updateOne(
        { stateHash, spentAt: null },
        { $set: { spentAt: at } },
      );
      return modifiedCount === 1;
    },
    openSession: async (session) => {
      await sessions.collection.insertOne({ ...session }, LIGHTLY);
    },
    session: (idHash) => sessions.findOne({ idHash }, { _id: 0 }).lean<Session>(),
    touchSession: async (idHash, at) => {
      await sessions.updateOne({ idHash }, { $max: { lastSeenAt: at } }, LIGHTLY);
    },
    setSessionLocale: async (idHash, locale) => {
      await sessions.updateOne({ idHash }, { $set: { 'viewer.locale': locale } });
    },
    closeSession: async (idHash) => {
      await sessions.deleteOne({ idHash });
    },
    purgeLaunches: async (before) => {
      const ended = { expiresAt: { $lt: before } };
      const [oldLogins, oldSessions] = [await logins.deleteMany(ended), await sessions.deleteMany(ended)];
      return oldLogins.deletedCount + oldSessions.deletedCount;
    },
  };
}
