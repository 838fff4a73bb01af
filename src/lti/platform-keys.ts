import { setTimeout as pause } from 'node:timers/promises';
import type { JWK } from 'jose';
import { z } from 'zod';
import type { Now } from '../domain/instant.ts';
import type { Log } from '../domain/ports/log.ts';
import { refusal } from './refusal.ts';
import type { ServiceFailure, ServiceHttp, ServiceResponse } from './service-http.ts';

/** Brightspace changes its keys about once an hour and forbids caching; ten minutes is what it lives with. */
const FRESH_MS = 10 * 60_000;
/** A made-up `kid` must not become a request to the platform each time. */
const COOL_DOWN_MS = 30_000;
/** How long a key is believed while the platform's key set cannot be read. */
const LONGEST_MS = 24 * 60 * 60_000;
/** A hiccup of the platform is often over by then; the launch waits for it. */
const SECOND_TRY_MS = 200;

const keySet = z.object({ keys: z.array(z.unknown()).max(500) });
/** Brightspace leaves out `alg` and `use`; the tool pins RS256 itself. */
const rsaKey = z.object({
  kty: z.literal('RSA'),
  kid: z.string(),
  n: z.string(),
  e: z.string(),
  use: z.literal('sig').optional(),
  alg: z.literal('RS256').optional(),
});

/** The public key of a platform by its `kid`. Throws the refusals `key-unknown` or `keys-unreachable`. */
export type PlatformKeyOf = (jwksUrl: string, kid: string) => Promise<JWK>;

type Cached = {
  keys: ReadonlyMap<string, JWK> | null;
  readAt: number;
  failedAt: number;
  missedAt: number;
  reading: Promise<boolean> | null;
};

/**
 * The platforms' key sets, kept for ten minutes and read again when a `kid` is not among them (with a cool-down). A key
 * set that is down stops nobody whose key is known.
 */
export function createPlatformKeys(deps: {
  readonly http: ServiceHttp;
  readonly now: Now;
  readonly log: Log;
}): PlatformKeyOf {
  const { http, now, log } = deps;
  const cache = new Map<string, Cached>();

  /** One request at a time for one key set. Says whether it was read; a failure leaves the keys that are known. */
  function read(set: Cached, jwksUrl: string): Promise<boolean> {
    set.reading ??= readKeySet(http, jwksUrl)
      .then((keys) => {
        Object.assign(set, { keys, readAt: now() });
        return true;
      })
      .catch((error: unknown) => {
        set.failedAt = now();
        log.warn({ jwksUrl, reason: reasonOf(error) }, 'the key set of a platform cannot be read');
        return false;
      })
      .finally(() => {
        set.reading = null;
      });
    return set.reading;
  }

  return async function platformKeyOf(jwksUrl, kid) {
    const set = cache.get(jwksUrl) ?? {
      keys: null,
      readAt: -Infinity,
      failedAt: -Infinity,
      missedAt: -Infinity,
      reading: null,
    };
    cache.set(jwksUrl, set);

    if (now() - set.readAt > LONGEST_MS) set.keys = null;
    const isOld = now() - set.readAt > FRESH_MS;
    const failedLately = now() - set.failedAt < COOL_DOWN_MS;
    if (set.keys === null || (isOld && !failedLately)) await read(set, jwksUrl);
    if (set.keys === null) throw refusal('keys-unreachable');

    const known = set.keys.get(kid);
    if (known !== undefined) return known;
    if (set.reading !== null && (await set.reading)) {
      const arrived = set.keys.get(kid);
      if (arrived !== undefined) return arrived;
    }
    if (now() - set.missedAt < COOL_DOWN_MS) throw refusal('key-unknown');
    set.missedAt = now();
    if (!(await read(set, jwksUrl))) {
      set.missedAt = -Infinity;
      throw refusal('keys-unreachable');
    }
    const found = set.keys.get(kid);
    if (found === undefined) throw refusal('key-unknown');
    return found;
  };
}

async function readKeySet(http: ServiceHttp, jwksUrl: string): Promise<Map<string, JWK>> {
  const ask = () => http({ method: 'GET', url: jwksUrl, headers: { accept: 'application/json' } });
  let answer = await ask();
  if (isHiccup(answer)) {
    await pause(SECOND_TRY_MS);
    answer = await ask();
  }
  if (answer.kind === 'failure') throw new Error(`${answer.reason} ${answer.code}`);
  if (answer.status !== 200) throw new Error(`status ${answer.status}`);
  const keys = new Map<string, JWK>();
  for (const entry of keySet.parse(JSON.parse(answer.body)).keys) {
    const key = rsaKey.safeParse(entry);
    if (key.success) keys.set(key.data.kid, { kty: 'RSA', n: key.data.n, e: key.data.e, alg: 'RS256' });
  }
  return keys;
}

/** Said no at once, with nothing that a second try could not change: a time-out has cost enough waiting already. */
function isHiccup(answer: ServiceResponse | ServiceFailure): boolean {
  return answer.kind === 'failure'
    ? answer.reason === 'unreachable'
    : answer.status >= 500 || answer.status === 429;
}

/** A failure's own words; what the parser says of a body may quote it. */
function reasonOf(error: unknown): string {
  return error instanceof Error && error.name === 'Error' ? error.message : 'not a JSON Web Key Set';
}
