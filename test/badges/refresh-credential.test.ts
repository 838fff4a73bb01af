import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CredentialReport } from '../../src/domain/credential.ts';
import { createForge } from '../support/badge-forge.ts';
import { type RecordedWeb, startRecordedWeb } from '../support/recorded-web.ts';
import { file, readerWith } from './reader.ts';

type Forge = Awaited<ReturnType<typeof createForge>>;
const SERVICE = 'https://issuer.test/refresh/1';
const more = { refreshService: { id: SERVICE, type: '1EdTechCredentialRefresh' } };
const past = '2026-11-01T00:00:00Z';

let web: RecordedWeb;
let forge: Forge;
beforeEach(async () => {
  web = await startRecordedWeb();
  forge = await createForge(web.put);
});
afterEach(() => web.close());

const read = (content: string): Promise<CredentialReport> =>
  readerWith({ proxy: web.proxy })(file(content), null);
const old = () => forge.make('ES256', { more, until: past });
const answerWith = (body: string) => web.put(SERVICE, { contentType: 'text/plain', body });

test.for<[string, string, () => Promise<void> | void]>([
  ['renewed', 'verified', async () => answerWith(await forge.make('ES256'))],
  [
    'renewed with another kind of signature',
    'verified',
    async () => answerWith(await forge.make('eddsa-rdfc-2022')),
  ],
  ['renewed, and ended again', 'expired', async () => answerWith(await forge.make('ES256', { until: past }))],
  ['the issuer does not answer', 'expired', () => undefined],
  ['the issuer answers with a page', 'expired', () => answerWith('<html>')],
  [
    'the answer is another badge',
    'expired',
    async () => answerWith(await forge.make('ES256', { more: { id: 'urn:uuid:2' } })),
  ],
  ['the answer is not signed', 'expired', () => answerWith(JSON.stringify(forge.credential()))],
  [
    'the answer was changed',
    'expired',
    async () => answerWith((await forge.make('eddsa-rdfc-2022')).replaceAll('Heights', 'Depths')),
  ],
  [
    'the answer breaks its format',
    'expired',
    async () => answerWith(await forge.make('ES256', { from: '2030-01-01T00:00:00Z' })),
  ],
])('a badge with a place to ask for a newer copy, %s: %s', async ([, outcome, prepare]) => {
  await prepare();
  expect((await read(await old())).outcome).toBe(outcome);
});

test('the newer copy is what is shown, and the report says so', async () => {
  answerWith(await forge.make('ES256', { name: 'Working at Heights, refreshed' }));
  const report = await read(await old());
  expect(report.credential.name).toBe('Working at Heights, refreshed');
  expect(report.checks.filter(({ id }) => id === 'copy').map(({ result }) => result)).toEqual(['pass']);
});

test('it is asked once, and only when the signature at hand holds', async () => {
  answerWith(await forge.make('ES256', { more }));
  await read(await old());
  const asked = () => web.requests.filter((line) => line.includes('/refresh/'));
  expect(asked()).toEqual([`GET ${SERVICE}`]);
  const [head, body, tail = ''] = (await old()).split('.');
  expect((await read([head, body, `${tail.slice(4)}AAAA`].join('.'))).outcome).toBe('invalid');
  expect(asked()).toEqual([`GET ${SERVICE}`]);
});
