import type { TypedFacts } from '../domain/submission.ts';
import { unknown } from './finding.ts';
import { NO_FACTS, type Verdict } from './verdict.ts';

/** What the student says the certificate says. Nobody vouches for it. */
export function readTyped(facts: TypedFacts): Verdict {
  const text = (value: string): string | null => (value.trim() === '' ? null : value.trim());
  return {
    format: 'typed',
    outcome: 'self-reported',
    facts: {
      ...NO_FACTS,
      name: text(facts.title),
      issuer: { name: text(facts.issuer), url: null },
      issuedOn: facts.issuedOn,
      expiresOn: facts.expiresOn,
      hours: facts.hours,
      certificateNumber: text(facts.certificateNumber),
    },
    source: 'typed',
    findings: [unknown('source.typed')],
    identity: null,
  };
}
