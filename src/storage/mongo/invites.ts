import type { Invite } from '../../domain/invite.ts';
import type { InviteStore } from '../../domain/ports/invites.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './connection.ts';

export function inviteStore({ models, transact }: Database): InviteStore {
  const { invites, platforms, deployments } = models;
  return {
    addInvite: (invite, audit) =>
      transact(async (session) => {
        await invites.insertOne({ ...invite, heldUntil: null }, { session });
        await appendAudit(models, audit, session);
      }),
    invite: (codeHash) => invites.findOne({ codeHash }, { _id: 0, heldUntil: 0 }).lean<Invite>(),
    holdInvite: async (codeHash, at, until) => {
      const { matchedCount } = await invites.updateOne(
        {
          codeHash,
          spentAt: null,
          expiresAt: { $gt: at },
          $or: [{ heldUntil: null }, { heldUntil: { $lte: at } }],
        },
        { $set: { heldUntil: until } },
      );
      return matchedCount === 1;
    },
    releaseInvite: async (codeHash) => {
      await invites.updateOne({ codeHash }, { $set: { heldUntil: null } });
    },
    registerInvited: (codeHash, { platform, deployment, audit }, at) =>
      transact(async (session) => {
        const { matchedCount } = await invites.updateOne(
          { codeHash, spentAt: null },
          { $set: { spentAt: at } },
          { session },
        );
        if (matchedCount === 0) return 'spent';
        const { issuer, clientId } = platform;
        if ((await platforms.exists({ issuer, clientId }).session(session)) !== null) return 'known';
        await platforms.insertOne(platform, { session });
        if (deployment !== null) await deployments.insertOne(deployment, { session });
        for (const event of audit) await appendAudit(models, event, session);
        return 'registered';
      }),
  };
}
