import { z } from 'zod';
import type { LocalText } from '../domain/local-text.ts';
import { hostOf, isWebAddress } from './lookups.ts';

const issuer = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  name: z.strictObject({ en: z.string().min(1), fr: z.string().min(1) }),
  /** Other names it signs with, for matching what a certificate says. */
  aliases: z.array(z.string().min(1)).default([]),
  /** `example.org` stands for that host and `*.example.org` for all below it. */
  hosts: z.array(z.string().regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/)).default([]),
  /** Self-asserted identifiers (`did:key`, `did:jwk`) that are known to be this issuer's. */
  keys: z.array(z.string().regex(/^did:/)).default([]),
  kind: z.enum(['platform', 'provider', 'college', 'ministry', 'standards-body']),
  sourced: z.boolean(),
  source: z.string().nullable(),
});

/** The shape of `config/issuers.json`. */
export const issuerListSchema = z.strictObject({
  version: z.string().min(1),
  issuers: z.array(issuer),
});

export type KnownIssuer = Readonly<z.infer<typeof issuer>> & { readonly name: LocalText };
export type IssuerList = { readonly version: string; readonly issuers: readonly KnownIssuer[] };

export const NO_ISSUERS: IssuerList = { version: 'none', issuers: [] };

/** The listed issuer that this address belongs to, by host. */
export function issuerOfAddress(list: IssuerList, address: string): KnownIssuer | null {
  const host = isWebAddress(address) ? hostOf(address)?.replace(/:\d+$/, '') : null;
  if (host === null || host === undefined) return null;
  return list.issuers.find((known) => known.hosts.some((pattern) => fits(host, pattern))) ?? null;
}

/** The listed issuer whose own key this is. */
export function issuerOfKey(list: IssuerList, did: string): KnownIssuer | null {
  const plain = did.split('#', 1)[0] ?? did;
  return list.issuers.find((known) => known.keys.includes(plain)) ?? null;
}

function fits(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}
