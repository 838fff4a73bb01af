import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactSign, type JWK } from 'jose';
import { bundledContext } from '../../src/badges/context-loader.ts';

/** The ways a badge can be signed or hosted that the tool checks. */
export const WAYS = [
  'hosted',
  'signed',
  'RS256',
  'ES256',
  'EdDSA',
  'eddsa-rdfc-2022',
  'ecdsa-rdfc-2019',
  'ecdsa-sd-2023',
  'Ed25519Signature2020',
] as const;
export type Way = (typeof WAYS)[number];

export type Wish = {
  readonly from?: string;
  readonly until?: string;
  readonly status?: object;
  readonly name?: string;
  readonly more?: object;
  /** Who the badge says issued it, where that is not the one who signs. */
  readonly issuer?: string;
};
type Put = (url: string, page: object) => void;

const HOME = 'https://issuer.test';
const V2 = 'https://w3id.org/openbadges/v2';
export const FORGE_ISSUER = `${HOME}/issuers/1`;

/** The key libraries and suites, which the tool itself uses only to verify. */
type SignKey = {
  id: string;
  controller: string;
  readonly signer: () => unknown;
  readonly export: (options: object) => Promise<{ readonly publicKeyMultibase: string }>;
};
type KeyLibrary = { readonly generate: (options: object) => Promise<SignKey> };
type Signatures = {
  readonly sign: (document: object, options: object) => Promise<object>;
  readonly derive: (document: object, options: object) => Promise<object>;
  readonly purposes: { readonly AssertionProofPurpose: new () => unknown };
};

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const jwk = (key: KeyObject): JWK => key.export({ format: 'jwk' }) as JWK;

/** A badge issuer with real keys: puts its documents on the recorded web and makes badges of every kind. */
export async function createForge(put: Put) {
  const [edKey, ecKey, oldKey] = await dataIntegrityKeys();
  const keys = { RS256: rsa, ES256: ec, EdDSA: ed } as const;
  const jwt = Object.entries(keys).map(([alg, pair]) => ({
    id: `${FORGE_ISSUER}#${alg}`,
    type: 'JsonWebKey',
    controller: FORGE_ISSUER,
    publicKeyJwk: jwk(pair.publicKey),
  }));
  const multikeys = [edKey, ecKey, oldKey].map(({ key, multibase }) => ({
    id: key.id,
    type: 'Multikey',
    controller: FORGE_ISSUER,
    publicKeyMultibase: multibase,
  }));
  const verificationMethod = [...jwt, ...multikeys];
  const document = {
    '@context': ['https://www.w3.org/ns/did/v1'],
    id: FORGE_ISSUER,
    type: 'Profile',
    name: 'Issuer One',
    url: HOME,
    verificationMethod,
    assertionMethod: verificationMethod.map(({ id }) => id),
  };
  put(FORGE_ISSUER, document);
  const issuer2 = { '@context': V2, type: 'Issuer', id: `${HOME}/issuer2`, name: 'Issuer One', url: HOME };
  const badge2 = (name: string) => ({
    '@context': V2,
    type: 'BadgeClass',
    id: `${HOME}/badge2`,
    name,
    description: 'A day of training.',
    image: `${HOME}/badge.png`,
    criteria: { narrative: 'Pass the test.' },
    issuer: issuer2.id,
  });
  put(issuer2.id, {
    ...issuer2,
    email: 'a@issuer.test',
    publicKey: `${HOME}/key2`,
    revocationList: `${HOME}/revoked2`,
  });
  put(`${HOME}/key2`, {
    id: `${HOME}/key2`,
    type: 'CryptographicKey',
    owner: issuer2.id,
    publicKeyPem: rsa.publicKey.export({ type: 'spki', format: 'pem' }),
  });
  put(`${HOME}/revoked2`, { type: 'RevocationList', id: `${HOME}/revoked2`, revokedAssertions: [] });

  const award2 = (wish: Wish, verification: object, id: string) => ({
    '@context': V2,
    type: 'Assertion',
    id,
    recipient: { type: 'email', hashed: false, identity: 'one@school.test' },
    badge: badge2(wish.name ?? 'Working at Heights').id,
    issuedOn: wish.from ?? '2026-03-02T00:00:00Z',
    expires: wish.until ?? '2029-03-02T00:00:00Z',
    verification,
    ...wish.more,
  });
  const credential = (wish: Wish, context: 'v1' | 'v2') => ({
    '@context': [
      context === 'v2' ? 'https://www.w3.org/ns/credentials/v2' : 'https://www.w3.org/2018/credentials/v1',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
      ...(context === 'v1' ? ['https://w3id.org/security/suites/ed25519-2020/v1'] : []),
      ...(context === 'v1' && wish.status !== undefined ? ['https://w3id.org/vc/status-list/2021/v1'] : []),
    ],
    id: `${HOME}/badges/1`,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: wish.name ?? 'Working at Heights',
    issuer: { id: wish.issuer ?? FORGE_ISSUER, type: ['Profile'], name: 'Issuer One', url: HOME },
    [context === 'v2' ? 'validFrom' : 'issuanceDate']: wish.from ?? '2026-03-02T00:00:00Z',
    [context === 'v2' ? 'validUntil' : 'expirationDate']: wish.until ?? '2029-03-02T00:00:00Z',
    ...(wish.status !== undefined && { credentialStatus: wish.status }),
    credentialSubject: {
      id: 'did:example:student',
      type: ['AchievementSubject'],
      achievement: {
        id: `${HOME}/achievements/1`,
        type: ['Achievement'],
        name: wish.name ?? 'Working at Heights',
        description: 'A day of training.',
        criteria: { narrative: 'Pass the test.' },
      },
    },
    ...wish.more,
  });
  const compact = (payload: object, alg: string, key: KeyObject, kid: string): Promise<string> =>
    new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader({ alg, kid }).sign(key);

  const make = async (way: Way, wish: Wish = {}): Promise<string> => {
    put(`${HOME}/badge2`, badge2(wish.name ?? 'Working at Heights'));
    switch (way) {
      case 'hosted': {
        const award = award2(wish, { type: 'hosted' }, `${HOME}/awards/1`);
        put(award.id, award);
        return JSON.stringify(award);
      }
      case 'signed':
        return compact(
          award2(wish, { type: 'signed', creator: `${HOME}/key2` }, 'urn:uuid:signed-1'),
          'RS256',
          rsa.privateKey,
          `${HOME}/key2`,
        );
      case 'RS256':
      case 'ES256':
      case 'EdDSA': {
        const badge = credential(wish, 'v2');
        const claims = { iss: badge.issuer.id, sub: 'did:example:student', jti: badge.id };
        return compact({ ...badge, ...claims }, way, keys[way].privateKey, `${FORGE_ISSUER}#${way}`);
      }
      default:
        return JSON.stringify(
          await signProof(
            credential(wish, way === 'Ed25519Signature2020' ? 'v1' : 'v2'),
            way,
            way === 'Ed25519Signature2020' ? oldKey.key : way === 'eddsa-rdfc-2022' ? edKey.key : ecKey.key,
          ),
        );
    }
  };
  return {
    make,
    /** The issuer's own document, to be put again changed. */
    document,
    /** A signed list or record of the issuer's own. */
    sign: (payload: object) => compact(payload, 'EdDSA', ed.privateKey, `${FORGE_ISSUER}#EdDSA`),
    credential: (wish: Wish = {}) => credential(wish, 'v2'),
    /** Signs with the same key under another owner's name, as a forger would. */
    proveAs: (owner: string, document: object) => {
      const { key, multibase } = edKey;
      const borrowed = Object.assign(Object.create(Object.getPrototypeOf(key)), key, {
        id: `${owner}#${multibase}`,
        controller: owner,
        signer: () => ({ ...(key.signer() as object), id: `${owner}#${multibase}` }),
      });
      return signProof(document, 'eddsa-rdfc-2022', borrowed);
    },
    /** What an issuer gives to the holder, of which nothing was chosen to be shown yet. */
    baseProof: (document: object) => signProof(document, 'ecdsa-sd-2023', ecKey.key, true),
    multibase: edKey.multibase,
  };
}

async function dataIntegrityKeys() {
  const load = async (name: string): Promise<{ readonly [name: string]: KeyLibrary }> =>
    import(`@digitalbazaar/${name}`);
  const libraries = await Promise.all([
    load('ed25519-multikey'),
    load('ecdsa-multikey'),
    load('ed25519-verification-key-2020'),
  ]);
  const made = await Promise.all([
    (libraries[0] as unknown as KeyLibrary).generate({}),
    (libraries[1] as unknown as KeyLibrary).generate({ curve: 'P-256' }),
    libraries[2]?.['Ed25519VerificationKey2020']?.generate({}),
  ]);
  const [first, second, third] = await Promise.all(
    made.map(async (key) => {
      if (key === undefined) throw new Error('no such key library');
      const { publicKeyMultibase: multibase } = await key.export({ publicKey: true });
      key.controller = FORGE_ISSUER;
      key.id = `${FORGE_ISSUER}#${multibase}`;
      return { key, multibase };
    }),
  );
  if (first === undefined || second === undefined || third === undefined) throw new Error('no keys');
  return [first, second, third] as const;
}

async function signProof(document: object, way: string, key: SignKey, isBase = false): Promise<object> {
  const signatures: Signatures = (await import(['jsonld', 'signatures'].join('-'))).default;
  const options = {
    purpose: new signatures.purposes.AssertionProofPurpose(),
    documentLoader: async (url: string) => ({
      contextUrl: null,
      documentUrl: url,
      document: bundledContext(url),
    }),
  };
  if (way === 'Ed25519Signature2020') {
    const { Ed25519Signature2020 } = await import(['@digitalbazaar', 'ed25519-signature-2020'].join('/'));
    return signatures.sign(document, { ...options, suite: new Ed25519Signature2020({ key }) });
  }
  const { DataIntegrityProof } = await import(['@digitalbazaar', 'data-integrity'].join('/'));
  const library = await import(`@digitalbazaar/${way}-cryptosuite`);
  const cryptosuite =
    way === 'ecdsa-sd-2023'
      ? library.createSignCryptosuite({ mandatoryPointers: ['/issuer'] })
      : library.cryptosuite;
  const signed = await signatures.sign(document, {
    ...options,
    suite: new DataIntegrityProof({ signer: key.signer(), cryptosuite }),
  });
  if (way !== 'ecdsa-sd-2023' || isBase) return signed;
  const disclose = library.createDiscloseCryptosuite({
    selectivePointers: [
      '/credentialSubject',
      '/validFrom',
      '/validUntil',
      '/name',
      '/credentialStatus',
    ].filter((pointer) => pointer.slice(1) in document),
  });
  return signatures.derive(signed, { ...options, suite: new DataIntegrityProof({ cryptosuite: disclose }) });
}
