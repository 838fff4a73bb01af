import { type Connection, Schema } from 'mongoose';
import type { Activity } from '../../domain/activity.ts';
import type { AuditEvent } from '../../domain/audit.ts';
import type { GradebookCell, LineItem } from '../../domain/gradebook.ts';
import type { Invite } from '../../domain/invite.ts';
import type { LoginTransaction } from '../../domain/launch.ts';
import type { LaunchNote } from '../../domain/launch-note.ts';
import type { Pace } from '../../domain/pace.ts';
import type { Member, Session } from '../../domain/person.ts';
import type { Deployment, Platform, ToolKey } from '../../domain/platform.ts';
import type { CourseKey } from '../../domain/ports/course-store.ts';
import type { RosterReading } from '../../domain/roster.ts';
import type { Submission } from '../../domain/submission.ts';

/**
 * A cell with what only the store needs: whose lane it is in, what the owner of the lease took along to deliver, and
 * which claim or group of marks wrote it last, if any.
 */
export type StoredCell = GradebookCell & {
  readonly platformId: string;
  readonly leasedVersion: number | null;
  readonly claimId?: string;
};
/** A submission with what the store finds it by: when it is looked at again by itself, and its certificate's number. */
export type StoredSubmission = Submission & {
  readonly recheckAt: number | null;
  readonly certificateKey: string | null;
  /** From when on its reading may be taken, by whom it is taken, and how often it was. */
  readonly readingFreeAt: number | null;
  readonly readingOwner: string | null;
  readonly readingTries: number;
};
export type StoredLineItem = LineItem & {
  readonly lockOwner: string | null;
  readonly lockUntil: number | null;
};

/** An invite with the moment until which one visitor at a time tries to register. */
export type StoredInvite = Invite & { readonly heldUntil: number | null };

/**
 * Documents are the domain's values as they are. A field that the schema does not know is refused, on the way in and in a
 * filter, so that a new field of the domain cannot be lost without a word. Indexes are made by the migrations.
 */
const strictly = {
  strict: 'throw',
  strictQuery: 'throw',
  id: false,
  versionKey: false,
  minimize: false,
  autoIndex: false,
  autoCreate: false,
} as const;

/** A part that is written and read as a whole. */
const whole = Schema.Types.Mixed;
const course = { platformId: String, deploymentId: String, contextId: String };

const platform = new Schema<Platform>(
  {
    id: String,
    name: String,
    issuer: String,
    clientId: String,
    authUrl: String,
    tokenUrl: String,
    jwksUrl: String,
    audience: String,
    status: String,
    createdAt: Number,
  },
  strictly,
);
const deployment = new Schema<Deployment>(
  { platformId: String, deploymentId: String, status: String, firstSeenAt: Number },
  strictly,
);
const toolKey = new Schema<ToolKey>(
  { kid: String, publicJwk: whole, sealedPrivateKey: String, createdAt: Number, retiredAt: Number },
  strictly,
);
const invite = new Schema<StoredInvite>(
  {
    codeHash: String,
    name: String,
    platformStatus: String,
    createdAt: Number,
    expiresAt: Number,
    spentAt: Number,
    heldUntil: Number,
  },
  strictly,
);
const login = new Schema<LoginTransaction>(
  {
    stateHash: String,
    nonce: String,
    platformId: String,
    targetLinkUri: String,
    request: whole,
    openedAt: Number,
    expiresAt: Number,
    spentAt: Number,
  },
  strictly,
);
const session = new Schema<Session>(
  { idHash: String, viewer: whole, picking: whole, createdAt: Number, lastSeenAt: Number, expiresAt: Number },
  strictly,
);
const activity = new Schema<Activity>(
  {
    id: String,
    ...course,
    resourceLinkId: String,
    title: String,
    contextTitle: String,
    settings: whole,
    lineItemsUrl: String,
    lineItemUrl: String,
    scopes: whole,
    membershipsUrl: String,
  },
  strictly,
);
const member = new Schema<Member>(
  {
    ...course,
    userId: String,
    role: String,
    name: String,
    email: String,
    studentNumber: String,
    status: String,
    lastSeenAt: Number,
    shsmDates: whole,
  },
  strictly,
);
const submission = new Schema<StoredSubmission>(
  {
    id: String,
    activityId: String,
    ...course,
    userId: String,
    sectorId: String,
    state: String,
    input: whole,
    reflection: String,
    reading: whole,
    readingFreeAt: Number,
    readingOwner: String,
    readingTries: Number,
    credential: whole,
    placement: whole,
    decision: whole,
    createdAt: Number,
    updatedAt: Number,
    submittedAt: Number,
    recheckAt: Number,
    certificateKey: String,
    version: Number,
  },
  strictly,
);
const gradebookCell = new Schema<StoredCell>(
  {
    activityId: String,
    userId: String,
    platformId: String,
    desired: whole,
    desiredVersion: Number,
    timestamp: Number,
    deliveredVersion: Number,
    deliveredAt: Number,
    status: String,
    attempts: Number,
    nextAttemptAt: Number,
    leaseOwner: String,
    leaseUntil: Number,
    leasedVersion: Number,
    claimId: String,
    lastError: whole,
  },
  strictly,
);
const lineItem = new Schema<StoredLineItem>(
  { activityId: String, url: String, settledAt: Number, lockOwner: String, lockUntil: Number },
  strictly,
);
const roster = new Schema<CourseKey & RosterReading>(
  { ...course, readAt: Number, isComplete: Boolean, triedAt: Number, problem: whole },
  strictly,
);
const launchNote = new Schema<LaunchNote>(
  {
    requestId: String,
    at: Number,
    platformId: String,
    deploymentId: String,
    messageType: String,
    role: String,
    passed: whole,
    failed: String,
    refusal: String,
    claim: String,
  },
  strictly,
);
const turn = new Schema<{ job: string; owner: string; until: number }>(
  { job: String, owner: String, until: Number },
  strictly,
);
const pace = new Schema<Pace>(
  {
    platformId: String,
    version: Number,
    allowed: Number,
    learnt: whole,
    holdUntil: Number,
    heldFrom: Number,
    usedUntil: Number,
  },
  strictly,
);
const auditEvent = new Schema<AuditEvent>(
  {
    id: String,
    at: Number,
    actor: String,
    action: String,
    platformId: String,
    deploymentId: String,
    subject: String,
    detail: whole,
  },
  strictly,
);

export function modelsOf(connection: Connection) {
  return {
    platforms: connection.model('platforms', platform, 'platforms'),
    deployments: connection.model('deployments', deployment, 'deployments'),
    toolKeys: connection.model('tool_keys', toolKey, 'tool_keys'),
    invites: connection.model('invites', invite, 'invites'),
    logins: connection.model('logins', login, 'logins'),
    sessions: connection.model('sessions', session, 'sessions'),
    activities: connection.model('activities', activity, 'activities'),
    members: connection.model('members', member, 'members'),
    submissions: connection.model('submissions', submission, 'submissions'),
    gradebookCells: connection.model('gradebook_cells', gradebookCell, 'gradebook_cells'),
    lineItems: connection.model('line_items', lineItem, 'line_items'),
    rosters: connection.model('rosters', roster, 'rosters'),
    launchNotes: connection.model('launch_notes', launchNote, 'launch_notes'),
    turns: connection.model('turns', turn, 'turns'),
    paces: connection.model('paces', pace, 'paces'),
    auditEvents: connection.model('audit_events', auditEvent, 'audit_events'),
  };
}

export type Models = ReturnType<typeof modelsOf>;
