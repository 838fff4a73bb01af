import type { JWTVerifyGetKey } from 'jose';
import type { Course } from './course.ts';
import type { ExpiringMap } from './expiring-map.ts';
import type { FaultControl } from './faults.ts';
import type { Gradebook } from './gradebook.ts';
import type { Locale } from './locale.ts';
import type { Privacy } from './people.ts';
import type { ServiceLog } from './service-log.ts';
import type { Sessions } from './sessions.ts';
import type { KeyRing } from './signing-keys.ts';

/** What an administrator of the LMS can switch for the tool. */
export type Settings = {
  privacy: Privacy;
  /** Whether launches name the course (Brightspace: "Org Unit Information"). */
  sendContext: boolean;
  /** Whether the login offers `lti_storage_target` (LTI Client Side postMessages). */
  platformStorage: boolean;
  rosterPageSize: number;
  /** What a tool that registers itself must show; null asks for nothing, as Brightspace does. */
  registrationToken: string | null;
  /** Whether a registration comes with a deployment, or an administrator makes one later (Brightspace). */
  deployOnRegistration: boolean;
};

/** A launch that a person started and the tool has not finished yet; what `lti_message_hint` stands for. */
export type LaunchTicket = { readonly userId: string; readonly locale: Locale } & (
  | { readonly kind: 'resource-link'; readonly linkId: string }
  | { readonly kind: 'deep-linking' }
  | { readonly kind: 'submission-review'; readonly linkId: string; readonly forUserId: string }
);

export type AccessToken = { readonly scopes: readonly string[] };

/** A picker that was opened; what `data` of a deep-linking request stands for (DL 2.0 §4.4.1). */
export type OpenPicker = { readonly locale: Locale };

/** Everything that the parts of the platform share. */
export type Lms = {
  readonly url: string;
  readonly toolUrl: string;
  readonly clientId: string;
  readonly deploymentId: string;
  readonly now: () => number;
  readonly settings: Settings;
  readonly course: Course;
  readonly gradebook: Gradebook;
  readonly keys: KeyRing;
  /** The tool's public keys, fetched from the address it registered. */
  readonly toolKeys: JWTVerifyGetKey;
  readonly sessions: Sessions;
  readonly tickets: ExpiringMap<LaunchTicket>;
  readonly pickers: ExpiringMap<OpenPicker>;
  readonly accessTokens: ExpiringMap<AccessToken>;
  /** `jti` and `nonce` of tool messages that were seen, so that none is taken twice. */
  readonly spent: ExpiringMap<true>;
  readonly faults: FaultControl;
  readonly log: ServiceLog;
  /** The language last chosen; service calls carry none. */
  siteLocale: Locale;
};

/** What the tool registered with this LMS. */
export function toolAddresses(lms: Pick<Lms, 'toolUrl'>) {
  return {
    login: `${lms.toolUrl}/lti/login`,
    redirectUris: [`${lms.toolUrl}/lti/launch`],
    targetLinkUri: `${lms.toolUrl}/lti/launch`,
    keySet: `${lms.toolUrl}/lti/keys`,
  };
}

/** Addresses of the platform that a tool is told. */
export function platformAddresses(lms: Pick<Lms, 'url' | 'course'>) {
  const course = `${lms.url}/lti/courses/${lms.course.id}`;
  return {
    auth: `${lms.url}/lti/auth`,
    token: `${lms.url}/lti/token`,
    keySet: `${lms.url}/lti/jwks`,
    deepLinks: `${lms.url}/lti/deep-links`,
    // The query is Moodle's: a tool must keep it when it appends /scores or /results.
    lineItems: `${course}/line-items?type_id=1`,
    lineItem: (id: string) => `${course}/line-items/${id}?type_id=1`,
    roster: `${course}/members`,
    returnTo: `${lms.url}/course/return`,
  };
}
