import type { AuditEvent } from '../../domain/audit.ts';
import type { SubmissionChange } from '../../domain/ports/submission-store.ts';
import type { Database } from './connection.ts';
import type { UploadedFile } from './evidence-files.ts';
import { isAway } from './mongo-failure.ts';
import { newRecord, versionUpdate } from './submission-record.ts';

export type StoredChange = { readonly change: SubmissionChange; readonly fileId: UploadedFile | null };

/**
 * Changes of one moment in one transaction, for what a whole class does at once: none of them may touch the gradebook. False
 * where one of them cannot be saved: then nothing was written, and each is to be tried alone, for the others' sake.
 */
export function saveTogether({
  models,
  files,
  transact,
}: Database): (all: readonly StoredChange[]) => Promise<boolean> {
  const { submissions, auditEvents } = models;

  return async function saveAll(all) {
    const changes = all.map(({ change }) => change);
    const ids = changes.map(({ submission }) => submission.id);
    if (new Set(ids).size < ids.length) return false;
    const added = changes.filter(({ fromVersion }) => fromVersion === 0);
    const changed = changes.filter(({ fromVersion }) => fromVersion !== 0);
    const adopted = all.flatMap(({ change: { evidence }, fileId }) =>
      evidence === null || fileId === null ? [] : [{ fileId, meta: evidence.meta }],
    );
    const audits = changes.flatMap(({ audit }): AuditEvent[] => (audit === null ? [] : [audit]));
    try {
      await transact(async (session) => {
        if (added.length > 0) {
          const known = { id: { $in: added.map(({ submission }) => submission.id) } };
          if ((await submissions.exists(known).session(session)) !== null) throw new Overtaken();
          await submissions.collection.insertMany(added.map(newRecord), { session });
        }
        if (changed.length > 0) {
          const updates = changed.map((change) => ({ updateOne: versionUpdate(change) }));
          const { matchedCount } = await submissions.collection.bulkWrite(updates, { session });
          if (matchedCount < changed.length) throw new Overtaken();
        }
        if (adopted.length > 0) await files.adopt(adopted, session);
        if (audits.length > 0)
          await auditEvents.collection.insertMany(
            audits.map((audit) => ({ ...audit })),
            { session },
          );
      });
      return true;
    } catch (error) {
      if (isAway(error)) throw error;
      return false;
    }
  };
}

class Overtaken extends Error {}
