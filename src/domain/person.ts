import type { Picking } from './deep-linking.ts';
import type { Instant } from './instant.ts';
import type { Locale } from './local-text.ts';
import type { ShsmDates } from './shsm-dates.ts';

/** What a person may do here. Only the roles that the LMS gives them in this course count. */
export type Role = 'student' | 'teacher' | 'administrator';

/** A person in one course, known by the LMS's user id. Names and e-mail are there only if the LMS shares them. */
export type Member = {
  readonly platformId: string;
  readonly deploymentId: string;
  readonly contextId: string;
  readonly userId: string;
  readonly role: Role;
  readonly name: string | null;
  readonly email: string | null;
  /** As the school knows the student, where the platform shares it; for telling whose badge it is. */
  readonly studentNumber: string | null;
  readonly status: 'active' | 'departed';
  readonly lastSeenAt: Instant;
  /** null until the student or a teacher said so. */
  readonly shsmDates: ShsmDates | null;
};

/** What a launch or a class list says of a person. */
export type SeenMember = Omit<Member, 'shsmDates'>;

/** Who is looking at a page, and from which activity they came. */
export type Viewer = {
  readonly platformId: string;
  readonly deploymentId: string;
  readonly contextId: string;
  readonly activityId: string;
  readonly userId: string;
  readonly role: Role;
  readonly name: string | null;
  readonly email: string | null;
  readonly locale: Locale;
};

/** A server-side session. Only the SHA-256 of its opaque id is stored. */
export type Session = {
  readonly idHash: string;
  readonly viewer: Viewer;
  /** Set while its teacher picks an activity for a course; `viewer.activityId` is then the picking's id. */
  readonly picking: Picking | null;
  readonly createdAt: Instant;
  readonly lastSeenAt: Instant;
  /** Absolute end; the idle limit is `SESSION_IDLE_MS` after `lastSeenAt`. */
  readonly expiresAt: Instant;
};
