import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PDFDocument, rgb, StandardFonts } from 'pdf-lib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { CredentialReport } from '../../src/domain/credential.ts';
import { type RecordedWeb, startRecordedWeb } from '../support/recorded-web.ts';
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

test('every field says how sure it is: what stands beside a label more than the biggest line', async () => {
  const { confidence = {} } = await read(picture('certificate.jpg'));
  expect(Object.keys(confidence).toSorted()).toEqual([
    'certificateNumber',
    'expiresOn',
    'hours',
    'issuedOn',
    'name',
    'recipient',
  ]);
  for (const sure of Object.values(confidence)) expect(sure > 0.4 && sure <= 0.95).toBe(true);
});

test.for([90, 180, 270] as const)(
  'a scan that lies turned by %i degrees is turned',
  { timeout: 60_000 },
  async (turn) => {
    const turned = await sharp(picture('certificate.jpg')).rotate(turn).jpeg().toBuffer();
    expect(wordsOf(await read(turned))).toEqual(words);
  },
);

test('what the camera noted about how it was held is followed', async () => {
  const noted = await sharp(picture('certificate.jpg'))
    .rotate(270)
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  expect(wordsOf(await read(noted))).toEqual(words);
});

test('a photo in the newer phones’ format is read like any other', async () => {
  const report = await read(picture('certificate.heic'));
  expect([report.format, report.outcome, wordsOf(report)]).toEqual(['image', 'self-reported', words]);
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

test('pages without text are read one after another until a certificate is found', {
  timeout: 60_000,
}, async () => {
  const document = await PDFDocument.create();
  const cover = await document.embedJpg(await sharp(picture('plain.jpg')).jpeg().toBuffer());
  const image = await document.embedJpg(picture('certificate.jpg'));
  for (const one of [cover, image]) {
    const page = document.addPage([700, 500]);
    page.drawImage(one, { x: 0, y: 0, width: 700, height: 500 });
  }
  // What scanning apps write at the foot of each page is not the certificate's text.
  const font = await document.embedFont(StandardFonts.Helvetica);
  document.getPage(1).drawText('Scanned with an app', { x: 10, y: 10, size: 8, font });
  const report = await read(await document.save());
  expect([report.format, report.outcome, wordsOf(report), report.facts.name]).toEqual([
    'pdf',
    'self-reported',
    words,
    'ocr',
  ]);
});

test('letters that a PDF draws as shapes are read', { timeout: 60_000 }, async () => {
  const document = await PDFDocument.create();
  const page = document.addPage([700, 500]);
  const image = await sharp(picture('certificate.jpg'))
    .resize(350)
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  for (let y = 0; y < image.info.height; y += 1)
    for (let x = 0, from = -1; x <= image.info.width; x += 1) {
      const isInk = x < image.info.width && (image.data[y * image.info.width + x] ?? 255) < 128;
      if (isInk && from < 0) from = x;
      if (!isInk && from >= 0) {
        page.drawRectangle({
          x: from * 2,
          y: 498 - y * 2,
          width: (x - from) * 2,
          height: 2,
          color: rgb(0, 0, 0),
        });
        from = -1;
      }
    }
  const report = await read(await document.save());
  expect([report.format, report.outcome, report.credential.name]).toEqual([
    'pdf',
    'self-reported',
    'Working at Heights',
  ]);
});

test('a QR code in a PDF with text is followed', async () => {
  const web = await startRecordedWeb();
  putAward(web);
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  const page = document.addPage([700, 500]);
  for (const [at, line] of [
    'Certificate of Completion',
    'Working at Heights',
    'This certifies that Student One took part',
  ].entries())
    page.drawText(line, { x: 20, y: 470 - at * 24, size: 14, font });
  const code = await document.embedPng(picture('certificate-with-code.png'));
  page.drawImage(code, { x: 0, y: 0, width: 560, height: 400 });
  const report = await read(await document.save(), web.proxy);
  await web.close();
  expect([report.format, report.outcome]).toEqual(['open-badge-2-hosted', 'verified']);
});

test('a QR code is followed to the badge it leads to', async () => {
  const web = await startRecordedWeb();
  putAward(web);
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

test.for<[string, Uint8Array]>([
  ['only a heading', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
  ['cut in half', picture('certificate.heic').slice(0, 9000)],
])('such a photo, %s, says what to do', async ([, bytes]) => {
  const report = await read(bytes);
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

function putAward(web: RecordedWeb): void {
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
}
