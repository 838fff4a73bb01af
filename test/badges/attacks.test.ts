import { crc32, deflateSync } from 'node:zlib';
import { CompactSign, generateKeyPair } from 'jose';
import { PDFDocument, PDFName, PDFString } from 'pdf-lib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CredentialReport } from '../../src/domain/credential.ts';
import { createForge, FORGE_ISSUER } from '../support/badge-forge.ts';
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
  readerWith({ proxy: web.proxy })(file(content), null);

test('ten thousand packed badges in one picture cost no more than the first', async () => {
  const bomb = textChunk.zTXt('openbadges', deflateSync(Buffer.alloc(900_000, 0x20)));
  const badge = textChunk.iTXt('openbadgecredential', await forge.make('ES256'));
  const report = await read(pngWith(badge, ...Array.from({ length: 5000 }, () => bomb)));
  expect(report.outcome).toBe('verified');
  expect(report.checks.filter(({ id }) => id === 'baking').map(({ result }) => result)).toEqual(['unknown']);
});

test.for<[string, number, number]>([
  ['a line of millions of pixels', 5_963_784, 8],
  ['more pixels than fit in memory', 30_000, 30_000],
])('a small picture that claims %s is not opened', async ([, width, height]) => {
  const png = pngWith();
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  expect((await read(png)).outcome).toBe('no-badge-data');
});

test('a packed text that becomes hundreds of megabytes is not unpacked', async () => {
  const bomb = deflateSync(Buffer.alloc(200_000_000));
  const report = await read(pngWith(textChunk.iTXt('openbadgecredential', bomb, 1)));
  expect(report.outcome).toBe('no-badge-data');
});

test('a graph that is built to be canonicalised without end is given up', { timeout: 60_000 }, async () => {
  const names = Array.from({ length: 24 }, (_, at) => `_:b${at}`);
  const tangle = names.map((id) => ({
    id,
    type: ['Related'],
    related: names.filter((other) => other !== id),
  }));
  const signed = JSON.parse(await forge.make('eddsa-rdfc-2022'));
  signed.credentialSubject.achievement.related = tangle;
  expect(['invalid', 'could-not-check']).toContain((await read(JSON.stringify(signed))).outcome);
});

test('of a thousand proofs five are tried', { timeout: 60_000 }, async () => {
  const signed = JSON.parse(await forge.make('eddsa-rdfc-2022'));
  const bad = { ...signed.proof, proofValue: signed.proof.proofValue.replace(/.{4}$/, '1111') };
  signed.proof = [...Array.from({ length: 1000 }, () => bad), signed.proof];
  expect((await read(JSON.stringify(signed))).outcome).toBe('invalid');
});

test('addresses of keys in a token’s header are never followed', async () => {
  const { privateKey } = await generateKeyPair('ES256');
  const token = await new CompactSign(Buffer.from(JSON.stringify(forge.credential())))
    .setProtectedHeader({
      alg: 'ES256',
      jku: 'https://evil.test/jwks',
      x5u: 'https://evil.test/x5u',
      kid: 'k',
    })
    .sign(privateKey);
  expect((await read(token)).outcome).toBe('invalid');
  expect(web.requests.filter((line) => line.includes('evil'))).toEqual([]);
});

test.for<[string, Record<string, unknown>]>([
  ['no algorithm', { alg: 'none' }],
  ['a shared secret', { alg: 'HS256', kid: `${FORGE_ISSUER}#EdDSA` }],
  ['a critical header nobody knows', { alg: 'EdDSA', kid: `${FORGE_ISSUER}#EdDSA`, crit: ['x'], x: 1 }],
])('a token with %s is not believed', async ([, header]) => {
  const [, body, tail] = (await forge.make('EdDSA')).split('.');
  const head = Buffer.from(JSON.stringify(header)).toString('base64url');
  expect((await read([head, body, tail].join('.'))).outcome).toBe('invalid');
});

test('words that would turn the page around or run are shown as plain words, and only web addresses are links', async () => {
  const more = { evidence: [{ type: ['Evidence'], id: 'javascript:alert(1)', name: 'The log' }] };
  const report = await read(await forge.make('ES256', { name: '\u202eSDIMHW\u200b <b>2015</b>', more }));
  expect([report.credential.name, report.credential.evidence]).toEqual(['SDIMHW <b>2015</b>', ['The log']]);
});

test.for<[string, string]>([
  ['entities', '<!DOCTYPE svg [<!ENTITY a "aaaa">]>'],
  ['entities in lower case', '<!DOCTYPE svg [<!entity a SYSTEM "file:///etc/passwd">]>'],
])('an SVG that declares %s is not opened', async ([, head]) => {
  const svg = svgWith(await forge.make('ES256'), 3).replace(/<!DOCTYPE[^>]*>/, head);
  expect((await read(svg)).outcome).toBe('unreadable');
});

test('an SVG nested without end, and one with a script, are no worse than pictures', async () => {
  const badge = svgWith(await forge.make('ES256'), 3);
  expect((await read(badge.replace('<rect', `${'<g>'.repeat(30_000)}<rect`))).outcome).toBe('unreadable');
  expect((await read(badge.replace('<rect', '<script>while(1){}</script><rect'))).outcome).toBe('verified');
});

test('what a PDF wants to run or open is left alone', async () => {
  const document = await PDFDocument.create();
  document.addPage([300, 200]);
  const { context, catalog } = document;
  catalog.set(
    PDFName.of('OpenAction'),
    context.obj({ S: 'JavaScript', JS: PDFString.of('app.launchURL("https://evil.test/")') }),
  );
  catalog.set(PDFName.of('AA'), context.obj({ WC: { S: 'URI', URI: PDFString.of('https://evil.test/a') } }));
  expect((await read(await document.save())).outcome).toBe('no-badge-data');
  expect(web.requests).toEqual([]);
});

test('a picture that is a web page behind its end is a picture', async () => {
  const png = pngWith(textChunk.iTXt('openbadgecredential', await forge.make('ES256')));
  const report = await read(Buffer.concat([png, Buffer.from('<html><script>alert(1)</script></html>')]));
  expect([report.format, report.outcome]).toEqual(['open-badge-3', 'verified']);
});

test('a badge asks for a few look-ups at most', async () => {
  const chain = (at: number) => `https://a${at}.test/key`;
  const status = Array.from({ length: 40 }, (_, at) => ({ id: chain(at), type: '1EdTechRevocationList' }));
  const report = await read(await forge.make('ES256', { status }));
  expect(report.outcome).toBe('could-not-check');
  expect(new Set(web.requests.filter((line) => line.includes('.test'))).size).toBeLessThanOrEqual(12);
});
