import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CredentialReport } from '../../src/domain/credential.ts';
import { withoutPersonalParts } from '../../src/domain/share-link.ts';
import { type RecordedWeb, startRecordedWeb } from '../support/recorded-web.ts';
import { readerWith } from './reader.ts';

let web: RecordedWeb;
beforeEach(async () => {
  web = await startRecordedWeb();
});
afterEach(() => web.close());

const read = (address: string): Promise<CredentialReport> =>
  readerWith({ proxy: web.proxy })(
    { kind: 'address', address },
    { name: 'Student One', emails: [], studentNumber: null },
  );
const html = (head: string) => ({
  contentType: 'text/html',
  body: `<!doctype html><html><head>${head}</head><body>x</body></html>`,
});
const PAGE = 'https://issuer.test/badges/1';

/** Hosts an Open Badges 2.0 award with its badge class and issuer on one host. */
function host(home: string, path: string): void {
  const context = 'https://w3id.org/openbadges/v2';
  const id = `${home}${path}`;
  web.put(id, {
    '@context': context,
    type: 'Assertion',
    id,
    recipient: { type: 'email', hashed: true, identity: 'sha256$00' },
    badge: {
      type: 'BadgeClass',
      id: `${home}/badge`,
      name: 'WHMIS 2015',
      description: 'd',
      criteria: { narrative: 'c' },
      image: `${home}/i.png`,
      issuer: { type: 'Issuer', id: `${home}/issuer`, name: 'Issuer One', url: home, email: 'a@b.test' },
    },
    issuedOn: '2026-03-02T00:00:00Z',
    verification: { type: 'hosted' },
  });
}

test('the page’s own word is shown as nobody’s', async () => {
  web.put(
    PAGE,
    html(
      '<meta property="og:title" content="WHMIS 2015 was issued by Issuer One to Student One."><meta property="og:description" content="A 4 hour course.">',
    ),
  );
  const report = await read(PAGE);
  expect([report.format, report.outcome, report.credential, report.facts]).toEqual([
    'web-page',
    'self-reported',
    {
      name: 'WHMIS 2015',
      issuer: { name: 'Issuer One', url: 'https://issuer.test' },
      recipient: { name: 'Student One', matches: true, by: 'name' },
      issuedOn: null,
      expiresOn: null,
      description: 'A 4 hour course.',
      criteria: null,
      hours: 4,
      certificateNumber: null,
      evidence: [],
    },
    { name: 'page', issuer: 'page', recipient: 'page', description: 'page', hours: 'page' },
  ]);
});

test('schema.org data in the page is read', async () => {
  const data = {
    '@context': 'https://schema.org',
    '@type': 'EducationalOccupationalCredential',
    name: 'Smart Serve',
    recognizedBy: { '@type': 'Organization', name: 'Issuer One', url: 'https://issuer.test' },
    dateCreated: '2026-02-01',
    expires: '2031-02-01',
  };
  web.put(PAGE, html(`<script type="application/ld+json">${JSON.stringify(data)}</script>`));
  const { outcome, credential } = await read(PAGE);
  expect([
    outcome,
    credential.name,
    credential.issuer.name,
    credential.issuedOn,
    credential.expiresOn,
  ]).toEqual(['self-reported', 'Smart Serve', 'Issuer One', '2026-02-01', '2031-02-01']);
});

describe('the badge behind a page is preferred to the page', () => {
  test('where the page links to it as data', async () => {
    host('https://issuer.test', '/award.json');
    web.put(
      PAGE,
      html(
        '<link rel="alternate" type="application/ld+json" href="/award.json"><meta property="og:title" content="Fake title">',
      ),
    );
    const report = await read(PAGE);
    expect([report.outcome, report.credential.name]).toEqual(['verified', 'WHMIS 2015']);
  });
  test('where its picture is a baked badge', async () => {
    const png = readFileSync(join(import.meta.dirname, 'fixtures/1edtech/cases/ob30/simple-jwt.png'));
    web.put('https://issuer.test/badge.png', { contentType: 'image/png', body: png });
    web.put(
      PAGE,
      html('<meta property="og:image" content="/badge.png"><meta property="og:title" content="Fake">'),
    );
    expect((await read(PAGE)).outcome).toBe('issuer-unproven');
  });
  test.for([
    [
      'https://www.credly.com/badges/01234567-89ab-cdef-0123-456789abcdef/public_url',
      'https://api.credly.com',
      '/v1/obi/v2/badge_assertions/01234567-89ab-cdef-0123-456789abcdef',
    ],
    [
      'https://factory.cancred.ca/v1/assertion/0123456789abcdef0123456789abcdef01234567.html',
      'https://factory.cancred.ca',
      '/v1/assertion/0123456789abcdef0123456789abcdef01234567',
    ],
    [
      'https://openbadgefactory.com/v1/assertion/0123456789abcdef0123456789abcdef01234567',
      'https://openbadgefactory.com',
      '/v1/assertion/0123456789abcdef0123456789abcdef01234567',
    ],
    [
      'https://api.badgr.io/public/assertions/AbCdEfGh12?identity__email=one%40school.test',
      'https://api.badgr.io',
      '/public/assertions/AbCdEfGh12.json?v=2_0',
    ],
    [
      'https://ca.badgr.com/public/assertions/AbCdEfGh12?identity__email=one%40school.test',
      'https://api.ca.badgr.io',
      '/public/assertions/AbCdEfGh12.json?v=2_0',
    ],
    [
      'https://badges.parchment.com/public/assertions/AbCdEfGh12',
      'https://api.badges.parchment.com',
      '/public/assertions/AbCdEfGh12.json?v=2_0',
    ],
  ] as const)('share link %s', async ([page, home, path]) => {
    host(home, path);
    const report = await read(page);
    expect([report.outcome, report.credential.name]).toEqual(['verified', 'WHMIS 2015']);
    expect(web.requests.join('\n')).not.toContain('identity');
  });
});

test('a platform that shows only its page is named as such', async () => {
  web.put('https://www.credential.net/abc', html('<meta property="og:title" content="Food Handler">'));
  const report = await read('https://www.credential.net/abc');
  expect(report.outcome).toBe('self-reported');
  expect(report.checks.find((check) => check.id === 'hosting')).toMatchObject({
    result: 'pass',
    detail: expect.stringContaining('Accredible'),
  });
});

test.for<[string, object, string]>([
  ['a page that says nothing', html('<title>Sign in</title>'), 'no-badge-data'],
  ['a page that is not there', { status: 404, body: '' }, 'could-not-check'],
  ['a picture without a badge', { body: Buffer.from([0xff, 0xd8, 0xff, 0xe0]) }, 'no-badge-data'],
  [
    'a redirect into the building',
    { status: 302, headers: { location: 'http://10.0.0.1/' }, body: '' },
    'could-not-check',
  ],
])('%s', async ([, page, outcome]) => {
  web.put(PAGE, page);
  expect((await read(PAGE)).outcome).toBe(outcome);
});

test.for([
  ['', 'unreadable'],
  ['my badge', 'unreadable'],
  ['ftp://issuer.test/badge', 'unreadable'],
  ['http://169.254.169.254/latest/meta-data', 'could-not-check'],
  ['issuer.test/not-there', 'could-not-check'],
  ['{"a": 1}', 'no-badge-data'],
] as const)('the address box holding «%s»: %s', async ([address, outcome]) => {
  expect((await read(address)).outcome).toBe(outcome);
});

test('what a share link adds about the person is left out', () => {
  expect(
    withoutPersonalParts('https://api.badgr.io/public/assertions/1?identity__email=a%40b.test&v=2_0'),
  ).toEqual({
    address: 'https://api.badgr.io/public/assertions/1?v=2_0',
    hadSome: true,
  });
  expect(withoutPersonalParts('https://issuer.test/1?id=7')).toEqual({
    address: 'https://issuer.test/1?id=7',
    hadSome: false,
  });
});

test('nor is it kept where a page was led to', async () => {
  const report = await read('https://issuer.test/go?identity__email=one%40school.test');
  expect(JSON.stringify(report)).not.toContain('school.test');
  web.put('https://issuer.test/short', {
    status: 302,
    headers: { location: `${PAGE}?email=one%40school.test` },
    body: '',
  });
  web.put(`${PAGE}?email=one%40school.test`, html('<meta property="og:title" content="WHMIS 2015">'));
  const led = await read('https://issuer.test/short');
  expect([led.outcome, led.identity?.credentialId]).toEqual(['self-reported', PAGE]);
});
