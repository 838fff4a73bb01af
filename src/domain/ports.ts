import type { Activity, ActivitySettings } from './activity.ts';
import type { AuditEvent } from './audit.ts';
import type { CredentialReport, ExpectedRecipient, Outcome } from './credential.ts';
import type { HandOver, PickedLink, Picking } from './deep-linking.ts';
import type {
  DeliveryError,
  DeliveryResult,
  DesiredScore,
  GradebookCell,
  GradebookResult,
  LineItem,
} from './gradebook.ts';
import type { Instant } from './instant.ts';
import type { Invite } from './invite.ts';
import type { LoginTransaction } from './launch.ts';
import type { LaunchNote } from './launch-note.ts';
import type { Pace } from './pace.ts';
import type { ReadingPace } from './pending-reading.ts';
import type { Member, SeenMember, Session, Viewer } from './person.ts';
import type { Deployment, Platform, ToolKey } from './platform.ts';
import type { ClassList, RosterReading } from './roster.ts';
import type { ShsmDates } from './shsm-dates.ts';
import type { Evidence, Submission, SubmissionState, TypedFacts } from './submission.ts';

/** A course of one deployment. Nothing of one deployment is reachable from another. */
export type CourseKey = Pick<Activity, 'platformId' | 'deploymentId' | 'contextId'>;

export interface PlatformStore {
  /** False, and nothing written, when (issuer, client id) is registered already. */
  addPlatform(platform: Platform, audit: AuditEvent): Promise<boolean>;
  platform(id: string): Promise<Platform | null>;
  platforms(): Promise<readonly Platform[]>;
  platformsByIssuer(issuer: string): Promise<readonly Platform[]>;
  /** False when there is no such platform; the audit event is written only when something changed. */
  setPlatformStatus(id: string, status: Platform['status'], audit: AuditEvent): Promise<boolean>;
  deployments(platformId: string): Promise<readonly Deployment[]>;
  /** Returns what is known of it, and writes it as given (with the audit event) when it was not known. */
  seeDeployment(deployment: Deployment, audit: AuditEvent): Promise<Deployment>;
  /** False when it was never seen; the audit event is written only when something changed. */
  approveDeployment(platformId: string, deploymentId: string, audit: AuditEvent): Promise<boolean>;
  toolKeys(): Promise<readonly ToolKey[]>;
  addToolKey(key: ToolKey): Promise<void>;
  /**
   * Adds `next`, retires at `retireAt` every other key that is not retired yet, and forgets those that retired before
   * `forgetBefore`: all of it or nothing.
   */
  rotateToolKeys(
    next: ToolKey,
    when: { readonly retireAt: Instant; readonly forgetBefore: Instant },
    audit: AuditEvent,
  ): Promise<void>;
  /** Replaces the sealed half of a key; the key itself stays the same. */
  resealToolKey(kid: string, sealedPrivateKey: string): Promise<void>;
}

export interface InviteStore {
  addInvite(invite: Invite, audit: AuditEvent): Promise<void>;
  /** Open, spent or over, as long as it is kept. */
  invite(codeHash: string): Promise<Invite | null>;
  /** True for one caller at a time, until `until` or `releaseInvite`; never for one that is spent or over. */
  holdInvite(codeHash: string, at: Instant, until: Instant): Promise<boolean>;
  releaseInvite(codeHash: string): Promise<void>;
  /**
   * Spends the invite and writes the registration, all of it or nothing. `spent`, and nothing written, for all callers but
   * the first; `known` spends it too and leaves the registration of that (issuer, client id) as it is.
   */
  registerInvited(
    codeHash: string,
    registration: {
      readonly platform: Platform;
      readonly deployment: Deployment | null;
      readonly audit: readonly AuditEvent[];
    },
    at: Instant,
  ): Promise<'registered' | 'known' | 'spent'>;
}

export interface LaunchStore {
  openLogin(login: LoginTransaction): Promise<void>;
  /** Open or spent, as long as it is kept. */
  login(stateHash: string): Promise<LoginTransaction | null>;
  /** True for exactly one caller, whatever the race. */
  spendLogin(stateHash: string, at: Instant): Promise<boolean>;
  openSession(session: Session): Promise<void>;
  /** Also one that has ended but is not purged yet; the caller judges the times. */
  session(idHash: string): Promise<Session | null>;
  touchSession(idHash: string, at: Instant): Promise<void>;
  setSessionLocale(idHash: string, locale: Viewer['locale']): Promise<void>;
  closeSession(idHash: string): Promise<void>;
  /** Deletes logins and sessions that expired before `before`. Returns how many. */
  purgeLaunches(before: Instant): Promise<number>;
}

export interface CourseStore {
  /**
   * Finds the activity by its LTI identity or adds `activity` as given, refreshing titles and service addresses
   * (a null address or title, or no scopes, keeps the last ones) and never the settings of one that has some.
   * Adds or refreshes the member; a name or e-mail that the launch leaves out keeps the last one.
   */
  recordLaunch(activity: Activity, member: SeenMember): Promise<Activity>;
  activity(id: string): Promise<Activity | null>;
  activitiesIn(course: CourseKey): Promise<readonly Activity[]>;
  saveSettings(activityId: string, settings: ActivitySettings, audit: AuditEvent): Promise<boolean>;
  /** By user id; of all people of the course, or only of those that are named. */
  members(course: CourseKey, userIds?: readonly string[]): Promise<readonly Member[]>;
  member(course: CourseKey, userId: string): Promise<Member | null>;
  /** False, and nothing written, when nobody of this id is in the course. */
  saveShsmDates(course: CourseKey, userId: string, dates: ShsmDates, audit: AuditEvent): Promise<boolean>;
}

export interface RosterStore {
  /** Adds or refreshes people of a list that is still being read, as by a launch. */
  addMembers(course: CourseKey, members: readonly SeenMember[]): Promise<void>;
  /**
   * Writes a class list, all of it or nothing: its people are added or refreshed as by a launch. When the list is complete,
   * members who are not on it and were not seen since `readAt` have departed; nobody is removed.
   */
  saveRoster(course: CourseKey, list: ClassList): Promise<void>;
  /** Keeps why the newest try brought no list; the last list and its people stay as they are. */
  saveRosterProblem(course: CourseKey, problem: DeliveryError, at: Instant): Promise<void>;
  /** null where nobody has tried to read one. */
  roster(course: CourseKey): Promise<RosterReading | null>;
}

/** A change of one submission, its evidence, its gradebook cell and its audit line: all of it is written, or nothing. */
export type SubmissionChange = {
  readonly submission: Submission;
  /** The version the change was made from; 0 for a new one. */
  readonly fromVersion: number;
  readonly evidence: { readonly meta: Evidence; readonly bytes: Uint8Array } | null;
  /**
   * The state the gradebook cell should reach, and the `desiredVersion` it was worked out from (0 when there is no cell
   * yet), so that two decisions on one student at the same moment cannot hide each other; null leaves the cell alone.
   */
  readonly score: { readonly desired: DesiredScore; readonly fromVersion: number } | null;
  readonly audit: AuditEvent | null;
};

/** A part of a list, by the key it is sorted by: a page costs the same wherever in the list it is. */
export type QueuePage = {
  readonly order: 'oldest-first' | 'newest-first';
  /** The last one of the page before; null for the first page. */
  readonly after: { readonly submittedAt: Instant; readonly id: string } | null;
  readonly limit: number;
};

export interface SubmissionStore {
  /**
   * Writes the change atomically and durably. `conflict`, and nothing written, when the stored submission's version or the
   * cell's `desiredVersion` is not the `fromVersion` given. The stored version is then `fromVersion` + 1.
   * A score becomes the cell's desired state: version + 1, status pending, attempts 0, no error, due at once,
   * timestamp = max(at, previous timestamp + 1000 ms). A lease stays with its owner.
   */
  saveSubmission(change: SubmissionChange, at: Instant): Promise<'saved' | 'conflict'>;
  submission(id: string): Promise<Submission | null>;
  /** Newest change first. */
  submissionsBy(course: CourseKey, userId: string): Promise<readonly Submission[]>;
  /** In the order of `submittedAt`, then id. Those never submitted are not among them. */
  submissionsIn(course: CourseKey, state: SubmissionState, page: QueuePage): Promise<readonly Submission[]>;
  /** Those of some people of a course, oldest `submittedAt` first. */
  submissionsOf(
    course: CourseKey,
    userIds: readonly string[],
    states: readonly SubmissionState[],
  ): Promise<readonly Submission[]>;
  countSubmissions(course: CourseKey): Promise<Readonly<Record<SubmissionState, number>>>;
  /** Accepted ones whose badge has one of these outcomes by now, oldest `submittedAt` first. */
  acceptedWith(
    course: CourseKey,
    outcomes: readonly Outcome[],
    limit: number,
  ): Promise<readonly Submission[]>;
  /** Others that carry the same badge, the same file or the same certificate number in this deployment, for the duplicate check. */
  sameCredential(of: {
    readonly platformId: string;
    readonly deploymentId: string;
    readonly exceptId: string;
    readonly identity: { readonly issuerId: string; readonly credentialId: string } | null;
    readonly sha256: string | null;
    /** As `certificateKey` gives it. */
    readonly certificateKey: string | null;
  }): Promise<readonly Submission[]>;
  /** Everything that waits for a teacher, whatever the course, in the order of ids after `afterId` ('' for the first). */
  submissionsWaiting(afterId: string, limit: number): Promise<readonly Submission[]>;
  /** Those whose `recheckAt` (src/domain/recheck.ts) has come, the longest overdue first. */
  submissionsToRecheck(now: Instant, limit: number): Promise<readonly Submission[]>;
  evidence(id: string): Promise<{ readonly meta: Evidence; readonly bytes: Uint8Array } | null>;
  evidenceMeta(id: string): Promise<Evidence | null>;
}

/**
 * The line of submissions that wait to be read (`Submission.reading`). It is written with the submission itself: saving one
 * with another reading puts it at the end of the line, saving one without takes it out, and any other change leaves it and
 * its claim as they are.
 */
export interface ReadingStore {
  /** Takes up to `limit` that nobody is at, longest waiting first, for `owner` until `until`, and counts one try more of each. */
  claimReadings(
    pace: ReadingPace,
    now: Instant,
    until: Instant,
    owner: string,
    limit: number,
  ): Promise<readonly ClaimedReading[]>;
  /** `owner` is still at work on all that it took. */
  keepReadings(owner: string, until: Instant): Promise<void>;
  /** Gives back what an owner that stops has taken; it may be taken at once, and its last try is not counted. */
  releaseReadings(owner: string): Promise<void>;
  /** How many wait or are being read that were asked for before `since`, in the same line. */
  readingsBefore(pace: ReadingPace, since: Instant): Promise<number>;
}

/** `tries`: how often it was taken, this time included. More than one means that a process ended in the middle of it. */
export type ClaimedReading = { readonly submission: Submission; readonly tries: number };

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

export interface AuditLog {
  appendAudit(event: AuditEvent): Promise<void>;
  /** Newest first. */
  auditOf(subject: string): Promise<readonly AuditEvent[]>;
}

export interface TurnStore {
  /**
   * Whose turn it is to do a job that is done once in a while, whatever the number of processes. True for one owner at a
   * time, until `until`; the owner may move that moment, also to put off the next turn.
   */
  takeTurn(job: string, owner: string, now: Instant, until: Instant): Promise<boolean>;
}

export interface PaceStore {
  /** null where nothing is known of it. */
  pace(platformId: string): Promise<Pace | null>;
  /**
   * False, and nothing written, unless the stored version is `fromVersion` (0: none is stored). A crash may undo it: that
   * costs a refusal of the LMS, not a score.
   */
  savePace(pace: Pace, fromVersion: number): Promise<boolean>;
}

export interface LaunchLog {
  /** Keeps the newest `LAUNCH_NOTES.most`, and none for longer than `LAUNCH_NOTES.keptMs`. */
  noteLaunch(note: LaunchNote): Promise<void>;
  /** Newest first, of one platform or (null) of all. */
  launchNotes(platformId: string | null, limit: number): Promise<readonly LaunchNote[]>;
}

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

/** What a student handed in, as the reader takes it. `award`: which one of a record of several, as a report's `awards` names it. */
export type CredentialSource =
  | { readonly kind: 'address'; readonly address: string; readonly award?: string | null }
  | {
      readonly kind: 'file';
      readonly bytes: Uint8Array;
      readonly fileName: string;
      readonly award?: string | null;
    }
  | { readonly kind: 'typed'; readonly facts: TypedFacts };

/** Reads and verifies a badge. Never throws on what it was given: every outcome is a value. */
export type ReadCredential = (
  source: CredentialSource,
  expected: ExpectedRecipient | null,
) => Promise<CredentialReport>;

/**
 * Signs the answer to a deep-linking request: the link that was picked, or null for none, with `message` for the person.
 * null when the platform has been switched off meanwhile.
 */
export type AnswerPicking = (
  picking: Picking,
  picked: PickedLink | null,
  message: string | null,
) => Promise<HandOver | null>;

/** Reads the column of an activity from the LMS gradebook. Never throws on what the LMS answers. */
export type ReadGradebook = (activity: Activity) => Promise<
  | {
      readonly kind: 'list';
      readonly items: readonly GradebookResult[];
      /** False when the LMS did not let it be read to its end. */
      readonly isComplete: boolean;
    }
  | { readonly kind: 'problem'; readonly error: DeliveryError }
>;

/**
 * Reads the class list of a course from the LMS. Never throws on what the LMS answers. `onPeople` hears of the people of
 * each page as soon as it is there.
 */
export type FetchRoster = (
  course: CourseKey & Pick<Activity, 'membershipsUrl'>,
  signal?: AbortSignal,
  onPeople?: (members: readonly SeenMember[]) => Promise<void>,
) => Promise<
  | { readonly kind: 'list'; readonly items: readonly SeenMember[]; readonly isComplete: boolean }
  | { readonly kind: 'problem'; readonly error: DeliveryError }
>;

/** Makes a one-time registration code that ends after `lifeMs`; it is shown once and only its hash is kept. */
export type MakeInvite = (
  chosen: Pick<Invite, 'name' | 'platformStatus'> & { readonly lifeMs: number; readonly by: Viewer },
) => Promise<{ readonly code: string; readonly expiresAt: Instant }>;

/**
 * Does work that no request waits for. The promise resolves when it has ended, well or not, and never rejects; `signal`
 * breaks it off when the process ends.
 */
export type Background = (name: string, work: (signal: AbortSignal) => Promise<void>) => Promise<void>;

/** Sends one cell to the LMS. Never throws on what the LMS answers. */
export type SendScore = (cell: GradebookCell) => Promise<DeliveryResult>;

/**
 * JSON log. ERROR: a person must act. WARN: something failed and will be tried again. INFO: what happened, once a request.
 * Fields carry ids and codes; never a name, an e-mail, a reflection, a token or an address of a badge.
 */
export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}
