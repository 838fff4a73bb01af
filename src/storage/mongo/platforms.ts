import type { Deployment, Platform, ToolKey } from '../../domain/platform.ts';
import type { PlatformStore } from '../../domain/ports/platform-store.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './connection.ts';
import { byKey, gather } from './gather.ts';

const NO_ID = { _id: 0 } as const;

export function platformStore({ models, transact }: Database): PlatformStore {
  const { platforms, deployments, toolKeys } = models;
  /** There are few, and each launch asks for them in several ways. */
  const all = gather(async (asked: readonly null[]) => {
    const found: readonly Platform[] = await platforms
      .find({}, NO_ID)
      .sort({ createdAt: 1, id: 1 })
      .lean<Platform[]>();
    return asked.map(() => found);
  });
  const deployment = gather(async (asked: readonly Pick<Deployment, 'platformId' | 'deploymentId'>[]) => {
    const keyOf = (one: Pick<Deployment, 'platformId' | 'deploymentId'>) =>
      JSON.stringify([one.platformId, one.deploymentId]);
    const keys = asked.map(keyOf);
    const different = asked.filter((_, at) => keys.indexOf(keys[at] ?? '') === at);
    const found = await deployments.find({ $or: different }, NO_ID).lean<Deployment[]>();
    return byKey(keys, found, keyOf);
  });
  return {
    addPlatform: (platform, audit) =>
      transact(async (session) => {
        const { issuer, clientId } = platform;
        if ((await platforms.exists({ issuer, clientId }).session(session)) !== null) return false;
        await platforms.insertOne(platform, { session });
        await appendAudit(models, audit, session);
        return true;
      }),
    platform: async (id) => (await all(null)).find((platform) => platform.id === id) ?? null,
    platforms: () => all(null),
    platformsByIssuer: async (issuer) => (await all(null)).filter((platform) => platform.issuer === issuer),
    setPlatformStatus: (id, status, audit) =>
      transact(async (session) => {
        const { matchedCount, modifiedCount } = await platforms.updateOne(
          { id },
          { $set: { status } },
          { session },
        );
        if (modifiedCount > 0) await appendAudit(models, audit, session);
        return matchedCount > 0;
      }),
    deployments: (platformId) =>
      deployments.find({ platformId }, NO_ID).sort({ firstSeenAt: 1, deploymentId: 1 }).lean<Deployment[]>(),
    seeDeployment: async (seen, audit) => {
      const { platformId, deploymentId } = seen;
      const already = await deployment({ platformId, deploymentId });
      if (already !== null) return already;
      return transact(async (session) => {
        const known = await deployments
          .findOne({ platformId, deploymentId }, NO_ID, { session })
          .lean<Deployment>();
        if (known !== null) return known;
        await deployments.insertOne(seen, { session });
        await appendAudit(models, audit, session);
        return seen;
      });
    },
    approveDeployment: (platformId, deploymentId, audit) =>
      transact(async (session) => {
        const { matchedCount, modifiedCount } = await deployments.updateOne(
          { platformId, deploymentId },
          { $set: { status: 'approved' } },
          { session },
        );
        if (modifiedCount > 0) await appendAudit(models, audit, session);
        return matchedCount > 0;
      }),
    toolKeys: () => toolKeys.find({}, NO_ID).sort({ createdAt: 1, kid: 1 }).lean<ToolKey[]>(),
    addToolKey: async (key) => {
      await toolKeys.insertOne(key);
    },
    rotateToolKeys: (next, { retireAt, forgetBefore }, audit) =>
      transact(async (session) => {
        await toolKeys.updateMany({ retiredAt: null }, { $set: { retiredAt: retireAt } }, { session });
        await toolKeys.deleteMany({ retiredAt: { $lt: forgetBefore } }, { session });
        await toolKeys.insertOne(next, { session });
        await appendAudit(models, audit, session);
      }),
    resealToolKey: async (kid, sealedPrivateKey) => {
      await toolKeys.updateOne({ kid }, { $set: { sealedPrivateKey } });
    },
  };
}
