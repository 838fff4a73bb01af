import { z } from 'zod';
import { LAUNCH_NOTES, type LaunchNote } from '../../domain/launch-note.ts';
import type { LaunchLog } from '../../domain/ports/launch-log.ts';
import type { Connection } from './connection.ts';
import { json } from './json-columns.ts';

const noteRow: z.ZodType<LaunchNote> = z.object({
  requestId: z.string(),
  at: z.number(),
  platformId: z.string(),
  deploymentId: z.string().nullable(),
  messageType: z.string().nullable(),
  role: z.string().nullable(),
  passed: json(z.array(z.string())),
  failed: z.string().nullable(),
  refusal: z.string().nullable(),
  claim: z.string().nullable(),
});

export function launchLog({ query, command, lightly }: Connection): LaunchLog {
  const insert = command(
    `INSERT INTO launch_notes
       (request_id, at, platform_id, deployment_id, message_type, role, passed, failed, refusal, claim)
     VALUES
       (:requestId, :at, :platformId, :deploymentId, :messageType, :role, :passed, :failed, :refusal, :claim)`,
  );
  const forgetOld = command('DELETE FROM launch_notes WHERE at < :before');
  const forgetMany = command(
    'DELETE FROM launch_notes WHERE sequence <= (SELECT max(sequence) FROM launch_notes) - :most',
  );
  const ofPlatform = query(
    'SELECT * FROM launch_notes WHERE platform_id = :platformId ORDER BY sequence DESC LIMIT :limit',
    noteRow,
  );
  const ofAll = query('SELECT * FROM launch_notes ORDER BY sequence DESC LIMIT :limit', noteRow);

  let tidiedAt = -Infinity;
  return {
    noteLaunch: async (note) =>
      lightly(() => {
        insert({ ...note, passed: JSON.stringify(note.passed) });
        if (note.at - tidiedAt < LAUNCH_NOTES.tidiedEveryMs) return;
        tidiedAt = note.at;
        forgetOld({ before: note.at - LAUNCH_NOTES.keptMs });
        forgetMany({ most: LAUNCH_NOTES.most });
      }),
    launchNotes: async (platformId, limit) =>
      platformId === null ? ofAll.all({ limit }) : ofPlatform.all({ platformId, limit }),
  };
}
