import { type Finding, fail } from './finding.ts';
import { type JsonObject, textOf } from './json.ts';

/** The finding for a withdrawn badge, with the issuer's reason where one is given. */
export function revokedBecause(entry: JsonObject | null): Finding {
  const reason = textOf(entry?.['revocationReason'], 300);
  return reason === null ? fail('revocation.revoked') : fail('revocation.revoked-because', { reason });
}
