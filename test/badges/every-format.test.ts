import { deflateSync, gzipSync } from 'node:zlib';
import { PDFDocument } from 'pdf-lib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CredentialReport } from '../../src/domain/credential.ts';
import { createForge, FORGE_ISSUER, WAYS, type Way } from '../support/badge-forge.ts';
import { pngWith, svgWith, textChunk } from '../support/baked.ts';
import { type RecordedWeb, startRecordedWeb } from '../support/recorded-web.ts';
import { file, readerWith } from './reader.ts';

type Forge = Awaited<ReturnType<typeof createForge>>;
let web: RecordedWeb;
let forge: Forge;
beforeEach(async () => {
  web = await startRecordedWeb();
  forge = await createForge(web.put);
});
afterEach(() => web.close());

const read = (content: string | Uint8Array): Promise<CredentialReport> =>
  readerWith({ proxy: web.proxy })(file(content), {
    name: null,
    emails: ['one@school.test'],
    studentNumber: null,
  });
const summary = ({ format, outcome, credential }: CredentialReport) => [format, outcome, credential.name];
const formatOf = (way: Way) =>
  way === 'hosted' ? 'open-badge-2-hosted' : way === 'signed' ? 'open-badge-2-signed' : 'open-badge-3';
const LIST = 'https://issuer.test/list';
const listWith = (index: number, kind: string) => {
  const bytes = Buffer.alloc(131_072 / 8);
  bytes[index >> 3] = 0x80 >> (index & 7);
  return forge.sign({
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: LIST,
    type: ['VerifiableCredential', `${kind}Credential`],
    issuer: FORGE_ISSUER,
    validFrom: '2026-01-01T00:00:00Z',
    credentialSubject: {
      id: `${LIST}#list`,
      type: kind,
      statusPurpose: 'revocation',
      encodedList: `u${gzipSync(bytes).toString('base64url')}`,
    },
  });
};
const status = {
  id: `${LIST}#7`,
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: '7',
  statusListCredential: LIST,
};

describe.for(WAYS)('a badge by %s', (way) => {
  test('verified', async () => {
    expect(summary(await read(await forge.make(way)))).toEqual([
      formatOf(way),
      'verified',
      'Working at Heights',
    ]);
  });
  test('expired', async () => {
    const report = await read(await forge.make(way, { until: '2026-11-01T00:00:00Z' }));
    expect(summary(report)).toEqual([formatOf(way), 'expired', 'Working at Heights']);
  });
  test('not yet valid', async () => {
    const report = await read(await forge.make(way, { from: '2026-12-01T00:00:00Z' }));
    expect(summary(report)).toEqual([formatOf(way), 'not-yet-valid', 'Working at Heights']);
  });
  test('withdrawn', async () => {
    const kind = way === 'Ed25519Signature2020' ? 'StatusList2021' : 'BitstringStatusList';
    web.put(LIST, { contentType: 'application/vc+jwt', body: await listWith(7, kind) });
    const badge = await forge.make(way, { status: { ...status, type: `${kind}Entry` } });
    if (way === 'hosted')
      web.put('https://issuer.test/awards/1', {
        status: 410,
        body: '{"id":"https://issuer.test/awards/1","revoked":true}',
      });
    if (way === 'signed')
      web.put('https://issuer.test/revoked2', {
        type: 'RevocationList',
        revokedAssertions: ['urn:uuid:signed-1'],
      });
    expect(summary(await read(badge))).toEqual([formatOf(way), 'revoked', 'Working at Heights']);
  });
  test('the issuer does not answer', async () => {
    const badge = await forge.make(way);
    for (const url of [FORGE_ISSUER, 'https://issuer.test/issuer2', 'https://issuer.test/key2'])
      web.put(url, { status: 503, body: '' });
    // A key that stands in the badge itself shows that it was not changed, and no more.
    const holdsKey = !['hosted', 'signed', 'RS256', 'ES256', 'EdDSA'].includes(way);
    expect((await read(badge)).outcome).toBe(holdsKey ? 'issuer-unproven' : 'could-not-check');
  });
  test('one letter of its name changed', async () => {
    const badge = await forge.make(way);
    const changed = badge.startsWith('{')
      ? badge.replaceAll('Working at Heights', 'Working at Height5')
      : changePayload(badge, 'Working at Heights', 'Working at Height5');
    // The issuer's copy is what counts of a hosted one, and a signed one of version 2 holds no name.
    const expected = way === 'hosted' ? 'verified' : 'invalid';
    expect((await read(way === 'signed' ? changePayload(badge, 'one@', 'two@') : changed)).outcome).toBe(
      expected,
    );
  });
});

function changePayload(jws: string, from: string, to: string): string {
  const [head, body = '', tail] = jws.split('.');
  const text = Buffer.from(body, 'base64url').toString().replaceAll(from, to);
  return [head, Buffer.from(text).toString('base64url'), tail].join('.');
}

describe('a badge of which the holder has not chosen yet what to show (ecdsa-sd-2023)', () => {
  test('is verified', async () => {
    const badge = await forge.baseProof(forge.credential());
    expect(summary(await read(JSON.stringify(badge)))).toEqual([
      'open-badge-3',
      'verified',
      'Working at Heights',
    ]);
  });
  test.for<[string, (badge: string) => string]>([
    ['a word changed', (badge) => badge.replaceAll('Working at Heights', 'Working at Depths')],
    ['its proof cut', (badge) => badge.replace(/("proofValue":"u[^"]{60})[^"]+/, '$1')],
  ])('with %s is invalid', async ([, change]) => {
    const badge = JSON.stringify(await forge.baseProof(forge.credential()));
    expect((await read(change(badge))).outcome).toBe('invalid');
  });
});

describe('wherever a badge is kept, it is the same badge', () => {
  const keyword = (way: Way) => (way === 'hosted' || way === 'signed' ? 'openbadges' : 'openbadgecredential');
  test.for<[string, (badge: string, way: Way) => Uint8Array | string | Promise<Uint8Array | string>]>([
    ['a PNG (iTXt)', (badge, way) => pngWith(textChunk.iTXt(keyword(way), badge))],
    ['a PNG (tEXt)', (badge, way) => pngWith(textChunk.tEXt(keyword(way), badge))],
    ['a PNG (zTXt)', (badge, way) => pngWith(textChunk.zTXt(keyword(way), deflateSync(badge)))],
    ['a PNG (iTXt, packed)', (badge, way) => pngWith(textChunk.iTXt(keyword(way), deflateSync(badge), 1))],
    ['an SVG', (badge, way) => svgWith(badge, keyword(way) === 'openbadges' ? 2 : 3)],
    ['a PDF', (badge) => pdfAround(badge)],
    [
      'a page that was saved',
      (badge) =>
        badge.startsWith('{')
          ? `<!doctype html><html><head><script type="application/ld+json">${badge}</script></head></html>`
          : badge,
    ],
    [
      'a wallet’s presentation',
      (badge) =>
        forge.sign({
          vp: {
            type: ['VerifiablePresentation'],
            verifiableCredential: [badge.startsWith('{') ? JSON.parse(badge) : badge],
          },
        }),
    ],
    ['a text file with white space', (badge) => `\uFEFF\n  ${badge}\r\n`],
  ])('in %s', async ([, wrap]) => {
    for (const way of ['hosted', 'signed', 'ES256', 'eddsa-rdfc-2022'] as const) {
      const report = await read(await wrap(await forge.make(way), way));
      expect(summary(report)).toEqual([formatOf(way), 'verified', 'Working at Heights']);
    }
  });
});

async function pdfAround(badge: string): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.addPage([300, 200]);
  await document.attach(Buffer.from(badge), badge.startsWith('{') ? 'badge.json' : 'badge.jwt');
  return document.save();
}

describe('a badge in the name of somebody who has not signed it', () => {
  const ONTARIO = 'https://www.ontario.ca/issuer';
  const forged = async (): Promise<string> =>
    JSON.stringify(await forge.proveAs(ONTARIO, forge.credential({ issuer: ONTARIO })));
  const listing = (multibase: string) => ({
    id: ONTARIO,
    verificationMethod: [
      { id: `${ONTARIO}#${multibase}`, type: 'Multikey', controller: ONTARIO, publicKeyMultibase: multibase },
    ],
    assertionMethod: [`${ONTARIO}#${multibase}`],
  });
  test('names its key by an address of theirs', async () => {
    expect(await forged()).toMatch(/https:\/\/www\.ontario\.ca\/issuer#z6Mk/);
  });
  test('is unproven while that site says nothing', async () => {
    expect((await read(await forged())).outcome).toBe('issuer-unproven');
  });
  test('is invalid when that site lists another key', async () => {
    web.put(ONTARIO, listing('z6MknNHHrBzPytzu6CUBP9Lg7fg4KSBjzimc2Frh693YbMiv'));
    expect((await read(await forged())).outcome).toBe('invalid');
  });
  test('is theirs when that site lists the key', async () => {
    web.put(ONTARIO, listing(forge.multibase));
    expect((await read(await forged())).outcome).toBe('verified');
  });
});

test('a link that was dragged to the desktop leads to its badge', async () => {
  await forge.make('hosted');
  const shortcut = '[InternetShortcut]\r\nIDList=\r\nURL=https://issuer.test/awards/1\r\n';
  expect(summary(await read(shortcut))).toEqual(['open-badge-2-hosted', 'verified', 'Working at Heights']);
});

test('an issuer that a badge names by its address only is shown by the name on its own site', async () => {
  const report = await read(await forge.sign({ ...forge.credential(), issuer: FORGE_ISSUER }));
  expect([report.outcome, report.credential.issuer.name]).toEqual(['verified', 'Issuer One']);
});
