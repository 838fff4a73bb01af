import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { keyOf } from './seal.ts';

/** Frames of the LMS that a login may name; words of the browser's own are none (LTI Client Side postMessages 0.1). */
const FRAME = /^(?!_)[\w.-]{1,64}$/;
const NOT_FRAMES = new Set([
  'top',
  'parent',
  'opener',
  'self',
  'window',
  'frames',
  'location',
  'document',
  'length',
  'closed',
  'name',
  'origin',
]);

/** Canvas moved its sign-in; platforms registered before still name the old address, and its pages answer from the new one. */
const MOVED: Readonly<Record<string, string>> = {
  'https://canvas.instructure.com': 'https://sso.canvaslms.com',
  'https://canvas.beta.instructure.com': 'https://sso.beta.canvaslms.com',
  'https://canvas.test.instructure.com': 'https://sso.test.canvaslms.com',
};

/** Where the LMS page is asked for the proof, and answers from: the origin of the sign-in (LTI Platform Storage 0.1). */
export function storageOrigin(authUrl: string): string {
  const { origin } = new URL(authUrl);
  return MOVED[origin] ?? origin;
}

/** What the LMS page keeps for the tool where cookies are blocked (LTI Platform Storage 0.1). */
export type StateProof = {
  readonly storageKey: (state: string) => string;
  readonly value: (state: string) => string;
  readonly proves: (state: string, value: string) => boolean;
};

/**
 * Binds a login to the browser like the state's cookie does, but kept by the LMS page instead. It is worked out from the
 * state and the installation's secret, so that nothing more is stored.
 */
export function createStateProof(secrets: readonly [string, ...string[]]): StateProof {
  const keys = secrets.map((secret) => keyOf(secret, 'lti state storage'));
  const valuesOf = (state: string) => keys.map((key) => createHmac('sha256', key).update(state).digest());
  return {
    storageKey: (state) => `lti_${createHash('sha256').update(state).digest('base64url').slice(0, 22)}`,
    value: (state) => valuesOf(state)[0]?.toString('base64url') ?? '',
    proves(state, value) {
      const sent = Buffer.from(value, 'base64url');
      return valuesOf(state).some((own) => own.byteLength === sent.byteLength && timingSafeEqual(own, sent));
    },
  };
}

/** The frame that `lti_storage_target` names; null where the LMS offers no storage, or names something that is no frame. */
export function storageFrame(target: string | undefined): string | null {
  if (target === '_parent') return target;
  return target !== undefined && FRAME.test(target) && !NOT_FRAMES.has(target) ? target : null;
}
