import { type Note, readPlainPng } from './baked-png.ts';
import { type Finding, unknown } from './finding.ts';
import { readSavedPage } from './read-page.ts';
import { readPdf } from './read-pdf.ts';
import { readPicture } from './read-picture.ts';
import { readCompactText, readJsonText } from './read-text.ts';
import { nothing, type Reading } from './reading.ts';
import { addressIn, decodeText, sniff } from './sniff.ts';
import type { Verdict } from './verdict.ts';

const MAX_BYTES = 10 * 1024 * 1024;

/** A file, by what is in it; its name is never looked at. */
export async function readFile(bytes: Uint8Array, reading: Reading): Promise<Verdict> {
  if (bytes.length > MAX_BYTES) return nothing('unreadable', 'unreadable', [unknown('source.too-big')]);
  const kind = sniff(bytes);
  switch (kind) {
    case 'png':
    case 'svg':
      return readBaked(kind, bytes, reading);
    case 'picture':
      return readPicture(bytes, reading, (inside) => readFile(inside, reading));
    case 'json':
      return readJsonText(decodeText(bytes), reading);
    case 'jws':
      return readCompactText(decodeText(bytes), reading);
    case 'address':
      return reading.follow(addressIn(decodeText(bytes)) ?? '');
    case 'pdf':
      return readPdf(bytes, reading, (inside) => readFile(inside, reading));
    case 'html':
      return readSavedPage(decodeText(bytes), reading);
    case 'text':
      return nothing('unreadable', 'no-badge-data', [unknown('source.no-badge')]);
    case 'empty':
    case 'other':
      return nothing('unreadable', 'unreadable', [unknown('source.unknown-kind')]);
  }
}

async function readBaked(kind: 'png' | 'svg', bytes: Uint8Array, reading: Reading): Promise<Verdict> {
  const { workshop } = reading.tools;
  const baked =
    kind === 'png'
      ? (readPlainPng(bytes) ?? (await workshop({ task: 'png', input: bytes })))
      : await workshop({ task: 'svg', input: decodeText(bytes) });
  if (baked === null || 'refused' in baked)
    return nothing('image', 'unreadable', [unknown('source.broken-picture')]);
  if (baked.text === null)
    return kind === 'svg'
      ? nothing('image', 'no-badge-data', [unknown('source.picture')])
      : readPicture(bytes, reading, (inside) => readFile(inside, reading));
  const verdict = await readBakedText(baked.text, reading);
  return { ...verdict, findings: [...verdict.findings, ...baked.notes.map(noteFinding)] };
}

async function readBakedText(text: string, reading: Reading): Promise<Verdict> {
  const kind = sniff(Buffer.from(text, 'utf8'));
  if (kind === 'jws') return readCompactText(text, reading);
  if (kind !== 'address') return readJsonText(text, reading);
  const verdict = await reading.follow(text.trim());
  // Version 1 bakes the address only: what does not answer there is still a badge.
  return verdict.outcome === 'could-not-check' && verdict.format === 'web-page'
    ? { ...verdict, format: 'open-badge-2-hosted' }
    : verdict;
}

function noteFinding(note: Note): Finding {
  return unknown(`baking.${note}`);
}
