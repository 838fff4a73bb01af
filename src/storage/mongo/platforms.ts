import type { Deployment, Platform, ToolKey } from '../../domain/platform.ts';
import type { PlatformStore } from '../../domain/ports.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './connection.ts';

const NO_ID = { _id: 0 } as const;

export function platformStore({ models, transact }: Database): PlatformStore {
  const { platforms, deployments, toolKeys } = models;
  return {
    addPlatform: (platform, audit) =>
      transact(async (session) => {
        const { issuer, clientId } = platform;
        if ((await platforms.exists({ issuer, clientId }).session(session)) !== null) return false;
        await platforms.insertOne(platform, { session });
        await appendAudit(models, audit, session);
        return true;
      }),
    platform: (id) => platforms.findOne({ id }, NO_ID).lean<Platform>(),
    platforms: () => platforms.find({}, NO_ID).sort({ createdAt: 1, id: 1 }).lean<Platform[]>(),
    platformsByIssuer: (issuer) =>
      platforms.find({ issuer }, NO_ID).sort({ createdAt: 1, id: 1 }).lean<Platform[]>(),
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
      const already = await deployments.findOne({ platformId, deploymentId }, NO_ID).lean<Deployment>();
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
