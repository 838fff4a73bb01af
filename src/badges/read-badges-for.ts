import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Now } from '../domain/instant.ts';
import type { Say } from '../domain/local-text.ts';
import type { ReadCredential } from '../domain/ports/read-credential.ts';
import { type IssuerList, issuerListSchema } from './issuer-list.ts';
import { createReadCredential } from './read-badge.ts';
import { createReadWords } from './read-words.ts';
import { createSafeFetch } from './safe-fetch.ts';
import { createWorkshop } from './workshop.ts';

/** The part of the configuration that reading badges needs. */
export type BadgeConfig = {
  readonly configDir: string;
  readonly outbound: 'on' | 'off';
  readonly outboundProxy: string | null;
  readonly allowPrivateHosts: readonly string[];
};

/** The reader as it runs in the tool. Throws when `issuers.json` is not what it should be. */
export function readBadgesFor(
  config: BadgeConfig,
  deps: { readonly now: Now; readonly say: Say },
): ReadCredential {
  return createReadCredential({
    ...deps,
    issuers: loadIssuers(config.configDir),
    fetchPublic: createSafeFetch({
      outbound: config.outbound,
      proxy: config.outboundProxy,
      allowPrivateHosts: config.allowPrivateHosts,
    }),
    workshop: createWorkshop(),
    readWords: createReadWords(),
  });
}

/** Reads `issuers.json` of the configuration folder. */
function loadIssuers(configDir: string): IssuerList {
  return issuerListSchema.parse(JSON.parse(readFileSync(join(configDir, 'issuers.json'), 'utf8')));
}
