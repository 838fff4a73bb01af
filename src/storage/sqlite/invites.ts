import { z } from 'zod';
import type { Invite } from '../../domain/invite.ts';
import type { InviteStore } from '../../domain/ports/invites.ts';
import type { AppendAudit } from './audit.ts';
import type { Connection } from './connection.ts';
import { word } from './json-columns.ts';
import { deploymentWriter, platformWriter } from './platforms.ts';

const inviteRow: z.ZodType<Invite> = z.object({
  codeHash: z.string(),
  name: z.string().nullable(),
  platformStatus: word<Invite['platformStatus']>(),
  createdAt: z.number(),
  expiresAt: z.number(),
  spentAt: z.number().nullable(),
});

export function inviteStore(connection: Connection, append: AppendAudit): InviteStore {
  const { query, command, transaction } = connection;
  const insert = command(
    `INSERT INTO invites (code_hash, name, platform_status, created_at, expires_at, spent_at)
     VALUES (:codeHash, :name, :platformStatus, :createdAt, :expiresAt, :spentAt)`,
  );
  const byHash = query('SELECT * FROM invites WHERE code_hash = :codeHash', inviteRow);
  const hold = command(
    `UPDATE invites SET held_until = :until
     WHERE code_hash = :codeHash AND spent_at IS NULL AND expires_at > :at
       AND (held_until IS NULL OR held_until <= :at)`,
  );
  const release = command('UPDATE invites SET held_until = NULL WHERE code_hash = :codeHash');
  const spend = command('UPDATE invites SET spent_at = :at WHERE code_hash = :codeHash AND spent_at IS NULL');
  const insertPlatform = platformWriter(connection);
  const insertDeployment = deploymentWriter(connection);

  return {
    addInvite: async (invite, audit) =>
      transaction(() => {
        insert(invite);
        append(audit);
      }),
    invite: async (codeHash) => byHash.get({ codeHash }),
    holdInvite: async (codeHash, at, until) => hold({ codeHash, at, until }) === 1,
    releaseInvite: async (codeHash) => {
      release({ codeHash });
    },
    registerInvited: async (codeHash, { platform, deployment, audit }, at) =>
      transaction(() => {
        if (spend({ codeHash, at }) === 0) return 'spent';
        if (insertPlatform(platform) === 0) return 'known';
        if (deployment !== null) insertDeployment(deployment);
        for (const event of audit) append(event);
        return 'registered';
      }),
  };
}
