import { type Proposal, proposeFacts } from './certificate-text.ts';
import { unknown } from './finding.ts';
import { isWebAddress } from './lookups.ts';
import { readProposal } from './read-proposal.ts';
import type { Words } from './read-words.ts';
import { isBadge, nothing, type Reading } from './reading.ts';
import { sniff } from './sniff.ts';
import type { Verdict } from './verdict.ts';

/** Below this the letters are guesses. */
const MIN_CERTAINTY = 60;
/** Fewer lines than this are a badge's artwork rather than a certificate. */
const MIN_LINES = 4;

/**
 * A photo, scan or screenshot. A QR code in it is followed like a link; else its words are read, which nobody vouches
 * for and which may be misread. A picture without enough words of a certificate is said to carry no badge.
 */
export async function readPicture(
  bytes: Uint8Array,
  reading: Reading,
  open: (bytes: Uint8Array) => Promise<Verdict>,
): Promise<Verdict> {
  if (isHeic(bytes)) return nothing('image', 'no-badge-data', [unknown('source.heic')]);
  const picture = await reading.tools.workshop({ task: 'picture', input: { bytes, turn: 0 } });
  if (picture === null || picture.kind === 'broken')
    return nothing('image', 'no-badge-data', [unknown('source.picture')]);
  if (picture.code !== null) {
    const verdict = await readCode(picture.code, reading, open);
    if (verdict !== null && (isBadge(verdict) || verdict.outcome === 'self-reported')) return verdict;
  }
  const words = await readTurned(bytes, await reading.tools.readWords(picture.clean), reading);
  if (words === null || words.certainty < MIN_CERTAINTY)
    return nothing('image', 'no-badge-data', [unknown('source.picture')]);
  const proposal = proposeFacts(words.lines, reading.tools.issuers);
  if (!isCertificate(proposal)) return nothing('image', 'no-badge-data', [unknown('source.picture')]);
  return readProposal(
    'image',
    'ocr',
    proposal,
    [unknown('source.ocr', { percent: words.certainty })],
    reading,
  );
}

/** A page of unclear lines is often one that lies on its side or upside down: it is turned and read again. */
async function readTurned(bytes: Uint8Array, first: Words | null, reading: Reading): Promise<Words | null> {
  if (first === null || first.certainty >= MIN_CERTAINTY || first.seen < MIN_LINES) return first;
  for (const turn of [90, 270, 180] as const) {
    const picture = await reading.tools.workshop({ task: 'picture', input: { bytes, turn } });
    const words = picture?.kind === 'picture' ? await reading.tools.readWords(picture.clean) : null;
    if (words !== null && words.certainty >= MIN_CERTAINTY) return words;
  }
  return first;
}

async function readCode(
  code: string,
  reading: Reading,
  open: (bytes: Uint8Array) => Promise<Verdict>,
): Promise<Verdict | null> {
  if (isWebAddress(code)) return reading.follow(code);
  const bytes = new TextEncoder().encode(code);
  return ['json', 'jws'].includes(sniff(bytes)) ? open(bytes) : null;
}

/** A title and something else that certificates state: a picture of a badge often has a name on it and no more. */
function isCertificate(proposal: Proposal): boolean {
  const { title, person, issuedOn, expiresOn, certificateNumber, hours } = proposal;
  return (
    title !== null && [person, issuedOn, expiresOn, certificateNumber, hours].some((value) => value !== null)
  );
}

/** The format of newer phones, which no freely licensed library here can open. */
function isHeic(bytes: Uint8Array): boolean {
  return /^ftyp(hei|hev|mif1|msf1)/.test(Buffer.from(bytes.subarray(4, 12)).toString('latin1'));
}
