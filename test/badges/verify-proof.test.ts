import { beforeAll, describe, expect, test } from 'vitest';
import { bundledContext, unbundledContexts } from '../../src/badges/context-loader.ts';
import type { JsonObject } from '../../src/badges/json.ts';
import type { ProofTask } from '../../src/badges/proof-task.ts';
import { keyFromJwk, keyFromMultibase } from '../../src/badges/public-key.ts';
import { verifyProof } from '../../src/badges/verify-proof.ts';

/** What is used of the libraries to sign, which the tool never does. */
type Key = {
  id: string;
  controller: string;
  signer: () => unknown;
  export: (o: object) => Promise<{ publicKeyMultibase: string }>;
};
type Libraries = {
  readonly keys: { readonly generate: (options: object) => Promise<Key> };
  readonly integrity: { readonly DataIntegrityProof: new (options: object) => unknown };
  readonly suite: { readonly cryptosuite: unknown };
  readonly signatures: {
    readonly default: {
      readonly sign: (document: object, options: object) => Promise<JsonObject>;
      readonly purposes: { readonly AssertionProofPurpose: new () => unknown };
    };
  };
};
const load = async (keys: string, suite: string): Promise<Libraries> => ({
  keys: await import(`@digitalbazaar/${keys}`),
  integrity: await import(['@digitalbazaar', 'data-integrity'].join('/')),
  suite: await import(`@digitalbazaar/${suite}-cryptosuite`),
  signatures: await import(['jsonld', 'signatures'].join('-')),
});

const badge = {
  '@context': [
    'https://www.w3.org/ns/credentials/v2',
    'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
  ],
  id: 'urn:uuid:1',
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  issuer: 'did:example:issuer',
  name: 'WHMIS',
  credentialSubject: { id: 'did:example:student', type: ['AchievementSubject'] },
};

describe.for([
  ['eddsa-rdfc-2022', 'ed25519-multikey', {}],
  ['ecdsa-rdfc-2019', 'ecdsa-multikey', { curve: 'P-256' }],
  ['ecdsa-rdfc-2019', 'ecdsa-multikey', { curve: 'P-384' }],
] as const)('%s with %s %j', ([suite, library, options]) => {
  let task: ProofTask;
  beforeAll(async () => {
    const { keys, integrity, suite: lib, signatures } = await load(library, suite);
    const key = await keys.generate(options);
    const { publicKeyMultibase } = await key.export({ publicKey: true });
    key.controller = `did:key:${publicKeyMultibase}`;
    key.id = `${key.controller}#${publicKeyMultibase}`;
    const { sign, purposes } = signatures.default;
    const credential = await sign(structuredClone(badge), {
      suite: new integrity.DataIntegrityProof({ signer: key.signer(), cryptosuite: lib.cryptosuite }),
      purpose: new purposes.AssertionProofPurpose(),
      documentLoader: async (url: string) => ({
        contextUrl: null,
        documentUrl: url,
        document: bundledContext(url),
      }),
    });
    task = { credential, suite, method: key.id, multibase: publicKeyMultibase };
  });

  test('a badge as it was signed is good', async () => {
    expect(await verifyProof(task)).toBe('good');
  });
  test('a changed badge, or another key, is not', async () => {
    expect(await verifyProof({ ...task, credential: { ...task.credential, name: 'CPR' } })).toBe('bad');
    const other = 'z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi';
    expect(await verifyProof({ ...task, multibase: other })).toBe('bad');
  });
  test('a word without meaning is not covered', async () => {
    expect(await verifyProof({ ...task, credential: { ...task.credential, grade: 'A' } })).toBe(
      'unknown-words',
    );
  });
  test('no context is loaded that is not bundled', async () => {
    const contexts = [...badge['@context'], 'https://issuer.test/context'];
    expect(await verifyProof({ ...task, credential: { ...task.credential, '@context': contexts } })).toBe(
      'unknown-context',
    );
    expect(unbundledContexts(contexts)).toEqual(['https://issuer.test/context']);
  });
  test('its key reads the same in both shapes', () => {
    const key = keyFromMultibase(task.multibase);
    expect(key).not.toBe(null);
    expect(keyFromJwk({ ...key?.jwk } as JsonObject)).toEqual(key);
  });
});

test.for([
  'z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hw',
  'z6Mk',
  'z',
  '',
  `z${'1'.repeat(500)}`,
  'u7QEB',
])('«%s» is no key', (multibase) => {
  expect(keyFromMultibase(multibase)).toBe(null);
});
