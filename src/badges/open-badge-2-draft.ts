import type { CredentialFacts, FactSource, Format } from '../domain/credential.ts';
import { readDate } from './date-time.ts';
import { type Finding, pass } from './finding.ts';
import { firstObject, type JsonObject, stringOf } from './json.ts';
import { judgeDates } from './judge-dates.ts';
import { isWebAddress } from './lookups.ts';
import type { Chain } from './open-badge-2-chain.ts';
import { factsOf } from './open-badge-2-facts.ts';
import { addressOf, identitiesOf } from './open-badge-2-shape.ts';
import { matchRecipient } from './recipient.ts';
import { type Answers, decideOutcome, type Occasion, type Verdict } from './verdict.ts';

export type Draft = {
  readonly conclude: (
    assertion: JsonObject,
    chain: Chain | null,
    source: FactSource,
    answers: Partial<Answers>,
    findings: readonly Finding[],
  ) => Verdict;
};

/** Adds what every award is asked: its dates, its recipient, its facts. */
export function createDraft(format: Format, occasion: Occasion): Draft {
  return {
    conclude: (assertion, chain, source, given, findings) => {
      const badge = chain?.kind === undefined ? null : chain.badge;
      const issuer = chain === null || chain.kind === 'incomplete' ? null : chain.issuer;
      const recipient = matchRecipient(identitiesOf(assertion), occasion.expected);
      const dates = judgeDates(
        readDate(assertion['issuedOn']) ?? readDate(assertion['issued_on']),
        readDate(assertion['expires']),
        occasion.now,
      );
      const answers: Answers = {
        wellFormed: true,
        isAward: true,
        intact: 'yes',
        issuer: 'proven',
        status: 'in-force',
        dates: dates.state,
        ...given,
      };
      const outcome = decideOutcome(answers);
      // What could not be looked up is shown as the award itself states it (version 0.5 carries everything inside).
      const inside = firstObject(assertion['badge']);
      const facts: CredentialFacts = factsOf(
        assertion,
        badge?.json ?? inside,
        issuer?.json ?? firstObject(inside?.['issuer']),
        recipient.recipient,
      );
      const isHosted = outcome === 'verified' && format === 'open-badge-2-hosted';
      return {
        format,
        outcome,
        facts,
        source,
        findings: [
          ...findings,
          ...(isHosted ? [pass('revocation.still-listed')] : []),
          dates.finding,
          recipient.finding,
        ],
        identity: identityOf(assertion, issuer === null ? null : issuer.id || issuer.home),
      };
    },
  };
}

function identityOf(assertion: JsonObject, issuerId: string | null): Verdict['identity'] {
  const credentialId = addressOf(assertion) ?? stringOf(assertion['uid']);
  if (credentialId === null) return null;
  const host = isWebAddress(credentialId) ? new URL(credentialId).origin : null;
  const owner = issuerId ?? host;
  return owner === null ? null : { issuerId: owner, credentialId };
}
