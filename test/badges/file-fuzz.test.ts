import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { PDFDocument, StandardFonts } from 'pdf-lib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { OUTCOMES } from '../../src/domain/credential.ts';
import { createForge, FORGE_ISSUER, WAYS } from '../support/badge-forge.ts';
import { pngWith, svgWith, textChunk } from '../support/baked.ts';
import { chance } from '../support/chance.ts';
import { type Seed, spoil } from '../support/spoil.ts';
import { file, readerWith } from './reader.ts';

/** How many; the long run is SHSM_TEST_FUZZ_FILES=200000 (in parts with SHSM_TEST_FUZZ_SEED). */
const FILES = Number(process.env['SHSM_TEST_FUZZ_FILES'] ?? 400);
const SEED = Number(process.env['SHSM_TEST_FUZZ_SEED'] ?? 1);
const MORE_MEMORY = 100 * 1024 * 1024;
const PICTURES = join(import.meta.dirname, 'fixtures/pictures');

/** Real files of every format; those that take longest to read come up less often. */
async function seeds(): Promise<readonly Seed[]> {
  const forge = await createForge(() => undefined);
  const badges = await Promise.all(WAYS.map((way) => forge.make(way)));
  const texts = [
    ...badges,
    JSON.stringify([forge.credential(), forge.credential()]),
    await forge.sign({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiableCredential', 'ClrCredential'],
      issuer: FORGE_ISSUER,
      credentialSubject: { type: ['ClrSubject'], verifiableCredential: badges.slice(2, 5) },
    }),
  ];
  const light: Seed[] = texts.flatMap((text, at): Seed[] => {
    const version = at < 2 ? 2 : 3;
    const keyword = version === 2 ? 'openbadges' : 'openbadgecredential';
    return [
      { sort: text.startsWith('{') || text.startsWith('[') ? 'json' : 'jws', bytes: Buffer.from(text) },
      { sort: 'png', bytes: pngWith(textChunk.iTXt(keyword, text)) },
      { sort: 'png', bytes: pngWith(textChunk.zTXt(keyword, deflateSync(text))) },
      { sort: 'svg', bytes: Buffer.from(svgWith(text, version)) },
    ];
  });
  const small = (name: string) => sharp(readFileSync(join(PICTURES, name))).resize({ width: 160 });
  const pictures = await Promise.all([
    small('certificate.jpg').jpeg().toBuffer(),
    small('certificate.jpg').webp().toBuffer(),
    small('certificate.jpg').gif().toBuffer(),
    small('certificate.jpg').tiff().toBuffer(),
    small('certificate-with-code.png').png().toBuffer(),
  ]);
  const heavy: Seed[] = [
    ...pictures.map((bytes): Seed => ({ sort: 'picture', bytes })),
    { sort: 'picture', bytes: readFileSync(join(PICTURES, 'small.heic')) },
    { sort: 'pdf', bytes: await pdf(badges[2] ?? '') },
    { sort: 'pdf', bytes: await pdf(null) },
  ];
  return [...light, ...light, ...light, ...heavy];
}

async function pdf(badge: string | null): Promise<Buffer> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  const page = document.addPage([300, 200]);
  page.drawText('Certificate of Completion', { x: 20, y: 160, size: 14, font });
  page.drawText('Completed on May 1, 2026', { x: 20, y: 120, size: 10, font });
  if (badge !== null) await document.attach(Buffer.from(badge), 'badge.jwt');
  return Buffer.from(await document.save({ useObjectStreams: badge === null }));
}

test('spoiled files of every format end in an outcome, and soon, and in little memory', {
  timeout: 3_600_000,
}, async () => {
  const all = await seeds();
  // Letters are read in a thread of their own, which gives up by its clock: each picture would take its second.
  const read = readerWith({ outbound: 'off', readWords: async () => null });
  for (const seed of all) await read(file(seed.bytes), null);

  const luck = chance(SEED);
  const counts = new Map<string, number>();
  const worst = { ms: 0, cpuMs: 0, moreMb: 0 };
  const greedy: string[] = [];
  const before = process.memoryUsage.rss();
  for (let number = 0; number < FILES; number += 1) {
    const seed = luck.pick(all);
    const spoiled = spoil(seed, all, luck);
    const [rss, peak, cpu, start] = [
      process.memoryUsage.rss(),
      process.resourceUsage().maxRSS * 1024,
      process.cpuUsage(),
      performance.now(),
    ];
    const report = await read(file(spoiled), null);
    const used = process.cpuUsage(cpu);
    const newPeak = process.resourceUsage().maxRSS * 1024;
    const more = newPeak > peak ? newPeak - rss : 0;
    worst.ms = Math.max(worst.ms, Math.round(performance.now() - start));
    worst.cpuMs = Math.max(worst.cpuMs, Math.round((used.user + used.system) / 1000));
    worst.moreMb = Math.max(worst.moreMb, Math.round(more / 1024 / 1024));
    if (more > MORE_MEMORY) greedy.push(`${number} ${seed.sort}`);
    if (!OUTCOMES.includes(report.outcome)) greedy.push(`${number} has no outcome`);
    counts.set(report.outcome, (counts.get(report.outcome) ?? 0) + 1);
  }
  const grown = Math.round((process.memoryUsage.rss() - before) / 1024 / 1024);
  process.stdout.write(
    `${FILES} spoiled files (seed ${SEED}): slowest ${worst.ms} ms (most processor time ${worst.cpuMs} ms), most memory ${worst.moreMb} MB more, ${grown} MB grown; ${JSON.stringify(Object.fromEntries(counts))}\n`,
  );
  expect(greedy).toEqual([]);
});
