import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, inflateSync } from 'node:zlib';
import { compactVerify, createRemoteJWKSet, importJWK, type JWK } from 'jose';
import { extractText, getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoLms, startDemoLms } from '../../src/demo/demo-lms.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
let lms: DemoLms;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samples-'));
  lms = await startDemoLms({ port: 0, toolUrl: 'http://localhost:4999', samplesDir: folder, now: () => NOW });
});
afterAll(async () => {
  await lms.close();
  await rm(folder, { recursive: true });
});

const file = (name: string, person = 'student-1', locale = 'en') =>
  readFile(join(folder, locale, person, name));

type Chunk = { readonly type: string; readonly data: Buffer };

/** The chunks of a PNG, each with a right length and checksum (PNG 3 §5.3). */
function chunksOf(png: Buffer): readonly Chunk[] {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks: Chunk[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const typed = png.subarray(at + 4, at + 8 + length);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(typed));
    chunks.push({ type: typed.toString('latin1', 0, 4), data: typed.subarray(4) });
    at += 12 + length;
  }
  return chunks;
}

function bakedIn(png: Buffer): string | null {
  const chunk = chunksOf(png).find(({ type }) => type === 'iTXt');
  const head = 'openbadgecredential\0\0\0\0\0';
  if (chunk === undefined) return null;
  expect(chunk.data.toString('latin1', 0, head.length)).toBe(head);
  return chunk.data.toString('utf8', head.length);
}

/** Verifies a token the way a reader does: the key is at the address that the token names, on the issuer's own host. */
async function verify(token: string) {
  const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
  expect(header).toEqual({
    alg: 'RS256',
    typ: 'JWT',
    kid: expect.stringMatching(`^${lms.url}/issuer/keys/`),
  });
  const jwk = (await (await fetch(header.kid)).json()) as JWK;
  const { payload } = await compactVerify(token, await importJWK(jwk, 'RS256'), { algorithms: ['RS256'] });
  return JSON.parse(Buffer.from(payload).toString());
}

const sha256 = (text: string) => `sha256$${createHash('sha256').update(text).digest('hex')}`;

test('there are eight files for each student in each language', async () => {
  const names = [
    'cpr-expired.json',
    'infection-control.pdf',
    'podcast-basics.png',
    'safe-food-handling-revoked.json',
    'standard-first-aid-altered.png',
    'standard-first-aid-picture.png',
    'standard-first-aid.png',
    'whmis-2015.json',
  ];
  for (const place of ['en/student-1', 'en/student-2', 'fr/student-1', 'fr/student-2']) {
    expect((await readdir(join(folder, place))).sort()).toEqual(names);
  }
});

test('a badge picture is a picture: every row of every pixel is there', async () => {
  const chunks = chunksOf(await file('standard-first-aid-picture.png'));
  expect(chunks.map(({ type }) => type)).toEqual(['IHDR', 'IDAT', 'IEND']);
  expect(inflateSync(chunks[1]?.data ?? '')).toHaveLength((256 * 4 + 1) * 256);
});

test('the first aid badge carries a credential whose signature and claims hold', async () => {
  const credential = await verify(bakedIn(await file('standard-first-aid.png')) ?? '');
  const { salt } = credential.credentialSubject.identifier[0];
  expect(credential).toMatchObject({
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    iss: credential.issuer.id,
    sub: credential.credentialSubject.id,
    jti: credential.id,
    nbf: Date.parse(credential.validFrom) / 1000,
    exp: Date.parse(credential.validUntil) / 1000,
    validFrom: '2026-09-24T12:00:00.000Z',
    issuer: { name: 'Demo Training Centre' },
    credentialSubject: {
      identifier: [
        {
          type: 'IdentityObject',
          identityType: 'emailAddress',
          hashed: true,
          identityHash: sha256(`student.one@demo.invalid${salt}`),
        },
      ],
      achievement: { name: 'Standard First Aid with CPR-C and AED', achievementType: 'Certification' },
    },
  });
  const profile = (await (await fetch(credential.issuer.id)).json()) as Record<string, unknown>;
  expect(profile).toMatchObject(credential.issuer);
  const withdrawn = await (await fetch(credential.credentialStatus.id)).json();
  expect(withdrawn).toEqual({
    id: credential.credentialStatus.id,
    issuer: credential.issuer.id,
    revokedCredential: [],
  });
});

test('badges are in the student’s language', async () => {
  const credential = await verify(bakedIn(await file('podcast-basics.png', 'student-2', 'fr')) ?? '');
  expect([credential.name, credential.credentialSubject.achievement.achievementType]).toEqual([
    'Bases de la production d’un balado',
    'MicroCredential',
  ]);
});

test('the key set lists the key that the badges name', async () => {
  const keys = createRemoteJWKSet(new URL(`${lms.issuer.url}/keys`));
  const token = bakedIn(await file('podcast-basics.png')) ?? '';
  await expect(compactVerify(token, keys)).resolves.toBeDefined();
});

test('the altered badge says what a good one says, but its signature does not hold', async () => {
  const altered = bakedIn(await file('standard-first-aid-altered.png')) ?? '';
  await expect(verify(altered)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  expect(Buffer.from(altered.split('.')[1] ?? '', 'base64url').toString()).toContain('Standard First Aid');
});

test('the hosted badge, its class and its issuer are where they say they are', async () => {
  const handedIn = JSON.parse((await file('whmis-2015.json')).toString());
  const get = async (url: string) => (await (await fetch(url)).json()) as Record<string, unknown>;
  const hosted = await get(handedIn.id);
  expect(hosted).toEqual(handedIn);
  expect(handedIn).toMatchObject({
    type: 'Assertion',
    verification: { type: 'hosted' },
    recipient: {
      type: 'email',
      hashed: true,
      identity: sha256(`student.one@demo.invalid${handedIn.recipient.salt}`),
    },
    issuedOn: '2026-10-24T12:00:00.000Z',
  });
  const badge = await get(handedIn.badge);
  const issuer = await get(String(badge['issuer']));
  expect([badge['id'], badge['name'], issuer['id'], issuer['name']]).toEqual([
    handedIn.badge,
    'WHMIS 2015',
    badge['issuer'],
    'Demo Training Centre',
  ]);
  expect((await fetch(handedIn.image)).headers.get('content-type')).toBe('image/png');
});

test('linked data is served to those who ask for it', async () => {
  const { id } = JSON.parse((await file('whmis-2015.json')).toString());
  const answer = await fetch(id, { headers: { accept: 'application/ld+json' } });
  expect(answer.headers.get('content-type')).toBe('application/ld+json');
});

test('one hosted badge has expired, and one was withdrawn', async () => {
  const expired = JSON.parse((await file('cpr-expired.json')).toString());
  expect(Date.parse(expired.expires)).toBeLessThan(NOW);
  const revoked = JSON.parse((await file('safe-food-handling-revoked.json')).toString());
  const answer = await fetch(revoked.id);
  expect([answer.status, await answer.json()]).toMatchObject([
    410,
    { id: revoked.id, revoked: true, revocationReason: 'Awarded by mistake' },
  ]);
});

test.each([
  ['en', ['Student One', 'Infection Control', 'Issued by Demo Training Centre']],
  ['fr', ['Élève Un', 'Prévention et contrôle des infections', 'Délivré par : Centre de formation']],
])('the certificate is a PDF that can be read (%s)', async (locale, words) => {
  const pdf = await getDocumentProxy(
    new Uint8Array(await file('infection-control.pdf', 'student-1', locale)),
  );
  const { text } = await extractText(pdf, { mergePages: true });
  for (const word of words) expect(text).toContain(word);
});

test.each(['/issuer/assertions/none', '/issuer/keys/none', '/issuer/badges/en/none', '/issuer/profile/de'])(
  'there is nothing at %s',
  async (path) => {
    expect((await fetch(lms.url + path)).status).toBe(404);
  },
);
