import type { FactSource, Format } from '../domain/credential.ts';
import { confidenceOf } from './certificate-confidence.ts';
import type { Certificate, Line } from './certificate-text.ts';
import { type Finding, unknown } from './finding.ts';
import { nothing, type Reading } from './reading.ts';
import { matchRecipient } from './recipient.ts';
import { NO_FACTS, type Verdict } from './verdict.ts';

/** What was read from words: shown field by field for a person to confirm, vouched for by nobody. */
export function readProposal(
  format: Format,
  source: FactSource,
  certificate: Certificate,
  lines: readonly Line[],
  findings: readonly Finding[],
  reading: Reading,
): Verdict {
  const { proposal } = certificate;
  const isEmpty = Object.values(proposal).every((value) => value === null);
  if (isEmpty) return nothing(format, 'no-badge-data', [unknown('source.no-words'), ...findings]);
  const recipient = matchRecipient(
    proposal.person === null ? [] : [{ kind: 'name', value: proposal.person, hashed: false, salt: '' }],
    reading.occasion.expected,
  );
  const { title, issuer, issuedOn, expiresOn, hours, certificateNumber } = proposal;
  return {
    format,
    outcome: 'self-reported',
    facts: {
      ...NO_FACTS,
      name: title,
      issuer: { name: issuer, url: null },
      recipient: recipient.recipient,
      issuedOn,
      expiresOn,
      hours,
      certificateNumber,
    },
    source,
    findings: [...findings, recipient.finding],
    identity: null,
    confidence: confidenceOf(certificate, lines),
  };
}
