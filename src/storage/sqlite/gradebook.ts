import { z } from 'zod';
import type { GradebookCell } from '../../domain/gradebook.ts';
import type { CellKey, GradebookStore } from '../../domain/ports/gradebook-store.ts';
import type { Connection } from './connection.ts';
import { deliveryFigures } from './delivery-figures.ts';
import { deliveryErrorColumn, desiredColumn, json, word } from './json-columns.ts';
import { type LineItemStore, lineItemStore } from './line-items.ts';

const cellRow: z.ZodType<GradebookCell> = z.object({
  activityId: z.string(),
  userId: z.string(),
  desired: json(desiredColumn),
  desiredVersion: z.number(),
  timestamp: z.number(),
  deliveredVersion: z.number(),
  deliveredAt: z.number().nullable(),
  status: word<GradebookCell['status']>(),
  attempts: z.number(),
  nextAttemptAt: z.number(),
  leaseOwner: z.string().nullable(),
  leaseUntil: z.number().nullable(),
  lastError: json(deliveryErrorColumn).nullable(),
});

const DUE = "status = 'pending' AND next_attempt_at <= :now AND (lease_owner IS NULL OR lease_until <= :now)";
/** The platforms that have a pending cell, each found by one step in the index, however many cells it has. */
const LANES = `WITH RECURSIVE lanes (platform_id) AS (
    SELECT min(platform_id) FROM gradebook_cells WHERE status = 'pending'
    UNION ALL
    SELECT (SELECT min(platform_id) FROM gradebook_cells
            WHERE status = 'pending' AND platform_id > lanes.platform_id)
    FROM lanes WHERE platform_id IS NOT NULL
  )`;
const CELL = 'activity_id = :activityId AND user_id = :userId';
const HELD = `${CELL} AND lease_owner = :owner`;
const FREE = 'lease_owner = NULL, lease_until = NULL, leased_version = NULL';
/** True when no newer state arrived while the delivery was under way. What a stale delivery met says nothing of the newer state. */
const CURRENT = 'leased_version = desired_version';

export function gradebookStore(connection: Connection): GradebookStore {
  const { query, command, transaction, together } = connection;
  const platformsDue = query(
    `${LANES} SELECT platform_id FROM lanes
     WHERE EXISTS (SELECT 1 FROM gradebook_cells WHERE platform_id = lanes.platform_id AND ${DUE})
     ORDER BY platform_id`,
    z.object({ platformId: z.string() }),
  );
  const claim = query(
    `UPDATE gradebook_cells
     SET lease_owner = :owner, lease_until = :leaseUntil, leased_version = desired_version
     WHERE rowid IN (SELECT rowid FROM gradebook_cells WHERE platform_id = :platformId AND ${DUE}
                     ORDER BY next_attempt_at, timestamp, rowid LIMIT :limit)
     RETURNING *`,
    cellRow,
  );
  const delivered = command(
    `UPDATE gradebook_cells SET
       delivered_version = :version,
       delivered_at = :at,
       status = iif(desired_version = :version, 'delivered', status),
       attempts = attempts + (desired_version = :version),
       last_error = iif(desired_version = :version, NULL, last_error),
       ${FREE}
     WHERE ${HELD}`,
  );
  const retry = command(
    `UPDATE gradebook_cells SET
       timestamp = max(timestamp, coalesce(:timestamp, timestamp)),
       next_attempt_at = iif(${CURRENT}, :nextAttemptAt, next_attempt_at),
       attempts = attempts + (${CURRENT}),
       last_error = iif(${CURRENT}, :error, last_error),
       ${FREE}
     WHERE ${HELD}`,
  );
  const park = command(
    `UPDATE gradebook_cells SET
       status = iif(${CURRENT}, 'parked', status),
       attempts = attempts + (${CURRENT}),
       last_error = iif(${CURRENT}, :error, last_error),
       ${FREE}
     WHERE ${HELD}`,
  );
  const unclaim = command(`UPDATE gradebook_cells SET ${FREE} WHERE ${HELD}`);
  const release = command(`UPDATE gradebook_cells SET ${FREE} WHERE lease_owner = :owner`);
  const dueNow = command(
    `UPDATE gradebook_cells SET status = 'pending', attempts = 0, next_attempt_at = min(next_attempt_at, :at)
     WHERE ${CELL} AND status <> 'delivered'`,
  );
  const again = command(
    `UPDATE gradebook_cells SET
       desired_version = desired_version + 1,
       timestamp = max(:at, timestamp + 1000),
       status = 'pending',
       attempts = 0,
       next_attempt_at = :at
     WHERE ${CELL} AND status = 'delivered' AND desired_version = :fromVersion`,
  );
  const cell = query(`SELECT * FROM gradebook_cells WHERE ${CELL}`, cellRow);
  const ofStatus = '(:status IS NULL OR status = :status) ORDER BY next_attempt_at, activity_id, user_id';
  const allCells = query(`SELECT * FROM gradebook_cells WHERE ${ofStatus}`, cellRow);
  const cellsOfActivities = query(
    `SELECT * FROM gradebook_cells
     WHERE activity_id IN (SELECT value FROM json_each(:activityIds)) AND ${ofStatus}`,
    cellRow,
  );
  const cellsOfPeople = query(
    `SELECT * FROM gradebook_cells
     WHERE activity_id IN (SELECT value FROM json_each(:activityIds))
       AND user_id IN (SELECT value FROM json_each(:userIds)) AND ${ofStatus}`,
    cellRow,
  );
  const oldest = query(
    `${LANES} SELECT min((SELECT min(next_attempt_at) FROM gradebook_cells
       WHERE status = 'pending' AND platform_id = lanes.platform_id AND next_attempt_at <= :now)) AS due
     FROM lanes`,
    z.object({ due: z.number().nullable() }),
  );
  const lineItems: LineItemStore = lineItemStore(connection);

  return {
    platformsDue: async (now) => platformsDue.all({ now }).map((row) => row.platformId),
    claimDue: (platformId, now, leaseUntil, owner, limit) =>
      together(() => claim.all({ platformId, now, leaseUntil, owner, limit }).sort(byDueTime)),
    markDelivered: (key, owner, version, at) =>
      together(() => delivered({ ...keyOf(key), owner, version, at }) === 1),
    markRetry: (key, owner, { nextAttemptAt, error, timestamp }) => {
      const values = { ...keyOf(key), owner, nextAttemptAt, timestamp, error: JSON.stringify(error) };
      return together(() => retry(values) === 1);
    },
    markParked: (key, owner, error) =>
      together(() => park({ ...keyOf(key), owner, error: JSON.stringify(error) }) === 1),
    unclaim: async (key, owner) => {
      unclaim({ ...keyOf(key), owner });
    },
    releaseLeases: async (owner) =>
      transaction(() => {
        release({ owner });
        lineItems.releaseLocks(owner);
      }),
    retryNow: async (key, at) => dueNow({ ...keyOf(key), at }) === 1,
    sendAgain: async (key, fromVersion, at) => again({ ...keyOf(key), fromVersion, at }) === 1,
    cell: async (key) => cell.get(keyOf(key)),
    cells: async ({ activityIds, userIds, status = null }) => {
      if (activityIds === undefined) return allCells.all({ status });
      const filter = { status, activityIds: JSON.stringify(activityIds) };
      return userIds === undefined
        ? cellsOfActivities.all(filter)
        : cellsOfPeople.all({ ...filter, userIds: JSON.stringify(userIds) });
    },
    oldestDue: async (now) => oldest.get({ now })?.due ?? null,
    deliveryFigures: deliveryFigures(connection),
    lineItem: lineItems.lineItem,
    lockLineItem: lineItems.lockLineItem,
    settleLineItem: lineItems.settleLineItem,
    unsettleLineItem: lineItems.unsettleLineItem,
    unlockLineItem: lineItems.unlockLineItem,
  };
}

function keyOf({ activityId, userId }: CellKey) {
  return { activityId, userId };
}

/** RETURNING promises no order (sqlite.org/lang_returning.html). */
function byDueTime(a: GradebookCell, b: GradebookCell): number {
  return a.nextAttemptAt - b.nextAttemptAt || a.timestamp - b.timestamp;
}
