import type { CredentialFacts } from '../domain/credential.ts';

/** No title, name or description of a badge is longer; what stands behind it only costs time. */
const LOOKED_AT = 8_000;

/** The same facts with overlong texts cut, so that placing takes bounded time whatever strangers wrote. */
export function clippedFacts(facts: CredentialFacts): CredentialFacts {
  const { name, description, criteria, issuer } = facts;
  const all = [name, description, criteria, issuer.name];
  if (all.every((text) => text === null || text.length <= LOOKED_AT)) return facts;
  return {
    ...facts,
    name: clip(name),
    description: clip(description),
    criteria: clip(criteria),
    issuer: { ...issuer, name: clip(issuer.name) },
  };
}

function clip(text: string | null): string | null {
  return text === null ? null : text.slice(0, LOOKED_AT);
}
