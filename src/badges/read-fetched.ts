import { unknown } from './finding.ts';
import { readFile } from './read-file.ts';
import type { Reading } from './reading.ts';
import { nothing } from './reading.ts';
import type { Fetched } from './safe-fetch.ts';
import { sniff } from './sniff.ts';
import type { Verdict } from './verdict.ts';

/** What an address answered with: a badge, a picture with one inside, or a page. */
export async function readFetched(
  answer: Extract<Fetched, { ok: true }>,
  reading: Reading,
): Promise<Verdict> {
  const kind = sniff(answer.bytes);
  // A page that holds nothing but another address leads nowhere on purpose.
  if (kind === 'address' || kind === 'text' || kind === 'html')
    return nothing('web-page', 'no-badge-data', [unknown('source.no-badge')]);
  return readFile(answer.bytes, reading);
}
