import { z } from 'zod';
import type { LoginTransaction } from '../../domain/launch.ts';
import type { Session } from '../../domain/person.ts';
import type { LaunchStore } from '../../domain/ports/launch-store.ts';
import type { Connection } from './connection.ts';
import { json, pickingColumn, viewerColumn } from './json-columns.ts';

const loginRow: z.ZodType<LoginTransaction> = z.object({
  stateHash: z.string(),
  nonce: z.string(),
  platformId: z.string(),
  targetLinkUri: z.string(),
  request: json(z.record(z.string(), z.string())),
  openedAt: z.number(),
  expiresAt: z.number(),
  spentAt: z.number().nullable(),
});

const sessionRow: z.ZodType<Session> = z.object({
  idHash: z.string(),
  viewer: json(viewerColumn),
  picking: json(pickingColumn).nullable(),
  createdAt: z.number(),
  lastSeenAt: z.number(),
  expiresAt: z.number(),
});

/** Only that a login is spent waits for the disk: what a power cut may take of the rest, one more launch brings back. */
export function launchStore({ query, command, together, lightly, transaction }: Connection): LaunchStore {
  const insertLogin = command(
    `INSERT INTO logins (state_hash, nonce, platform_id, target_link_uri, request, opened_at, expires_at, spent_at)
     VALUES (:stateHash, :nonce, :platformId, :targetLinkUri, :request, :openedAt, :expiresAt, :spentAt)`,
  );
  const loginByState = query('SELECT * FROM logins WHERE state_hash = :stateHash', loginRow);
  const spend = command(
    'UPDATE logins SET spent_at = :at WHERE state_hash = :stateHash AND spent_at IS NULL',
  );

  const insertSession = command(
    `INSERT INTO sessions (id_hash, viewer, picking, created_at, last_seen_at, expires_at)
     VALUES (:idHash, :viewer, :picking, :createdAt, :lastSeenAt, :expiresAt)`,
  );
  const sessionById = query('SELECT * FROM sessions WHERE id_hash = :idHash', sessionRow);
  const touch = command(
    'UPDATE sessions SET last_seen_at = :at WHERE id_hash = :idHash AND last_seen_at < :at',
  );
  const setLocale = command(
    "UPDATE sessions SET viewer = json_set(viewer, '$.locale', :locale) WHERE id_hash = :idHash",
  );
  const deleteSession = command('DELETE FROM sessions WHERE id_hash = :idHash');

  const purgeLogins = command('DELETE FROM logins WHERE expires_at < :before');
  const purgeSessions = command('DELETE FROM sessions WHERE expires_at < :before');

  return {
    openLogin: async (login) => {
      lightly(() => insertLogin({ ...login, request: JSON.stringify(login.request) }));
    },
    login: async (stateHash) => loginByState.get({ stateHash }),
    spendLogin: async (stateHash, at) => together(() => spend({ stateHash, at }) === 1),
    openSession: async (session) => {
      const picking = session.picking === null ? null : JSON.stringify(session.picking);
      lightly(() => insertSession({ ...session, picking, viewer: JSON.stringify(session.viewer) }));
    },
    session: async (idHash) => sessionById.get({ idHash }),
    touchSession: async (idHash, at) => {
      lightly(() => touch({ idHash, at }));
    },
    setSessionLocale: async (idHash, locale) => {
      setLocale({ idHash, locale });
    },
    closeSession: async (idHash) => {
      deleteSession({ idHash });
    },
    purgeLaunches: async (before) => transaction(() => purgeLogins({ before }) + purgeSessions({ before })),
  };
}
