import type { AuditEvent } from '../audit.ts';

export interface AuditLog {
  appendAudit(event: AuditEvent): Promise<void>;
  /** Newest first. */
  auditOf(subject: string): Promise<readonly AuditEvent[]>;
}
