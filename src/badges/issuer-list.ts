import { z } from 'zod';
import { hostOf, isWebAddress } from './lookups.ts';

/** What reading a badge needs of an entry of `config/issuers.json`; the rules read the rest (`src/catalogue/rule-files.ts`). */
const issuer = z.object({
  id: z.string().regex(/^[a-z0-9-]+$/),
  names: z.array(z.string().min(1)).min(1),
  /** A host stands for itself and all below it. */
  hosts: z.array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)),
  /** Self-asserted identifiers (`did:key`, `did:jwk`) that are known to be this issuer's. */
  keys: z.array(z.string().regex(/^did:/)).default([]),
});

export const issuerListSchema = z.array(issuer);

export type KnownIssuer = Readonly<z.infer<typeof issuer>>;
export type IssuerList = readonly KnownIssuer[];

export const NO_ISSUERS: IssuerList = [];

/** The listed issuer that this address belongs to, by host. */
export function issuerOfAddress(list: IssuerList, address: string): KnownIssuer | null {
  const host = isWebAddress(address) ? hostOf(address)?.replace(/:\d+$/, '') : null;
  if (host === null || host === undefined) return null;
  return list.find((known) => known.hosts.some((own) => host === own || host.endsWith(`.${own}`))) ?? null;
}

/** The listed issuer whose own key this is. */
export function issuerOfKey(list: IssuerList, did: string): KnownIssuer | null {
  const plain = did.split('#', 1)[0] ?? did;
  return list.find((known) => known.keys.includes(plain)) ?? null;
}
