import type { Format, Outcome } from '../domain/credential.ts';
import type { Finding } from './finding.ts';
import type { CredentialTools } from './open-badge-3.ts';
import { NO_FACTS, type Occasion, type Verdict } from './verdict.ts';

/** One reading: when, for whom, and with what. */
export type Reading = {
  readonly occasion: Occasion;
  readonly tools: CredentialTools;
  /** Which award of a record of several the student chose, as its report named it. */
  readonly award: string | null;
  /** Reads what an address inside the thing leads to. */
  readonly follow: (address: string) => Promise<Verdict>;
};

/** Whether a badge was found there, good or bad, rather than words about one or nothing. */
export function isBadge(verdict: Verdict): boolean {
  const isFormat = verdict.format.startsWith('open-badge') || verdict.format === 'verifiable-credential';
  return isFormat && verdict.outcome !== 'no-badge-data' && verdict.outcome !== 'unreadable';
}

/** A verdict on something that states no facts. */
export function nothing(format: Format, outcome: Outcome, findings: readonly Finding[]): Verdict {
  return { format, outcome, facts: NO_FACTS, source: 'file', findings, identity: null };
}
