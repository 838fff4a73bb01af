import { createHash, randomBytes } from 'node:crypto';
import { OPERATOR } from '../domain/audit.ts';
import type { NewId, Now } from '../domain/instant.ts';
import type { Invite } from '../domain/invite.ts';
import type { Viewer } from '../domain/person.ts';
import type { InviteStore } from '../domain/ports/invites.ts';

/**
 * Makes a one-time registration code: 256 random bits, shown once, of which only the hash is stored.
 * @param options.lifeMs how long it may be used
 * @param options.by who asked for it; without, the operator at the command line
 */
export async function createInvite(
  deps: { readonly store: InviteStore; readonly now: Now; readonly newId: NewId },
  options: { readonly lifeMs: number; readonly by?: Viewer } & Pick<Invite, 'name' | 'platformStatus'>,
): Promise<{ readonly code: string; readonly expiresAt: number }> {
  const code = randomBytes(32).toString('base64url');
  const at = deps.now();
  const { lifeMs, by, ...chosen } = options;
  const invite = {
    codeHash: inviteHash(code),
    ...chosen,
    createdAt: at,
    expiresAt: at + lifeMs,
    spentAt: null,
  };
  await deps.store.addInvite(invite, {
    id: deps.newId(),
    at,
    actor: by?.userId ?? OPERATOR,
    action: 'platform.invited',
    platformId: by?.platformId ?? null,
    deploymentId: by?.deploymentId ?? null,
    subject: invite.codeHash,
    detail: { expiresAt: invite.expiresAt },
  });
  return { code, expiresAt: invite.expiresAt };
}

export function inviteHash(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
