import type { DeepLinkingSettings } from './deep-linking.ts';
import type { Instant } from './instant.ts';
import type { Locale } from './local-text.ts';
import type { Role } from './person.ts';
import type { Platform } from './platform.ts';

/** Assignment and Grade Services as the launch offered them (AGS 2.0 §3.1). */
export type GradeService = {
  readonly lineItemsUrl: string | null;
  readonly lineItemUrl: string | null;
  readonly scopes: readonly string[];
};

/** A launch whose every claim was verified. Nothing here is believed on the word of the browser. */
export type Launch = {
  readonly messageType: 'resource-link' | 'deep-linking' | 'submission-review';
  readonly platform: Platform;
  readonly deploymentId: string;
  readonly userId: string;
  /** null when no context role says what the person may do here: a page explains, nothing opens. */
  readonly role: Role | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly studentNumber: string | null;
  readonly locale: Locale | null;
  readonly context: {
    readonly id: string;
    readonly title: string | null;
    readonly label: string | null;
  } | null;
  readonly resourceLink: { readonly id: string; readonly title: string | null } | null;
  readonly custom: Readonly<Record<string, string>>;
  readonly grades: GradeService | null;
  readonly membershipsUrl: string | null;
  readonly returnUrl: string | null;
  /** Only for `deep-linking`. */
  readonly deepLinking: DeepLinkingSettings | null;
  /** The student under review, only for `submission-review`. */
  readonly forUserId: string | null;
  readonly targetLinkUri: string;
};

/** One OIDC login in flight: what the browser must bring back (Security Framework §5.1.1). */
export type LoginTransaction = {
  readonly stateHash: string;
  readonly nonce: string;
  readonly platformId: string;
  readonly targetLinkUri: string;
  /** The login's parameters as the LMS sent them, to begin it again where cookies are blocked. */
  readonly request: Readonly<Record<string, string>>;
  readonly openedAt: Instant;
  readonly expiresAt: Instant;
  readonly spentAt: Instant | null;
};
