import { isIP } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import { isPlatformEndpoint } from './endpoint.ts';
import { createPublicConnector, isPublic } from './public-connector.ts';

const CONNECT_MS = 3_000;
const TOTAL_MS = 15_000;
const LARGEST_BYTES = 1024 * 1024;
const MOST_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Redirects that keep method and body (RFC 9110 §15.4); the others would turn a POST into a GET. */
const KEEPING_REDIRECTS = new Set([307, 308]);
const THIS_MACHINE = new Set(['127.0.0.1', 'localhost', '[::1]']);

export type ServiceRequest = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
};

/** What the LMS answered. Header names are in lower case. */
export type ServiceResponse = {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** No answer to work with. Whether the LMS acted on the request is not known, except after `address`. */
export type ServiceFailure = {
  readonly kind: 'failure';
  readonly reason: 'address' | 'timeout' | 'unreachable' | 'redirect' | 'too-large';
  /** A code such as `ECONNREFUSED`; never part of an address, a header or a body. */
  readonly code: string;
};

/** Asks a service of an LMS. Never throws for what the LMS or the network does. */
export type ServiceHttp = (request: ServiceRequest) => Promise<ServiceResponse | ServiceFailure>;

/**
 * The one way to the services of an LMS: 15 s in all and 3 s to connect, at most 1 MiB, https (outside production also
 * http on this machine), redirects within the same origin only, because the request carries a token.
 * `dispatcher` is the board's egress proxy; requests to this machine do not go through it.
 */
export function createServiceHttp(options: {
  readonly version: string;
  readonly production: boolean;
  readonly dispatcher?: Dispatcher | null;
  readonly timeoutMs?: number;
  /** For addresses that nobody has vouched for: nothing of this machine or the network around it is reached. */
  readonly publicOnly?: boolean;
}): ServiceHttp {
  const { production, timeoutMs = TOTAL_MS, publicOnly = false } = options;
  const userAgent = `shsm-badges/${options.version}`;
  const connectMs = Math.min(CONNECT_MS, timeoutMs);
  const direct = new Agent({
    connect: publicOnly ? createPublicConnector(connectMs) : { timeout: connectMs },
  });
  const proxied = options.dispatcher ?? direct;

  return async function serviceHttp({ method, url, headers, body, signal }) {
    const ends = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
    let target = url;
    for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
      if (!isPlatformEndpoint(target, production) || (publicOnly && isPrivateLiteral(target)))
        return failure('address', 'address-not-allowed');
      try {
        const response = await request(target, {
          method,
          headers: { ...headers, 'user-agent': userAgent },
          body: body ?? null,
          dispatcher: THIS_MACHINE.has(new URL(target).hostname) ? direct : proxied,
          signal: ends,
        });
        const next = redirectTarget(response, target);
        if (next !== null && (method === 'GET' || KEEPING_REDIRECTS.has(response.statusCode))) {
          await response.body.dump();
          if (URL.parse(next)?.origin !== new URL(target).origin) return failure('redirect', 'other-origin');
          target = next;
          continue;
        }
        const text = await readUpTo(response.body, LARGEST_BYTES);
        if (text === null) return failure('too-large', `over-${LARGEST_BYTES}-bytes`);
        return {
          kind: 'response',
          status: response.statusCode,
          headers: flatten(response.headers),
          body: text,
        };
      } catch (error) {
        return ends.aborted ? failure('timeout', 'total-time') : failureOf(error);
      }
    }
    return failure('redirect', 'too-many');
  };
}

/** Through a proxy the name is looked up there; a literal must not even be asked of it. */
function isPrivateLiteral(address: string): boolean {
  const host = new URL(address).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isPublic(host);
}

function failure(reason: ServiceFailure['reason'], code: string): ServiceFailure {
  return { kind: 'failure', reason, code };
}

function failureOf(error: unknown): ServiceFailure {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
  if (code === 'private-address') return failure('address', code);
  return failure(/TIMEOUT/.test(code) ? 'timeout' : 'unreachable', code);
}

function redirectTarget(response: Dispatcher.ResponseData, from: string): string | null {
  const location = response.headers['location'];
  if (!REDIRECTS.has(response.statusCode) || typeof location !== 'string') return null;
  return URL.parse(location, from)?.href ?? null;
}

async function readUpTo(body: Dispatcher.ResponseData['body'], most: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > most) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
