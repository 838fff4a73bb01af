import { type Line, readCertificate } from './certificate-text.ts';
import { type Finding, unknown } from './finding.ts';
import { issuerOfAddress } from './issuer-list.ts';
import { hostOf, isWebAddress } from './lookups.ts';
import type { PdfContent } from './pdf.ts';
import { awardAddresses, platformOf } from './platforms.ts';
import { isCertificate, MIN_CERTAINTY, readCode, readPage } from './read-picture.ts';
import { readProposal } from './read-proposal.ts';
import { isBadge, nothing, type Reading } from './reading.ts';
import { sniff } from './sniff.ts';
import type { Verdict } from './verdict.ts';

const MAX_FOLLOWED = 2;
const MAX_SCANNED = 3;
/** No further page is begun after this. */
const MAX_SCAN_MS = 30_000;
const FEW_LETTERS = 60;
const SPEAKS_OF_CODE = /\b(qr|scan|scannez|balayez|numérisez)\b/i;
const CHECK_PAGE = /(verif|valid|assertion|badge|credential|certificat|attestation|check|qr)/i;

/**
 * A PDF certificate. A badge inside it (attached, or in its metadata) is read as such; then a link to where the
 * certificate can be checked; what is left is its text, which nobody vouches for.
 */
export async function readPdf(
  bytes: Uint8Array,
  reading: Reading,
  open: (bytes: Uint8Array) => Promise<Verdict>,
): Promise<Verdict> {
  const pdf = await reading.tools.workshop({ task: 'pdf', input: bytes });
  if (pdf === null || pdf.kind === 'broken')
    return nothing('pdf', 'unreadable', [unknown('source.broken-pdf')]);
  if (pdf.kind === 'locked') return nothing('pdf', 'unreadable', [unknown('source.pdf-locked')]);

  const kept = [...pdf.attachments, ...badgesInXmp(pdf.xmp)].filter(mayHoldBadge);
  for (const inside of kept) {
    const verdict = await open(inside);
    if (isBadge(verdict))
      return kept.length === 1 ? verdict : withNote(verdict, unknown('source.several-badges'));
  }
  const links = checkPages(pdf, reading);
  for (const link of links) {
    const verdict = await reading.follow(link);
    if (isBadge(verdict)) return verdict;
  }
  const notes: Finding[] = links.map((link) => unknown('source.pdf-link', { host: hostOf(link) ?? '' }));
  if (pdf.isSigned) notes.push(unknown('source.pdf-signed'));
  const drawn = await readDrawnPages(bytes, pdf, reading, open);
  if (drawn.badge !== null) return drawn.badge;
  const isRead = drawn.lines.length > 0;
  const lines = isRead ? drawn.lines : pdf.lines;
  if (lines.length === 0) return nothing('pdf', 'no-badge-data', [unknown('source.pdf-scan'), ...notes]);

  const certificate = readCertificate(lines, reading.tools.issuers);
  if (isRead)
    return readProposal(
      'pdf',
      'ocr',
      certificate,
      lines,
      [unknown('source.ocr', { percent: drawn.certainty }), ...notes],
      reading,
    );
  const { proposal } = certificate;
  const titled = proposal.title === null && pdf.title !== null ? { ...proposal, title: pdf.title } : proposal;
  return readProposal(
    'pdf',
    'file',
    { ...certificate, proposal: titled },
    lines,
    [unknown('source.pdf'), ...notes],
    reading,
  );
}

/** No text, or no more than the name of the scanning app at the foot of a picture. */
function isScanned({ lines, hasPictures }: PdfContent): boolean {
  const letters = lines.reduce((sum, { text }) => sum + text.length, 0);
  return letters === 0 || (hasPictures && letters < FEW_LETTERS);
}

type Drawn = { readonly badge: Verdict | null; readonly lines: readonly Line[]; readonly certainty: number };

/**
 * What is drawn rather than written: the letters of a scan, page by page until a certificate is found, and a code to be
 * scanned. Pages with text are drawn only when there are pictures among it, or when it speaks of a code.
 */
async function readDrawnPages(
  bytes: Uint8Array,
  pdf: PdfContent,
  reading: Reading,
  open: (bytes: Uint8Array) => Promise<Verdict>,
): Promise<Drawn> {
  const isScan = isScanned(pdf);
  const mayHoldCode = pdf.hasPictures || pdf.lines.some(({ text }) => SPEAKS_OF_CODE.test(text));
  const none: Drawn = { badge: null, lines: [], certainty: 0 };
  if (!isScan && !mayHoldCode) return none;
  const { workshop } = reading.tools;
  const pages = await workshop({ task: 'pdfPages', input: { bytes, count: isScan ? MAX_SCANNED : 1 } });
  const until = performance.now() + MAX_SCAN_MS;
  let best = none;
  for (const page of pages ?? []) {
    const picture = await workshop({ task: 'picture', input: page });
    if (picture === null || picture.kind === 'broken') continue;
    if (picture.code !== null) {
      const verdict = await readCode(picture.code, reading, open);
      if (verdict !== null && isBadge(verdict)) return { ...none, badge: verdict };
    }
    if (!isScan || performance.now() > until) break;
    const words = await readPage(picture, reading);
    if (words === null || words.certainty < MIN_CERTAINTY) continue;
    if (best.lines.length === 0) best = { badge: null, lines: words.lines, certainty: words.certainty };
    if (isCertificate(readCertificate(words.lines, reading.tools.issuers).proposal))
      return { badge: null, lines: words.lines, certainty: words.certainty };
  }
  return best;
}

function withNote(verdict: Verdict, note: Finding): Verdict {
  return { ...verdict, findings: [...verdict.findings, note] };
}

function mayHoldBadge(bytes: Uint8Array): boolean {
  return ['png', 'svg', 'json', 'jws'].includes(sniff(bytes));
}

/** A compact token, or JSON with a badge's context, anywhere in the packet. */
function badgesInXmp(xmp: string): readonly Uint8Array[] {
  const text = xmp
    .replace(/&quot;/g, '"')
    .replace(/&#34;/g, '"')
    .replace(/&amp;/g, '&');
  const tokens = [...text.matchAll(/eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g)].map((match) => match[0]);
  const start = text.search(/\{\s*"@context"/);
  const end = text.lastIndexOf('}');
  const json = start >= 0 && end > start ? [text.slice(start, end + 1)] : [];
  return [...tokens.slice(0, 2), ...json].map((found) => new TextEncoder().encode(found));
}

/** Links that lead to the certificate's own check page: a platform's, a listed issuer's, or one that says so. */
function checkPages(pdf: PdfContent, reading: Reading): readonly string[] {
  const inText = pdf.lines.flatMap((line) => line.text.match(/https?:\/\/[^\s"<>)]+/g) ?? []);
  const found = [...new Set([...pdf.links, ...inText])].filter(isWebAddress);
  const rank = (link: string): number => {
    if (awardAddresses(link).length > 0) return 3;
    const { pathname, search } = new URL(link);
    const isLong = pathname.length + search.length > 8;
    if (!isLong) return 0;
    if (platformOf(link) !== null || issuerOfAddress(reading.tools.issuers, link) !== null) return 2;
    return CHECK_PAGE.test(link) ? 1 : 0;
  };
  return found
    .filter((link) => rank(link) > 0)
    .toSorted((a, b) => rank(b) - rank(a))
    .slice(0, MAX_FOLLOWED);
}
