import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CredentialReport } from '../../src/domain/credential.ts';
import { createForge, FORGE_ISSUER } from '../support/badge-forge.ts';
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

const read = (content: string, award?: string): Promise<CredentialReport> =>
  readerWith({ proxy: web.proxy })({ ...file(content), ...(award === undefined ? {} : { award }) }, null);
const one = { id: 'https://issuer.test/badges/1' };
const two = { id: 'https://issuer.test/badges/2' };

/** A comprehensive learner record of the same issuer, signed, around these. */
const clr = (inside: readonly unknown[]) =>
  forge.sign({
    '@context': [
      'https://www.w3.org/ns/credentials/v2',
      'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json',
    ],
    id: 'https://issuer.test/records/1',
    type: ['VerifiableCredential', 'ClrCredential'],
    issuer: { id: FORGE_ISSUER, type: ['Profile'], name: 'Issuer One' },
    validFrom: '2026-01-01T00:00:00Z',
    credentialSubject: { type: ['ClrSubject'], verifiableCredential: inside },
  });
const awards = [
  { id: one.id, name: 'Working at Heights', issuer: 'Issuer One' },
  { id: two.id, name: 'WHMIS 2015', issuer: 'Issuer One' },
];
const inside = async () => [
  JSON.parse(await forge.make('eddsa-rdfc-2022')),
  await forge.make('ES256', { name: 'WHMIS 2015', more: two }),
];

describe('a learner record (CLR 2.0)', () => {
  test('asks which of its awards counts', async () => {
    const report = await read(await clr(await inside()));
    expect([report.format, report.outcome, report.awards]).toEqual([
      'verifiable-credential',
      'not-a-badge',
      awards,
    ]);
    expect(report.checks[0]?.detail).toContain('2 awards');
  });
  test.for([awards[0], awards[1]])('reads the one that was chosen: %j', async (award) => {
    const report = await read(await clr(await inside()), award?.id);
    expect([report.format, report.outcome, report.credential.name]).toEqual([
      'open-badge-3',
      'verified',
      award?.name,
    ]);
  });
  test('asks again when the one that was chosen is not in it', async () => {
    const report = await read(await clr(await inside()), 'https://issuer.test/badges/3');
    expect([report.outcome, report.awards]).toEqual(['not-a-badge', awards]);
  });
  test('its own signature covers what has none, of the same issuer', async () => {
    const report = await read(await clr([forge.credential()]), one.id);
    expect([report.outcome, report.facts.name]).toEqual(['verified', 'signed']);
  });
  test('but not what another issuer should have signed', async () => {
    const report = await read(await clr([forge.credential({ issuer: 'https://other.test/issuer' })]), one.id);
    expect(report.outcome).toBe('invalid');
  });
  test('an altered award inside is forged, whatever the record says', async () => {
    const altered = { ...JSON.parse(await forge.make('eddsa-rdfc-2022')), name: 'Hoisting' };
    expect((await read(await clr([altered]), one.id)).outcome).toBe('invalid');
  });
  test('an altered record holds no awards', async () => {
    const [head, , tail] = (await clr([])).split('.');
    const [, body] = (await clr(await inside())).split('.');
    const report = await read([head, body, tail].join('.'));
    expect([report.outcome, report.awards]).toEqual(['invalid', undefined]);
  });
  test('a recommendation inside is not an award', async () => {
    const endorsement = { ...forge.credential(), type: ['VerifiableCredential', 'EndorsementCredential'] };
    const report = await read(await clr([endorsement]));
    expect([report.outcome, report.awards]).toEqual(['not-a-badge', []]);
  });
  test('no more than a hundred are looked at', async () => {
    const many = Array.from({ length: 130 }, (_, at) => forge.credential({ more: { id: `urn:uuid:${at}` } }));
    expect((await read(await clr(many))).awards?.length).toBe(100);
  });
});

test('several badges in a list or a presentation are a choice for a person', async () => {
  const list = await inside();
  const presentation = { type: 'VerifiablePresentation', verifiableCredential: list };
  for (const content of [list, presentation]) {
    const report = await read(JSON.stringify(content));
    expect([report.outcome, report.awards]).toEqual(['not-a-badge', awards]);
    expect((await read(JSON.stringify(content), two.id)).outcome).toBe('verified');
  }
});

test('awards of version 2 without an id of their own are told apart by their place', async () => {
  const award = JSON.parse(await forge.make('hosted'));
  const report = await read(JSON.stringify([{ ...award, id: undefined }, award]));
  expect(report.awards?.map(({ id }) => id)).toEqual(['#1', award.id]);
});
