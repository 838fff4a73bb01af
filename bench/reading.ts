import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import signatures from 'jsonld-signatures';
import { PDFDocument, StandardFonts } from 'pdf-lib';
import { Agent, request } from 'undici';
import { extractLinks, extractText, getDocumentProxy } from 'unpdf';
import { bundledContext } from '../src/badges/context-loader.ts';
import type { JsonObject } from '../src/badges/json.ts';
import { createReadCredential } from '../src/badges/read-badge.ts';
import { createReadWords } from '../src/badges/read-words.ts';
import { createSafeFetch, type SafeFetch } from '../src/badges/safe-fetch.ts';
import { createWorkshop } from '../src/badges/workshop.ts';
import { loadMessages } from '../src/catalogue/load-messages.ts';
import type { ReadCredential } from '../src/domain/ports/read-credential.ts';
import { createForge } from '../test/support/badge-forge.ts';
import { pngChunk, pngWith, textChunk } from '../test/support/baked.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const PHOTO = join(import.meta.dirname, '../test/badges/fixtures/pictures/certificate.jpg');

/**
 * How fast badges are read, each beside the plain library call that it rests on, in the same run: a baked picture beside
 * jsonld-signatures, a hosted award beside undici, a PDF beside unpdf, a photo; then page answers while fifty are read, and
 * memory after ten thousand. The network is this machine's memory.
 */
export async function readingBench(reads = 10_000): Promise<string> {
  const pages = new Map<string, object>();
  const forge = await createForge((url, page) => pages.set(url, page));
  const read = readerOn(fromMemory(pages));
  // First, because photos leave their decoders' memory behind for a while.
  const grown = await memory(forge, read, reads);
  return [
    await bakedPicture(forge, read),
    await hostedAward(),
    await pdfOfThreePages(read),
    await photo(read),
    await fiftyAtOnce(forge, read),
    grown,
  ].join('\n');
}

type Forge = Awaited<ReturnType<typeof createForge>>;
const fileOf = (bytes: Uint8Array) => ({ kind: 'file', bytes, fileName: 'badge' }) as const;

function readerOn(fetchPublic: SafeFetch): ReadCredential {
  const { say } = loadMessages(join(import.meta.dirname, '../config'));
  return createReadCredential({
    fetchPublic,
    now: () => NOW,
    say,
    issuers: [],
    workshop: createWorkshop(),
    readWords: createReadWords(),
  });
}

function fromMemory(pages: ReadonlyMap<string, object>): SafeFetch {
  return async (url) => {
    const page = pages.get(url);
    if (page === undefined) return { ok: false, problem: 'unreachable' };
    const bytes = new TextEncoder().encode(JSON.stringify(page));
    return { ok: true, status: 200, url, contentType: 'application/json', bytes };
  };
}

async function bakedPicture(forge: Forge, read: ReadCredential): Promise<string> {
  const badge = await forge.make('eddsa-rdfc-2022');
  const filler = pngChunk('prIv', Buffer.alloc(1024 * 1024, 7));
  const png = pngWith(filler, textChunk.iTXt('openbadgecredential', badge));
  const credential = JSON.parse(badge) as JsonObject & { proof: { verificationMethod: string } };
  const documentLoader = plainLoader(credential.proof.verificationMethod, forge.multibase);
  const both = await beside(
    200,
    async () => expectVerified(await read(fileOf(png), null)),
    async () => {
      const { verified } = await signatures.verify(credential, {
        suite: new DataIntegrityProof({ cryptosuite }),
        purpose: new signatures.purposes.AssertionProofPurpose(),
        documentLoader,
      });
      if (!verified) throw new Error('the plain call does not verify');
    },
  );
  const token = pngWith(filler, textChunk.iTXt('openbadgecredential', await forge.make('ES256')));
  const jwt = await each(200, async () => expectVerified(await read(fileOf(token), null)));
  return `${line('baked OB 3.0 PNG of 1 MB', both, 'jsonld-signatures', 25)}\nthe same as a token      ${jwt.toFixed(1)} ms`;
}

/** Answers as the document loader that comes with jsonld for Node does, from memory. */
function plainLoader(method: string, publicKeyMultibase: string) {
  const controller = 'urn:controller';
  const key = {
    '@context': 'https://w3id.org/security/multikey/v1',
    id: method,
    type: 'Multikey',
    controller,
    publicKeyMultibase,
  };
  const owner = {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: controller,
    assertionMethod: [method],
  };
  return async (url: string) => ({
    contextUrl: null,
    documentUrl: url,
    document: { [method]: key, [controller]: owner }[url] ?? bundledContext(url),
  });
}

async function hostedAward(): Promise<string> {
  const pages = new Map<string, object>();
  const forge = await createForge((url, page) => pages.set(url, page));
  await forge.make('hosted');
  let home = '';
  const answer: RequestListener = (incoming, response) => {
    const page = pages.get(`https://issuer.test${incoming.url}`);
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(page ?? {}).replaceAll('https://issuer.test', home));
  };
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  home = `http://${host}`;
  const read = readerOn(createSafeFetch({ outbound: 'on', proxy: null, allowPrivateHosts: [host] }));
  const both = await beside(
    200,
    async () => expectVerified(await read({ kind: 'address', address: `${home}/awards/1` }, null)),
    // A new connection for each, as a guard that checks the connected address must have it.
    async () => {
      for (const path of ['/awards/1', '/badge2', '/issuer2']) {
        const dispatcher = new Agent();
        const { body } = await request(`${home}${path}`, { dispatcher });
        JSON.parse(await body.text());
        await dispatcher.close();
      }
    },
  );
  server.closeAllConnections();
  server.close();
  return line('hosted OB 2.0', both, 'undici, 3 requests', 15);
}

async function pdfOfThreePages(read: ReadCredential): Promise<string> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.TimesRoman);
  for (let number = 1; number <= 3; number += 1) {
    const page = document.addPage([612, 792]);
    page.drawText('Certificate of Completion: Working at Heights', { x: 50, y: 740, size: 20, font });
    for (let at = 0; at < 40; at += 1)
      page.drawText(`Line ${at} of page ${number}: what was taught and who taught it`, {
        x: 50,
        y: 700 - at * 16,
        size: 11,
        font,
      });
  }
  const bytes = await document.save();
  const both = await beside(
    100,
    async () => {
      if ((await read(fileOf(bytes), null)).format !== 'pdf') throw new Error('the PDF is not read');
    },
    async () => {
      const pdf = await getDocumentProxy(bytes.slice());
      await Promise.all([extractText(pdf), extractLinks(pdf), pdf.getMetadata(), pdf.getAttachments()]);
      await pdf.destroy();
    },
  );
  return line('PDF of 3 pages', both, 'unpdf', 400);
}

async function photo(read: ReadCredential): Promise<string> {
  const bytes = readFileSync(PHOTO);
  const { default: sharp } = await import('sharp');
  const turned = await sharp(bytes).rotate(90).jpeg().toBuffer();
  await read(fileOf(bytes), null);
  const level = await each(3, async () => void (await read(fileOf(bytes), null)));
  const side = await each(3, async () => void (await read(fileOf(turned), null)));
  return `photo of a page          ${level.toFixed(0)} ms, on its side ${side.toFixed(0)} ms (goal under 6000 ms)`;
}

async function fiftyAtOnce(forge: Forge, read: ReadCredential): Promise<string> {
  const badge = await forge.make('eddsa-rdfc-2022');
  const png = pngWith(
    pngChunk('prIv', Buffer.alloc(1024 * 1024, 7)),
    textChunk.iTXt('openbadgecredential', badge),
  );
  const server = createServer((_request, response) => response.end('page')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  let reading = true;
  const all = Promise.all(Array.from({ length: 50 }, () => read(fileOf(png), null))).then((reports) => {
    reading = false;
    for (const report of reports) expectVerified(report);
  });
  const waits: number[] = [];
  while (reading) {
    const start = performance.now();
    await (await fetch(address)).text();
    waits.push(performance.now() - start);
  }
  await all;
  server.closeAllConnections();
  server.close();
  const p95 = waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.95)] ?? 0;
  return `50 badges at once        page answers ${p95.toFixed(1)} ms at p95 of ${waits.length} (goal under 100 ms)`;
}

async function memory(forge: Forge, read: ReadCredential, reads: number): Promise<string> {
  const png = pngWith(textChunk.iTXt('openbadgecredential', await forge.make('ES256')));
  const json = Buffer.from(await forge.make('hosted'));
  const some = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at += 1) await read(fileOf(at % 2 === 0 ? png : json), null);
  };
  await some(1000);
  collectGarbage();
  const before = process.memoryUsage().rss;
  await some(reads);
  collectGarbage();
  const grown = (process.memoryUsage().rss - before) / 1024 / 1024;
  return `memory after ${reads} reads ${grown.toFixed(1)} MB more (goal under 20 MB)`;
}

/** What is only waiting to be thrown away is not growth. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}

function expectVerified({ outcome }: { readonly outcome: string }): void {
  if (outcome !== 'verified') throw new Error(`a badge of the bench is ${outcome}`);
}

type Both = { readonly ours: number; readonly plain: number };

/** Medians in milliseconds, one after the other in turn, so that a busy moment meets both; a few first do not count. */
async function beside(times: number, ours: () => Promise<void>, plain: () => Promise<void>): Promise<Both> {
  const took = { ours: [] as number[], plain: [] as number[] };
  for (let at = -20; at < times; at += 1) {
    const [own, other] = [await timed(ours), await timed(plain)];
    if (at < 0) continue;
    took.ours.push(own);
    took.plain.push(other);
  }
  return { ours: median(took.ours), plain: median(took.plain) };
}

async function each(times: number, work: () => Promise<void>): Promise<number> {
  const took: number[] = [];
  for (let at = 0; at < times; at += 1) took.push(await timed(work));
  return median(took);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function line(what: string, { ours, plain }: Both, library: string, goal: number): string {
  return `${what.padEnd(25)}${ours.toFixed(1)} ms (${library} ${plain.toFixed(1)} ms, ratio ${(ours / plain).toFixed(2)}; goal under ${goal} ms)`;
}
