import { z } from 'zod';
import type { Pace } from '../../domain/pace.ts';
import type { PaceStore } from '../../domain/ports/pace-store.ts';
import type { Connection } from './connection.ts';
import { json } from './json-columns.ts';

const learntColumn = z.object({ perSecond: z.number(), refused: z.number(), since: z.number() });

const paceRow: z.ZodType<Pace> = z.object({
  platformId: z.string(),
  version: z.number(),
  allowed: z.number().nullable(),
  learnt: json(learntColumn).nullable(),
  holdUntil: z.number().nullable(),
  heldFrom: z.number().nullable(),
  usedUntil: z.number(),
});

export function paceStore({ query, command }: Connection): PaceStore {
  const read = query('SELECT * FROM paces WHERE platform_id = :platformId', paceRow);
  const add = command(
    `INSERT INTO paces (platform_id, version, allowed, learnt, hold_until, held_from, used_until)
     VALUES (:platformId, :version, :allowed, :learnt, :holdUntil, :heldFrom, :usedUntil)
     ON CONFLICT (platform_id) DO NOTHING`,
  );
  const replace = command(
    `UPDATE paces SET version = :version, allowed = :allowed, learnt = :learnt, hold_until = :holdUntil,
       held_from = :heldFrom, used_until = :usedUntil
     WHERE platform_id = :platformId AND version = :fromVersion`,
  );

  return {
    pace: async (platformId) => read.get({ platformId }),
    savePace: async (pace, fromVersion) => {
      const row = { ...pace, learnt: pace.learnt === null ? null : JSON.stringify(pace.learnt) };
      return (fromVersion === 0 ? add(row) : replace({ ...row, fromVersion })) === 1;
    },
  };
}
