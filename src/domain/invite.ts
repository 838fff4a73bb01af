import type { Instant } from './instant.ts';
import type { Platform } from './platform.ts';

/** A one-time link by which an LMS registers itself (LTI Dynamic Registration 1.0). Only the SHA-256 of its code is stored. */
export type Invite = {
  readonly codeHash: string;
  /** The registration's name; null takes the host of the LMS. */
  readonly name: string | null;
  /** `disabled`: the registration waits for `platform enable`. */
  readonly platformStatus: Platform['status'];
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly spentAt: Instant | null;
};
