import { proposeFacts } from './certificate-text.ts';
import { type Finding, unknown } from './finding.ts';
import { issuerOfAddress } from './issuer-list.ts';
import { hostOf, isWebAddress } from './lookups.ts';
import type { PdfContent } from './pdf.ts';
import { awardAddresses, platformOf } from './platforms.ts';
import { readPicture } from './read-picture.ts';
import { readProposal } from './read-proposal.ts';
import { isBadge, nothing, type Reading } from './reading.ts';
import { sniff } from './sniff.ts';
import type { Verdict } from './verdict.ts';

const MAX_FOLLOWED = 2;
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

  for (const inside of [...pdf.attachments, ...badgesInXmp(pdf.xmp)]) {
    const verdict = mayHoldBadge(inside) ? await open(inside) : null;
    if (verdict !== null && isBadge(verdict)) return verdict;
  }
  const links = checkPages(pdf, reading);
  for (const link of links) {
    const verdict = await reading.follow(link);
    if (isBadge(verdict)) return verdict;
  }
  const notes: Finding[] = links.map((link) => unknown('source.pdf-link', { host: hostOf(link) ?? '' }));
  if (pdf.isSigned) notes.push(unknown('source.pdf-signed'));
  const scan = pdf.scan === null ? null : await readPicture(pdf.scan, reading, open);
  if (scan !== null && isBadge(scan)) return scan;
  if (scan?.outcome === 'self-reported')
    return { ...scan, format: 'pdf', findings: [...scan.findings, ...notes] };
  if (pdf.lines.length === 0) return nothing('pdf', 'no-badge-data', [unknown('source.pdf-scan'), ...notes]);
  const proposal = proposeFacts(pdf.lines, reading.tools.issuers);
  const titled = proposal.title === null && pdf.title !== null ? { ...proposal, title: pdf.title } : proposal;
  return readProposal('pdf', 'file', titled, [unknown('source.pdf'), ...notes], reading);
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
