import type { LoginTransaction } from '../../domain/launch.ts';
import type { Session } from '../../domain/person.ts';
import type { LaunchStore } from '../../domain/ports/launch-store.ts';
import { type Database, LIGHTLY } from './connection.ts';
import { byKey, gather } from './gather.ts';

/** Only that a login is spent waits for a majority: what a failover may take of the rest, one more launch brings back. */
export function launchStore({ models }: Database): LaunchStore {
  const { logins, sessions } = models;
  const addLogins = gather(async (added: readonly LoginTransaction[]) => {
    await logins.collection.insertMany(
      added.map((login) => ({ ...login })),
      LIGHTLY,
    );
    return added;
  });
  const addSessions = gather(async (added: readonly Session[]) => {
    await sessions.collection.insertMany(
      added.map((session) => ({ ...session })),
      LIGHTLY,
    );
    return added;
  });
  const loginByState = gather(async (hashes: readonly string[]) => {
    const found = await logins
      .find({ stateHash: { $in: [...hashes] } }, { _id: 0 })
      .lean<LoginTransaction[]>();
    return byKey(hashes, found, (login) => login.stateHash);
  });
  const sessionById = gather(async (hashes: readonly string[]) => {
    const found = await sessions.find({ idHash: { $in: [...hashes] } }, { _id: 0 }).lean<Session[]>();
    return byKey(hashes, found, (session) => session.idHash);
  });
  return {
    openLogin: async (login) => {
      await addLogins(login);
    },
    login: loginByState,
    spendLogin: async (stateHash, at) => {
      const { modifiedCount } = await logins.updateOne(
        { stateHash, spentAt: null },
        { $set: { spentAt: at } },
      );
      return modifiedCount === 1;
    },
    openSession: async (session) => {
      await addSessions(session);
    },
    session: sessionById,
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
