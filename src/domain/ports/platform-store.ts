import type { AuditEvent } from '../audit.ts';
import type { Instant } from '../instant.ts';
import type { Deployment, Platform, ToolKey } from '../platform.ts';

export interface PlatformStore {
  /** False, and nothing written, when (issuer, client id) is registered already. */
  addPlatform(platform: Platform, audit: AuditEvent): Promise<boolean>;
  platform(id: string): Promise<Platform | null>;
  platforms(): Promise<readonly Platform[]>;
  platformsByIssuer(issuer: string): Promise<readonly Platform[]>;
  /** False when there is no such platform; the audit event is written only when something changed. */
  setPlatformStatus(id: string, status: Platform['status'], audit: AuditEvent): Promise<boolean>;
  deployments(platformId: string): Promise<readonly Deployment[]>;
  /** Returns what is known of it, and writes it as given (with the audit event) when it was not known. */
  seeDeployment(deployment: Deployment, audit: AuditEvent): Promise<Deployment>;
  /** False when it was never seen; the audit event is written only when something changed. */
  approveDeployment(platformId: string, deploymentId: string, audit: AuditEvent): Promise<boolean>;
  toolKeys(): Promise<readonly ToolKey[]>;
  addToolKey(key: ToolKey): Promise<void>;
  /**
   * Adds `next`, retires at `retireAt` every other key that is not retired yet, and forgets those that retired before
   * `forgetBefore`: all of it or nothing.
   */
  rotateToolKeys(
    next: ToolKey,
    when: { readonly retireAt: Instant; readonly forgetBefore: Instant },
    audit: AuditEvent,
  ): Promise<void>;
  /** Replaces the sealed half of a key; the key itself stays the same. */
  resealToolKey(kid: string, sealedPrivateKey: string): Promise<void>;
}
