import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CompactSign, type JWK } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IssuerList } from '../../src/badges/issuer-list.ts';
import type { CredentialReport } from '../../src/domain/credential.ts';
import { type RecordedWeb, startRecordedWeb } from '../support/recorded-web.ts';
import { file, NOW, readerWith } from './reader.ts';

const ISSUER = 'https://issuer.test/issuers/1';
const ed = generateKeyPairSync('ed25519');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' }) as JWK;

const badge = {
  '@context': [
    'https://www.w3.org/ns/credentials/v2',
    'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
  ],
  id: 'https://issuer.test/badges/1',
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  issuer: { id: ISSUER, type: ['Profile'], name: 'Issuer One', url: 'https://issuer.test' },
  validFrom: '2026-03-02T00:00:00Z',
  validUntil: '2029-03-02T00:00:00Z',
  credentialSubject: {
    id: 'did:example:student',
    type: ['AchievementSubject'],
    identifier: [
      {
        type: 'IdentityObject',
        identityType: 'emailAddress',
        identityHash: 'one@school.test',
        hashed: false,
      },
    ],
    achievement: {
      id: 'https://issuer.test/achievements/1',
      type: ['Achievement'],
      name: 'Standard First Aid & CPR C',
      description: 'A 13 hour course.',
      criteria: { narrative: 'Pass both tests.' },
    },
  },
};
const claims = { iss: ISSUER, sub: 'did:example:student', jti: badge.id, nbf: 1772409600, exp: 1867104000 };

const sign = (payload: object, header: object = {}, key: KeyObject = ed.privateKey, alg = 'EdDSA') =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg, ...header })
    .sign(key);

let web: RecordedWeb;
beforeEach(async () => {
  web = await startRecordedWeb();
});
afterEach(() => web.close());

const read = (content: string | object, issuers?: IssuerList, now = NOW): Promise<CredentialReport> =>
  readerWith({ proxy: web.proxy, now, ...(issuers === undefined ? {} : { issuers }) })(
    file(typeof content === 'string' ? content : JSON.stringify(content)),
    { name: 'Student One', emails: ['one@school.test'], studentNumber: null },
  );
const resultsOf = (report: CredentialReport, id: string) =>
  report.checks.filter((check) => check.id === id).map((check) => check.result);

/** A controller document of the issuer that lists this key. */
const profile = (key: KeyObject, id = ISSUER) => ({
  '@context': ['https://www.w3.org/ns/did/v1'],
  id,
  verificationMethod: [{ id: `${id}#key-1`, type: 'JsonWebKey', controller: id, publicKeyJwk: jwkOf(key) }],
  assertionMethod: [`${id}#key-1`],
});
const kid = `${ISSUER}#key-1`;
const didOf = (key: KeyObject) => `did:jwk:${Buffer.from(JSON.stringify(jwkOf(key))).toString('base64url')}`;

describe('a signed token', () => {
  beforeEach(() => web.put(ISSUER, profile(ed.publicKey)));

  test('is verified when the issuer’s own document lists the key', async () => {
    const report = await read(await sign({ ...badge, ...claims }, { kid }));
    expect(report.checks.map((check) => `${check.id} ${check.result}`)).toEqual([
      'format pass',
      'signature pass',
      'claims pass',
      'issuer pass',
      'revocation unknown',
      'expiry pass',
      'recipient pass',
    ]);
    expect([report.format, report.outcome, report.credential, report.facts.name, report.identity]).toEqual([
      'open-badge-3',
      'verified',
      {
        name: 'Standard First Aid & CPR C',
        issuer: { name: 'Issuer One', url: 'https://issuer.test' },
        recipient: { name: null, matches: true, by: 'email' },
        issuedOn: '2026-03-02',
        expiresOn: '2029-03-02',
        description: 'A 13 hour course.',
        criteria: 'Pass both tests.',
        hours: 13,
        certificateNumber: null,
        evidence: [],
      },
      'signed',
      { issuerId: ISSUER, credentialId: badge.id },
    ]);
  });

  const oldStyle = {
    ...badge,
    '@context': [
      'https://www.w3.org/2018/credentials/v1',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
    ],
    issuanceDate: badge.validFrom,
    validFrom: undefined,
    validUntil: undefined,
  };
  test.for<[string, string, () => Promise<string> | string]>([
    [
      'RS256 with a key set',
      'verified',
      () => {
        web.put(ISSUER, { keys: [{ ...jwkOf(rsa.publicKey), kid: 'k1' }] });
        return sign({ ...badge, ...claims }, { kid: 'k1' }, rsa.privateKey, 'RS256');
      },
    ],
    [
      'ES256',
      'verified',
      () => {
        web.put(ISSUER, profile(ec.publicKey));
        return sign({ ...badge, ...claims }, { kid }, ec.privateKey, 'ES256');
      },
    ],
    ['no kid, the issuer lists one key', 'verified', () => sign({ ...badge, ...claims })],
    ['VC 1.1 inside vc', 'verified', () => sign({ vc: oldStyle, ...claims }, { kid })],
    [
      'claims stand for left-out properties',
      'expired',
      () =>
        sign({ vc: { ...oldStyle, issuer: undefined, id: undefined }, ...claims, exp: 1772409601 }, { kid }),
    ],
    [
      'the jwk header is a key the issuer lists',
      'verified',
      () => sign({ ...badge, ...claims }, { jwk: jwkOf(ed.publicKey) }),
    ],
    [
      'the jwk header is a key the issuer does not list',
      'invalid',
      () => sign({ ...badge, ...claims }, { jwk: jwkOf(ec.publicKey) }, ec.privateKey, 'ES256'),
    ],
    [
      'the jwk header, and the issuer is not there',
      'issuer-unproven',
      () => {
        web.put(ISSUER, { status: 404, body: '' });
        return sign({ ...badge, ...claims }, { jwk: jwkOf(ed.publicKey) });
      },
    ],
    [
      'the jwk header holds the private key',
      'invalid',
      () => sign({ ...badge, ...claims }, { jwk: jwkOf(ed.privateKey) }),
    ],
    [
      'a weak RSA key',
      'invalid',
      () => {
        web.put(ISSUER, { status: 404, body: '' });
        return sign({ ...badge, ...claims }, { jwk: jwkOf(weak.publicKey) }, rsa.privateKey, 'RS256');
      },
    ],
    [
      'kid on a stranger’s site',
      'issuer-unproven',
      () => {
        web.put(ISSUER, { status: 404, body: '' });
        web.put('https://other.test/key', { id: 'https://other.test/key', ...jwkOf(ed.publicKey) });
        return sign({ ...badge, ...claims }, { kid: 'https://other.test/key' });
      },
    ],
    [
      'kid on another page of the issuer’s host, of which its own document does not know',
      'invalid',
      () => {
        web.put('https://issuer.test/other/key', {
          id: 'https://issuer.test/other/key',
          ...jwkOf(ec.publicKey),
        });
        return sign(
          { ...badge, ...claims },
          { kid: 'https://issuer.test/other/key' },
          ec.privateKey,
          'ES256',
        );
      },
    ],
    [
      'kid on another page of the issuer’s host, which has no document of its own',
      'verified',
      () => {
        web.put(ISSUER, { status: 404, body: '' });
        web.put('https://issuer.test/keys/1', { id: 'https://issuer.test/keys/1', ...jwkOf(ed.publicKey) });
        return sign({ ...badge, ...claims }, { kid: 'https://issuer.test/keys/1' });
      },
    ],
    [
      'kid that the issuer does not list',
      'invalid',
      () => sign({ ...badge, ...claims }, { kid: `${ISSUER}#key-2` }),
    ],
    [
      'the issuer’s document is not there',
      'could-not-check',
      () => {
        web.put(ISSUER, { status: 503, body: '' });
        return sign({ ...badge, ...claims }, { kid });
      },
    ],
    [
      'signed by another key',
      'invalid',
      () => sign({ ...badge, ...claims }, { kid }, generateKeyPairSync('ed25519').privateKey),
    ],
    [
      'algorithm of another key type',
      'invalid',
      () => sign({ ...badge, ...claims }, { kid }, ec.privateKey, 'ES256'),
    ],
    [
      'iss is somebody else',
      'invalid',
      () => sign({ ...badge, ...claims, iss: 'https://other.test' }, { kid }),
    ],
    [
      'sub is somebody else',
      'invalid',
      () => sign({ ...badge, ...claims, sub: 'did:example:other' }, { kid }),
    ],
    ['jti is another badge', 'invalid', () => sign({ ...badge, ...claims, jti: 'x' }, { kid })],
    ['nbf is another day', 'invalid', () => sign({ ...badge, ...claims, nbf: 1 }, { kid })],
    ['exp is another day', 'invalid', () => sign({ ...badge, ...claims, exp: 1 }, { kid })],
    ['claims are left out', 'verified', () => sign(badge, { kid })],
    ['expired', 'expired', () => sign({ ...badge, validUntil: '2026-11-21T00:00:00Z' }, { kid })],
    ['not begun', 'not-yet-valid', () => sign({ ...badge, validFrom: '2026-12-01T00:00:00Z' }, { kid })],
    [
      'ends before it begins',
      'invalid',
      () => sign({ ...badge, validUntil: '2020-01-01T00:00:00Z' }, { kid }),
    ],
    [
      'no achievement',
      'invalid',
      () => sign({ ...badge, credentialSubject: { type: ['AchievementSubject'] } }, { kid }),
    ],
    [
      'an unknown crit header',
      'invalid',
      async () => {
        const [, body, tail] = (await sign({ ...badge, ...claims }, { kid })).split('.');
        return `${Buffer.from(JSON.stringify({ alg: 'EdDSA', kid, crit: ['x'], x: 1 })).toString('base64url')}.${body}.${tail}`;
      },
    ],
    [
      'a header that says two things',
      'invalid',
      async () => {
        const [, body, tail] = (await sign({ ...badge, ...claims }, { kid })).split('.');
        const twice = `{"alg":"none","alg":"EdDSA","kid":"${kid}"}`;
        return `${Buffer.from(twice).toString('base64url')}.${body}.${tail}`;
      },
    ],
    [
      'alg none',
      'invalid',
      async () => {
        const [, body] = (await sign({ ...badge, ...claims })).split('.');
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
      },
    ],
    [
      'an endorsement',
      'not-a-badge',
      () => sign({ ...badge, type: ['VerifiableCredential', 'EndorsementCredential'], ...claims }, { kid }),
    ],
    [
      'another kind of credential',
      'verified',
      () =>
        sign(
          {
            ...badge,
            type: ['VerifiableCredential'],
            credentialSubject: { id: claims.sub, degree: 'x' },
            ...claims,
          },
          { kid },
        ),
    ],
  ])('%s: %s', async ([, outcome, make]) => {
    expect((await read(await make())).outcome).toBe(outcome);
  });
});

describe('what Open Badges 3.0 asks of every badge', () => {
  beforeEach(() => web.put(ISSUER, profile(ed.publicKey)));
  const subject = badge.credentialSubject;
  const achievement = subject.achievement;
  const about = (more: object) => ({
    credentialSubject: { ...subject, achievement: { ...achievement, ...more } },
  });
  test.for<[string, string, object]>([
    [
      'nobody is named',
      'invalid',
      { credentialSubject: { ...subject, id: undefined, identifier: undefined } },
    ],
    ['an address is enough', 'verified', { credentialSubject: { ...subject, id: undefined } }],
    ['no date at all', 'invalid', { validFrom: undefined }],
    ['nothing says what it takes', 'invalid', about({ criteria: undefined })],
    ['nothing describes it', 'invalid', about({ description: undefined })],
    [
      'an alignment with nothing',
      'invalid',
      about({ alignment: [{ type: ['Alignment'], targetName: 'A' }] }),
    ],
    [
      'an alignment with a target',
      'verified',
      about({ alignment: [{ type: ['Alignment'], targetName: 'A', targetUrl: 'https://a.test' }] }),
    ],
    [
      'an identity without its kind',
      'invalid',
      {
        credentialSubject: {
          ...subject,
          identifier: [{ type: 'IdentityObject', identityHash: 'x', hashed: false }],
        },
      },
    ],
  ])('%s: %s', async ([, outcome, over]) => {
    expect((await read(await sign({ ...badge, ...over }, { kid }))).outcome).toBe(outcome);
  });
  test.for<[string, string, object]>([
    ['only the envelope says when it ends', 'expired', { exp: 1_767_225_600 }],
    ['only the envelope says when it begins', 'not-yet-valid', { nbf: 1_798_761_600 }],
  ])('%s: %s', async ([, outcome, claim]) => {
    const undated = { ...badge, validFrom: undefined, validUntil: undefined };
    expect((await read(await sign({ ...undated, nbf: 1_767_225_600, ...claim }, { kid }))).outcome).toBe(
      outcome,
    );
  });
  test.for(['', null, true, '7.5', -1, [7]])('a place %j on a list is none', async (statusListIndex) => {
    const status = {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex,
      statusListCredential: 'https://issuer.test/status/1',
    };
    expect((await read(await sign({ ...badge, credentialStatus: status }, { kid }))).outcome).toBe(
      'could-not-check',
    );
  });
});

describe('issuers by DID', () => {
  const by = (id: string) => ({ ...badge, issuer: { ...badge.issuer, id } });
  const web1 = 'did:web:issuer.test:badges';
  test('did:web is proven by the document at its own address', async () => {
    web.put('https://issuer.test/badges/did.json', profile(ed.publicKey, web1));
    const report = await read(await sign(by(web1), { kid: `${web1}#key-1` }));
    expect(report.outcome).toBe('verified');
    expect(web.requests).toContain('GET https://issuer.test/badges/did.json');
  });
  test.for<[string, string, () => void]>([
    ['the document is not there', 'could-not-check', () => undefined],
    [
      'the document is another’s',
      'invalid',
      () => web.put('https://issuer.test/badges/did.json', profile(ed.publicKey, 'did:web:other.test')),
    ],
    [
      'the key may not issue badges',
      'invalid',
      () =>
        web.put('https://issuer.test/badges/did.json', {
          ...profile(ed.publicKey, web1),
          assertionMethod: [],
        }),
    ],
  ])('did:web, %s: %s', async ([, outcome, prepare]) => {
    prepare();
    expect((await read(await sign(by(web1), { kid: `${web1}#key-1` }))).outcome).toBe(outcome);
  });
  test('did:web without a path is kept in .well-known', async () => {
    web.put('https://issuer.test/.well-known/did.json', profile(ed.publicKey, 'did:web:issuer.test'));
    const report = await read(await sign(by('did:web:issuer.test'), { kid: 'did:web:issuer.test#key-1' }));
    expect(report.outcome).toBe('verified');
  });
  test('did:jwk is only its own word, unless it is on our list', async () => {
    const did = didOf(ed.publicKey);
    const token = await sign(by(did), { kid: `${did}#0` });
    const listed: IssuerList = [{ id: 'one', names: ['Issuer One'], hosts: [], keys: [did] }];
    expect((await read(token)).outcome).toBe('issuer-unproven');
    expect((await read(token, listed)).outcome).toBe('verified');
  });
  test('a key of somebody else is not did:jwk’s', async () => {
    const token = await sign(
      by(didOf(ed.publicKey)),
      { kid: `${didOf(ec.publicKey)}#0` },
      ec.privateKey,
      'ES256',
    );
    expect((await read(token)).outcome).toBe('invalid');
  });
  test('a method that nobody here can look up is not held against the badge', async () => {
    expect((await read(await sign(by('did:ion:abc'), { kid: 'did:ion:abc#1' }))).outcome).toBe(
      'could-not-check',
    );
  });
});

describe('a Data Integrity proof', () => {
  const simple = JSON.parse(
    readFileSync(join(import.meta.dirname, 'fixtures/1edtech/cases/ob30/simple.json'), 'utf8'),
  );
  const owner = 'https://example.com/issuers/876543';
  const key = 'z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi';
  const document = (multibase: string, purpose = 'assertionMethod') => ({
    id: owner,
    verificationMethod: [
      { id: `${owner}#${multibase}`, type: 'Multikey', controller: owner, publicKeyMultibase: multibase },
    ],
    [purpose]: [`${owner}#${multibase}`],
  });
  test.for<[string, string, () => object]>([
    [
      'the issuer’s site lists the key',
      'verified',
      () => {
        web.put(owner, document(key));
        return simple;
      },
    ],
    [
      'the issuer’s site lists another key',
      'invalid',
      () => {
        web.put(owner, document('z6MknNHHrBzPytzu6CUBP9Lg7fg4KSBjzimc2Frh693YbMiv'));
        return simple;
      },
    ],
    [
      'the key is listed for another purpose',
      'invalid',
      () => {
        web.put(owner, document(key, 'authentication'));
        return simple;
      },
    ],
    [
      'the issuer’s site says nothing of keys',
      'issuer-unproven',
      () => {
        web.put(owner, { id: owner, type: 'Profile', name: 'Example Corp' });
        return simple;
      },
    ],
    ['changed after signing', 'invalid', () => ({ ...simple, name: 'Leadership Badge' })],
    ['a word slipped in that the signature does not cover', 'invalid', () => ({ ...simple, grade: 'A+' })],
    ['the proof taken out', 'invalid', () => ({ ...simple, proof: undefined })],
    [
      'an unknown proof beside a good one',
      'issuer-unproven',
      () => ({
        ...simple,
        proof: [{ type: 'SomethingNew2030', proofValue: 'z1' }, ...simple.proof],
      }),
    ],
    [
      'only an unknown proof',
      'could-not-check',
      () => ({
        ...simple,
        proof: { ...simple.proof[0], cryptosuite: 'bbs-2023' },
      }),
    ],
    [
      'a proof that was to last until yesterday',
      'could-not-check',
      () => ({ ...simple, proof: { ...simple.proof[0], expires: '2026-11-21T00:00:00Z' } }),
    ],
    [
      'made for another purpose',
      'invalid',
      () => ({
        ...simple,
        proof: { ...simple.proof[0], proofPurpose: 'authentication' },
      }),
    ],
    [
      'a context that we hold no copy of',
      'could-not-check',
      () => ({
        ...simple,
        '@context': [...simple['@context'], 'https://other.test/context.json'],
      }),
    ],
  ])('%s: %s', async ([, outcome, make]) => {
    expect((await read(make())).outcome).toBe(outcome);
    expect(web.requests.filter((line) => line.includes('context'))).toEqual([]);
  });
});

describe('withdrawn badges', () => {
  const listAt = 'https://issuer.test/status/1';
  const bits = (set: number, length = 131_072) => {
    const bytes = Buffer.alloc(length / 8);
    bytes[set >> 3] = 0x80 >> (set & 7);
    return `u${gzipSync(bytes).toString('base64url')}`;
  };
  const list = (over: object = {}, subject: object = {}) => ({
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: listAt,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: ISSUER,
    validFrom: '2026-01-01T00:00:00Z',
    credentialSubject: {
      id: `${listAt}#list`,
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      encodedList: bits(94_567),
      ...subject,
    },
    ...over,
  });
  const entry = (index: number, over: object = {}) => ({
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: String(index),
    statusListCredential: listAt,
    ...over,
  });
  const withStatus = (credentialStatus: unknown, over: object = {}) =>
    sign({ ...badge, ...over, credentialStatus }, { kid });
  const putList = async (document: object, key: KeyObject = ed.privateKey) =>
    web.put(listAt, { contentType: 'application/vc+jwt', body: await sign(document, { kid }, key) });
  beforeEach(() => web.put(ISSUER, profile(ed.publicKey)));

  test.for<[string, string, () => Promise<string>]>([
    [
      'bit not set',
      'verified',
      async () => {
        await putList(list());
        return withStatus(entry(94_566));
      },
    ],
    [
      'bit set',
      'revoked',
      async () => {
        await putList(list());
        return withStatus(entry(94_567));
      },
    ],
    [
      'bit set, and expired',
      'revoked',
      async () => {
        await putList(list());
        return withStatus(entry(94_567), { validUntil: '2026-04-01T00:00:00Z' });
      },
    ],
    [
      'the second of two entries',
      'revoked',
      async () => {
        await putList(list());
        return withStatus([entry(1), entry(94_567)]);
      },
    ],
    [
      'suspended',
      'revoked',
      async () => {
        await putList(list({}, { statusPurpose: 'suspension' }));
        return withStatus(entry(94_567, { statusPurpose: 'suspension' }));
      },
    ],
    [
      'StatusList2021',
      'revoked',
      async () => {
        await putList(
          list(
            { type: ['VerifiableCredential', 'StatusList2021Credential'] },
            { encodedList: bits(7).slice(1) },
          ),
        );
        return withStatus(entry(7, { type: 'StatusList2021Entry' }));
      },
    ],
    [
      'a short list',
      'revoked',
      async () => {
        await putList(list({}, { encodedList: bits(7, 1024) }));
        return withStatus(entry(7));
      },
    ],
    [
      'list of another purpose',
      'could-not-check',
      async () => {
        await putList(list({}, { statusPurpose: 'suspension' }));
        return withStatus(entry(1));
      },
    ],
    [
      'list out of date',
      'could-not-check',
      async () => {
        await putList(list({ validUntil: '2026-10-01T00:00:00Z' }));
        return withStatus(entry(1));
      },
    ],
    [
      'list signed by another',
      'could-not-check',
      async () => {
        await putList(list(), generateKeyPairSync('ed25519').privateKey);
        return withStatus(entry(94_567));
      },
    ],
    [
      'list without a signature',
      'could-not-check',
      async () => {
        web.put(listAt, list());
        return withStatus(entry(94_567));
      },
    ],
    ['list not there', 'could-not-check', () => withStatus(entry(1))],
    [
      'index beyond the list',
      'could-not-check',
      async () => {
        await putList(list());
        return withStatus(entry(131_072));
      },
    ],
    [
      'a list that unpacks to far too much',
      'could-not-check',
      async () => {
        await putList(
          list({}, { encodedList: `u${gzipSync(Buffer.alloc(64 * 1024 * 1024)).toString('base64url')}` }),
        );
        return withStatus(entry(1));
      },
    ],
    [
      'an unknown kind of status',
      'could-not-check',
      () => withStatus({ id: listAt, type: 'SomethingNew2030' }),
    ],
  ])('%s: %s', async ([, outcome, make]) => {
    expect((await read(await make())).outcome).toBe(outcome);
  });

  const revocations = { id: listAt, type: '1EdTechRevocationList' };
  test.for<[string, string, object]>([
    [
      'not on it',
      'verified',
      { issuer: ISSUER, revokedCredential: [{ id: 'https://issuer.test/badges/2' }] },
    ],
    [
      'on it',
      'revoked',
      { issuer: ISSUER, revokedCredential: [{ id: badge.id, revocationReason: 'Error' }] },
    ],
    [
      'on it, but taken back',
      'verified',
      { issuer: ISSUER, revokedCredential: [{ id: badge.id, revoked: false }] },
    ],
    ['of another issuer', 'could-not-check', { issuer: 'https://other.test', revokedCredential: [] }],
    ['not a list', 'could-not-check', { issuer: ISSUER }],
  ])('1EdTech list, %s: %s', async ([, outcome, document]) => {
    web.put(listAt, document);
    const report = await read(await withStatus(revocations));
    expect(report.outcome).toBe(outcome);
    if (outcome === 'revoked') expect(resultsOf(report, 'revocation')).toEqual(['fail']);
  });
});

test('a badge in a wallet’s presentation is read; several are a choice for a person', async () => {
  web.put(ISSUER, profile(ed.publicKey));
  const token = await sign(badge, { kid });
  const wrap = (inside: unknown) => ({ type: 'VerifiablePresentation', verifiableCredential: inside });
  const enveloped = { type: 'EnvelopedVerifiableCredential', id: `data:application/vc+jwt,${token}` };
  expect((await read(wrap([enveloped]))).outcome).toBe('verified');
  expect((await read(wrap([token, token]))).outcome).toBe('not-a-badge');
});
