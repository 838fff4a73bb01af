/**
 * Everything that a store keeps, by kind, with the fields that tell its records apart. So ordered that nothing comes before
 * what it points to. A new table belongs in here, or it stays behind when a board moves (test/storage/transfer.test.ts).
 */
export const RECORD_KEYS = {
  platforms: ['id'],
  deployments: ['platformId', 'deploymentId'],
  tool_keys: ['kid'],
  invites: ['codeHash'],
  logins: ['stateHash'],
  sessions: ['idHash'],
  activities: ['id'],
  members: ['platformId', 'deploymentId', 'contextId', 'userId'],
  rosters: ['platformId', 'deploymentId', 'contextId'],
  submissions: ['id'],
  evidence: ['id'],
  gradebook_cells: ['activityId', 'userId'],
  line_items: ['activityId'],
  turns: ['job'],
  paces: ['platformId'],
  launch_notes: ['requestId', 'at'],
  audit_events: ['id'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type RecordKind = keyof typeof RECORD_KEYS;
export const RECORD_KINDS = Object.keys(RECORD_KEYS) as readonly RecordKind[];

/** A record with all that is kept of it: JSON values, and the bytes of evidence as `bytes`. A null may be left out. */
export type StoredRecord = Readonly<Record<string, unknown>>;

/** The way in and out of a store for everything at once: for moving to another store, not for a server at work. */
export interface Transfer {
  /** In the order of writing, where the store knows it. */
  records(kind: RecordKind): AsyncIterable<StoredRecord>;
  /** Adds those whose key is not there yet and leaves the others as they are, so that it may be done again. */
  addRecords(kind: RecordKind, records: readonly StoredRecord[]): Promise<void>;
  close(): Promise<void>;
}
