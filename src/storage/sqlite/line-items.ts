import { z } from 'zod';
import type { LineItem } from '../../domain/gradebook.ts';
import type { GradebookStore } from '../../domain/ports/gradebook-store.ts';
import type { Connection } from './connection.ts';

export type LineItemStore = Pick<
  GradebookStore,
  'lineItem' | 'lockLineItem' | 'settleLineItem' | 'unsettleLineItem' | 'unlockLineItem'
> & { readonly releaseLocks: (owner: string) => void };

const lineItemRow: z.ZodType<LineItem> = z.object({
  activityId: z.string(),
  url: z.string().nullable(),
  settledAt: z.number().nullable(),
});

export function lineItemStore({ query, command }: Connection): LineItemStore {
  const byActivity = query('SELECT * FROM line_items WHERE activity_id = :activityId', lineItemRow);
  const lock = command(
    `INSERT INTO line_items (activity_id, lock_owner, lock_until) VALUES (:activityId, :owner, :until)
     ON CONFLICT (activity_id) DO UPDATE SET lock_owner = excluded.lock_owner, lock_until = excluded.lock_until
     WHERE lock_owner IS NULL OR lock_owner = excluded.lock_owner OR lock_until <= :now`,
  );
  const settle = command(
    `UPDATE line_items SET url = :url, settled_at = :at, lock_owner = NULL, lock_until = NULL
     WHERE activity_id = :activityId AND lock_owner = :owner`,
  );
  const unsettle = command(
    'UPDATE line_items SET url = NULL, settled_at = NULL WHERE activity_id = :activityId',
  );
  const unlock = command(
    `UPDATE line_items SET lock_owner = NULL, lock_until = NULL
     WHERE activity_id = :activityId AND lock_owner = :owner`,
  );
  const unlockAll = command(
    'UPDATE line_items SET lock_owner = NULL, lock_until = NULL WHERE lock_owner = :owner',
  );

  return {
    lineItem: async (activityId) => byActivity.get({ activityId }),
    lockLineItem: async (activityId, owner, now, until) => lock({ activityId, owner, now, until }) === 1,
    settleLineItem: async (activityId, owner, url, at) => settle({ activityId, owner, url, at }) === 1,
    unsettleLineItem: async (activityId) => {
      unsettle({ activityId });
    },
    unlockLineItem: async (activityId, owner) => {
      unlock({ activityId, owner });
    },
    releaseLocks: (owner) => {
      unlockAll({ owner });
    },
  };
}
