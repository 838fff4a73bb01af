import { createHash } from 'node:crypto';
import type { Activity, ActivitySettings } from '../../src/domain/activity.ts';
import type { AuditEvent } from '../../src/domain/audit.ts';
import type { CredentialFacts, CredentialReport } from '../../src/domain/credential.ts';
import type { Picking } from '../../src/domain/deep-linking.ts';
import type { DeliveryError, DesiredScore, GradebookCell } from '../../src/domain/gradebook.ts';
import type { Invite } from '../../src/domain/invite.ts';
import type { LoginTransaction } from '../../src/domain/launch.ts';
import type { Member, Session, Viewer } from '../../src/domain/person.ts';
import type { PlacementReport } from '../../src/domain/placement.ts';
import type { Deployment, Platform, ToolKey } from '../../src/domain/platform.ts';
import type { CourseKey } from '../../src/domain/ports/course-store.ts';
import type { SubmissionChange } from '../../src/domain/ports/submission-store.ts';
import type {
  Decision,
  Evidence,
  Submission,
  SubmissionInput,
  TypedFacts,
  TypedText,
} from '../../src/domain/submission.ts';

/** The frozen moment of the tests: 2026-03-02T15:00:00Z. */
export const NOW = Date.UTC(2026, 2, 2, 15);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The course that every builder below belongs to unless told otherwise. */
export const COURSE: CourseKey = {
  platformId: 'platform-1',
  deploymentId: 'deployment-1',
  contextId: 'context-1',
};

export function aPlatform(over: Partial<Platform> = {}): Platform {
  return {
    id: 'platform-1',
    name: 'Example Board Brightspace',
    issuer: 'https://lms.example.test',
    clientId: 'client-1',
    authUrl: 'https://lms.example.test/d2l/lti/authenticate',
    tokenUrl: 'https://auth.example.test/core/connect/token',
    jwksUrl: 'https://lms.example.test/d2l/.well-known/jwks',
    audience: null,
    status: 'active',
    createdAt: NOW,
    ...over,
  };
}

export function aDeployment(over: Partial<Deployment> = {}): Deployment {
  return {
    platformId: COURSE.platformId,
    deploymentId: COURSE.deploymentId,
    status: 'approved',
    firstSeenAt: NOW,
    ...over,
  };
}

export function aToolKey(over: Partial<ToolKey> = {}): ToolKey {
  return {
    kid: 'key-1',
    publicJwk: { kty: 'RSA', kid: 'key-1', n: 'AQAB', e: 'AQAB' },
    sealedPrivateKey: 'sealed',
    createdAt: NOW,
    retiredAt: null,
    ...over,
  };
}

/** A link that is open for a day. */
export function anInvite(over: Partial<Invite> = {}): Invite {
  return {
    codeHash: 'invite-hash-1',
    name: null,
    platformStatus: 'active',
    createdAt: NOW,
    expiresAt: NOW + DAY,
    spentAt: null,
    ...over,
  };
}

export function aLogin(over: Partial<LoginTransaction> = {}): LoginTransaction {
  return {
    stateHash: 'state-hash-1',
    nonce: 'nonce-1',
    platformId: COURSE.platformId,
    targetLinkUri: 'http://localhost:3000/lti/launch',
    request: { iss: 'https://lms.example.test', login_hint: 'hint-1' },
    openedAt: NOW,
    expiresAt: NOW + 10 * MINUTE,
    spentAt: null,
    ...over,
  };
}

export function aViewer(over: Partial<Viewer> = {}): Viewer {
  return {
    ...COURSE,
    activityId: 'activity-1',
    userId: 'student-1',
    role: 'student',
    name: 'Student One',
    email: 'student.one@example.test',
    locale: 'en',
    ...over,
  };
}

export function aTeacher(over: Partial<Viewer> = {}): Viewer {
  return aViewer({
    userId: 'teacher-1',
    role: 'teacher',
    name: 'Teacher One',
    email: 'teacher.one@example.test',
    ...over,
  });
}

/** A deep-linking request that is being answered; its session belongs to a viewer with its id. */
export function aPicking(over: Partial<Picking> = {}): Picking {
  return {
    id: 'picking-1',
    platformId: COURSE.platformId,
    deploymentId: COURSE.deploymentId,
    courseName: 'Health and Wellness SHSM',
    settings: {
      returnUrl: 'https://lms.example.test/deep-links',
      acceptTypes: ['ltiResourceLink'],
      documentTargets: ['iframe'],
      acceptLineItem: true,
      title: null,
      text: null,
      data: 'request-1',
    },
    ...over,
  };
}

export function aSession(over: Partial<Session> = {}): Session {
  return {
    idHash: 'session-hash-1',
    viewer: aViewer(),
    picking: null,
    createdAt: NOW,
    lastSeenAt: NOW,
    expiresAt: NOW + 12 * HOUR,
    ...over,
  };
}

export function aMember(over: Partial<Member> = {}): Member {
  return {
    ...COURSE,
    userId: 'student-1',
    role: 'student',
    name: 'Student One',
    email: 'student.one@example.test',
    studentNumber: null,
    status: 'active',
    lastSeenAt: NOW,
    shsmDates: null,
    ...over,
  };
}

export function someSettings(over: Partial<ActivitySettings> = {}): ActivitySettings {
  return {
    sectorId: 'health-wellness',
    kind: 'record',
    certificationId: null,
    pointsPossible: 10,
    scoring: 'completion',
    reflectionPrompt: null,
    dueAt: null,
    ...over,
  };
}

/** An activity that a teacher has set up; `settings: null` for one that nobody has. */
export function anActivity(over: Partial<Activity> = {}): Activity {
  return {
    id: 'activity-1',
    ...COURSE,
    resourceLinkId: 'link-1',
    title: 'SHSM certifications',
    contextTitle: 'Health and Wellness SHSM',
    settings: someSettings(),
    lineItemsUrl: 'https://lms.example.test/lineitems',
    lineItemUrl: 'https://lms.example.test/lineitems/1',
    scopes: [
      'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
      'https://purl.imsglobal.org/spec/lti-ags/scope/score',
    ],
    membershipsUrl: 'https://lms.example.test/memberships',
    ...over,
  };
}

/** What a student's keys left; nothing unless told otherwise. */
export function someTypedText(over: Partial<TypedText> = {}): TypedText {
  return {
    title: '',
    issuer: '',
    issuedOn: '',
    expiresOn: '',
    hours: '',
    certificateNumber: '',
    ...over,
  };
}

export function someTypedFacts(over: Partial<TypedFacts> = {}): TypedFacts {
  return {
    title: 'Standard First Aid & CPR C',
    issuer: 'Example First Aid',
    issuedOn: '2026-03-02',
    expiresOn: null,
    hours: 13,
    certificateNumber: '',
    ...over,
  };
}

export function anInput(over: Partial<SubmissionInput> = {}): SubmissionInput {
  return {
    way: 'address',
    address: 'https://badges.example.test/assertions/1',
    typed: someTypedText(),
    evidenceId: null,
    ...over,
  };
}

export function someFacts(over: Partial<CredentialFacts> = {}): CredentialFacts {
  return {
    name: 'Standard First Aid & CPR C',
    issuer: { name: 'Example First Aid', url: 'https://badges.example.test' },
    recipient: { name: 'Student One', matches: true },
    issuedOn: '2026-03-02',
    expiresOn: '2029-03-02',
    description: null,
    criteria: null,
    hours: 13,
    certificateNumber: null,
    evidence: [],
    ...over,
  };
}

export function aCredentialReport(over: Partial<CredentialReport> = {}): CredentialReport {
  return {
    format: 'open-badge-3',
    outcome: 'verified',
    credential: someFacts(),
    checks: [
      {
        id: 'signature',
        result: 'pass',
        detail: 'The signature is valid.',
        detailFr: 'La signature est valide.',
      },
    ],
    facts: { name: 'signed', issuedOn: 'signed', expiresOn: 'signed' },
    identity: { issuerId: 'https://badges.example.test', credentialId: 'urn:uuid:credential-1' },
    checkedAt: NOW,
    ...over,
  };
}

export function aPlacementReport(over: Partial<PlacementReport> = {}): PlacementReport {
  return {
    sector: 'health-wellness',
    rulesVersion: '2026.1+abc',
    placement: 'compulsory',
    certification: 'standard-first-aid',
    also: ['cpr-c-aed'],
    match: 'named',
    needsConfirmation: false,
    confidence: 0.98,
    reasons: [{ key: 'match.title', en: 'The title names it.', fr: 'Le titre la nomme.' }],
    checks: [{ id: 'expiry', result: 'pass', en: 'It is in force.', fr: 'Elle est valide.' }],
    quality: [],
    ...over,
  };
}

export function aDecision(over: Partial<Decision> = {}): Decision {
  return {
    outcome: 'accepted',
    placement: 'compulsory',
    lines: ['standard-first-aid', 'cpr-c-aed'],
    marks: {},
    comment: 'Well explained.',
    decidedBy: 'teacher-1',
    decidedAt: NOW + HOUR,
    rulesVersion: '2026.1+abc',
    ...over,
  };
}

/** A submission that waits for the teacher, with what was read and proposed. */
export function aSubmission(over: Partial<Submission> = {}): Submission {
  return {
    id: 'submission-1',
    activityId: 'activity-1',
    ...COURSE,
    userId: 'student-1',
    sectorId: 'health-wellness',
    state: 'submitted',
    input: anInput(),
    reflection: 'I practised CPR on a mannequin and would know what to do.',
    reading: null,
    credential: aCredentialReport(),
    placement: aPlacementReport(),
    decision: null,
    createdAt: NOW,
    updatedAt: NOW,
    submittedAt: NOW,
    version: 1,
    ...over,
  };
}

/** A stored file and its bytes; size and sha256 always belong to the bytes. */
export function someEvidence(
  over: Partial<Omit<Evidence, 'size' | 'sha256'>> = {},
  bytes: Uint8Array = new TextEncoder().encode('%PDF-1.7 certificate'),
): { meta: Evidence; bytes: Uint8Array } {
  const meta = {
    id: 'evidence-1',
    submissionId: 'submission-1',
    fileName: 'certificate.pdf',
    mediaType: 'application/pdf',
    createdAt: NOW,
    ...over,
    size: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  return { meta, bytes };
}

/** A first save: no evidence, no score, no audit event unless told otherwise. */
export function aChange(over: Partial<SubmissionChange> = {}): SubmissionChange {
  return { submission: aSubmission(), fromVersion: 0, evidence: null, score: null, audit: null, ...over };
}

export function aDesiredScore(over: Partial<DesiredScore> = {}): DesiredScore {
  return {
    scoreGiven: 10,
    scoreMaximum: 10,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    comment: 'Standard First Aid: accepted.',
    submittedAt: NOW,
    scoringUserId: 'teacher-1',
    ...over,
  };
}

/** A cell that was never sent and is due now. */
export function aCell(over: Partial<GradebookCell> = {}): GradebookCell {
  return {
    activityId: 'activity-1',
    userId: 'student-1',
    desired: aDesiredScore(),
    desiredVersion: 1,
    timestamp: NOW,
    deliveredVersion: 0,
    deliveredAt: null,
    status: 'pending',
    attempts: 0,
    nextAttemptAt: NOW,
    leaseOwner: null,
    leaseUntil: null,
    lastError: null,
    ...over,
  };
}

export function aDeliveryError(over: Partial<DeliveryError> = {}): DeliveryError {
  return { key: 'lms-unavailable', status: 503, excerpt: 'Service Unavailable', ...over };
}

export function anAuditEvent(over: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: 'audit-1',
    at: NOW,
    actor: 'student-1',
    action: 'submission.submitted',
    platformId: COURSE.platformId,
    deploymentId: COURSE.deploymentId,
    subject: 'submission-1',
    detail: {},
    ...over,
  };
}
