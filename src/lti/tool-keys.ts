import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import type { Now } from '../domain/instant.ts';
import type { ToolKey } from '../domain/platform.ts';
import type { Log, PlatformStore } from '../domain/ports.ts';
import { openSecret, sealSecret } from './seal.ts';

const LABEL = 'lti tool key';

export type SigningKey = { readonly kid: string; readonly privateKeyPem: string };

export type ToolKeys = {
  /** Makes the first key when there is none that can sign. */
  readonly ensure: () => Promise<void>;
  readonly signing: () => Promise<SigningKey>;
  /** A key of the set by its id, also one that no longer signs. */
  readonly byKid: (kid: string) => Promise<SigningKey | null>;
  /** The JSON Web Key Set that every platform reads (RFC 7517 §5). */
  readonly keySet: () => Promise<{ readonly keys: readonly ToolKey['publicJwk'][] }>;
};

/**
 * The tool's own signing keys: one set for all platforms, RSA-2048, private halves sealed at rest. They are read from the
 * store every time, so a key that another process adds is published at once.
 * @param deps.secrets the installation's secret first, then older ones that may still have sealed a key
 */
export function createToolKeys(deps: {
  readonly store: Pick<PlatformStore, 'toolKeys' | 'addToolKey'>;
  readonly secrets: readonly [string, ...string[]];
  readonly now: Now;
  readonly log: Log;
}): ToolKeys {
  const { store, secrets, now, log } = deps;

  const open = (key: ToolKey): SigningKey | null => {
    const privateKeyPem = openSecret(key.sealedPrivateKey, secrets, `${LABEL} ${key.kid}`);
    return privateKeyPem === null ? null : { kid: key.kid, privateKeyPem };
  };

  /** The oldest that may sign: a younger one has been published for a while when its turn comes. */
  async function current(): Promise<SigningKey | null> {
    const keys = (await store.toolKeys()).filter((key) => key.retiredAt === null);
    for (const key of keys.toSorted((a, b) => a.createdAt - b.createdAt || (a.kid < b.kid ? -1 : 1))) {
      const opened = open(key);
      if (opened !== null) return opened;
    }
    return null;
  }

  return {
    async ensure() {
      if ((await current()) !== null) return;
      const unreadable = (await store.toolKeys()).length;
      if (unreadable > 0)
        log.warn({ keys: unreadable }, 'SHSM_SECRET opens no stored signing key: a new one is made');
      await store.addToolKey(await newToolKey(secrets[0], now()));
    },
    async signing() {
      const key = await current();
      if (key === null) throw new Error('No signing key can be opened with SHSM_SECRET');
      return key;
    },
    async byKid(kid) {
      const key = (await store.toolKeys()).find((candidate) => candidate.kid === kid);
      return key === undefined ? null : open(key);
    },
    async keySet() {
      return { keys: (await store.toolKeys()).map((key) => key.publicJwk) };
    },
  };
}

async function newToolKey(secret: string, createdAt: number): Promise<ToolKey> {
  const pair = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return {
    kid,
    publicJwk: { ...jwk, kid, alg: 'RS256', use: 'sig' },
    sealedPrivateKey: sealSecret(await exportPKCS8(pair.privateKey), secret, `${LABEL} ${kid}`),
    createdAt,
    retiredAt: null,
  };
}
