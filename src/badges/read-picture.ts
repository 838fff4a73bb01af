import { type Proposal, readCertificate } from './certificate-text.ts';
import { unknown } from './finding.ts';
import { isHeic } from './heic.ts';
import { isWebAddress } from './lookups.ts';
import type { Picture } from './picture.ts';
import { readProposal } from './read-proposal.ts';
import type { Words } from './read-words.ts';
import { isBadge, nothing, type Reading } from './reading.ts';
import { sniff } from './sniff.ts';
import type { Verdict } from './verdict.ts';

/** Below this the letters are guesses. */
export const MIN_CERTAINTY = 60;
/** A few lines that are read this well lie the right way up. */
const CLEARLY_READ = 80;
const FEW_LETTERS = 8;

/**
 * A photo, scan or screenshot. A QR code in it is followed like a link; else its words are read, which nobody vouches
 * for and which may be misread. A picture without enough words of a certificate is said to carry no badge.
 */
export async function readPicture(
  bytes: Uint8Array,
  reading: Reading,
  open: (bytes: Uint8Array) => Promise<Verdict>,
): Promise<Verdict> {
  const picture = await reading.tools.workshop({ task: 'picture', input: bytes });
  if (picture === null || picture.kind === 'broken')
    return nothing('image', 'no-badge-data', [unknown(isHeic(bytes) ? 'source.heic' : 'source.picture')]);
  if (picture.code !== null) {
    const verdict = await readCode(picture.code, reading, open);
    if (verdict !== null && (isBadge(verdict) || verdict.outcome === 'self-reported')) return verdict;
  }
  const words = await readPage(picture, reading);
  if (words === null || words.certainty < MIN_CERTAINTY)
    return nothing('image', 'no-badge-data', [unknown('source.picture')]);
  const certificate = readCertificate(words.lines, reading.tools.issuers);
  if (!isCertificate(certificate.proposal))
    return nothing('image', 'no-badge-data', [unknown('source.picture')]);
  return readProposal(
    'image',
    'ocr',
    certificate,
    words.lines,
    [unknown('source.ocr', { percent: words.certainty })],
    reading,
  );
}

/** A few lines are tried both ways up, which takes a tenth of the time of a page; then the page is read once. */
export async function readPage(
  picture: Extract<Picture, { kind: 'picture' }>,
  { tools: { readWords, workshop } }: Reading,
): Promise<Words | null> {
  const asIs = await readWords(picture.lines.asIs);
  if (asIs === null) return null;
  const isClear = asIs.letters >= FEW_LETTERS && asIs.certainty >= CLEARLY_READ;
  const turned = isClear ? null : await readWords(picture.lines.turned);
  const isOver = turned !== null && weight(turned) > weight(asIs);
  const page = isOver ? await workshop({ task: 'turnOver', input: picture.page }) : picture.page;
  return page === null ? null : readWords(page);
}

/** Letters that were read well; what lies upside down gives few, and those unclear. */
function weight({ letters, certainty }: Words): number {
  return letters * Math.max(0, certainty - 40);
}

/** What a code in a picture leads to: an address, or the badge itself. */
export async function readCode(
  code: string,
  reading: Reading,
  open: (bytes: Uint8Array) => Promise<Verdict>,
): Promise<Verdict | null> {
  if (isWebAddress(code)) return reading.follow(code);
  const bytes = new TextEncoder().encode(code);
  return ['json', 'jws'].includes(sniff(bytes)) ? open(bytes) : null;
}

/** A title and something else that certificates state: a picture of a badge often has a name on it and no more. */
export function isCertificate(proposal: Proposal): boolean {
  const { title, person, issuedOn, expiresOn, certificateNumber, hours } = proposal;
  return (
    title !== null && [person, issuedOn, expiresOn, certificateNumber, hours].some((value) => value !== null)
  );
}
