import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { LtijsDatabase, LtijsQuery } from 'ltijs';
import type { Platform } from '../domain/platform.ts';
import type { PlatformStore } from '../domain/ports/platform-store.ts';
import type { ToolKeys } from './tool-keys.ts';

/** ltijs knows a platform and its signing key by one id, so that id carries both. */
export function ltijsIdOf(kid: string, platformId: string): string {
  return `${kid}.${platformId}`;
}

/** The signing key's id: a JWK thumbprint, which has no full stop. */
export function kidOf(ltijsId: string): string {
  return ltijsId.split('.', 1)[0] ?? '';
}

/** What ltijs would keep of a launch. The tool has its own record, so nothing is written and nothing is found. */
const FORGOTTEN = new Set(['nonce', 'state', 'idtoken', 'contexttoken', 'accesstoken']);

/** A launch that ltijs validates right now. */
export type LaunchInHand = {
  /** What its token is to be verified with. */
  readonly key: KeyObject;
  /** Read for it, by id: ltijs asks several times in a row. */
  readonly platforms: Map<string, Platform>;
};

/** ltijs wants an id of the tool's own key with a platform; a launch needs none. */
const NO_KEY = 'none';

/**
 * ltijs's database as a view over the store: it owns no data, and a platform that another process adds or disables is
 * seen at once.
 */
export function createProviderDatabase(deps: {
  readonly store: Pick<PlatformStore, 'platform' | 'platformsByIssuer'>;
  readonly toolKeys: ToolKeys;
  readonly inHand: () => LaunchInHand | null;
}): LtijsDatabase {
  const { store, toolKeys, inHand } = deps;

  async function find(collection: string, query: LtijsQuery): Promise<readonly unknown[]> {
    if (collection === 'platform') return platforms(query);
    if (collection === 'platformStatus') {
      const ltijsId = String(query['id']);
      const id = ltijsId.slice(kidOf(ltijsId).length + 1);
      const platform = inHand()?.platforms.get(id) ?? (await store.platform(id));
      return [{ id: ltijsId, active: platform?.status === 'active' }];
    }
    if (collection === 'privatekey') {
      const key = await toolKeys.byKid(kidOf(String(query['kid'])));
      return key === null ? [] : [{ kid: key.kid, key: key.privateKeyPem }];
    }
    if (FORGOTTEN.has(collection)) return [];
    throw new Error(`ltijs asked for ${collection}`);
  }

  async function platforms(query: LtijsQuery): Promise<readonly unknown[]> {
    const launch = inHand();
    const kid = launch === null ? (await toolKeys.signing()).kid : NO_KEY;
    const candidates = await store.platformsByIssuer(String(query['platformUrl']));
    const asked = candidates.filter(
      (platform) => query['clientId'] === undefined || platform.clientId === query['clientId'],
    );
    for (const platform of asked) launch?.platforms.set(platform.id, platform);
    return asked.map((platform) => documentOf(platform, kid, launch?.key ?? null));
  }

  function documentOf(platform: Platform, kid: string, key: KeyObject | null) {
    return {
      platformName: platform.name,
      platformUrl: platform.issuer,
      clientId: platform.clientId,
      authEndpoint: platform.authUrl,
      accesstokenEndpoint: platform.tokenUrl,
      authorizationServer: platform.audience ?? undefined,
      kid: ltijsIdOf(kid, platform.id),
      authConfig: { method: 'RSA_KEY', key },
    };
  }

  const write = async (collection: string) => {
    if (!FORGOTTEN.has(collection)) throw new Error(`ltijs may not write ${collection}`);
    return true;
  };

  return {
    setup: async () => true,
    Close: async () => true,
    async Get(_key, collection, query = {}) {
      const found = await find(collection, query);
      return found.length > 0 && found;
    },
    Insert: (_key, collection) => write(collection),
    Replace: (_key, collection) => write(collection),
    Modify: (_key, collection) => write(collection),
    Delete: (collection) => write(collection),
  };
}

/**
 * The secret ltijs insists on for its own tokens, none of which is ever handed out. A key, not a text: a text would be tried
 * as a private key first, at each launch.
 */
export function unusedLtijsKey(): KeyObject {
  return createSecretKey(randomBytes(32));
}
