import type { Day, Instant } from './instant.ts';

/** Check and outcome words of the operator interface. `unknown` is an honest answer. */
export type CheckResult = 'pass' | 'fail' | 'unknown';

/** Where a field came from, strongest first. */
export type FactSource = 'signed' | 'hosted' | 'file' | 'page' | 'ocr' | 'typed';

export const FORMATS = [
  'open-badge-2-hosted',
  'open-badge-2-signed',
  'open-badge-3',
  'verifiable-credential',
  'web-page',
  'pdf',
  'image',
  'typed',
  'unreadable',
] as const;
export type Format = (typeof FORMATS)[number];

export const OUTCOMES = [
  'verified',
  'issuer-unproven',
  'expired',
  'not-yet-valid',
  'revoked',
  'invalid',
  'could-not-check',
  'self-reported',
  'not-a-badge',
  'no-badge-data',
  'unreadable',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What a badge's earner was recognized by. `typed-email`: an address that the student typed and that was not kept. */
export type RecipientSign = 'email' | 'number' | 'name' | 'typed-email';

/** An e-mail address that a badge was awarded to, as a hash over address + salt: `algorithm$hex`. */
export type AddressHash = { readonly hash: string; readonly salt: string };

export type Recipient = {
  readonly name: string | null;
  /** Whether it was awarded to the student it was read for; null when that is not known. */
  readonly matches: boolean | null;
  readonly by?: RecipientSign;
  /** The addresses it was awarded to, where it matches none of the student's, for one that the student may type. */
  readonly addresses?: readonly AddressHash[];
};

export type CredentialFacts = {
  readonly name: string | null;
  readonly issuer: { readonly name: string | null; readonly url: string | null };
  readonly recipient: Recipient;
  readonly issuedOn: Day | null;
  readonly expiresOn: Day | null;
  readonly description: string | null;
  readonly criteria: string | null;
  readonly hours: number | null;
  readonly certificateNumber: string | null;
  readonly evidence: readonly string[];
};

/**
 * One thing that was looked at. The words are `checks.<id>.<result>` (or `checks.<key>`) in `config/messages`.
 * `detail` is the English sentence, `detailFr` the French one; both are kept so that an old report still reads.
 */
export type CredentialCheck = {
  readonly id: string;
  readonly result: CheckResult;
  readonly detail: string;
  readonly detailFr: string;
  /** Where it was not looked at together with the rest (`checkedAt`). */
  readonly at?: Instant;
};

export type Confidence = Readonly<Partial<Record<keyof CredentialFacts, number>>>;

export type AwardInside = {
  readonly id: string;
  readonly name: string | null;
  readonly issuer: string | null;
};

/** What was read from a badge and how far it can be believed: the credential report of the operator interface. */
export type CredentialReport = {
  readonly format: Format;
  readonly outcome: Outcome;
  readonly credential: CredentialFacts;
  readonly checks: readonly CredentialCheck[];
  /** Where each field of `credential` came from. */
  readonly facts: Readonly<Partial<Record<keyof CredentialFacts, FactSource>>>;
  /** How sure the reader is of a field that it took from a picture or the text of a file (`ocr`, `file`), from 0 to 1. */
  readonly confidence?: Confidence;
  /** The awards inside a record of several (CLR 2.0), for the student to say which one counts; `id` goes back to the reader. */
  readonly awards?: readonly AwardInside[];
  /** Who issued it and under which id, for spotting the same badge twice; null when it has none. */
  readonly identity: { readonly issuerId: string; readonly credentialId: string } | null;
  /** Something was not looked up because look-ups are switched off here: asking again brings nothing until they are on. */
  readonly isOffline?: boolean;
  readonly checkedAt: Instant;
};

/** Whom a badge should have been awarded to, as far as the LMS tells. */
export type ExpectedRecipient = {
  readonly name: string | null;
  readonly emails: readonly string[];
  readonly studentNumber: string | null;
};
