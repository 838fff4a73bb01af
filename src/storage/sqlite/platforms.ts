import { z } from 'zod';
import type { Deployment, Platform, ToolKey } from '../../domain/platform.ts';
import type { PlatformStore } from '../../domain/ports/platform-store.ts';
import type { AppendAudit } from './audit.ts';
import type { Connection } from './connection.ts';
import { json, word } from './json-columns.ts';

const platformRow: z.ZodType<Platform> = z.object({
  id: z.string(),
  name: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  authUrl: z.string(),
  tokenUrl: z.string(),
  jwksUrl: z.string(),
  audience: z.string().nullable(),
  status: word<Platform['status']>(),
  createdAt: z.number(),
});

const deploymentRow: z.ZodType<Deployment> = z.object({
  platformId: z.string(),
  deploymentId: z.string(),
  status: word<Deployment['status']>(),
  firstSeenAt: z.number(),
});

const toolKeyRow: z.ZodType<ToolKey> = z.object({
  kid: z.string(),
  publicJwk: json(z.record(z.string(), z.unknown())),
  sealedPrivateKey: z.string(),
  createdAt: z.number(),
  retiredAt: z.number().nullable(),
});

/** Writes a registration; 0 when (issuer, client id) is registered already. */
export function platformWriter({ command }: Connection): (platform: Platform) => number {
  return command(
    `INSERT INTO platforms (id, name, issuer, client_id, auth_url, token_url, jwks_url, audience, status, created_at)
     VALUES (:id, :name, :issuer, :clientId, :authUrl, :tokenUrl, :jwksUrl, :audience, :status, :createdAt)
     ON CONFLICT (issuer, client_id) DO NOTHING`,
  );
}

export function deploymentWriter({ command }: Connection): (deployment: Deployment) => number {
  return command(
    `INSERT INTO deployments (platform_id, deployment_id, status, first_seen_at)
     VALUES (:platformId, :deploymentId, :status, :firstSeenAt)`,
  );
}

export function platformStore(connection: Connection, append: AppendAudit): PlatformStore {
  const { query, command, transaction } = connection;
  const insertPlatform = platformWriter(connection);
  const platformById = query('SELECT * FROM platforms WHERE id = :id', platformRow);
  const allPlatforms = query('SELECT * FROM platforms ORDER BY created_at, id', platformRow);
  const platformsOfIssuer = query(
    'SELECT * FROM platforms WHERE issuer = :issuer ORDER BY created_at, id',
    platformRow,
  );
  const changeStatus = command('UPDATE platforms SET status = :status WHERE id = :id AND status <> :status');

  const deploymentsOf = query(
    'SELECT * FROM deployments WHERE platform_id = :platformId ORDER BY first_seen_at, deployment_id',
    deploymentRow,
  );
  const deployment = query(
    'SELECT * FROM deployments WHERE platform_id = :platformId AND deployment_id = :deploymentId',
    deploymentRow,
  );
  const insertDeployment = deploymentWriter(connection);
  const approve = command(
    `UPDATE deployments SET status = 'approved'
     WHERE platform_id = :platformId AND deployment_id = :deploymentId AND status <> 'approved'`,
  );

  const toolKeys = query('SELECT * FROM tool_keys ORDER BY created_at, kid', toolKeyRow);
  const insertToolKey = command(
    `INSERT INTO tool_keys (kid, public_jwk, sealed_private_key, created_at, retired_at)
     VALUES (:kid, :publicJwk, :sealedPrivateKey, :createdAt, :retiredAt)`,
  );

  const retireOthers = command(
    'UPDATE tool_keys SET retired_at = :retireAt WHERE kid <> :kid AND retired_at IS NULL',
  );
  const forgetToolKeys = command('DELETE FROM tool_keys WHERE retired_at < :forgetBefore');
  const reseal = command('UPDATE tool_keys SET sealed_private_key = :sealedPrivateKey WHERE kid = :kid');
  const addToolKey = (key: ToolKey) => insertToolKey({ ...key, publicJwk: JSON.stringify(key.publicJwk) });

  return {
    addPlatform: async (platform, audit) =>
      transaction(() => {
        if (insertPlatform(platform) === 0) return false;
        append(audit);
        return true;
      }),
    platform: async (id) => platformById.get({ id }),
    platforms: async () => allPlatforms.all(),
    platformsByIssuer: async (issuer) => platformsOfIssuer.all({ issuer }),
    setPlatformStatus: async (id, status, audit) =>
      transaction(() => {
        if (changeStatus({ id, status }) > 0) append(audit);
        return platformById.get({ id }) !== null;
      }),
    deployments: async (platformId) => deploymentsOf.all({ platformId }),
    seeDeployment: async (seen, audit) =>
      deployment.get(seen) ??
      transaction(() => {
        const known = deployment.get(seen);
        if (known !== null) return known;
        insertDeployment(seen);
        append(audit);
        return seen;
      }),
    approveDeployment: async (platformId, deploymentId, audit) =>
      transaction(() => {
        if (approve({ platformId, deploymentId }) > 0) append(audit);
        return deployment.get({ platformId, deploymentId }) !== null;
      }),
    toolKeys: async () => toolKeys.all(),
    addToolKey: async (key) => {
      addToolKey(key);
    },
    rotateToolKeys: async (next, { retireAt, forgetBefore }, audit) =>
      transaction(() => {
        addToolKey(next);
        retireOthers({ kid: next.kid, retireAt });
        forgetToolKeys({ forgetBefore });
        append(audit);
      }),
    resealToolKey: async (kid, sealedPrivateKey) => {
      reseal({ kid, sealedPrivateKey });
    },
  };
}
