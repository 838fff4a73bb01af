import { randomUUID } from 'node:crypto';

export type ExpiringMap<T> = {
  /** Keeps a value under a new unguessable key. */
  readonly keep: (value: T, lifetimeMs?: number) => string;
  /** Keeps a value under a given key; false when that key is still taken. */
  readonly keepOnce: (key: string, value: T) => boolean;
  readonly get: (key: string) => T | undefined;
  readonly delete: (key: string) => void;
};

/** Things that are good for a while: tokens, launches in flight, identifiers that may be used once. */
export function createExpiringMap<T>(now: () => number, lifetimeMs: number): ExpiringMap<T> {
  const entries = new Map<string, { readonly value: T; readonly expiresAt: number }>();

  const get = (key: string): T | undefined => {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAt > now()) return entry.value;
    entries.delete(key);
    return undefined;
  };
  return {
    keep: (value, ownLifetimeMs = lifetimeMs) => {
      const key = randomUUID();
      entries.set(key, { value, expiresAt: now() + ownLifetimeMs });
      return key;
    },
    keepOnce: (key, value) => {
      if (get(key) !== undefined) return false;
      entries.set(key, { value, expiresAt: now() + lifetimeMs });
      return true;
    },
    get,
    delete: (key) => entries.delete(key),
  };
}
