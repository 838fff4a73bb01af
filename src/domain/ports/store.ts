import type { AuditLog } from './audit-log.ts';
import type { CourseStore } from './course-store.ts';
import type { GradebookStore } from './gradebook-store.ts';
import type { InviteStore } from './invites.ts';
import type { LaunchLog } from './launch-log.ts';
import type { LaunchStore } from './launch-store.ts';
import type { PaceStore } from './pace-store.ts';
import type { PlatformStore } from './platform-store.ts';
import type { ReadingStore } from './reading-store.ts';
import type { RosterStore } from './roster.ts';
import type { SubmissionStore } from './submission-store.ts';
import type { TurnStore } from './turn-store.ts';

/** Everything that must outlive the process. Every method that answered has written durably. */
export interface Store
  extends PlatformStore,
    InviteStore,
    LaunchStore,
    LaunchLog,
    CourseStore,
    RosterStore,
    SubmissionStore,
    ReadingStore,
    GradebookStore,
    TurnStore,
    PaceStore,
    AuditLog {
  /** Resolves when a read reaches the storage, throws otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
