import type {
  AwardInside,
  Confidence,
  CredentialFacts,
  CredentialReport,
  ExpectedRecipient,
  FactSource,
  Format,
  Outcome,
} from '../domain/credential.ts';
import type { Instant } from '../domain/instant.ts';
import type { Say } from '../domain/local-text.ts';
import { type Finding, toChecks } from './finding.ts';

export const NO_FACTS: CredentialFacts = {
  name: null,
  issuer: { name: null, url: null },
  recipient: { name: null, matches: null },
  issuedOn: null,
  expiresOn: null,
  description: null,
  criteria: null,
  hours: null,
  certificateNumber: null,
  evidence: [],
};

/** What a reader found out, before it is put into words. */
export type Verdict = {
  readonly format: Format;
  readonly outcome: Outcome;
  readonly facts: CredentialFacts;
  /** Where the facts came from. */
  readonly source: FactSource;
  readonly findings: readonly Finding[];
  readonly identity: CredentialReport['identity'];
  /** How sure the reader is of each field, where words were recognized. */
  readonly confidence?: Confidence;
  /** The awards inside a record of several. */
  readonly awards?: readonly AwardInside[];
};

/** What one reading may know besides the badge itself. */
export type Occasion = { readonly now: Instant; readonly expected: ExpectedRecipient | null };

export function toReport(verdict: Verdict, say: Say, now: Instant): CredentialReport {
  return {
    format: verdict.format,
    outcome: verdict.outcome,
    credential: verdict.facts,
    checks: toChecks(verdict.findings, say),
    facts: sources(verdict.facts, verdict.source),
    ...(verdict.confidence === undefined ? {} : { confidence: verdict.confidence }),
    ...(verdict.awards === undefined ? {} : { awards: verdict.awards }),
    identity: verdict.identity,
    ...(verdict.findings.some(({ why }) => why === 'off') ? { isOffline: true } : {}),
    checkedAt: now,
  };
}

function sources(facts: CredentialFacts, source: FactSource): CredentialReport['facts'] {
  const stated = (Object.keys(NO_FACTS) as (keyof CredentialFacts)[]).filter((field) => {
    const value = facts[field];
    if (field === 'issuer') return facts.issuer.name !== null || facts.issuer.url !== null;
    if (field === 'recipient') return facts.recipient.name !== null;
    return Array.isArray(value) ? value.length > 0 : value !== null;
  });
  return Object.fromEntries(stated.map((field) => [field, source]));
}

/** The answers a badge's outcome is made of. `unknown` is never counted as good. */
export type Answers = {
  /** Keeps to its own format. */
  readonly wellFormed: boolean;
  /** Is an award to a person, not a badge class, an endorsement or a wrapper. */
  readonly isAward: boolean;
  /** Unchanged: the signature fits, or the issuer's site shows this very copy. */
  readonly intact: 'yes' | 'no' | 'unknown';
  /** Whether the one that signed or hosts it is the issuer it names. */
  readonly issuer: 'proven' | 'unproven' | 'contradicted' | 'unknown';
  readonly status: 'in-force' | 'revoked' | 'unknown';
  readonly dates: 'in-force' | 'expired' | 'not-yet-valid';
};

/**
 * The one headline. A badge's own word against itself (withdrawn, ended, not begun) needs no further proof, so these
 * come before a check that could not be made; revoked wins over expired.
 */
export function decideOutcome(answers: Answers): Outcome {
  if (!answers.wellFormed || answers.intact === 'no' || answers.issuer === 'contradicted') return 'invalid';
  if (!answers.isAward) return 'not-a-badge';
  if (answers.status === 'revoked') return 'revoked';
  if (answers.dates !== 'in-force') return answers.dates;
  if (answers.intact === 'unknown' || answers.issuer === 'unknown' || answers.status === 'unknown')
    return 'could-not-check';
  return answers.issuer === 'unproven' ? 'issuer-unproven' : 'verified';
}
