import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { CredentialReport } from '../../src/domain/credential.ts';
import { startRecordedWeb } from '../support/recorded-web.ts';
import { file, readerWith } from './reader.ts';

const picture = (name: string): Uint8Array =>
  readFileSync(join(import.meta.dirname, 'fixtures/pictures', name));
const read = (bytes: Uint8Array, proxy: string | null = null): Promise<CredentialReport> =>
  readerWith(proxy === null ? { outbound: 'off' } : { proxy })(file(bytes), null);
const words = {
  name: 'Working at Heights',
  person: 'Student One',
  issuedOn: '2026-05-01',
  expiresOn: '2029-05-01',
  hours: 8,
  certificateNumber: 'WAH-20426',
};
const wordsOf = ({ credential }: CredentialReport) => ({
  name: credential.name,
  person: credential.recipient.name,
  issuedOn: credential.issuedOn,
  expiresOn: credential.expiresOn,
  hours: credential.hours,
  certificateNumber: credential.certificateNumber,
});

test('the words of a photographed certificate are proposed, as letters that may be misread', async () => {
  const report = await read(picture('certificate.jpg'));
  expect([report.format, report.outcome, wordsOf(report), report.facts.name]).toEqual([
    'image',
    'self-reported',
    words,
    'ocr',
  ]);
  expect(report.checks.find((check) => check.id === 'source')?.detail).toMatch(/about \d+% sure/);
});

test('a scan that lies on its side is turned', { timeout: 60_000 }, async () => {
  const sideways = await sharp(picture('certificate.jpg')).rotate(90).jpeg().toBuffer();
  expect(wordsOf(await read(sideways))).toEqual(words);
});

test('French is read as French', async () => {
  const report = await read(picture('attestation.webp'));
  expect(wordsOf(report)).toEqual({
    name: 'Secourisme général',
    person: 'Élève Un',
    issuedOn: '2026-03-02',
    expiresOn: '2029-03-02',
    hours: null,
    certificateNumber: null,
  });
});

test('a scan in a PDF is read like a photo', async () => {
  const document = await PDFDocument.create();
  const image = await document.embedJpg(picture('certificate.jpg'));
  document.addPage([700, 500]).drawImage(image, { x: 0, y: 0, width: 700, height: 500 });
  const report = await read(await document.save());
  expect([report.format, report.outcome, wordsOf(report)]).toEqual(['pdf', 'self-reported', words]);
});

test('a QR code is followed to the badge it leads to', async () => {
  const web = await startRecordedWeb();
  const home = 'https://issuer.test';
  web.put(`${home}/award.json`, {
    '@context': 'https://w3id.org/openbadges/v2',
    type: 'Assertion',
    id: `${home}/award.json`,
    recipient: { type: 'email', hashed: true, identity: 'sha256$00' },
    badge: {
      type: 'BadgeClass',
      id: `${home}/badge`,
      name: 'Working at Heights',
      description: 'd',
      criteria: { narrative: 'c' },
      issuer: { type: 'Issuer', id: `${home}/issuer`, name: 'Issuer One', url: home, email: 'a@b.test' },
    },
    issuedOn: '2026-05-01',
    verification: { type: 'hosted' },
  });
  const report = await read(picture('certificate-with-code.png'), web.proxy);
  await web.close();
  expect([report.format, report.outcome]).toEqual(['open-badge-2-hosted', 'verified']);
});

test('when the code leads nowhere, the words are still read', async () => {
  const report = await read(picture('certificate-with-code.png'));
  expect([report.outcome, wordsOf(report)]).toEqual(['self-reported', words]);
});

test.for<[string, Uint8Array]>([
  ['without words', picture('plain.jpg')],
  ['cut in half', picture('certificate.jpg').slice(0, 9000)],
  ['of a size that would fill the memory', hugePng()],
])('a picture %s carries no badge', async ([, bytes]) => {
  const report = await read(bytes);
  expect([report.format, report.outcome]).toEqual(['image', 'no-badge-data']);
});

test('a photo in the newer phones’ format says what to do', async () => {
  const report = await read(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'));
  expect(report.outcome).toBe('no-badge-data');
  expect(report.checks.map((check) => check.detail).join()).toContain('JPEG');
});

/** A heading that claims 60 000 by 60 000 pixels. */
function hugePng(): Uint8Array {
  const png = Buffer.from(picture('certificate-with-code.png'));
  png.writeUInt32BE(60_000, 16);
  png.writeUInt32BE(60_000, 20);
  return png;
}
