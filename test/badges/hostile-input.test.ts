import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OUTCOMES } from '../../src/domain/credential.ts';
import { file, readerWith } from './reader.ts';

const FOLDER = join(import.meta.dirname, 'fixtures/1edtech/cases');
// Letters are left unread here: every changed picture would take its half second.
const read = readerWith({ outbound: 'off', readWords: async () => null });
const RUNS = { seed: 20_261_122, numRuns: 120 };

/** Files of which a changed copy must never be believed: their signature covers every word. */
const signed = ['ob30/simple.json', 'ob30/simple_v1.json', 'ob30/sd/derivedcredential.json'];
const files = [
  ...signed,
  'ob30/simple-jwt.png',
  'ob30/simple-json.svg',
  'ob20/simple-badge.png',
  'ob20/simple-not-revoked.jwt',
  'ob20/basic-assertion.json',
].map((name) => readFileSync(join(FOLDER, name)));

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }),
  fc.string({ maxLength: 500 }).map((text) => new TextEncoder().encode(text)),
);
const headings = [
  '%PDF-1.4\n',
  '\x89PNG\r\n\x1a\n',
  '<svg xmlns="http://www.w3.org/2000/svg">',
  '{',
  '[',
  'eyJ',
  '<html>',
  'https://a.test/',
  'GIF89a',
];

test('any bytes at all end in an outcome', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('', ...headings), bytes, async (heading, rest) => {
      const report = await read(file(Buffer.concat([Buffer.from(heading, 'latin1'), rest])), null);
      expect(OUTCOMES).toContain(report.outcome);
      expect(['verified', 'issuer-unproven']).not.toContain(report.outcome);
    }),
    RUNS,
  );
});

test('any JSON in the shape of a badge ends in an outcome', async () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const keys = fc.constantFrom(
    '@context',
    'type',
    'id',
    'recipient',
    'badge',
    'issuer',
    'verification',
    'issuedOn',
    'credentialSubject',
    'proof',
    'credentialStatus',
    'validFrom',
    'evidence',
  );
  const types = fc.constantFrom(
    'Assertion',
    'BadgeClass',
    'VerifiableCredential',
    'OpenBadgeCredential',
    'ClrCredential',
    'EndorsementCredential',
    'VerifiablePresentation',
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(keys, value), fc.array(types), async (object, type) => {
      const report = await read(file(JSON.stringify({ ...object, type })), null);
      expect(['verified', 'issuer-unproven']).not.toContain(report.outcome);
    }),
    RUNS,
  );
});

test('a real badge with bytes changed or cut ends in an outcome', async () => {
  const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(change, { minLength: 1, maxLength: 5 }),
      fc.nat(),
      async (original, changes, cut) => {
        const copy = Buffer.from(original);
        for (const { at, byte } of changes) copy[at % copy.length] = byte;
        const report = await read(file(cut % 3 === 0 ? copy.subarray(0, cut % copy.length) : copy), null);
        expect(OUTCOMES).toContain(report.outcome);
      },
    ),
    RUNS,
  );
});

test('a word changed in a signed badge is always noticed', async () => {
  const words = fc.constantFrom(...signed.map((name) => readFileSync(join(FOLDER, name), 'utf8')));
  await fc.assert(
    fc.asyncProperty(
      words,
      fc.nat(),
      fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'abcXYZ019') }),
      async (text, pick, word) => {
        const places = [...text.matchAll(/"(?:name|narrative|description)": "([^"]+)"/g)];
        const place = places[pick % places.length];
        if (place?.[1] === undefined || place[1] === word) return;
        const changed =
          text.slice(0, place.index) +
          place[0].replace(`: "${place[1]}"`, `: "${word}"`) +
          text.slice(place.index + place[0].length);
        expect((await read(file(changed), null)).outcome).toBe('invalid');
      },
    ),
    { ...RUNS, numRuns: 60 },
  );
});

test.for<[string, string, string]>([
  ['brackets without end', '['.repeat(900_000), 'unreadable'],
  ['brackets in a text', `["${'['.repeat(900)}"`, 'no-badge-data'],
  ['badge data cut short', '{"@context":"https://w3id.org/openbadges/v2","type":', 'invalid'],
  ['objects a thousand deep', `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`, 'unreadable'],
  [
    'a key that reaches the prototype',
    '{"__proto__":{"type":"Assertion"},"@context":"https://w3id.org/openbadges/v2"}',
    'unreadable',
  ],
  ['a token of nothing', 'eyJhbGciOiJub25lIn0..', 'no-badge-data'],
])('%s', async ([, text, outcome]) => {
  expect((await read(file(text), null)).outcome).toBe(outcome);
});

test('a file above ten mebibytes is not opened', async () => {
  expect((await read(file(new Uint8Array(10 * 1024 * 1024 + 1)), null)).outcome).toBe('unreadable');
});
