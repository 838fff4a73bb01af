import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PDFDocument, PDFHexString, PDFName, PDFString, StandardFonts } from 'pdf-lib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CredentialReport } from '../../src/domain/credential.ts';
import { type RecordedWeb, startRecordedWeb } from '../support/recorded-web.ts';
import { file, readerWith } from './reader.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures/1edtech/cases/ob30');

let web: RecordedWeb;
beforeEach(async () => {
  web = await startRecordedWeb();
});
afterEach(() => web.close());

const read = (bytes: Uint8Array): Promise<CredentialReport> =>
  readerWith({ proxy: web.proxy })(file(bytes), { name: 'Student One', emails: [], studentNumber: null });

type Text = readonly [text: string, size: number];
async function certificate(
  lines: readonly Text[],
  more: (document: PDFDocument) => Promise<void> | void = () => undefined,
): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const page = document.addPage([600, 400]);
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (const [at, [text, size]] of lines.entries())
    page.drawText(text, { x: 50, y: 360 - at * 36, size, font });
  await more(document);
  return document.save();
}
const addLink = (uri: string) => (document: PDFDocument) => {
  const link = document.context.obj({
    Type: 'Annot',
    Subtype: 'Link',
    Rect: [50, 50, 200, 70],
    A: { Type: 'Action', S: 'URI', URI: PDFString.of(uri) },
  });
  document.getPage(0).node.set(PDFName.of('Annots'), document.context.obj([document.context.register(link)]));
};
const words: readonly Text[] = [
  ['Certificate of Completion', 30],
  ['This certifies that Student One', 12],
  ['has successfully completed', 12],
  ['Working at Heights', 24],
  ['Course length: 8 hours', 10],
  ['Completed on May 1, 2026', 10],
  ['Expires on May 1, 2029', 10],
  ['Certificate no. WAH-2026-0042', 10],
];

test('the words of a certificate are proposed, field by field, and vouched for by nobody', async () => {
  const report = await read(await certificate(words));
  expect([report.format, report.outcome, report.credential, report.facts.name]).toEqual([
    'pdf',
    'self-reported',
    {
      name: 'Working at Heights',
      issuer: { name: null, url: null },
      recipient: { name: 'Student One', matches: true, by: 'name' },
      issuedOn: '2026-05-01',
      expiresOn: '2029-05-01',
      description: null,
      criteria: null,
      hours: 8,
      certificateNumber: 'WAH-2026-0042',
      evidence: [],
    },
    'file',
  ]);
});

test.for([
  ['simple.json', 'issuer-unproven'],
  ['simple-jwt.png', 'issuer-unproven'],
  ['simple-err-proof-method.json', 'invalid'],
])('an attached badge (%s) is checked like any other: %s', async ([name, outcome]) => {
  const bytes = await certificate(words, async (document) => {
    await document.attach(readFileSync(join(FIXTURES, name ?? '')), 'badge');
  });
  const report = await read(bytes);
  expect([report.format, report.outcome]).toEqual(['open-badge-3', outcome]);
});

test('a badge kept in the metadata is found', async () => {
  const badge = readFileSync(join(FIXTURES, 'simple.json'), 'utf8').replaceAll('"', '&quot;');
  const bytes = await certificate(words, (document) => {
    const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><badge>${badge}</badge></x:xmpmeta><?xpacket end="w"?>`;
    const stream = document.context.stream(xmp, { Type: 'Metadata', Subtype: 'XML' });
    document.catalog.set(PDFName.of('Metadata'), document.context.register(stream));
  });
  expect((await read(bytes)).outcome).toBe('issuer-unproven');
});

test('a link to the page where it can be checked is followed to the badge', async () => {
  const home = 'https://factory.cancred.ca';
  const id = `${home}/v1/assertion/0123456789abcdef0123456789abcdef01234567`;
  web.put(id, {
    '@context': 'https://w3id.org/openbadges/v2',
    type: 'Assertion',
    id,
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
  const report = await read(await certificate(words, addLink(`${id}.html`)));
  expect([report.format, report.outcome]).toEqual(['open-badge-2-hosted', 'verified']);
});

test('a link that leads to no badge is only mentioned', async () => {
  web.put('https://issuer.test/verify/12345', {
    contentType: 'text/html',
    body: '<html><title>x</title></html>',
  });
  const report = await read(await certificate(words, addLink('https://issuer.test/verify/12345')));
  expect(report.outcome).toBe('self-reported');
  expect(report.checks.map((check) => check.detail).join()).toContain('issuer.test');
});

test('a PDF of pictures only says what to do', async () => {
  const report = await read(await certificate([]));
  expect([report.format, report.outcome]).toEqual(['pdf', 'no-badge-data']);
  expect(report.checks.map((check) => check.detail).join()).toContain('Type in what the certificate says');
});

test('a PDF locked with a password says how to hand it in', async () => {
  const bytes = await certificate(words, (document) => {
    const { context } = document;
    const secret = PDFHexString.of('00'.repeat(32));
    const rules = { Filter: 'Standard', V: 1, R: 2, P: -4, O: secret, U: secret };
    context.trailerInfo.Encrypt = context.register(context.obj(rules));
    context.trailerInfo.ID = context.obj([PDFHexString.of('00'), PDFHexString.of('00')]);
  });
  const report = await read(bytes);
  expect([report.format, report.outcome]).toEqual(['pdf', 'unreadable']);
  expect(report.checks.map((check) => check.detail).join()).toContain('locked with a password');
});

test.for([
  ['cut in half', (bytes: Uint8Array) => bytes.slice(0, 300)],
  ['nothing but a heading', () => new TextEncoder().encode('%PDF-1.7\n')],
  ['noise behind the heading', () => new TextEncoder().encode(`%PDF-1.4\n${'x'.repeat(5000)}`)],
] as const)('a PDF that is %s is unreadable', async ([, change]) => {
  const report = await read(change(await certificate(words)));
  expect([report.format, report.outcome]).toEqual(['pdf', 'unreadable']);
});

test('several badges in one file: the first is read, and that is said', async () => {
  const badge = readFileSync(join(FIXTURES, 'simple-jwt.png'));
  const document = await PDFDocument.create();
  document.addPage([300, 200]);
  for (const name of ['one.png', 'two.png']) await document.attach(badge, name);
  const report = await read(await document.save());
  expect(report.checks.filter(({ id }) => id === 'source').map(({ detail }) => detail)).toEqual([
    'The file holds more than one badge. The first one was read.',
  ]);
});

test('how sure each field is, depends on how it was found', async () => {
  const report = await read(await certificate(words));
  expect(report.confidence).toEqual({
    name: 0.95,
    recipient: 0.95,
    issuedOn: 0.95,
    expiresOn: 0.95,
    hours: 0.95,
    certificateNumber: 0.95,
  });
  const bare = await read(
    await certificate([
      ['Working at Heights', 24],
      ['May 1, 2026', 10],
    ]),
  );
  expect(bare.confidence).toEqual({ name: 0.6, issuedOn: 0.6 });
});
