import type { Why } from './finding.ts';
import { type JsonObject, parseJsonObject } from './json.ts';
import type { Fetched, SafeFetch } from './safe-fetch.ts';
import { decodeText } from './sniff.ts';

const MAX_LOOKUPS = 12;
const TOTAL_MS = 20_000;

export type JsonAnswer =
  | { readonly kind: 'found'; readonly json: JsonObject; readonly url: string }
  /** 410: the issuer took it away. */
  | { readonly kind: 'gone'; readonly json: JsonObject | null }
  | { readonly kind: 'none'; readonly why: Why; readonly status: number | null };

export type TextAnswer =
  | { readonly kind: 'found'; readonly text: string; readonly url: string; readonly status: number }
  | { readonly kind: 'none'; readonly why: Why; readonly status: number | null };

/** The look-ups of one reading: a few, within 20 s together, the same address once, and https wherever it is served. */
export type Lookups = {
  readonly bytes: (url: string) => Promise<Fetched | { readonly ok: false; readonly problem: 'budget' }>;
  readonly text: (url: string) => Promise<TextAnswer>;
  /** A document that speaks for its host: one that came from another site by redirect does not (open redirects are common). */
  readonly json: (url: string) => Promise<JsonAnswer>;
};

export function createLookups(fetchPublic: SafeFetch): Lookups {
  const signal = AbortSignal.timeout(TOTAL_MS);
  const seen = new Map<string, ReturnType<Lookups['bytes']>>();

  const once = (url: string): ReturnType<Lookups['bytes']> => {
    const known = seen.get(url);
    if (known !== undefined) return known;
    if (seen.size >= MAX_LOOKUPS) return Promise.resolve({ ok: false, problem: 'budget' });
    const answer = fetchPublic(url, signal);
    seen.set(url, answer);
    return answer;
  };

  /** What came over plain http could be anybody's, so the same address is asked over https first. */
  const bytes: Lookups['bytes'] = async (address) => {
    const url = withoutFragment(address);
    const secure = upgraded(url);
    if (secure !== null) {
      const answer = await once(secure);
      if (answer.ok && (answer.status === 410 || answer.status < 300)) return answer;
    }
    return once(url);
  };

  const text: Lookups['text'] = async (url) => {
    const answer = await bytes(url);
    if (!answer.ok) return { kind: 'none', why: answer.problem, status: null };
    if (answer.status !== 410 && (answer.status < 200 || answer.status > 299))
      return { kind: 'none', why: 'status', status: answer.status };
    return { kind: 'found', text: decodeText(answer.bytes), url: answer.url, status: answer.status };
  };

  const json: Lookups['json'] = async (url) => {
    const answer = await text(url);
    if (answer.kind === 'none') return answer;
    if (!isSameSite(url, answer.url)) return { kind: 'none', why: 'elsewhere', status: answer.status };
    const parsed = parseJsonObject(answer.text);
    if (answer.status === 410) return { kind: 'gone', json: parsed ?? null };
    if (parsed === undefined) return { kind: 'none', why: 'not-json', status: answer.status };
    return { kind: 'found', json: parsed, url: answer.url };
  };
  return { bytes, text, json };
}

export function isWebAddress(value: string | null): value is string {
  return value !== null && /^https?:\/\//i.test(value) && URL.canParse(value);
}

export function hostOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).host.toLowerCase() : null;
}

/** Whether what came from there cannot have been changed on the way: https, or this machine itself (W3C Secure Contexts §3.1). */
export function isTrustworthy(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Same host and port, http and https alike. */
export function isSameHost(a: string, b: string): boolean {
  const host = hostOf(a);
  return host !== null && host !== '' && host === hostOf(b);
}

/** The same host but for `www.`, or one below it. */
function isSameSite(asked: string, answered: string): boolean {
  const [from, to] = [hostOf(asked), hostOf(answered)].map((host) => host?.replace(/^www\./, '') ?? '');
  return from === to || (to ?? '').endsWith(`.${from}`);
}

/** The same address but for scheme, fragment and a trailing slash. */
export function isSameAddress(a: string, b: string): boolean {
  if (a === b) return true;
  if (!isWebAddress(a) || !isWebAddress(b)) return false;
  const plain = (address: string): string => {
    const url = new URL(address);
    return `${url.host}${url.pathname.replace(/\/$/, '')}${url.search}`;
  };
  return plain(a) === plain(b);
}

export function withoutFragment(address: string): string {
  return address.split('#', 1)[0] ?? address;
}

function upgraded(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== 'http:' || url.port !== '') return null;
  url.protocol = 'https:';
  return url.href;
}
