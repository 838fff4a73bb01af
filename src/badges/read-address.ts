import { unknown } from './finding.ts';
import { parseJsonObject } from './json.ts';
import { isWebAddress } from './lookups.ts';
import { readFetched } from './read-fetched.ts';
import { readCompactText, readJsonText } from './read-text.ts';
import { nothing, type Reading } from './reading.ts';
import { revokedBecause } from './revoked-because.ts';
import { decodeText, sniff } from './sniff.ts';
import type { Verdict } from './verdict.ts';

/** What the student put in the address box: an address, or the badge itself pasted as text. */
export async function readAddress(input: string, reading: Reading): Promise<Verdict> {
  const text = input.trim();
  const kind = sniff(Buffer.from(text, 'utf8'));
  if (kind === 'json') return readJsonText(text, reading);
  if (kind === 'jws') return readCompactText(text, reading);
  const address = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
  if (!isWebAddress(address) || /\s/.test(text) || !/[.:]/.test(text))
    return nothing('unreadable', 'unreadable', [unknown('source.not-an-address')]);
  return readHostedAt(address, reading);
}

/** Whatever an address answers with. */
export async function readHostedAt(address: string, reading: Reading): Promise<Verdict> {
  const answer = await reading.tools.lookups.bytes(address);
  if (!answer.ok)
    return nothing('web-page', 'could-not-check', [
      unknown('source.unreachable', { host: hostName(address) }, answer.problem),
    ]);
  if (answer.status === 410) {
    const json = parseJsonObject(decodeText(answer.bytes)) ?? null;
    if (json?.['revoked'] === true) return nothing('open-badge-2-hosted', 'revoked', [revokedBecause(json)]);
  }
  if (answer.status < 200 || answer.status > 299)
    return nothing('web-page', 'could-not-check', [
      unknown('source.unreachable', { host: hostName(address) }, 'status'),
    ]);
  return readFetched(answer, reading);
}

function hostName(address: string): string {
  return URL.canParse(address) ? new URL(address).host : '';
}
