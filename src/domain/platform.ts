import type { Instant } from './instant.ts';

/** An LMS that is registered with the tool. One issuer may have several registrations, each its own client id. */
export type Platform = {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly authUrl: string;
  readonly tokenUrl: string;
  readonly jwksUrl: string;
  /** `aud` of the client assertion; null means the token URL (Security Framework §4.1.1). Brightspace needs its own. */
  readonly audience: string | null;
  readonly status: 'active' | 'disabled';
  readonly createdAt: Instant;
};

/** A place where the tool was deployed inside one platform (LTI Core §3.1.3). Unknown ones wait for approval. */
export type Deployment = {
  readonly platformId: string;
  readonly deploymentId: string;
  readonly status: 'approved' | 'pending';
  readonly firstSeenAt: Instant;
};

/** A signing key of the tool, one key set for all platforms. `sealedPrivateKey` is encrypted at rest. */
export type ToolKey = {
  readonly kid: string;
  readonly publicJwk: Readonly<Record<string, unknown>>;
  readonly sealedPrivateKey: string;
  readonly createdAt: Instant;
  /** No longer used for signing from then on (perhaps ahead, during a rotation), and published a while longer; null until then. */
  readonly retiredAt: Instant | null;
};
