import type { ClientSession } from 'mongoose';
import type { AuditEvent } from '../../domain/audit.ts';
import type { AuditLog } from '../../domain/ports/audit-log.ts';
import type { Models } from './models.ts';

/** Writes an event; meant to be called inside the transaction of the change it tells of. */
export async function appendAudit(models: Models, event: AuditEvent, session?: ClientSession): Promise<void> {
  await models.auditEvents.insertOne(event, { session: session ?? null });
}

export function auditLog({ models }: { readonly models: Models }): AuditLog {
  return {
    appendAudit: (event) => appendAudit(models, event),
    auditOf: (subject) =>
      models.auditEvents.find({ subject }, { _id: 0 }).sort({ at: -1, _id: -1 }).lean<AuditEvent[]>(),
  };
}
