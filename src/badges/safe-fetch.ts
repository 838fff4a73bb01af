import { lookup as dnsLookup } from 'node:dns';
import { lookup as dnsLookupAsync } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector, type Dispatcher, ProxyAgent, request } from 'undici';

const MAX_REDIRECTS = 3;
const MAX_BYTES = 1024 * 1024;
const TOTAL_MS = 10_000;
const CONNECT_MS = 3_000;
const HEADERS_MS = 5_000;
const OWN_LOOKUP_MS = 300;
const ACCEPT =
  'application/ld+json, application/json;q=0.9, application/vc+ld+json;q=0.9, application/vc+jwt;q=0.9, text/plain;q=0.5, text/html;q=0.3, image/png;q=0.2, image/svg+xml;q=0.2';

/** Why nothing came back. Every one but `unreachable` and `timeout` is a rule of ours, not a fault of theirs. */
export type FetchProblem =
  | 'off'
  | 'address'
  | 'private'
  | 'port'
  | 'redirects'
  | 'too-large'
  | 'encoding'
  | 'timeout'
  | 'unreachable';

export type Fetched =
  | {
      readonly ok: true;
      readonly status: number;
      /** The address that answered, after redirects. */
      readonly url: string;
      readonly contentType: string;
      readonly bytes: Uint8Array;
    }
  | { readonly ok: false; readonly problem: FetchProblem };

/** GETs a public address. Never throws; `signal` ends it early and counts as a time-out. */
export type SafeFetch = (url: string, signal?: AbortSignal) => Promise<Fetched>;

export type SafeFetchOptions = {
  readonly outbound: 'on' | 'off';
  /** `http://host:port` of the egress proxy. Names are then resolved by the proxy; address literals are still judged here. */
  readonly proxy: string | null;
  /** `host` or `host:port` that may be reached although private. */
  readonly allowPrivateHosts: readonly string[];
};

class Refusal extends Error {
  readonly problem: FetchProblem;
  constructor(problem: FetchProblem) {
    super(problem);
    this.problem = problem;
  }
}

/**
 * The only way out for badge look-ups. Public unicast addresses only, judged inside the connector for names, for address
 * literals (which never reach a look-up hook) and again on the connected socket; redirects followed by hand and judged
 * each time; no credentials, cookies or Referer; decoded bytes counted.
 */
export function createSafeFetch(options: SafeFetchOptions): SafeFetch {
  const allowed = new Set(options.allowPrivateHosts.map((host) => host.trim().toLowerCase()));
  return async (address, signal) => {
    if (options.outbound === 'off') return { ok: false, problem: 'off' };
    const limit = AbortSignal.timeout(TOTAL_MS);
    const both = signal === undefined ? limit : AbortSignal.any([limit, signal]);
    try {
      return await follow(address, options.proxy, allowed, both);
    } catch (error) {
      return { ok: false, problem: problemOf(error, both) };
    }
  };
}

async function follow(
  address: string,
  proxy: string | null,
  allowed: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Fetched> {
  let url = permitted(address, allowed);
  for (let hop = 0; ; hop += 1) {
    const dispatcher = await dispatcherFor(url, proxy, allowed);
    try {
      const response = await request(url, {
        dispatcher,
        signal,
        headersTimeout: HEADERS_MS,
        bodyTimeout: HEADERS_MS,
        headers: {
          accept: ACCEPT,
          'accept-encoding': 'identity',
          'accept-language': 'en-CA, fr-CA;q=0.8',
          'user-agent': 'SHSM-Badges (badge verification)',
        },
      });
      // Whoever reads the body sees its errors; one that is dropped unread must not raise them on its own.
      response.body.on('error', () => undefined);
      const location = response.headers['location'];
      if (response.statusCode >= 300 && response.statusCode < 400 && typeof location === 'string') {
        if (hop === MAX_REDIRECTS) throw new Refusal('redirects');
        const next = permitted(new URL(location, url).href, allowed);
        if (url.protocol === 'https:' && next.protocol !== 'https:') throw new Refusal('redirects');
        url = next;
        continue;
      }
      const bytes = await readCounted(response.body, String(response.headers['content-encoding'] ?? ''));
      return {
        ok: true,
        status: response.statusCode,
        url: url.href,
        contentType: String(response.headers['content-type'] ?? ''),
        bytes,
      };
    } finally {
      dispatcher.destroy().catch(() => undefined);
    }
  }
}

/** Scheme, user info, port and literal address of one hop; the name's addresses are judged while connecting. */
function permitted(address: string, allowed: ReadonlySet<string>): URL {
  if (!URL.canParse(address)) throw new Refusal('address');
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Refusal('address');
  if (url.username !== '' || url.password !== '') throw new Refusal('address');
  url.hash = '';
  if (isAllowed(url.hostname, portOf(url), allowed)) return url;
  const host = bareHost(url.hostname);
  if (isIP(host) !== 0 ? !isPublic(host) : isLocalName(host)) throw new Refusal('private');
  if (url.port !== '' && url.port !== '80' && url.port !== '443') throw new Refusal('port');
  return url;
}

async function dispatcherFor(
  url: URL,
  proxy: string | null,
  allowed: ReadonlySet<string>,
): Promise<Dispatcher> {
  const mayBePrivate = isAllowed(url.hostname, portOf(url), allowed);
  if (proxy !== null && !(mayBePrivate && (await isInTheBuilding(url.hostname)))) {
    // The proxy resolves names, but may well reach the building's own servers: what this machine knows as one is refused.
    if (!mayBePrivate && (await isKnownPrivate(url.hostname))) throw new Refusal('private');
    // Plain http goes through the proxy in absolute form, https through CONNECT, the way egress proxies expect it.
    return new ProxyAgent({
      uri: proxy,
      proxyTunnel: false,
      connectTimeout: CONNECT_MS,
      requestTls: { timeout: CONNECT_MS },
    });
  }
  const base = buildConnector({
    timeout: CONNECT_MS,
    ...(mayBePrivate ? {} : { lookup: lookupPublic }),
  } as buildConnector.BuildOptions);
  return new Agent({
    connect: (target, done) => {
      const host = bareHost(target.hostname);
      // An address literal is connected to without any look-up.
      if (!mayBePrivate && isIP(host) !== 0 && !isPublic(host)) return done(new Refusal('private'), null);
      base(target, (error, socket) => {
        if (error !== null) return done(error, null);
        if (!mayBePrivate && !isPublic(socket.remoteAddress ?? '')) {
          socket.destroy();
          return done(new Refusal('private'), null);
        }
        done(null, socket);
      });
    },
  });
}

/** An allowed private host is reached directly, not through the egress proxy, when its name resolves to a private address here. */
async function isInTheBuilding(hostname: string): Promise<boolean> {
  const host = bareHost(hostname);
  if (isIP(host) !== 0) return !isPublic(host);
  if (isLocalName(host)) return true;
  try {
    const found = await dnsLookupAsync(host, { all: true });
    return found.every((entry) => !isPublic(entry.address));
  } catch {
    return false;
  }
}

async function isKnownPrivate(hostname: string): Promise<boolean> {
  const found = dnsLookupAsync(bareHost(hostname), { all: true }).catch(() => []);
  const late = new Promise<[]>((resolve) => {
    setTimeout(() => resolve([]), OWN_LOOKUP_MS).unref();
  });
  return (await Promise.race([found, late])).some((entry) => !isPublic(entry.address));
}

/** Refuses the whole name when any of its addresses is not public, so that no second answer can be swapped in. */
const lookupPublic: LookupFunction = (hostname, options, done) => {
  dnsLookup(hostname, { ...options, all: true }, (error, found) => {
    const first = found?.[0];
    if (error !== null || first === undefined) return done(error ?? new Refusal('unreachable'), '', 0);
    if (!found.every((entry) => isPublic(entry.address))) return done(new Refusal('private'), '', 0);
    if (options.all === true) return done(null, found);
    done(null, first.address, first.family);
  });
};

/** Globally reachable unicast, looked at through IPv4-mapped, 6to4 and NAT64 wrappings (those ranges are refused as they are). */
function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ipaddr.process(address).range() === 'unicast';
}

function isLocalName(host: string): boolean {
  const name = host.replace(/\.$/, '').toLowerCase();
  return !name.includes('.') || /\.(localhost|local|internal|intranet|lan|home\.arpa)$/.test(name);
}

function isAllowed(hostname: string, port: string, allowed: ReadonlySet<string>): boolean {
  const host = hostname.toLowerCase();
  return (
    allowed.has(host) ||
    allowed.has(`${host}:${port}`) ||
    allowed.has(bareHost(host)) ||
    allowed.has(`${bareHost(host)}:${port}`)
  );
}

function portOf(url: URL): string {
  if (url.port !== '') return url.port;
  return url.protocol === 'https:' ? '443' : '80';
}

function bareHost(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

/** Servers that compress although asked not to are counted after decompression. */
async function readCounted(body: Readable, encoding: string): Promise<Uint8Array> {
  const decoder = decoderFor(encoding.trim().toLowerCase());
  const source = decoder === null ? body : pipeline(body, decoder, () => undefined);
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of source) {
    const chunk = Buffer.from(part);
    size += chunk.length;
    if (size > MAX_BYTES) {
      body.destroy();
      throw new Refusal('too-large');
    }
    parts.push(chunk);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function decoderFor(encoding: string): NodeJS.ReadWriteStream | null {
  if (encoding === '' || encoding === 'identity') return null;
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  if (encoding === 'br') return createBrotliDecompress();
  throw new Refusal('encoding');
}

function problemOf(error: unknown, signal: AbortSignal): FetchProblem {
  if (error instanceof Refusal) return error.problem;
  if (signal.aborted) return 'timeout';
  if (error instanceof Error) {
    if (error.cause instanceof Refusal) return error.cause.problem;
    if (/Timeout/.test(error.name)) return 'timeout';
  }
  return 'unreachable';
}
