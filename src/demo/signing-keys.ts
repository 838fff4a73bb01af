import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

export type SigningKey = { readonly kid: string; readonly privateKey: CryptoKey; readonly publicJwk: JWK };

export type KeyRing = {
  readonly current: () => SigningKey;
  /** The public keys, newest last. Without `alg`, as Brightspace publishes them. */
  readonly published: () => readonly JWK[];
  /** Signs with a new key from now on. The old ones stay published unless `forgetOld`. */
  readonly rotate: (options?: { readonly forgetOld?: boolean }) => Promise<void>;
};

export async function createKeyRing(): Promise<KeyRing> {
  let keys: SigningKey[] = [await createSigningKey()];
  const current = () => {
    const key = keys.at(-1);
    if (key === undefined) throw new Error('a key ring is never empty');
    return key;
  };
  return {
    current,
    published: () => keys.map((key) => key.publicJwk),
    rotate: async ({ forgetOld = false } = {}) => {
      keys = [...(forgetOld ? [] : keys), await createSigningKey()];
    },
  };
}

export async function createSigningKey(kid: string = randomUUID()): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { modulusLength: 2048 });
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, use: 'sig' } };
}
