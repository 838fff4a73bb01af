/**
 * What the tool needs to sign for one platform: client assertions (Security Framework §4.1.1) and Deep Linking
 * responses (DL 2.0 §4.5). `kid` is published by `GET /lti/keys`.
 */
export type SigningIdentity = {
  readonly issuer: string;
  readonly clientId: string;
  readonly kid: string;
  /** PKCS #8. Never logged, never stored in the clear. */
  readonly privateKeyPem: string;
  readonly tokenUrl: string;
  /** `aud` of the client assertion, always one string (Brightspace answers 500 to a list). */
  readonly audience: string;
};

/** null when the platform is unknown or disabled. */
export type SigningIdentityOf = (platformId: string) => Promise<SigningIdentity | null>;

/** Claim of the client assertion that names the deployment (LTI Core §6). */
export const DEPLOYMENT_CLAIM = 'https://purl.imsglobal.org/spec/lti/claim/deployment_id';
