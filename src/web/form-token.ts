import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../domain/instant.ts';
import type { Viewer } from '../domain/person.ts';

const LIFE_MS = 7 * 86_400_000;

export type FormTokens = {
  readonly issue: (viewer: Viewer, at: Instant) => string;
  readonly belongsTo: (token: string, viewer: Viewer, at: Instant) => boolean;
};

/**
 * The token in every form that changes something. It is bound to the person in the activity and to the time, not to one session id:
 * a second launch must not make the form that is open in the first tab worthless, and a form of somebody else must be.
 */
export function createFormTokens(secrets: readonly [string, ...string[]]): FormTokens {
  // As a key object: with bytes, each seal would cost five times as much.
  const keyOf = (secret: string) =>
    createSecretKey(createHmac('sha256', secret).update('form tokens').digest());
  const [key, ...oldKeys] = [keyOf(secrets[0]), ...secrets.slice(1).map(keyOf)] as const;
  const seal = (viewer: Viewer, at: string, key: KeyObject) =>
    createHmac('sha256', key)
      .update(
        JSON.stringify([
          at,
          viewer.platformId,
          viewer.deploymentId,
          viewer.contextId,
          viewer.activityId,
          viewer.userId,
        ]),
      )
      .digest();
  return {
    issue(viewer, at) {
      const stamp = at.toString(36);
      return `${stamp}.${seal(viewer, stamp, key).toString('base64url')}`;
    },
    belongsTo(token, viewer, at) {
      const [stamp = '', sealed = ''] = token.split('.');
      const given = Buffer.from(sealed, 'base64url');
      const isOurs = [key, ...oldKeys].some((one) => {
        const wanted = seal(viewer, stamp, one);
        return given.length === wanted.length && timingSafeEqual(given, wanted);
      });
      const age = at - Number.parseInt(stamp, 36);
      return isOurs && age >= -60_000 && age < LIFE_MS;
    },
  };
}
