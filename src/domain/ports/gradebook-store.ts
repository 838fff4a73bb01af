import type { DeliveryError, GradebookCell, LineItem } from '../gradebook.ts';
import type { Instant } from '../instant.ts';

export interface GradebookStore {
  /** Platforms that have a pending cell which is due and not leased by a live owner: each gets a lane of its own. */
  platformsDue(now: Instant): Promise<readonly string[]>;
  /** Takes up to `limit` such cells of one platform, oldest due first, and leases them. */
  claimDue(
    platformId: string,
    now: Instant,
    leaseUntil: Instant,
    owner: string,
    limit: number,
  ): Promise<readonly GradebookCell[]>;
  /**
   * The three marks give the lease back. They do nothing, and say false, when `owner` no longer holds it: given back
   * already, or taken by another after it ran out.
   * When the desired state moved on during the delivery, the cell stays pending and due as the newer state left it; a
   * delivered older version is noted as delivered, an older one's failure says nothing about the newer.
   */
  markDelivered(cell: CellKey, owner: string, version: number, at: Instant): Promise<boolean>;
  /** Counts one attempt more. `timestamp` replaces the cell's own when the LMS asked for a later one. */
  markRetry(cell: CellKey, owner: string, retry: RetryNote): Promise<boolean>;
  markParked(cell: CellKey, owner: string, error: DeliveryError): Promise<boolean>;
  /** Gives back the lease of a cell that was not sent after all, and leaves it as it is otherwise. */
  unclaim(cell: CellKey, owner: string): Promise<void>;
  /** Gives back every lease and line item lock of a worker that stops. */
  releaseLeases(owner: string): Promise<void>;
  /** Makes a parked or waiting cell due now and counts its attempts from 0 again; false when there is none. */
  retryNow(cell: CellKey, at: Instant): Promise<boolean>;
  /**
   * Sends a delivered state once more, as a new version with a later timestamp (`max(at, previous + 1000 ms)`): due now,
   * attempts 0. False, and nothing written, unless version `fromVersion` is the desired one and was delivered.
   */
  sendAgain(cell: CellKey, fromVersion: number, at: Instant): Promise<boolean>;
  cell(cell: CellKey): Promise<GradebookCell | null>;
  cells(filter: {
    readonly activityIds?: readonly string[];
    /** Only beside `activityIds`. */
    readonly userIds?: readonly string[];
    readonly status?: GradebookCell['status'];
  }): Promise<readonly GradebookCell[]>;
  /** The due time of the pending cell that is overdue the longest, or null. */
  oldestDue(now: Instant): Promise<Instant | null>;
  /** One row for each platform that has a cell, by platform id. */
  deliveryFigures(now: Instant): Promise<readonly DeliveryFigures[]>;
  lineItem(activityId: string): Promise<LineItem | null>;
  /** True for one owner at a time, until `until`: only the holder may look up or create the column. */
  lockLineItem(activityId: string, owner: string, now: Instant, until: Instant): Promise<boolean>;
  /** Keeps the address and unlocks; false, and nothing written, when `owner` no longer holds the lock. */
  settleLineItem(activityId: string, owner: string, url: string, at: Instant): Promise<boolean>;
  /** Forgets the address (the LMS answered 404) so that it is looked up again. */
  unsettleLineItem(activityId: string): Promise<void>;
  unlockLineItem(activityId: string, owner: string): Promise<void>;
}

export type CellKey = Pick<GradebookCell, 'activityId' | 'userId'>;

export type RetryNote = {
  readonly nextAttemptAt: Instant;
  readonly error: DeliveryError;
  readonly timestamp: Instant | null;
};

/** Deliveries of one platform for monitoring. */
export type DeliveryFigures = {
  readonly platformId: string;
  readonly pending: number;
  readonly parked: number;
  readonly delivered: number;
  /** Attempts at the states that are pending now. */
  readonly attempts: number;
  /** The due time of the pending cell that is overdue the longest, or null. */
  readonly oldestDue: Instant | null;
};
