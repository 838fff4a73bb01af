import type { LaunchNote } from '../domain/launch-note.ts';
import { CLAIM } from './launch-claims.ts';

/** The claim that a refusal is about, where the refusal alone says it. */
const CLAIM_OF: Readonly<Record<string, string>> = {
  issuer: 'iss',
  audience: 'aud',
  'token-expired': 'exp',
  'token-early': 'nbf',
  'token-lifetime': 'exp',
  'token-times': 'exp',
  nonce: 'nonce',
  'user-missing': 'sub',
  version: CLAIM.version,
  'message-type': CLAIM.messageType,
  'roles-missing': CLAIM.roles,
  'link-missing': CLAIM.resourceLink,
  'deployment-missing': CLAIM.deploymentId,
  'deployment-waits': CLAIM.deploymentId,
  'target-elsewhere': CLAIM.targetLinkUri,
  'deep-linking': CLAIM.deepLinking,
};

/** The trail of one launch as an administrator may read it; null where no platform is known to read it. */
export function launchNoteOf(
  fields: Readonly<Record<string, unknown>>,
  at: { readonly requestId: string; readonly at: number; readonly refusal: string | null },
): LaunchNote | null {
  const platformId = textOf(fields['platformId']);
  if (platformId === null) return null;
  const key = at.refusal?.replace(/^lti-errors\./, '') ?? '';
  return {
    ...at,
    platformId,
    deploymentId: textOf(fields['deploymentId']),
    messageType: textOf(fields['messageType']),
    role: textOf(fields['role']),
    passed: Array.isArray(fields['passed']) ? fields['passed'].map(String) : [],
    failed: textOf(fields['failed']),
    claim: textOf(fields['claim']) ?? CLAIM_OF[key] ?? null,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
