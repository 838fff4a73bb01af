import { type Pace, unlimitedPace } from '../domain/pace.ts';
import type { PaceStore } from '../domain/ports/pace-store.ts';
import type { PlatformStore } from '../domain/ports/platform-store.ts';

const MOST_TRIES = 50;

/** The pace of a platform, or null when there is no such platform. */
export async function readPace(
  store: PaceStore & Pick<PlatformStore, 'platform'>,
  platformId: string,
): Promise<Pace | null> {
  if ((await store.platform(platformId)) === null) return null;
  return (await store.pace(platformId)) ?? unlimitedPace(platformId);
}

/**
 * Sets how many requests a second the operator allows, or (null) leaves it to the LMS; what was learnt is forgotten.
 * Servers at work heed it within a second. False when there is no such platform.
 */
export async function allowPace(
  store: PaceStore & Pick<PlatformStore, 'platform'>,
  platformId: string,
  allowed: number | null,
): Promise<boolean> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const pace = await readPace(store, platformId);
    if (pace === null) return false;
    const next = { ...pace, version: pace.version + 1, allowed, learnt: null, usedUntil: 0 };
    if (await store.savePace(next, pace.version)) return true;
  }
  throw new Error('the pace is changed by others all the time');
}
