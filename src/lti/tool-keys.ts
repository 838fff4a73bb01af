import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import type { Instant, NewId, Now } from '../domain/instant.ts';
import type { ToolKey } from '../domain/platform.ts';
import type { Log } from '../domain/ports/log.ts';
import type { PlatformStore } from '../domain/ports/platform-store.ts';
import { openSecret, sealSecret } from './seal.ts';

const LABEL = 'lti tool key';
/** A platform may keep our key set for a while; a new key is published this long before it signs. */
const WAITING_MS = 60 * 60_000;
/** What an old key signed may be checked this long after it retired. */
const PUBLISHED_MS = 7 * 24 * 60 * 60_000;

export type SigningKey = { readonly kid: string; readonly privateKeyPem: string };

export type ToolKeys = {
  /** Makes the first key when there is none that can sign, and seals again what an older secret sealed. */
  readonly ensure: () => Promise<void>;
  readonly signing: () => Promise<SigningKey>;
  /** A key of the set by its id, also one that no longer signs. */
  readonly byKid: (kid: string) => Promise<SigningKey | null>;
  /**
   * Makes a key that is published at once and signs in an hour; the old ones then sign no more and stay published for a week.
   * `leaked`: it signs at once, and the old ones are believed no longer. Answers when the new key begins to sign.
   */
  readonly rotate: (
    why: 'routine' | 'leaked',
  ) => Promise<{ readonly kid: string; readonly signsFrom: Instant }>;
  /** The JSON Web Key Set that every platform reads (RFC 7517 §5). */
  readonly keySet: () => Promise<{ readonly keys: readonly ToolKey['publicJwk'][] }>;
};

/**
 * The tool's own signing keys: one set for all platforms, RSA-2048, private halves sealed at rest. They are read from the
 * store every time, so a key that another process adds is published at once.
 * @param deps.secrets the installation's secret first, then older ones that may still have sealed a key
 */
export function createToolKeys(deps: {
  readonly store: Pick<PlatformStore, 'toolKeys' | 'addToolKey' | 'rotateToolKeys' | 'resealToolKey'>;
  readonly secrets: readonly [string, ...string[]];
  readonly now: Now;
  readonly newId: NewId;
  readonly log: Log;
}): ToolKeys {
  const { store, secrets, now, newId, log } = deps;

  const open = (key: ToolKey): SigningKey | null => {
    const privateKeyPem = openSecret(key.sealedPrivateKey, secrets, `${LABEL} ${key.kid}`);
    return privateKeyPem === null ? null : { kid: key.kid, privateKeyPem };
  };

  async function sealAgain(): Promise<void> {
    let sealedAgain = 0;
    for (const key of await store.toolKeys()) {
      const label = `${LABEL} ${key.kid}`;
      if (openSecret(key.sealedPrivateKey, [secrets[0]], label) !== null) continue;
      const opened = open(key);
      if (opened === null) continue;
      await store.resealToolKey(key.kid, sealSecret(opened.privateKeyPem, secrets[0], label));
      sealedAgain += 1;
    }
    if (sealedAgain > 0) log.info({ keys: sealedAgain }, 'signing keys sealed again with SHSM_SECRET');
  }

  /** The oldest that may sign: a younger one has been published for a while when its turn comes. */
  async function current(): Promise<SigningKey | null> {
    const keys = (await store.toolKeys()).filter((key) => key.retiredAt === null || now() < key.retiredAt);
    for (const key of keys.toSorted((a, b) => a.createdAt - b.createdAt || (a.kid < b.kid ? -1 : 1))) {
      const opened = open(key);
      if (opened !== null) return opened;
    }
    return null;
  }

  return {
    async ensure() {
      await sealAgain();
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
    async rotate(why) {
      await sealAgain();
      const at = now();
      const next = await newToolKey(secrets[0], at);
      const signsFrom = why === 'leaked' ? at : at + WAITING_MS;
      const retireAt = why === 'leaked' ? at - PUBLISHED_MS : signsFrom;
      await store.rotateToolKeys(
        next,
        { retireAt, forgetBefore: at - PUBLISHED_MS },
        {
          id: newId(),
          at,
          actor: 'operator',
          action: 'keys.rotated',
          platformId: null,
          deploymentId: null,
          subject: next.kid,
          detail: { why, signsFrom },
        },
      );
      return { kid: next.kid, signsFrom };
    },
    async keySet() {
      const keys = await store.toolKeys();
      const published = keys.filter(
        ({ retiredAt }) => retiredAt === null || now() < retiredAt + PUBLISHED_MS,
      );
      return { keys: published.map((key) => key.publicJwk) };
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
