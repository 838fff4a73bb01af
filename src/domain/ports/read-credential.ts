import type { CredentialReport, ExpectedRecipient } from '../credential.ts';
import type { TypedFacts } from '../submission.ts';

/** What a student handed in, as the reader takes it. `award`: which one of a record of several, as a report's `awards` names it. */
export type CredentialSource =
  | { readonly kind: 'address'; readonly address: string; readonly award?: string | null }
  | {
      readonly kind: 'file';
      readonly bytes: Uint8Array;
      readonly fileName: string;
      readonly award?: string | null;
    }
  | { readonly kind: 'typed'; readonly facts: TypedFacts };

/** Reads and verifies a badge. Never throws on what it was given: every outcome is a value. */
export type ReadCredential = (
  source: CredentialSource,
  expected: ExpectedRecipient | null,
) => Promise<CredentialReport>;
