import type { Instant } from './instant.ts';

export const AUDIT_ACTIONS = [
  'submission.submitted',
  'submission.read',
  'submission.reopened',
  'submission.recipient-confirmed',
  'submission.award-chosen',
  'submission.withdrawn',
  'submission.accepted',
  'submission.returned',
  'submission.rechecked',
  'student.dates',
  'evidence.opened',
  'activity.set-up',
  'platform.invited',
  'platform.added',
  'platform.status',
  'deployment.seen',
  'deployment.approved',
  'keys.rotated',
  'services.probed',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** The actor of what the command line does: nobody whom an LMS knows. */
export const OPERATOR = 'operator';

/** Something a person or the system did, written in the same store call as the change. Ids only, no names. */
export type AuditEvent = {
  readonly id: string;
  readonly at: Instant;
  /** LMS user id, or `system`, or `operator` for the command line. */
  readonly actor: string;
  readonly action: AuditAction;
  readonly platformId: string | null;
  readonly deploymentId: string | null;
  /** The id of what was changed. */
  readonly subject: string;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
};
