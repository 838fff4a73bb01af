import type { AuditEvent } from '../audit.ts';
import type { Instant } from '../instant.ts';
import type { Invite } from '../invite.ts';
import type { Viewer } from '../person.ts';
import type { Deployment, Platform } from '../platform.ts';

export interface InviteStore {
  addInvite(invite: Invite, audit: AuditEvent): Promise<void>;
  /** Open, spent or over, as long as it is kept. */
  invite(codeHash: string): Promise<Invite | null>;
  /** True for one caller at a time, until `until` or `releaseInvite`; never for one that is spent or over. */
  holdInvite(codeHash: string, at: Instant, until: Instant): Promise<boolean>;
  releaseInvite(codeHash: string): Promise<void>;
  /**
   * Spends the invite and writes the registration, all of it or nothing. `spent`, and nothing written, for all callers but
   * the first; `known` spends it too and leaves the registration of that (issuer, client id) as it is.
   */
  registerInvited(
    codeHash: string,
    registration: {
      readonly platform: Platform;
      readonly deployment: Deployment | null;
      readonly audit: readonly AuditEvent[];
    },
    at: Instant,
  ): Promise<'registered' | 'known' | 'spent'>;
}

/** Makes a one-time registration code that ends after `lifeMs`; it is shown once and only its hash is kept. */
export type MakeInvite = (
  chosen: Pick<Invite, 'name' | 'platformStatus'> & { readonly lifeMs: number; readonly by: Viewer },
) => Promise<{ readonly code: string; readonly expiresAt: Instant }>;
