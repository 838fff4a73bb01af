import { z } from 'zod';
import type { AuditEvent } from '../../domain/audit.ts';
import type { AuditLog } from '../../domain/ports/audit-log.ts';
import type { Connection } from './connection.ts';
import { json, word } from './json-columns.ts';

const auditRow: z.ZodType<AuditEvent> = z.object({
  id: z.string(),
  at: z.number(),
  actor: z.string(),
  action: word<AuditEvent['action']>(),
  platformId: z.string().nullable(),
  deploymentId: z.string().nullable(),
  subject: z.string(),
  detail: json(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
});

/** Writes an event; meant to be called inside the transaction of the change it tells of. */
export type AppendAudit = (event: AuditEvent) => void;

export function auditWriter(connection: Connection): AppendAudit {
  const insert = connection.command(
    `INSERT INTO audit_events (id, at, actor, action, platform_id, deployment_id, subject, detail)
     VALUES (:id, :at, :actor, :action, :platformId, :deploymentId, :subject, :detail)`,
  );
  return (event) => {
    insert({ ...event, detail: JSON.stringify(event.detail) });
  };
}

export function auditLog(connection: Connection, append: AppendAudit): AuditLog {
  const ofSubject = connection.query(
    'SELECT * FROM audit_events WHERE subject = :subject ORDER BY at DESC, sequence DESC',
    auditRow,
  );
  return {
    appendAudit: async (event) => append(event),
    auditOf: async (subject) => ofSubject.all({ subject }),
  };
}
