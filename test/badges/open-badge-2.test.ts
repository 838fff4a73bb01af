import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactSign } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CredentialReport, ExpectedRecipient } from '../../src/domain/credential.ts';
import { type RecordedWeb, startRecordedWeb } from '../support/recorded-web.ts';
import { file, NOW, readerWith } from './reader.ts';

const CONTEXT = 'https://w3id.org/openbadges/v2';
const HOME = 'https://issuer.test';
const issuer = {
  '@context': CONTEXT,
  type: 'Issuer',
  id: `${HOME}/issuer.json`,
  name: 'Issuer One',
  url: HOME,
  email: 'badges@issuer.test',
};
const badge = {
  '@context': CONTEXT,
  type: 'BadgeClass',
  id: `${HOME}/badge.json`,
  name: 'Working at Heights',
  description: 'An 8 hours course.',
  image: `${HOME}/badge.png`,
  criteria: { narrative: 'Pass the test.' },
  issuer: issuer.id,
};
const award = {
  '@context': CONTEXT,
  type: 'Assertion',
  id: `${HOME}/awards/1.json`,
  recipient: { type: 'email', hashed: false, identity: 'student.one@school.test' },
  badge: badge.id,
  issuedOn: '2026-03-02T09:00:00-05:00',
  expires: '2029-03-02',
  verification: { type: 'hosted' },
};
const student = (emails: readonly string[]): ExpectedRecipient => ({
  name: 'Student One',
  emails,
  studentNumber: null,
});
const hash = (algorithm: string, value: string) =>
  `${algorithm}$${createHash(algorithm).update(value).digest('hex')}`;

let web: RecordedWeb;
beforeEach(async () => {
  web = await startRecordedWeb();
  web.put(issuer.id, issuer);
  web.put(badge.id, badge);
  web.put(award.id, award);
});
afterEach(() => web.close());

const read = (
  content: object | string,
  expected: ExpectedRecipient | null = null,
  now = NOW,
): Promise<CredentialReport> =>
  readerWith({ proxy: web.proxy, now })(
    file(typeof content === 'string' ? content : JSON.stringify(content)),
    expected,
  );
const resultOf = (report: CredentialReport, id: string) =>
  report.checks.filter((check) => check.id === id).map((check) => check.result);

test('a hosted award is verified and every field says where it came from', async () => {
  const report = await read(award, student(['student.one@school.test']));
  expect({ ...report, checks: report.checks.map((check) => `${check.id} ${check.result}`) }).toEqual({
    format: 'open-badge-2-hosted',
    outcome: 'verified',
    credential: {
      name: 'Working at Heights',
      issuer: { name: 'Issuer One', url: HOME },
      recipient: { name: null, matches: true, by: 'email' },
      issuedOn: '2026-03-02',
      expiresOn: '2029-03-02',
      description: 'An 8 hours course.',
      criteria: 'Pass the test.',
      hours: 8,
      certificateNumber: null,
      evidence: [],
    },
    checks: [
      'format pass',
      'hosting pass',
      'issuer pass',
      'revocation pass',
      'expiry pass',
      'recipient pass',
    ],
    facts: {
      name: 'hosted',
      issuer: 'hosted',
      issuedOn: 'hosted',
      expiresOn: 'hosted',
      description: 'hosted',
      criteria: 'hosted',
      hours: 'hosted',
    },
    identity: { issuerId: issuer.id, credentialId: award.id },
    checkedAt: NOW,
  });
  expect(report.checks.every((check) => check.detail !== '' && check.detailFr !== check.detail)).toBe(true);
});

test('the uploaded file proves nothing: the issuer’s copy is what is shown', async () => {
  const report = await read({ ...award, issuedOn: '2020-01-01', expires: '2040-01-01' });
  expect(report.outcome).toBe('verified');
  expect(report.credential.expiresOn).toBe('2029-03-02');
  expect(resultOf(report, 'copy')).toEqual(['unknown']);
});

describe('outcomes', () => {
  const gone = {
    status: 410,
    body: JSON.stringify({ id: award.id, revoked: true, revocationReason: 'Error' }),
  };
  test.for<[string, string, () => object]>([
    [
      'the issuer’s site answers 410',
      'revoked',
      () => {
        web.put(award.id, gone);
        return award;
      },
    ],
    [
      'the hosted copy says revoked',
      'revoked',
      () => {
        web.put(award.id, { ...award, revoked: true, expires: '2026-04-01' });
        return award;
      },
    ],
    [
      'the page is missing',
      'could-not-check',
      () => {
        web.put(award.id, { status: 404, body: '' });
        return award;
      },
    ],
    [
      'the page is not JSON',
      'could-not-check',
      () => {
        web.put(award.id, { contentType: 'text/html', body: '<html>' });
        return award;
      },
    ],
    ['the host is down', 'could-not-check', () => ({ ...award, id: 'https://down.other.test/1' })],
    [
      'it expired',
      'expired',
      () => {
        web.put(award.id, { ...award, expires: '2026-11-21' });
        return award;
      },
    ],
    [
      'it ends today',
      'verified',
      () => {
        web.put(award.id, { ...award, expires: '2026-11-22' });
        return award;
      },
    ],
    [
      'it begins tomorrow',
      'not-yet-valid',
      () => {
        web.put(award.id, { ...award, issuedOn: '2026-11-23T00:00:00Z' });
        return award;
      },
    ],
    [
      'the badge class is missing',
      'could-not-check',
      () => {
        web.put(badge.id, { status: 500, body: '' });
        return award;
      },
    ],
    [
      'the issuer profile is missing',
      'could-not-check',
      () => {
        web.put(issuer.id, { status: 404, body: '' });
        return award;
      },
    ],
    [
      'the badge class is no badge class',
      'invalid',
      () => {
        web.put(badge.id, issuer);
        return award;
      },
    ],
    [
      'the issuer is no issuer',
      'invalid',
      () => {
        web.put(issuer.id, badge);
        return award;
      },
    ],
    [
      'the site shows another award there',
      'invalid',
      () => {
        web.put(award.id, { ...award, id: `${HOME}/awards/2.json` });
        web.put(`${HOME}/awards/2.json`, badge);
        return award;
      },
    ],
    [
      'the award moved within the site and its new address confirms itself',
      'verified',
      () => {
        const moved = { ...award, id: `${HOME}/moved/1.json` };
        web.put(award.id, moved);
        web.put(moved.id, moved);
        return award;
      },
    ],
    ['it has no recipient', 'invalid', () => ({ ...award, recipient: undefined })],
    ['its date is no date', 'invalid', () => ({ ...award, issuedOn: 'yesterday' })],
    ['its day does not exist', 'invalid', () => ({ ...award, issuedOn: '2026-02-30' })],
    ['hosted without a web address', 'invalid', () => ({ ...award, id: 'urn:uuid:1' })],
  ])('%s: %s', async ([, outcome, prepare]) => {
    expect((await read(prepare())).outcome).toBe(outcome);
  });
});

describe('somebody else’s site cannot speak for the issuer', () => {
  const elsewhere = 'https://other.test/award.json';
  const stolen = { ...award, id: elsewhere, badge: badge.id };
  test('an award hosted outside the issuer’s host is forged', async () => {
    web.put(elsewhere, stolen);
    const report = await read(stolen);
    expect([report.outcome, resultOf(report, 'issuer')]).toEqual(['invalid', ['fail']]);
  });
  test('embedding the issuer’s profile with a kinder rule does not help', async () => {
    const kind = { ...issuer, verification: { allowedOrigins: 'other.test' } };
    const forged = { ...stolen, badge: { ...badge, id: 'https://other.test/badge.json', issuer: kind } };
    web.put(elsewhere, forged);
    expect((await read(forged)).outcome).toBe('invalid');
  });
  test('a copied profile under the issuer’s id is asked for at the issuer’s', async () => {
    const copied = { ...issuer, verification: { allowedOrigins: ['other.test'] } };
    web.put('https://other.test/issuer.json', copied);
    const forged = { ...stolen, badge: { ...badge, issuer: 'https://other.test/issuer.json' } };
    web.put(elsewhere, forged);
    expect((await read(forged)).outcome).toBe('invalid');
  });
  test.for<[object, string, string]>([
    [{ allowedOrigins: 'other.test' }, elsewhere, 'verified'],
    [{ allowedOrigins: ['https://issuer.test', 'https://other.test'] }, elsewhere, 'verified'],
    [{ allowedOrigins: ['issuer.test'] }, elsewhere, 'invalid'],
    [{ startsWith: 'https://other.test/' }, elsewhere, 'verified'],
    [{ startsWith: 'https://other.test/awards/' }, elsewhere, 'invalid'],
    [{ startsWith: ['https://a.other.test/', 'https://other.test/award'] }, elsewhere, 'verified'],
    [{ startsWith: 'https://other' }, elsewhere, 'invalid'],
    [{ startsWith: 'https://www.other.te' }, 'https://www.other.test/award.json', 'invalid'],
  ])('%j and %s: %s', async ([verification, address, outcome]) => {
    web.put(issuer.id, { ...issuer, verification });
    const hosted = { ...award, id: address };
    web.put(address, hosted);
    expect((await read(hosted)).outcome).toBe(outcome);
  });
});

describe('where an address leads to another site', () => {
  const elsewhere = (location: string) => ({ status: 302, headers: { location }, body: '' });
  test('a document that came from there does not speak for the issuer', async () => {
    const open = `${HOME}/go?to=other.test`;
    web.put(open, elsewhere('https://other.test/award.json'));
    web.put('https://other.test/award.json', { ...award, id: open });
    const report = await read({ ...award, id: open });
    expect(report.outcome).toBe('could-not-check');
    expect(report.checks.find((check) => check.id === 'hosting')?.detail).toContain('another organization');
  });
  test('a site of the issuer’s own below its host does', async () => {
    web.put(award.id, elsewhere('https://www.issuer.test/awards/1.json'));
    web.put('https://www.issuer.test/awards/1.json', award);
    expect((await read(award)).outcome).toBe('verified');
  });
});

describe('the issuer list', () => {
  const listed = [{ id: 'one', names: ['Issuer One'], hosts: ['issuer.test'], keys: [] }];
  const readWith = (content: object) =>
    readerWith({ proxy: web.proxy, issuers: listed })(file(JSON.stringify(content)), null);
  test('names an organization on its own site', async () => {
    expect(resultOf(await readWith(award), 'issuer')).toEqual(['pass', 'pass']);
  });
  test('warns of its name on a stranger’s site', async () => {
    const stranger = JSON.parse(
      JSON.stringify({ award, badge, issuer }).replaceAll(HOME, 'https://other.test'),
    );
    for (const thing of Object.values<{ id: string }>(stranger)) web.put(thing.id, thing);
    const report = await readWith(stranger.award);
    expect([report.outcome, resultOf(report, 'issuer')]).toEqual(['verified', ['pass', 'unknown']]);
  });
});

describe('the recipient', () => {
  const salted = hash('sha256', 'student.one@school.testsalty');
  test.for<[string, object, readonly string[], boolean | null, string]>([
    ['in plain', { identity: 'Student.One@school.test' }, ['student.one@school.test'], true, 'pass'],
    [
      'hashed with salt',
      { hashed: true, salt: 'salty', identity: salted },
      ['student.one@school.test'],
      true,
      'pass',
    ],
    [
      'hashed, upper-case hex',
      { hashed: true, salt: 'salty', identity: `sha256$${salted.slice(7).toUpperCase()}` },
      ['student.one@school.test'],
      true,
      'pass',
    ],
    [
      'hashed in lower case',
      { hashed: true, salt: 'salty', identity: salted },
      ['Student.One@School.test'],
      true,
      'pass',
    ],
    [
      'as the LMS writes it',
      { hashed: true, identity: hash('md5', 'Student.One@School.test') },
      ['Student.One@School.test'],
      true,
      'pass',
    ],
    [
      'another address',
      { hashed: true, salt: 'salty', identity: salted },
      ['two@school.test'],
      null,
      'unknown',
    ],
    ['no address known', { identity: 'student.one@school.test' }, [], null, 'unknown'],
    ['an unknown hash', { hashed: true, identity: 'sha1$abc' }, ['student.one@school.test'], null, 'unknown'],
  ])('%s', async ([name, recipient, emails, matches, result]) => {
    web.put(award.id, { ...award, recipient: { type: 'email', ...recipient } });
    const report = await read(award, student(emails));
    const { addresses, ...recipientRead } = report.credential.recipient;
    expect([recipientRead, resultOf(report, 'recipient'), report.outcome]).toEqual([
      { name: null, matches, ...(matches === true && { by: 'email' }) },
      [result],
      'verified',
    ]);
    expect(JSON.stringify(report)).not.toContain('@school.test');
    // What could still be recognized is kept as a hash, and only where it is open whose it is.
    const isOpen = matches !== true && name !== 'an unknown hash';
    expect(addresses?.every(({ hash }) => /^(sha256|md5)\$[0-9a-f]+$/i.test(hash)) ?? false).toBe(isOpen);
  });
});

describe('a signed award', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
  const keyAddress = `${HOME}/key.json`;
  const listAddress = `${HOME}/revoked.json`;
  const key = { type: 'CryptographicKey', id: keyAddress, owner: issuer.id, publicKeyPem: pem(publicKey) };
  const signedAward = {
    ...award,
    id: 'urn:uuid:52e4c6b3-8c13-4fa8-8482-a5cf34ef37a9',
    verification: { type: 'SignedBadge', creator: keyAddress },
  };
  const sign = (payload: object, by = privateKey, alg = 'RS256') =>
    new CompactSign(new TextEncoder().encode(JSON.stringify(payload))).setProtectedHeader({ alg }).sign(by);
  const list = (entries: unknown) => ({
    type: 'RevocationList',
    id: listAddress,
    issuer: issuer.id,
    revokedAssertions: entries,
  });

  beforeEach(() => {
    web.put(issuer.id, { ...issuer, publicKey: keyAddress, revocationList: listAddress });
    web.put(keyAddress, key);
    web.put(listAddress, list([]));
  });

  test('is verified with the key that the issuer lists', async () => {
    const report = await read(await sign(signedAward));
    expect([report.format, report.outcome, report.facts.name]).toEqual([
      'open-badge-2-signed',
      'verified',
      'signed',
    ]);
  });
  test.for<[string, string, () => Promise<string> | string]>([
    ['signed by another key', 'invalid', () => sign(signedAward, foreign.privateKey)],
    [
      'changed after signing',
      'invalid',
      async () => {
        const [head, , tail] = (await sign(signedAward)).split('.');
        return `${head}.${Buffer.from(JSON.stringify({ ...signedAward, issuedOn: '2026-05-05' })).toString('base64url')}.${tail}`;
      },
    ],
    [
      'the issuer does not list the key',
      'invalid',
      () => {
        web.put(issuer.id, { ...issuer, publicKey: `${HOME}/other.json` });
        return sign(signedAward);
      },
    ],
    [
      'the issuer lists no key at all',
      'invalid',
      () => {
        web.put(issuer.id, issuer);
        return sign(signedAward);
      },
    ],
    [
      'the key belongs to somebody else',
      'invalid',
      () => {
        web.put(keyAddress, { ...key, owner: 'https://other.test/i' });
        return sign(signedAward);
      },
    ],
    [
      'the key is not there',
      'could-not-check',
      () => {
        web.put(keyAddress, { status: 404, body: '' });
        return sign(signedAward);
      },
    ],
    [
      'the issuer is not there',
      'could-not-check',
      () => {
        web.put(issuer.id, { status: 503, body: '' });
        return sign(signedAward);
      },
    ],
    [
      'on the revocation list',
      'revoked',
      () => {
        web.put(listAddress, list([signedAward.id]));
        return sign(signedAward);
      },
    ],
    [
      'on the list with a reason, and expired',
      'revoked',
      () => {
        web.put(listAddress, list([{ id: signedAward.id, revocationReason: 'Error' }]));
        return sign({ ...signedAward, expires: '2026-04-01' });
      },
    ],
    [
      'on an old list by uid',
      'revoked',
      () => {
        web.put(listAddress, list([{ uid: 'u1' }]));
        return sign({ ...signedAward, uid: 'u1' });
      },
    ],
    [
      'the list is not there',
      'could-not-check',
      () => {
        web.put(listAddress, { status: 500, body: '' });
        return sign(signedAward);
      },
    ],
    ['no signature at all', 'invalid', () => JSON.stringify(signedAward)],
    [
      'alg none',
      'invalid',
      () =>
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(signedAward)).toString('base64url')}.`,
    ],
    [
      'an issuer without a web address',
      'issuer-unproven',
      () =>
        sign({
          ...signedAward,
          badge: { ...badge, id: 'urn:b', issuer: { ...issuer, id: 'urn:i', publicKey: keyAddress } },
          verification: { type: 'signed', creator: keyAddress },
        }).then((jws) => {
          web.put(keyAddress, { ...key, owner: 'urn:i' });
          return jws;
        }),
    ],
  ])('%s: %s', async ([, outcome, prepare]) => {
    expect((await read(await prepare())).outcome).toBe(outcome);
  });
  test('a shared secret made of the public key is not a signature', async () => {
    const jws = await new CompactSign(new TextEncoder().encode(JSON.stringify(signedAward)))
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(pem(publicKey)));
    expect((await read(jws)).outcome).toBe('invalid');
  });
});

describe('older versions', () => {
  const old = {
    uid: '1',
    recipient: { type: 'email', hashed: false, identity: 'student.one@school.test' },
    badge: `${HOME}/badge-1.json`,
    verify: { type: 'hosted', url: `${HOME}/award-1.json` },
    issuedOn: 1772409600,
  };
  test('version 1.0 is checked at its own address', async () => {
    web.put(old.verify.url, old);
    web.put(old.badge, {
      name: 'First',
      description: 'd',
      image: 'i',
      criteria: HOME,
      issuer: `${HOME}/org.json`,
    });
    web.put(`${HOME}/org.json`, { name: 'Issuer One', url: HOME });
    const report = await read(old);
    expect([report.outcome, report.credential.name, report.credential.issuedOn]).toEqual([
      'verified',
      'First',
      '2026-03-02',
    ]);
  });
  test('version 0.5 is shown, and cannot be checked any more', async () => {
    const report = await read({
      recipient: 'sha256$aa',
      issued_on: '2012-05-05',
      badge: { version: '0.5.0', name: 'Ancient', issuer: { origin: HOME, name: 'Issuer One' } },
    });
    expect([report.outcome, report.credential.name, report.credential.issuer.name]).toEqual([
      'could-not-check',
      'Ancient',
      'Issuer One',
    ]);
  });
});

test('nothing is looked up when the board switched look-ups off, and the report says so', async () => {
  const report = await readerWith({ outbound: 'off' })(file(JSON.stringify(award)), null);
  expect(report.outcome).toBe('could-not-check');
  expect(report.checks.find((check) => check.id === 'hosting')?.detail).toContain('switched off look-ups');
});
